import ConfigurationSchema

/// The section `optimizer` of a configuration.
public struct OptimizerConfiguration: Sendable, Equatable {
  /// The optimizers by their names.
  public enum Kind: String, CaseIterable, Sendable {
    case sgd
  }

  /// `type`
  public let kind: Kind
  /// `learningRate`: η > 0
  public let learningRate: Double
  /// `l2`: λ ≥ 0, default 0
  public let l2: Double

  /// Reads the section.
  public init?(reading reader: ObjectReader) {
    let kind = reader.choice("type", of: Kind.self)
    let learningRate = reader.number("learningRate", .positive)
    l2 = reader.number("l2", .nonNegative, default: 0)
    // The arithmetic is Float's, where other numbers are 0 or infinite.
    for (key, value) in [("learningRate", learningRate ?? 1), ("l2", l2)]
    where value > 0 && !(Float(value).isNormal) {
      reader.report(key, "must be a number that single precision can hold, found \(value)")
    }
    reader.finish()
    guard let kind, let learningRate else { return nil }
    self.kind = kind
    self.learningRate = learningRate
  }

  /// The section, every default filled in.
  public var json: JSONValue {
    .object(["type": .string(kind.rawValue), "learningRate": .number(learningRate), "l2": .number(l2)])
  }

  /// The rule.
  public var rule: any UpdateRule {
    switch kind {
    case .sgd: SGD(learningRate: Float(learningRate), l2: Float(l2))
    }
  }
}
