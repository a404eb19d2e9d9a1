import ConfigurationSchema
import DataParallel
import Datasets
import Foundation
import NeuralNetworks
import Optimizers

/// A whole configuration: what a run computes, every default filled in.
public struct RunConfiguration: Sendable, Equatable {
  /// `name`; default the name of the configuration's file.
  public let name: String
  /// `seed` of all random numbers; default 1.
  public let seed: UInt64
  /// `dataset`
  public let dataset: DatasetConfiguration
  /// `network` and `loss`
  public let network: NetworkConfiguration
  /// `optimizer`
  public let optimizer: OptimizerConfiguration
  /// `training`
  public let training: TrainingConfiguration
  /// `parallel`
  public var parallel: ParallelConfiguration
  /// `output.directory`: where run directories are made; default `runs` in the working directory.
  public let outputDirectory: URL
  /// The file this was read from, as errors name it.
  public let file: String
  /// The folder that paths of the configuration are relative to.
  public let directory: URL

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - path: a JSON file.
  ///   - overrides: keys and values that win over the file's.
  /// - Throws: `ConfigurationError` with everything that is wrong, or `DataError` if the file cannot be read.
  public init(file path: String, overrides: [(key: String, value: String)] = []) throws {
    let url = URL(fileURLWithPath: path)
    var value = try JSONValue(parsing: try Self.read(path), file: path)
    let issues = IssueCollector()
    for (key, text) in overrides {
      guard let keyPath = ConfigurationPath(parsing: key) else {
        issues.report(.root, "'\(key)' in --set is not a key like network.layers[0].units")
        continue
      }
      value.override(keyPath, with: JSONValue(parsingOverride: text), issues: issues)
    }
    try self.init(
      value, name: url.deletingPathExtension().lastPathComponent, file: path,
      directory: url.deletingLastPathComponent(), issues: issues)
  }

  init(_ value: JSONValue, name: String, file: String, directory: URL, issues: IssueCollector) throws {
    let root = ObjectReader(value, path: .root, issues: issues)
    let configuredName = root.string("name", default: name)
    let seed = root.integer("seed", in: 0...Int.max, default: 1)
    let dataset = root.object("dataset").flatMap { DatasetConfiguration(reading: $0) }
    let network = NetworkConfiguration(reading: root)
    let optimizer = root.object("optimizer").flatMap { OptimizerConfiguration(reading: $0) }
    let training = root.object("training").flatMap { TrainingConfiguration(reading: $0) }
    let parallel = ParallelConfiguration(
      reading: root.optionalObject("parallel"), batchSize: training?.batchSize ?? 32)
    let output = root.optionalObject("output")
    let outputDirectory = output?.optionalString("directory")
    output?.finish()
    root.finish()
    if !Self.isFolderName(configuredName) {
      root.report(
        "name",
        "must be usable as the name of a folder: up to 200 bytes without '/' and control characters, and no '.' first")
    }
    if outputDirectory?.isEmpty == true { output?.report("directory", "must not be empty") }
    try issues.throwIfAny(file: file)
    guard let dataset, let network, let optimizer, let training else {
      preconditionFailure("a section that is missing is an issue")
    }
    self.name = configuredName
    self.seed = UInt64(seed)
    self.dataset = dataset
    self.network = network
    self.optimizer = optimizer
    self.training = training
    self.parallel = parallel
    self.outputDirectory =
      outputDirectory.map { Self.resolve($0, in: directory) } ?? URL(fileURLWithPath: "runs", isDirectory: true)
    self.file = file
    self.directory = directory
  }

  /// The configuration as JSON, every default filled in and every path absolute: read again from anywhere, it gives the
  /// same model.
  public var json: JSONValue {
    var root: [String: JSONValue] = [
      "name": .string(name), "seed": .integer(Int(seed)), "dataset": dataset.json, "network": network.json,
      "loss": .string(network.loss.rawValue), "optimizer": optimizer.json, "training": training.json,
      "parallel": parallel.json, "output": .object(["directory": .string(outputDirectory.path)]),
    ]
    for part in ["train", "validation", "test"] {
      root.update(["dataset", part]) { source in
        // In an inline source, `features` are the numbers themselves.
        for key in ["path", "features", "labels"] {
          if case .string(let path)? = source[key] {
            source[key] = .string(Self.resolve(path, in: directory).path)
          }
        }
      }
    }
    root.update(["network"]) { network in
      if case .string(let path)? = network["initialWeights"] {
        network["initialWeights"] = .string(Self.resolve(path, in: directory).path)
      }
    }
    return .object(root)
  }

  private static func isFolderName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 200 && !name.hasPrefix(".") && !name.contains("/")
      && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }

  static func resolve(_ path: String, in directory: URL) -> URL {
    path.hasPrefix("/") ? URL(fileURLWithPath: path) : directory.appendingPathComponent(path).standardizedFileURL
  }

  private static func read(_ path: String) throws(DataError) -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
      throw DataError(.missing, file: path, "there is no such configuration file")
    } catch {
      throw DataError(.unreadable, file: path, "the configuration file cannot be read: \(reason(of: error))")
    }
  }
}

extension [String: JSONValue] {
  /// Changes the object at the end of a path of keys, if there is one.
  fileprivate mutating func update(_ path: ArraySlice<String>, _ change: (inout [String: JSONValue]) -> Void) {
    guard let key = path.first, case .object(var object)? = self[key] else { return }
    if path.count == 1 { change(&object) } else { object.update(path.dropFirst(), change) }
    self[key] = .object(object)
  }
}
