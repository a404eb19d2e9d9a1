import Files

/// The samples of an IDX file without labels, for predictions.
public struct IDXFeatures: Sendable {
  /// [rows, features]
  public let bytes: [UInt8]
  /// How many samples there are.
  public let rows: Int

  /// Reads a file whose samples have `count` features.
  public init(_ file: DataFile, count: Int) throws(InputError) {
    let content = try IDXFile(try file.bytes(), named: file.name, role: .features)
    guard content.sampleSize == count else {
      throw InputError(
        file: file.name,
        "a sample has \(counted(content.sampleSize, "feature")), but the model needs \(count)")
    }
    bytes = content.content
    rows = content.samples
  }
}
