/// The correct answers that predictions are compared with, for the same samples in the same order.
public enum Truth: Sendable, Equatable {
  /// The class of each sample, from 0.
  case labels([Int32])
  /// The numbers of each sample, row-major: [samples, columns].
  case values([Float], columns: Int)

  /// Whether they are labels or values.
  public var kind: TruthKind {
    switch self {
    case .labels: .labels
    case .values: .values
    }
  }
}

/// The two kinds of truth; each metric needs one of them.
public enum TruthKind: Sendable {
  /// A class a sample.
  case labels
  /// One or more numbers a sample.
  case values
}
