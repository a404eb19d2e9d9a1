import ConfigurationSchema
import Foundation
import Testing

@testable import Optimizers

@Suite struct OptimizerConfigurationTests {
  /// What a section `optimizer` reads as, what it resolves to, and the issues with it.
  private func read(_ json: String) throws -> (
    configuration: OptimizerConfiguration?, resolved: JSONValue, issues: [String]
  ) {
    let issues = IssueCollector()
    let value = try JSONValue(parsing: Data(json.utf8), file: "test.json")
    let (configuration, resolved) = Section.read(value, at: .root.appending(key: "optimizer"), issues: issues) {
      OptimizerConfiguration($0, Schedule.Surroundings(epochs: 1, metric: .string))
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
      """
      { "type": "sgd", "learningRate": 0.1, "momentum": 0.9, "nesterov": true, "l1": 0.5, "l2": 0.0001, "weightDecay": 0.25,
        "decayBiases": true, "clipping": { "norm": 2.5 } }
      """)
    #expect(try #require(configuration.rule as? SGD) == SGD(momentum: 0.9, isNesterov: true))
    #expect(configuration.learningRate == 0.1)
    #expect(
      configuration.regularization == Regularization(l1: 0.5, l2: 0.0001, weightDecay: 0.25, decaysBiases: true))
    #expect(configuration.clipping == Clipping(norm: 2.5))
  }

  @Test func everyKeyOfTheOthers() throws {
    let adamw = try configuration(#"{ "type": "adamw", "beta1": 0.5, "beta2": 0.75, "epsilon": 0.1 }"#)
    #expect(adamw.rule.isEqual(to: AdamW(beta1: 0.5, beta2: 0.75, epsilon: 0.1)))
    let nadam = try configuration(
      #"{ "type": "nadam", "beta1": 0.5, "beta2": 0.75, "epsilon": 0.1, "momentumDecay": 0.25 }"#)
    #expect(nadam.rule.isEqual(to: NAdam(beta1: 0.5, beta2: 0.75, epsilon: 0.1, momentumDecay: 0.25)))
    let rmsprop = try configuration(#"{ "type": "rmsprop", "alpha": 0.5, "epsilon": 0.1, "momentum": 0.25 }"#)
    #expect(rmsprop.rule.isEqual(to: RMSProp(alpha: 0.5, epsilon: 0.1, momentum: 0.25)))
    let adagrad = try configuration(#"{ "type": "adagrad", "epsilon": 0.1, "weightDecay": 0.5 }"#)
    #expect(adagrad.rule.isEqual(to: Adagrad(epsilon: 0.1)) && adagrad.regularization.weightDecay == 0.5)
    #expect(adamw != nadam && !adamw.rule.isEqual(to: Adam(beta1: 0.5, beta2: 0.75, epsilon: 0.1)))
  }

  @Test func everyKeyOfAdam() throws {
    let configuration = try configuration(
      """
      { "type": "adam", "learningRate": 0.01, "beta1": 0.5, "beta2": 0, "epsilon": 0.1, "l2": 0.25,
        "clipping": { "norm": 1 } }
      """)
    #expect(try #require(configuration.rule as? Adam) == Adam(beta1: 0.5, beta2: 0, epsilon: 0.1))
    #expect(configuration.learningRate == 0.01 && configuration.regularization == Regularization(l2: 0.25))
    #expect(configuration.clipping == Clipping(norm: 1))
    let byValue = try self.configuration(#"{ "type": "adam", "clipping": { "value": 0.5 } }"#)
    #expect(byValue.clipping == Clipping(value: 0.5))
  }

  @Test func defaults() throws {
    let sgd = try configuration(#"{ "type": "sgd", "learningRate": 3 }"#)
    #expect(sgd.rule.isEqual(to: SGD()) && sgd.learningRate == 3 && sgd.clipping == nil)
    #expect(sgd.regularization == Regularization())
    // Those of PyTorch.
    let others: [(OptimizerConfiguration.Kind, any UpdateRule, Double, Double)] = [
      (.adam, Adam(), 0.001, 0), (.adamw, AdamW(), 0.001, 0.01), (.nadam, NAdam(), 0.002, 0),
      (.rmsprop, RMSProp(), 0.01, 0), (.adagrad, Adagrad(), 0.01, 0),
    ]
    #expect(others.count == OptimizerConfiguration.Kind.allCases.count - 1)
    for (kind, rule, learningRate, weightDecay) in others {
      let configuration = try configuration(#"{ "type": "\#(kind.rawValue)" }"#)
      #expect(configuration.rule.isEqual(to: rule) && configuration.learningRate == learningRate)
      #expect(configuration.regularization == Regularization(weightDecay: weightDecay), "\(kind)")
    }
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
        == .object([
          "type": .string("sgd"), "learningRate": .number(0.5), "momentum": .number(0), "nesterov": .bool(false),
          "l1": .number(0), "l2": .number(0), "weightDecay": .number(0), "decayBiases": .bool(false),
          "schedule": .string("constant"),
        ]))
    #expect(
      try read(#"{ "type": "adam" }"#).resolved
        == .object([
          "type": .string("adam"), "learningRate": .number(0.001), "beta1": .number(0.9), "beta2": .number(0.999),
          "epsilon": .number(1e-8), "l1": .number(0), "l2": .number(0), "weightDecay": .number(0),
          "decayBiases": .bool(false), "schedule": .string("constant"),
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
      ["optimizer.type: unknown value 'sdg'; did you mean 'sgd'? allowed: sgd, adam, adamw, nadam, rmsprop, adagrad"]
    ),
    (
      #"{ "type": "newton", "learningRate": 1 }"#,
      ["optimizer.type: unknown value 'newton'; allowed: sgd, adam, adamw, nadam, rmsprop, adagrad"]
    ),
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
      #"{ "type": 1, "learningRate": 0, "l2": -1, "velocity": 0.9 }"#,
      [
        "optimizer.type: must be one of sgd, adam, adamw, nadam, rmsprop, adagrad, found 1",
        "optimizer.velocity: unknown key; allowed: alpha, averaging, beta1, beta2, clipping, decayBiases, epsilon, l1, l2, learningRate, momentum, momentumDecay, nesterov, schedule, type, weightDecay",
      ]
    ),
    (
      #"{ "type": "sgd", "learningRate": 0, "l2": -1, "velocity": 0.9 }"#,
      [
        "optimizer.learningRate: must be greater than 0, found 0", "optimizer.l2: must be at least 0, found -1",
        "optimizer.velocity: unknown key; allowed: averaging, clipping, decayBiases, l1, l2, learningRate, momentum, nesterov, schedule, type, weightDecay",
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
    (
      #"{ "type": "sgd", "learningRate": 1, "nesterov": true }"#,
      ["optimizer.nesterov: needs a momentum greater than 0"]
    ),
    (
      #"{ "type": "sgd", "learningRate": 1, "momentum": 1 }"#,
      ["optimizer.momentum: must be at least 0 and less than 1, found 1"]
    ),
    (
      #"{ "type": "rmsprop", "alpha": 1, "momentum": -1 }"#,
      [
        "optimizer.alpha: must be at least 0 and less than 1, found 1",
        "optimizer.momentum: must be at least 0 and less than 1, found -1",
      ]
    ),
    (
      #"{ "type": "nadam", "momentumDecay": -1 }"#,
      ["optimizer.momentumDecay: must be from 0 to 1000, found -1"]
    ),
    (
      #"{ "type": "adamw", "weightDecay": -1, "l1": -1, "decayBiases": 1 }"#,
      [
        "optimizer.l1: must be at least 0, found -1", "optimizer.weightDecay: must be at least 0, found -1",
        "optimizer.decayBiases: must be true or false, found 1",
      ]
    ),
    (#"{ "type": "adagrad", "epsilon": 0 }"#, ["optimizer.epsilon: must be greater than 0, found 0"]),
    ("[]", ["optimizer: must be an object, found an empty list"]),
  ]) func errors(json: String, expected: [String]) throws {
    let (configuration, _, issues) = try read(json)
    #expect(issues == expected)
    // Where only an optional key is wrong there is a configuration, which the issues keep from being used.
    let needed = ["optimizer.type", "optimizer.learningRate", "optimizer.nesterov", "optimizer: "]
    if !json.contains("adam"), expected.contains(where: { issue in needed.contains { issue.hasPrefix($0) } }) {
      #expect(configuration == nil)
    }
  }

  @Test(arguments: [
    (#"{ "norm": 0 }"#, ["optimizer.clipping.norm: must be greater than 0, found 0"]),
    (#"{ "norm": -1 }"#, ["optimizer.clipping.norm: must be greater than 0, found -1"]),
    (#"{ "value": 0 }"#, ["optimizer.clipping.value: must be greater than 0, found 0"]),
    ("{}", ["optimizer.clipping: must have one of 'norm' and 'value', found none of them"]),
    ("5", ["optimizer.clipping: must be an object, found 5"]),
    (
      #"{ "value": 1, "norm": 2 }"#,
      ["optimizer.clipping: must have one of 'norm' and 'value', found 'norm' and 'value'"]
    ),
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
