/// The correct answers that predictions are compared with, for the same samples in the same order.
public enum Truth: Sendable, Equatable {
  /// The class of each sample, from 0.
  case labels([Int32])
  /// Whether each of several labels is true of each sample, 1 or 0, row-major: [samples, columns].
  case labelSets([Float], columns: Int)
  /// The numbers of each sample, row-major: [samples, columns].
  case values([Float], columns: Int)

  /// What they are.
  public var kind: TruthKind {
    switch self {
    case .labels: .labels
    case .labelSets: .labelSets
    case .values: .values
    }
  }
}

/// The kinds of truth; a metric takes one or more of them.
public enum TruthKind: Sendable {
  /// A class a sample.
  case labels
  /// Several labels a sample, each true or not.
  case labelSets
  /// One or more numbers a sample.
  case values

  /// What is predicted then.
  public var words: String {
    switch self {
    case .labels: "classes"
    case .labelSets: "several labels a sample"
    case .values: "numbers"
    }
  }
}
