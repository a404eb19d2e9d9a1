import Testing

@testable import ConfigurationSchema

@Suite struct SectionVariantsTests {
  /// `activation`, and `slope` with relu, `scale` with sigmoid.
  private func activation(_ section: Section) -> String? {
    section.variants("activation", of: Activation.self, default: .identity, help: "") { kind in
      switch kind {
      case .identity: "identity"
      case .sigmoid: section.required("scale", .integer(in: 0...9)).map { "sigmoid \($0)" }
      case .relu: "relu \(section.value("slope", .integer(in: 0...9), default: 1))"
      }
    }
  }

  @Test(
    arguments: [
      ("{}", "identity", ["activation": "identity"]),
      (#"{"activation": "relu"}"#, "relu 1", ["activation": "relu", "slope": 1]),
      (#"{"activation": "sigmoid", "scale": 3}"#, "sigmoid 3", ["activation": "sigmoid", "scale": 3]),
    ] as [(String, String, JSONValue)]) func theChosenVariantIsRead(text: String, result: String, resolved: JSONValue)
    throws
  {
    let reading = try Reading(text, activation)
    #expect(reading.result == result && reading.resolved == resolved && reading.messages == [])
  }

  @Test(arguments: [
    (#"{"activation": "sigmoid"}"#, ["scale: is required"]),
    (#"{"slope": 1}"#, ["slope: has no effect here; remove it"]),
    (#"{"activation": "sigmoid", "scale": 1, "slope": 1}"#, ["slope: has no effect here; remove it"]),
    // Which keys are right is not known then, but what is right nowhere is.
    (
      #"{"activation": "leaky", "slope": 1, "scale": 2, "slop": 1}"#,
      [
        "activation: unknown value 'leaky'; allowed: identity, sigmoid, relu",
        "slop: unknown key; did you mean 'slope'?",
      ]
    ),
    (#"{"activation": null}"#, ["activation: must be one of identity, sigmoid, relu, found null"]),
  ]) func mistakes(text: String, messages: [String]) throws {
    #expect(try Reading(text, activation).messages == messages)
  }

  @Test func requiredSelectors() throws {
    let reading = try Reading(#"{"slope": 1}"#) { section in
      section.variants("type", of: Activation.self, help: "") { _ in section.optional("slope", .integer(in: 0...9)) }
    }
    #expect(reading.messages == ["type: is required"] && reading.result == nil)
  }

  // MARK: By presence

  private enum Interval: String, CaseIterable { case epochs, steps, seconds }

  private func interval(_ section: Section) -> String? {
    section.alternatives(of: Interval.self) { key in
      section.required(key.rawValue, .integer(in: 1...9)).map { "\(key) \($0)" }
    }
  }

  @Test func oneOfSomeKeys() throws {
    let reading = try Reading(#"{"steps": 3}"#, interval)
    #expect(reading.result == "steps 3" && reading.resolved == ["steps": 3] && reading.messages == [])
  }

  @Test(arguments: [
    ("{}", ["the configuration: must have one of 'epochs', 'steps' and 'seconds', found none of them"]),
    (
      #"{"epochs": 1, "seconds": 0}"#,
      ["the configuration: must have one of 'epochs', 'steps' and 'seconds', found 'epochs' and 'seconds'"]
    ),
    (
      #"{"step": 1}"#,
      [
        "the configuration: must have one of 'epochs', 'steps' and 'seconds', found none of them",
        "step: unknown key; did you mean 'steps'?",
      ]
    ),
    (#"{"epochs": 10}"#, ["epochs: must be from 1 to 9, found 10"]),
    (#"{"epochs": 1, "minutes": 2}"#, ["minutes: unknown key; allowed: epochs"]),
  ]) func notOneOfThem(text: String, messages: [String]) throws {
    #expect(try Reading(text, interval).messages == messages)
  }

  @Test func theWordsCanBeOthers() throws {
    let reading = try Reading("{}") { section in
      section.alternatives(of: Interval.self, orElse: "an interval") { $0 }
    }
    #expect(reading.messages == ["the configuration: must have an interval"])
  }
}
