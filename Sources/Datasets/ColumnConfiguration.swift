import ConfigurationSchema

/// What a column of a file is for, where it is not a feature or a target: an entry of `dataset.columns`.
public struct ColumnConfiguration: Sendable, Equatable {
  /// The kinds of column.
  public enum Kind: String, Catalogue, Sendable {
    case weight

    public var help: String {
      switch self {
      case .weight:
        "how much a sample counts, in the loss and in the metrics, not in batch statistics; a number from 0 on"
      }
    }
  }

  /// What it is for.
  public let kind: Kind

  /// The section; nil after reporting issues.
  init?(_ section: Section) {
    let kind = section.required("kind", .choice(of: Kind.self), help: "what the column is for")
    guard let kind else { return nil }
    self.kind = kind
  }
}
