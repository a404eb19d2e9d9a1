import ConfigurationSchema
import Metrics

// How outputs become probabilities and classes, as the member `decision` of a model's metadata. It is left out where outputs are
// used as they are, and so is each of its members.

extension Decision {
  /// The member; nil where there is nothing to say.
  var metadata: JSONValue? {
    var members: [String: JSONValue] = [:]
    if temperature != 1 { members["temperature"] = .shortest(temperature) }
    if threshold != 0.5 { members["threshold"] = .shortest(threshold) }
    return members.isEmpty ? nil : .object(members)
  }

  /// Reads it.
  init(_ section: Section) {
    let temperature = section.optional(
      "temperature", .float(.positive), absence: "1", help: "what logits are divided by before the last activation")
    let threshold = section.optional(
      "threshold", .float(.from(0, through: 1)), absence: "0.5",
      help: "the second of two classes is predicted where its probability is greater")
    self.init(temperature: temperature.map { Float($0) } ?? 1, threshold: threshold.map { Float($0) } ?? 0.5)
  }
}

extension JSONValue {
  /// A Float by its shortest decimal digits, which give the same Float when read as one.
  static func shortest(_ value: Float) -> JSONValue { .number(Double("\(value)") ?? Double(value)) }
}
