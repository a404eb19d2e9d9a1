import DataParallel
import Datasets
import Files
import Foundation
import Kernels
import Metrics
import Models
import NeuralNetworks

/// The model of a run, or a model file by itself, as commands take it.
public struct StoredModel: Sendable {
  /// The model.
  public let model: Model
  /// What messages call it.
  public let name: String
  /// The folder of the run; nil for a file by itself.
  let directory: RunDirectory?

  /// The model at `path`: the folder of a run, or a model file.
  ///
  /// - Throws: `InputError` if there is none, or it cannot be read.
  public init(_ path: String) throws(InputError) {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw InputError(.missing, file: path, "there is no such run directory or model file")
    }
    guard isFolder.boolValue else {
      model = try Model(contentsOf: URL(fileURLWithPath: path), name: path)
      name = path
      directory = nil
      return
    }
    let directory = try RunDirectory(existing: path)
    guard directory.exists(.model) else {
      throw InputError(
        .missing, file: path, "the run has no \(RunDirectory.File.model.rawValue) yet; it is written when training ends"
      )
    }
    model = try Model(contentsOf: directory.url(.model), name: directory.display(.model))
    name = directory.displayName
    self.directory = directory
  }

  /// The configuration of the run.
  ///
  /// - Throws: `InputError` for a file by itself.
  func configuration() throws -> RunConfiguration {
    guard let directory else {
      throw InputError(file: name, "this is a model file; the folder of its run is needed, which has the configuration")
    }
    return try RunConfiguration(file: directory.display(.configuration))
  }

  /// What separates the cells of CSV files: as in the training data, where that is known.
  private var delimiter: UInt8 {
    if case .csv(let source)? = try? configuration().dataset.train { return source.delimiter }
    return UInt8(ascii: ",")
  }

  /// What computes its outputs.
  public func inference(_ options: Run.Options) throws(RunError) -> Inference {
    Inference(
      try TrainingLoop.kernels(options.instructionSet), model.network,
      .activations(temperature: model.decision.temperature), model.parameters, model.schema,
      options.execution ?? .workers(.auto))
  }

  /// The rows of a file of features, or of standard input for `-`.
  ///
  /// - Throws: `InputError`.
  public func rows(of path: String) throws(InputError) -> FeatureRows {
    if path == "-" { return csv(ByteStream()) }
    let file = DataFile(path: path, relativeTo: URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
    if path.contains("idx3-ubyte") || path.hasSuffix(".idx") || path.hasSuffix(".idx.gz") {
      return FeatureRows(
        images: try IDXFeatures(file, count: model.schema.featureNames.count), features: model.network.inputs)
    }
    return csv(try ByteStream(file))
  }

  private func csv(_ stream: ByteStream) -> FeatureRows {
    FeatureRows(
      csv: CSVFeatureStream(stream, featureNames: model.schema.featureNames, delimiter: delimiter),
      features: model.network.inputs)
  }
}

/// Rows of features, some at a time.
public final class FeatureRows {
  private enum Source {
    case csv(CSVFeatureStream)
    case images(IDXFeatures)
  }

  private let source: Source
  private let features: Int
  private var position = 0
  /// Rows at a time: about a megabyte.
  private var limit: Int { max(1, (1 << 18) / features) }

  init(csv: CSVFeatureStream, features: Int) {
    source = .csv(csv)
    self.features = features
  }

  init(images: IDXFeatures, features: Int) {
    source = .images(images)
    self.features = features
  }

  /// The next rows; nil at the end.
  public func next() throws(InputError) -> (features: FeatureStorage, rows: Int)? {
    switch source {
    case .csv(let stream): return try stream.next(limit: limit).map { (.floats($0), $0.count / features) }
    case .images(let images):
      let rows = min(limit, images.rows - position)
      guard rows > 0 else { return nil }
      position += rows
      return (.bytes(Array(images.bytes[(position - rows) * features..<position * features])), rows)
    }
  }
}
