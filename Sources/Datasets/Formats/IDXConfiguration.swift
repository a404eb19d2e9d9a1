import ConfigurationSchema
import Files

/// Two files in the format of MNIST: `{ "format": "idx", "features": "train-images.gz", "labels": "train-labels.gz" }`.
public struct IDXConfiguration: Sendable, Equatable {
  /// The file of samples; `.gz` accepted.
  public let features: String
  /// The file of labels; `.gz` accepted.
  public let labels: String

  /// The keys of the format; nil after reporting issues.
  public init?(_ section: Section) {
    let features = section.required("features", .path, help: "the file of samples")
    let labels = section.required("labels", .path, help: "the file of labels")
    guard let features, let labels else { return nil }
    self.features = features
    self.labels = labels
  }
}

extension IDXConfiguration: DataSource {
  func read(_ request: SourceRequest) throws(InputError) -> SourceTable {
    let labelFile = DataFile(path: labels, relativeTo: request.directory)
    let labels = try IDXFile(try labelFile.bytes(), named: labelFile.name, role: .labels)
    let featureFile = DataFile(path: features, relativeTo: request.directory)
    let features = try IDXFile(try featureFile.bytes(), named: featureFile.name, role: .features)
    guard features.samples == labels.samples else {
      throw InputError(
        file: featureFile.name,
        "the file has \(counted(features.samples, "sample")), but \(labelFile.name) has "
          + "\(counted(labels.samples, "label")); the counts must agree")
    }
    let targets: SourceTable.Targets =
      switch request.targets {
      case .values: .values(labels.content.map { Float($0) }, columns: 1)
      case .labels, .labelsOrValues, .labelsOrDistributions: .labels(LabelColumn(bytes: labels.content))
      }
    return SourceTable(
      file: featureFile.name, featureNames: (0..<features.sampleSize).map { "p\($0)" }, targetNames: ["label"],
      features: .bytes(features.content), targets: targets, rows: features.samples)
  }
}
