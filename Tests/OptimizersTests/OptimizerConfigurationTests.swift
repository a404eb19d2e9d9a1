import ConfigurationSchema
import Foundation
import Optimizers
import Testing

@Suite struct OptimizerConfigurationTests {
  /// What a section `optimizer` reads as and is resolved to, and the issues with it.
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

  @Test func everyKey() throws {
    let (read, _, issues) = try read(#"{ "type": "sgd", "learningRate": 0.1, "l2": 0.0001 }"#)
    #expect(issues == [])
    let configuration = try #require(read)
    #expect(configuration.kind == .sgd && configuration.learningRate == 0.1 && configuration.l2 == 0.0001)
    let rule = try #require(configuration.optimizer as? SGD)
    #expect(rule.learningRate == 0.1 && rule.l2 == 0.0001)
  }

  @Test func defaults() throws {
    let (configuration, _, issues) = try read(#"{ "type": "sgd", "learningRate": 3 }"#)
    #expect(issues == [])
    #expect(configuration?.learningRate == 3 && configuration?.l2 == 0)
  }

  @Test(arguments: [
    #"{ "type": "sgd", "learningRate": 0.1, "l2": 0.0001 }"#, #"{ "type": "sgd", "learningRate": 1 }"#,
    #"{ "type": "sgd", "learningRate": 1e-7, "l2": 2 }"#,
  ]) func roundTrip(json: String) throws {
    let (configuration, resolved, _) = try read(json)
    let (again, resolvedAgain, issues) = try read(resolved.compactText)
    #expect(issues == [] && again == configuration && resolvedAgain == resolved)
  }

  @Test func resolvedHasTheDefaults() throws {
    let resolved = try read(#"{ "type": "sgd", "learningRate": 0.5 }"#).resolved
    #expect(resolved == ["type": "sgd", "learningRate": 0.5, "l2": .number(0)])
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
      ["optimizer.type: unknown value 'sdg'; did you mean 'sgd'? allowed: sgd"]
    ),
    (#"{ "type": "newton", "learningRate": 1 }"#, ["optimizer.type: unknown value 'newton'; allowed: sgd"]),
    (#"{ "learningRate": 1 }"#, ["optimizer.type: is required"]),
    (
      #"{ "type": "sgd", "learningrate": 1 }"#,
      [
        "optimizer.learningRate: is required",
        "optimizer.learningrate: unknown key; did you mean 'learningRate'?",
      ]
    ),
    (
      #"{ "type": 1, "learningRate": 0, "l2": -1, "momentum": 0.9 }"#,
      [
        "optimizer.type: must be one of sgd, found 1", "optimizer.learningRate: must be greater than 0, found 0",
        "optimizer.l2: must be at least 0, found -1",
        "optimizer.momentum: unknown key; allowed: l2, learningRate, type",
      ]
    ),
    ("[]", ["optimizer: must be an object, found an empty list"]),
  ]) func errors(json: String, expected: [String]) throws {
    let (configuration, _, issues) = try read(json)
    #expect(issues == expected)
    // Where only an optional key is wrong there is a configuration, which the issues keep from being used.
    if !expected.allSatisfy({ $0.hasPrefix("optimizer.l2") }) { #expect(configuration == nil) }
  }

  /// What rounds to 0 or to ∞ as a Float.
  @Test(arguments: ["1e-60", "1e60"]) func beyondFloats(number: String) throws {
    let issues = try read(#"{ "type": "sgd", "learningRate": \#(number) }"#).issues
    #expect(issues.count == 1)
  }
}
