import ConfigurationSchema
import Foundation
import Optimizers
import Testing

@Suite struct OptimizerConfigurationTests {
  /// What a section `optimizer` reads as, what it resolves to, and the issues with it.
  private func read(_ json: String) throws -> (
    configuration: OptimizerConfiguration?, resolved: JSONValue, issues: [String]
  ) {
    let issues = IssueCollector()
    let value = try JSONValue(parsing: Data(json.utf8), file: "test.json")
    let (configuration, resolved) = Section.read(value, at: .root.appending(key: "optimizer"), issues: issues) {
      OptimizerConfiguration($0)
    }
    return (configuration, resolved, issues.issues.map(\.description))
  }

  private func configuration(_ json: String) throws -> OptimizerConfiguration {
    let (configuration, _, issues) = try read(json)
    #expect(issues == [])
    return try #require(configuration)
  }

  @Test func everyKeyOfSGD() throws {
    let configuration = try configuration(
      #"{ "type": "sgd", "learningRate": 0.1, "l2": 0.0001, "clipping": { "norm": 2.5 } }"#)
    #expect(try #require(configuration.rule as? SGD) == SGD(learningRate: 0.1, l2: 0.0001))
    #expect(configuration.clipping == Clipping(norm: 2.5))
  }

  @Test func everyKeyOfAdam() throws {
    let configuration = try configuration(
      """
      { "type": "adam", "learningRate": 0.01, "beta1": 0.5, "beta2": 0, "epsilon": 0.1, "l2": 0.25,
        "clipping": { "norm": 1 } }
      """)
    let expected = Adam(learningRate: 0.01, beta1: 0.5, beta2: 0, epsilon: 0.1, l2: 0.25)
    #expect(try #require(configuration.rule as? Adam) == expected)
    #expect(configuration.clipping == Clipping(norm: 1))
  }

  @Test func defaults() throws {
    let sgd = try configuration(#"{ "type": "sgd", "learningRate": 3 }"#)
    #expect(try #require(sgd.rule as? SGD) == SGD(learningRate: 3) && sgd.clipping == nil)
    let adam = try configuration(#"{ "type": "adam" }"#)
    #expect(try #require(adam.rule as? Adam) == Adam() && adam.clipping == nil)
  }

  @Test(arguments: [
    #"{ "type": "sgd", "learningRate": 0.1, "l2": 0.0001 }"#, #"{ "type": "sgd", "learningRate": 1 }"#,
    #"{ "type": "sgd", "learningRate": 1e-7, "l2": 2 }"#, #"{ "type": "adam", "beta1": 0.5 }"#,
    #"{ "type": "adam", "learningRate": 0.25, "clipping": { "norm": 0.5 } }"#,
  ]) func roundTrip(json: String) throws {
    let (configuration, resolved, _) = try read(json)
    try #require(configuration != nil)
    let again = try read(resolved.compactText)
    #expect(again.issues == [] && again.configuration == configuration && again.resolved == resolved)
  }

  @Test func resolvedHasTheDefaults() throws {
    #expect(
      try read(#"{ "type": "sgd", "learningRate": 0.5 }"#).resolved
        == .object(["type": .string("sgd"), "learningRate": .number(0.5), "l2": .number(0)]))
    #expect(
      try read(#"{ "type": "adam" }"#).resolved
        == .object([
          "type": .string("adam"), "learningRate": .number(0.001), "beta1": .number(0.9), "beta2": .number(0.999),
          "epsilon": .number(1e-8), "l2": .number(0),
        ]))
  }

  @Test(arguments: [
    (#"{ "type": "sgd", "learningRate": 0 }"#, ["optimizer.learningRate: must be greater than 0, found 0"]),
    (#"{ "type": "sgd", "learningRate": -0.1 }"#, ["optimizer.learningRate: must be greater than 0, found -0.1"]),
    (#"{ "type": "sgd" }"#, ["optimizer.learningRate: is required"]),
    (
      #"{ "type": "sgd", "learningRate": "fast" }"#,
      ["optimizer.learningRate: must be a number greater than 0, found 'fast'"]
    ),
    (#"{ "type": "sgd", "learningRate": 1, "l2": -1 }"#, ["optimizer.l2: must be at least 0, found -1"]),
    (
      #"{ "type": "sgd", "learningRate": null }"#,
      ["optimizer.learningRate: must be a number greater than 0, found null"]
    ),
    (
      #"{ "type": "sdg", "learningRate": 1 }"#,
      ["optimizer.type: unknown value 'sdg'; did you mean 'sgd'? allowed: sgd, adam"]
    ),
    (#"{ "type": "newton", "learningRate": 1 }"#, ["optimizer.type: unknown value 'newton'; allowed: sgd, adam"]),
    (#"{ "learningRate": 1 }"#, ["optimizer.type: is required"]),
    (
      #"{ "type": "sgd", "learningrate": 1 }"#,
      [
        "optimizer.learningRate: is required",
        "optimizer.learningrate: unknown key; did you mean 'learningRate'?",
      ]
    ),
    (
      // Which keys there are is not known without the type.
      #"{ "type": 1, "learningRate": 0, "l2": -1, "momentum": 0.9 }"#,
      [
        "optimizer.type: must be one of sgd, adam, found 1",
        "optimizer.momentum: unknown key; allowed: averaging, beta1, beta2, clipping, epsilon, l2, learningRate, type",
      ]
    ),
    (
      #"{ "type": "sgd", "learningRate": 0, "l2": -1, "momentum": 0.9 }"#,
      [
        "optimizer.learningRate: must be greater than 0, found 0", "optimizer.l2: must be at least 0, found -1",
        "optimizer.momentum: unknown key; allowed: averaging, clipping, l2, learningRate, type",
      ]
    ),
    (
      #"{ "type": "adam", "learningRate": -1, "beta1": 1, "beta2": -0.1, "epsilon": 0 }"#,
      [
        "optimizer.learningRate: must be greater than 0, found -1",
        "optimizer.beta1: must be at least 0 and less than 1, found 1",
        "optimizer.beta2: must be at least 0 and less than 1, found -0.1",
        "optimizer.epsilon: must be greater than 0, found 0",
      ]
    ),
    (
      #"{ "type": "sgd", "learningRate": 1, "beta1": 0.5 }"#, ["optimizer.beta1: has no effect here; remove it"]
    ),
    (
      #"{ "type": "adam", "beta": 0.5 }"#, ["optimizer.beta: unknown key; did you mean 'beta1'?"]
    ),
    ("[]", ["optimizer: must be an object, found an empty list"]),
  ]) func errors(json: String, expected: [String]) throws {
    let (configuration, _, issues) = try read(json)
    #expect(issues == expected)
    // Where only an optional key is wrong there is a configuration, which the issues keep from being used.
    if !expected.allSatisfy({ $0.hasPrefix("optimizer.l2") || json.contains("adam") || $0.hasPrefix("optimizer.beta1") }
    ) {
      #expect(configuration == nil)
    }
  }

  @Test(arguments: [
    (#"{ "norm": 0 }"#, ["optimizer.clipping.norm: must be greater than 0, found 0"]),
    (#"{ "norm": -1 }"#, ["optimizer.clipping.norm: must be greater than 0, found -1"]),
    ("{}", ["optimizer.clipping.norm: is required"]),
    ("5", ["optimizer.clipping: must be an object, found 5"]),
    (#"{ "value": 1, "norm": 2 }"#, ["optimizer.clipping.value: unknown key; allowed: norm"]),
    (#"{ "norm": 1e60 }"#, ["optimizer.clipping.norm: must be a number that single precision can hold, found 1e60"]),
  ]) func errorsOfClipping(json: String, expected: [String]) throws {
    let issues = try read(#"{ "type": "sgd", "learningRate": 1, "clipping": \#(json) }"#).issues
    #expect(issues == expected)
  }

  /// What rounds to 0 or to ∞ as a Float.
  @Test(arguments: ["1e-60", "1e60"]) func beyondFloats(number: String) throws {
    let issues = try read(#"{ "type": "sgd", "learningRate": \#(number) }"#).issues
    #expect(issues.count == 1)
  }
}
