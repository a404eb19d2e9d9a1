import ConfigurationSchema

/// The formats a source can have, as `format` names them.
public enum SourceFormat: String, Catalogue, Sendable {
  /// Text with a header row.
  case csv
  /// The format of MNIST.
  case idx
  /// Samples in the configuration itself.
  case inline
  /// Samples made by a formula.
  case synthetic

  public var help: String {
    switch self {
    case .csv: "a text file with a header row, quoted fields and any line ends; compressed with gzip, too"
    case .idx: "two files like those of MNIST, compressed with gzip or not; bytes are divided by 255"
    case .inline: "samples that stand in the configuration itself"
    case .synthetic: "samples made by a formula"
    }
  }
}

/// The catalogue of data sources. A new format is one file and one case here.
public enum SourceConfiguration: Sendable, Equatable {
  /// Text with a header row.
  case csv(CSVConfiguration)
  /// The format of MNIST.
  case idx(IDXConfiguration)
  /// Samples in the configuration itself.
  case inline(InlineConfiguration)
  /// Samples made by a formula.
  case synthetic(SyntheticConfiguration)

  /// A section with a `format`; nil after reporting issues.
  public init?(_ section: Section) {
    let configuration = section.variants("format", of: SourceFormat.self, help: "what the source is") {
      format -> Self? in
      switch format {
      case .csv: CSVConfiguration(section).map { .csv($0) }
      case .idx: IDXConfiguration(section).map { .idx($0) }
      case .inline: InlineConfiguration(section).map { .inline($0) }
      case .synthetic: SyntheticConfiguration(section).map { .synthetic($0) }
      }
    }
    guard let configuration else { return nil }
    self = configuration
  }

  /// Whether features are known by names that a person gave them, and so can be found in another file.
  var hasNamedFeatures: Bool {
    if case .csv = self { true } else { false }
  }

  /// What reads the data.
  var source: any DataSource {
    switch self {
    case .csv(let configuration): configuration
    case .idx(let configuration): configuration
    case .inline(let configuration): configuration
    case .synthetic(let configuration): configuration
    }
  }
}
