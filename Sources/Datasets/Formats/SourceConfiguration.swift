import ConfigurationSchema

/// The formats a source can have, as `format` names them.
public enum SourceFormat: String, CaseIterable, Sendable {
  /// Text with a header row.
  case csv
  /// The format of MNIST.
  case idx
  /// Samples in the configuration itself.
  case inline
  /// Samples made by a formula.
  case synthetic
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

  /// Reads an object with a `format`; nil after reporting issues.
  public init?(reading reader: ObjectReader) {
    guard let format = reader.choice("format", of: SourceFormat.self) else { return nil }
    let configuration: Self? =
      switch format {
      case .csv: CSVConfiguration(reading: reader).map { .csv($0) }
      case .idx: IDXConfiguration(reading: reader).map { .idx($0) }
      case .inline: InlineConfiguration(reading: reader).map { .inline($0) }
      case .synthetic: SyntheticConfiguration(reading: reader).map { .synthetic($0) }
      }
    reader.finish()
    guard let configuration else { return nil }
    self = configuration
  }

  /// The source with every default filled in.
  public var json: JSONValue {
    let (format, members): (SourceFormat, [String: JSONValue]) =
      switch self {
      case .csv(let configuration): (.csv, configuration.json)
      case .idx(let configuration): (.idx, configuration.json)
      case .inline(let configuration): (.inline, configuration.json)
      case .synthetic(let configuration): (.synthetic, configuration.json)
      }
    return .object(members.merging(["format": .string(format.rawValue)]) { $1 })
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
