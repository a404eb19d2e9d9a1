import ConfigurationSchema
import Files

/// What synthetic data looks like.
public enum SyntheticKind: String, Catalogue, Sendable {
  /// Two bits; the class is their exclusive or.
  case xor
  /// Two bits; the class is 1 if both are.
  case and
  /// Two bits; the class is 1 if one of them is.
  case or
  /// Two circles around the origin.
  case circles
  /// Two arms of a spiral around the origin.
  case spirals
  /// A linear function of four features, for regression.
  case linear

  public var help: String {
    switch self {
    case .xor: "two bits; the class is their exclusive or"
    case .and: "two bits; the class is 1 if both are 1"
    case .or: "two bits; the class is 1 if one of them is 1"
    case .circles: "two circles around the origin, one a class"
    case .spirals: "two arms of a spiral around the origin, one a class"
    case .linear: "a linear function of four features, for regression"
    }
  }

  /// One truth table for the gates; enough to learn a shape otherwise.
  var defaultSamples: Int {
    switch self {
    case .xor, .and, .or: 4
    case .circles, .spirals, .linear: 1000
    }
  }
}

/// Samples made by a formula: `{ "format": "synthetic", "kind": "spirals", "samples": 1000, "noise": 0.05 }`.
public struct SyntheticConfiguration: Sendable, Equatable {
  /// What the data looks like.
  public let kind: SyntheticKind
  /// How many samples there are; by default 4 for the gates, 1000 for the rest.
  public let samples: Int
  /// The standard deviation of the normal noise on the features, or for `linear` on the target.
  public let noise: Double

  /// The keys of the format; nil after reporting issues.
  public init?(_ section: Section) {
    let kind = section.required("kind", .choice(of: SyntheticKind.self), help: "what the data looks like")
    samples = section.value(
      "samples", .integer(in: 1...100_000_000), default: kind?.defaultSamples ?? 1,
      "4 for `xor`, `and` and `or`, else 1000", help: "how many samples there are")
    noise = section.value(
      "noise", .number(.from(0, through: 1000)), default: 0,
      help: "the standard deviation of the normal noise on the features, or for `linear` on the target")
    guard let kind else { return nil }
    self.kind = kind
  }
}

extension SyntheticConfiguration: DataSource {
  func read(_ request: SourceRequest) throws(InputError) -> SourceTable {
    if kind == .linear && request.targets != .values {
      throw InputError(
        file: request.part.keyPath, "synthetic data of kind 'linear' has numbers to predict, but the loss takes classes"
      )
    }
    let samples = SyntheticSamples(self, seed: request.seed, stream: request.part.rawValue)
    let targets: SourceTable.Targets =
      switch (samples.targets, request.targets) {
      case (.numbers(let numbers), _): .values(numbers, columns: 1)
      case (.classes(let classes), .values): .values(classes.map { Float($0) }, columns: 1)
      case (.classes(let classes), _): .labels(LabelColumn(bytes: classes))
      }
    return SourceTable(
      file: request.part.keyPath, featureNames: (0..<samples.columns).map { "x\($0)" }, targetNames: ["y"],
      features: .floats(samples.features), targets: targets, rows: self.samples)
  }
}
