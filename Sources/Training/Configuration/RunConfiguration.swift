import ConfigurationSchema
import DataParallel
import Datasets
import Files
import Foundation
import Metrics
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
  /// `metrics`; nil for those that fit the targets.
  public let metrics: [RequestedMetric]?
  /// `decision`; nil where outputs are used as they are.
  public let decision: DecisionConfiguration?
  /// `optimizer`
  public let optimizer: OptimizerConfiguration
  /// `training`
  public private(set) var training: TrainingConfiguration
  /// `parallel`
  public private(set) var parallel: ParallelConfiguration
  /// `output.directory`: where run directories are made; default `runs` in the working directory.
  public let outputDirectory: URL
  /// The file this was read from, as errors name it.
  public let file: String
  /// The folder that paths of the configuration are relative to.
  public let directory: URL
  /// The configuration as JSON, every default filled in and every path absolute: read again from anywhere, it gives the
  /// same model.
  public private(set) var json: JSONValue

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - path: a JSON file.
  ///   - overrides: keys and values that win over the file's.
  /// - Throws: `ConfigurationError` with everything that is wrong, or `InputError` if the file cannot be read.
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
    let (configuration, json) = Section.read(value, relativeTo: directory, issues: issues) {
      RunConfiguration($0, name: name, file: file, directory: directory)
    }
    try issues.throwIfAny(file: file)
    guard var configuration else { preconditionFailure("a section that is missing is an issue") }
    configuration.json = json
    self = configuration
  }

  /// The declaration of the whole configuration; nil after reporting issues.
  private init?(_ root: Section, name: String, file: String, directory: URL) {
    _ = root.optional("$schema", .string, help: "the JSON Schema of this file, for editors", role: .transient)
    self.name = root.value(
      "name", .folderName, default: name, "the name of the file", help: "a name for the folder of the run",
      role: .changesNoBit)
    seed = UInt64(root.value("seed", .integer(in: 0...Int.max), default: 1, help: "the seed of all random numbers"))
    let dataset = root.object("dataset", help: "where the samples come from, and how they are divided and scaled") {
      DatasetConfiguration($0)
    }
    let network = NetworkConfiguration(root)
    let metrics = root.optional(
      "metrics", .metrics, absence: "a few that fit the targets",
      help: "what is measured on validation and test data beside the loss")
    let decision = root.optionalObject(
      "decision", help: "how the outputs of the model become probabilities and classes, fitted when training is over"
    ) { DecisionConfiguration($0) }
    let training = root.object("training", help: "how long and in what portions is trained") {
      TrainingConfiguration($0)
    }
    let surroundings = Schedule.Surroundings(epochs: training?.epochs ?? 1, metric: .monitored)
    let optimizer = root.object("optimizer", help: "the rule that makes a step out of the gradient") {
      OptimizerConfiguration($0, surroundings)
    }
    let batchSize = training?.batchSize ?? 32
    let parallel = root.object("parallel", default: [:], help: "how a step is divided among workers") {
      ParallelConfiguration($0, batchSize: batchSize)
    }
    let runs = URL(fileURLWithPath: "runs", isDirectory: true).path
    let output = root.object("output", default: [:], help: "where the results go", role: .changesNoBit) {
      $0.value(
        "directory", .path, default: runs, "`runs` in the working directory", help: "where the folders of runs are made"
      )
    }
    for (metric, path) in Self.monitored(training, optimizer) where dataset?.validation == nil && dataset != nil {
      metric.check(hasValidation: false, metrics: [], path, root.issues)
    }
    if let dataset, let network, dataset.targetScaling != .none {
      let kind = network.loss.kind
      if kind.targets != .values || kind.targetRange != nil {
        root.issues.report(
          .root.appending(key: "dataset").appending(key: "targetScaling"),
          "must be none with the loss \(kind.rawValue), whose targets have a meaning that scaling would take from them")
      }
    }
    Self.check(decision, dataset, network, root.issues)
    guard let dataset, let network, let optimizer, let training, let parallel, let output else { return nil }
    self.dataset = dataset
    self.network = network
    self.metrics = metrics
    self.decision = decision
    self.optimizer = optimizer
    self.training = training
    self.parallel = parallel
    outputDirectory = Self.resolve(output, in: directory)
    self.file = file
    self.directory = directory
    json = .null
  }

  /// The metrics that rules look at, and the keys that name them.
  private static func monitored(
    _ training: TrainingConfiguration?, _ optimizer: OptimizerConfiguration?
  ) -> [(metric: MonitoredMetric, path: ConfigurationPath)] {
    var metrics: [(MonitoredMetric, ConfigurationPath)] = []
    if let stopping = training?.earlyStopping { metrics.append((stopping.metric, EarlyStopping.metricPath)) }
    if let metric = optimizer?.schedule.plateau.flatMap({ MonitoredMetric($0.metric) }) {
      metrics.append(
        (metric, .root.appending(key: "optimizer").appending(key: "schedule").appending(key: "metric")))
    }
    return metrics
  }

  /// The metrics that rules look at, and the keys that name them.
  var monitoredMetrics: [(metric: MonitoredMetric, path: ConfigurationPath)] { Self.monitored(training, optimizer) }

  /// Takes another last step than the configuration says; nil for none.
  mutating func setMaxSteps(_ steps: Int?) {
    training.maxSteps = steps
    guard case .object(var root) = json, case .object(var section)? = root["training"] else { return }
    section["maxSteps"] = steps.map { .integer($0) }
    root["training"] = .object(section)
    json = .object(root)
  }

  /// Takes another number of workers than the configuration says.
  mutating func setWorkers(_ workers: WorkerCount) {
    parallel.workers = workers
    guard case .object(var root) = json, case .object(var section)? = root["parallel"] else { return }
    section["workers"] = workers.json
    root["parallel"] = .object(section)
    json = .object(root)
  }

  static func resolve(_ path: String, in directory: URL) -> URL { Section.resolve(path, in: directory) }

  private static func read(_ path: String) throws(InputError) -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
      throw InputError(.missing, file: path, "there is no such configuration file")
    } catch {
      throw InputError(.unreadable, file: path, "the configuration file cannot be read: \(reason(of: error))")
    }
  }
}

extension Domain<String> {
  /// A string that can be the name of a folder.
  fileprivate static var folderName: Self {
    Self(
      "a string that can name a folder",
      schema: ["type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^./][^/]*$"], placeholder: "run",
      read: { value, place in
        guard let name = Domain.string.value(of: value, at: place) else { return nil }
        if isFolderName(name) { return name }
        place.report(
          "must be usable as the name of a folder: up to 200 bytes without '/' and control characters, and no '.' first"
        )
        return nil
      },
      write: { .string($0) })
  }

  private static func isFolderName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 200 && !name.hasPrefix(".") && !name.contains("/")
      && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

extension RunConfiguration {
  /// What a configuration may hold.
  static let description = Section.describe {
    RunConfiguration($0, name: "", file: "", directory: URL(fileURLWithPath: "/", isDirectory: true))
  }

  /// The JSON Schema (draft 2020-12) of a configuration.
  public static var schema: JSONValue {
    description.schema(title: "Lockstep configuration", help: "What a run of Lockstep computes")
  }

  /// A reference of all keys, as Markdown.
  public static var reference: String {
    description.reference(
      introduction: """
        # All keys of a configuration

        This page is made from the program by `swift run trainer schema --reference > configs/REFERENCE.md`; the same as a JSON
        Schema, for editors, by `swift run trainer schema`. Paths are relative to the folder of the configuration's file. A key that
        is not here is an error.
        """)
  }
}
