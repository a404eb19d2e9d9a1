import ConfigurationSchema
import DataParallel
import Datasets
import Files
import Foundation
import Kernels
import Metrics
import Models
import NeuralNetworks

/// Training from a configuration to a model file, with everything that is written on the way.
///
/// A run is advanced from outside: each call of `advance` trains for about a tenth of a second and returns what
/// happened, so that the caller can show it, look for signals, and stop.
///
///     let run = try Run(configuration, options: options)
///     while let event = try run.advance() { show(event) }
///     let summary = try run.finish()
///
/// A run that was interrupted, in whatever way, goes on where its last state was saved, and ends with the same model:
///
///     let run = try Run(resuming: "runs/digits-1")
public final class Run {
  /// What does not change the result.
  public struct Options: Sendable {
    /// Where to compute; nil for what the configuration says.
    public var execution: Execution?
    /// The instructions to use; nil for the best of this machine.
    public var instructionSet: InstructionSet?
    /// The run directory; nil for the next free one.
    public var output: URL?

    /// The defaults.
    public init(execution: Execution? = nil, instructionSet: InstructionSet? = nil, output: URL? = nil) {
      self.execution = execution
      self.instructionSet = instructionSet
      self.output = output
    }
  }

  /// What happened during a call of `advance`.
  public enum Event: Sendable {
    /// Some steps of an epoch are done.
    case steps(Progress)
    /// An epoch is over.
    case epoch(EpochMetrics)
  }

  /// Why training is over.
  public enum End: String, Sendable {
    /// All epochs are.
    case epochs
    /// `training.earlyStopping`
    case earlyStopping
    /// `training.maxSteps`
    case maxSteps
    /// `training.maxSeconds`
    case maxSeconds
  }

  /// How far an epoch is.
  public struct Progress: Sendable {
    /// The epoch, from 1.
    public let epoch: Int
    /// The part of it that is done.
    public let fraction: Double
    /// The mean cost of its samples so far.
    public let meanLoss: Double
    /// Samples a second of its steps so far.
    public let samplesPerSecond: Double
  }

  /// Where the files go.
  public let directory: RunDirectory
  /// What a resumed run goes on from, in words; nil for a new run.
  public let resumption: String?
  /// What is wrong with a newer state, which could not be used; nil if there is none.
  public let damage: String?
  private let loop: TrainingLoop
  private let options: Options
  private let writer: CheckpointWriter
  private let lock: FolderLock
  /// Whether the time that a run may take was over.
  private var isOutOfTime = false

  /// What a person should know of its start, a sentence each: tensors of initial weights that were not used, and the like.
  public var notices: [String] { loop.notices }
  /// The configuration.
  public var configuration: RunConfiguration { loop.configuration }
  /// The data.
  public var data: PreparedData { loop.data }
  /// The instructions in use.
  public var instructionSet: InstructionSet { loop.instructionSet }
  /// Parameters that are trained.
  public var parameterCount: Int { loop.parameters.layout.trainedCount }
  /// Layers, and what the network is for.
  public var network: Network { loop.coordinator.network }
  /// Workers of the next steps.
  public var workers: Int { loop.coordinator.workers }
  /// Steps since the start of the run.
  public var steps: Int { loop.position.steps }
  /// The part of all epochs that is done.
  public var fraction: Double {
    let epochs =
      Double(loop.position.epochs) + Double(loop.position.epochSteps) / Double(loop.coordinator.stepsPerEpoch)
    return epochs / Double(configuration.training.epochs)
  }

  // MARK: The start

  /// Reads the data, builds the network and makes the run directory.
  ///
  /// - Throws: `ConfigurationError`, `InputError`, `OutputError` or `RunError`.
  public convenience init(_ configuration: RunConfiguration, options: Options = Options()) throws {
    let configuration = configuration.with(options)
    let loop = try TrainingLoop(configuration, options)
    let directory =
      try options.output.map { try RunDirectory(exactly: $0) }
      ?? RunDirectory(next: configuration.name, in: configuration.outputDirectory)
    let lock = try directory.lock()
    try directory.begin(configuration)
    self.init(loop, options, directory, lock, digests: nil, resumption: nil, damage: nil)
    try writer.save(loop.state())
  }

  /// Goes on with the run in the folder `path` from the last state that was saved, or from its start if none was.
  ///
  /// - Parameter overrides: keys and values that win over those of the run's configuration. Only what changes no result may
  ///   be changed, and `training.epochs`.
  /// - Throws: as above; `ConfigurationError` and `InputError` if the configuration or the data are not those that the run
  ///   began with.
  public convenience init(
    resuming path: String, overrides: [(key: String, value: String)] = [], options: Options = Options()
  ) throws {
    let directory = try RunDirectory(existing: path)
    let lock = try directory.lock()
    let file = directory.display(.configuration)
    var configuration = try RunConfiguration(file: file, overrides: overrides).with(options)
    guard let (checkpoint, stateFile, damage) = try directory.loadCheckpoint() else {
      let begun = try RunConfiguration(file: file).json
      try directory.checkNothingIsLost(begun)
      try configuration.check(against: begun, epochs: 0)
      let loop = try TrainingLoop(configuration, options)
      try directory.write(configuration.json.text, to: .configuration)
      self.init(
        loop, options, directory, lock, digests: nil,
        resumption: "\(directory.displayName) was interrupted before its first state: it begins at its start",
        damage: nil)
      try writer.save(loop.state())
      return
    }
    try checkpoint.checkArithmetic(file: directory.display(stateFile))
    let position = checkpoint.state.position
    // Half an epoch is none: where one has begun, it has to be among those that are to be trained.
    if configuration.training.maxSteps == position.steps,
      overrides.contains(where: { $0.key == "training.maxSeconds" }),
      !overrides.contains(where: { $0.key == "training.maxSteps" })
    {
      // The run ended here because its time was over, and now it is given more.
      configuration.setMaxSteps(nil)
    }
    try configuration.check(
      against: checkpoint.configuration, epochs: position.epochs + (position.epochSteps > 0 ? 1 : 0),
      steps: position.steps)
    let data = try configuration.loadData()
    let digests = DataDigests(data)
    if let part = digests.differences(from: checkpoint.dataDigests).first {
      throw InputError(
        file: data.file(of: part), "the data of \(part) are not those that the run began with, so it cannot go on")
    }
    let loop = try TrainingLoop(
      configuration, options, from: (checkpoint.state, directory.display(stateFile)), data: data)
    try directory.truncateMetrics(to: checkpoint.state)
    // The next save keeps the newest: that must not be the damaged one.
    if damage != nil { try replaceFile(at: directory.url(.checkpoint), with: directory.url(.previousCheckpoint)) }
    try directory.write(configuration.json.text, to: .configuration)
    self.init(
      loop, options, directory, lock, digests: digests,
      resumption: "\(directory.displayName) goes on \(position.words)",
      damage: damage.map { "\($0); the state before it is used" })
  }

  /// Begins the run of a configuration in `options.output`, or goes on with it if it has begun there.
  ///
  /// - Throws: as above; `ConfigurationError` if another run is there.
  public static func continuing(_ configuration: RunConfiguration, options: Options) throws -> Run {
    guard let output = options.output, (try? RunDirectory(existing: output.path)) != nil else {
      return try Run(configuration, options: options)
    }
    let directory = try RunDirectory(existing: output.path)
    let begun = try RunConfiguration(file: directory.display(.configuration))
    var overrides: [(key: String, value: String)] = []
    let issues = IssueCollector()
    for difference in RunConfiguration.differences(between: begun.json, and: configuration.json) {
      // Where results go is where they are, and the steps that a time was enough for are recorded there alone.
      guard difference.role != .changesNoBit || difference.difference.second != nil else { continue }
      if !difference.mayChange {
        issues.report(
          difference.difference.path,
          "is \(difference.difference.secondText), and was \(difference.difference.firstText) when the run in \(directory.displayName) "
            + "began; another run needs another folder")
      } else if let value = difference.difference.second, difference.role == .mayGrow {
        overrides.append((difference.difference.path.description, value.compactText))
      }
    }
    try issues.throwIfAny(file: configuration.file)
    var options = options
    options.output = nil
    return try Run(resuming: output.path, overrides: overrides, options: options)
  }

  private init(
    _ loop: TrainingLoop, _ options: Options, _ directory: RunDirectory, _ lock: FolderLock, digests: DataDigests?,
    resumption: String?, damage: String?
  ) {
    self.loop = loop
    self.options = options
    self.directory = directory
    self.lock = lock
    self.resumption = resumption
    self.damage = damage
    writer = CheckpointWriter(
      directory, loop.configuration, loop.data, digests: digests,
      savedSteps: resumption == nil ? nil : loop.position.steps, isConcurrent: options.execution != .singleThread)
  }

  /// Nothing is written any more when the lock has gone.
  deinit { writer.wait() }

  // MARK: Training

  /// Trains for about a tenth of a second or to the end of the epoch; nil when training is over. Saves states as the
  /// configuration says.
  ///
  /// - Throws: `RunError.notFinite`, or `OutputError` if metrics or a state cannot be written.
  public func advance() throws -> Event? {
    try locatingFaults { () throws -> Event? in
      guard let event = try loop.advance(limit: writer.limit(at: loop.position)) else { return nil }
      if case .epoch(let metrics) = event {
        // No epoch is recorded before a state is there that the run can go on from.
        if metrics.epoch == 1 { try writer.settle() }
        try directory.append(metrics.json)
      }
      if let most = configuration.training.maxSeconds, loop.seconds >= most, !loop.isOver {
        isOutOfTime = true
        loop.endHere()
        // Before any state: whoever repeats the run finds where it ended.
        try directory.write(configuration.json.text, to: .configuration)
      }
      if try writer.wantsState(at: loop.position) { try writer.save(loop.state()) }
      return event
    }
  }

  /// Saves the state, and writes the model and the summary. May be called before all epochs are over, between two steps.
  public func finish() throws -> RunSummary {
    let (position, sha256, decision) = try saveModel()
    // Whoever interrupts a run does not want to wait.
    let evaluations = isOver ? try loop.evaluateModel([data.validation, data.test], decision) : [nil, nil]
    let summary = RunSummary(
      epochs: position.epochs, steps: position.steps, parameters: parameterCount, workers: workers,
      instructionSet: instructionSet, seconds: loop.seconds,
      samplesPerSecond: Double(position.samples + position.epochSamples)
        / max(position.trainingSeconds + position.epochSeconds, 1e-9),
      end: end, best: position.best, decision: isOver && configuration.decision != nil ? decision : nil,
      classes: loop.measures.names, validation: evaluations[0], test: evaluations[1],
      sha256: sha256,
      directory: directory)
    try directory.write(summary.json.text, to: .summary)
    return summary
  }

  /// Saves the state and writes the model; returns the position, the digest of the model file and its decision. No copy of the
  /// parameters is left.
  private func saveModel() throws -> (TrainingPosition, sha256: String, Decision) {
    // The copy that may be being written goes before there is another.
    try writer.settle()
    let state = try locatingFaults { try loop.state() }
    try writer.finish(state)
    let decision = try loop.decision()
    let model = ModelFile.safetensors(configuration.network, loop.model, data.schema, decision)
    try AtomicFile.write(model.pieces, to: directory.url(.model))
    return (state.position, model.digest, decision)
  }

  /// Whether training is over.
  public var isOver: Bool { loop.isOver }

  /// Why training is over; nil while it is not.
  public var end: End? { isOutOfTime && loop.end == .maxSteps ? .maxSeconds : loop.end }

  /// Completes an error of numbers that are not finite with the place where they began.
  private func locatingFaults<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch RunError.notFinite(let fault) {
      writer.wait()
      let saved = try? directory.loadCheckpoint()
      let state = saved.map { ($0.checkpoint.state, file: directory.display($0.file)) }
      let replay = try? TrainingLoop(configuration, options, from: state, data: data)
      var located = replay.flatMap(NumericFault.first) ?? fault
      located.advice = configuration.adviceOnFaults(data)
      located.lastState = state.map {
        "The last good state, \($0.0.position.words), is kept in \($0.file); a new run can begin with it by "
          + "network.initialWeights."
      }
      throw RunError.notFinite(located)
    }
  }
}

extension RunConfiguration {
  /// The configuration of a run with these options, which the run directory records.
  fileprivate func with(_ options: Run.Options) -> RunConfiguration {
    guard case .workers(let count) = options.execution else { return self }
    var configuration = self
    configuration.setWorkers(count)
    return configuration
  }
}

extension TrainingPosition {
  /// The position in words.
  var words: String {
    guard steps > 0 else { return "at its start" }
    let inEpoch = epochSteps == 0 ? "" : " and \(epochSteps) \(epochSteps == 1 ? "step" : "steps") of the next"
    return "after \(epochs) \(epochs == 1 ? "epoch" : "epochs")\(inEpoch), step \(steps)"
  }
}

extension PreparedData {
  /// The source of a part, by its key path.
  fileprivate func file(of part: String) -> String {
    switch part {
    case "dataset.validation": validation?.table.file ?? training.table.file
    case "dataset.test": test?.table.file ?? training.table.file
    default: training.table.file
    }
  }
}
