import DataParallel
import Datasets
import Files
import Foundation
import Kernels
import Metrics
import Models
import NeuralNetworks
import Optimizers

/// The computation of a run, in memory: epochs, steps and evaluation from a configuration, or from a state saved before.
///
/// It is advanced from outside, and writes nothing.
final class TrainingLoop {
  private(set) var configuration: RunConfiguration
  let data: PreparedData
  let instructionSet: InstructionSet
  let parameters: Parameters
  let coordinator: Coordinator
  /// What a person should know of the start, a sentence each.
  private(set) var notices: [String] = []
  /// How far it is.
  private(set) var position = TrainingPosition()
  private let epochOrder: EpochOrder
  /// The order of the epoch in progress.
  private var order = SampleOrder([])
  let measures: Measures
  /// The parameters of the best epoch so far, where training may stop early.
  private var best: [Safetensors.Tensor] = []
  /// Where the run would have begun, had it never been interrupted.
  private let start: ContinuousClock.Instant

  /// Reads the data and builds the network.
  ///
  /// - Parameters:
  ///   - state: where to begin; nil for the start.
  ///   - file: the file of this state, for errors.
  ///   - data: the data, if it was read before.
  /// - Throws: `ConfigurationError`, `InputError` or `RunError`.
  init(
    _ configuration: RunConfiguration, _ options: Run.Options, from state: (TrainingState, file: String)? = nil,
    data: PreparedData? = nil
  ) throws {
    let begin = ContinuousClock.now
    let kernels = try Self.kernels(options.instructionSet)
    instructionSet = kernels.instructionSet
    self.configuration = configuration
    let data = try data ?? configuration.loadData()
    let execution = options.execution ?? .workers(configuration.parallel.workers)
    try configuration.check(data, execution)
    self.data = data

    let classWeights = try configuration.classWeights(for: data)
    let network = configuration.network.network(
      inputs: data.training.table.columns, isWeighted: classWeights != nil || data.training.table.weights != nil)
    parameters = Parameters(network.layout)
    coordinator = Coordinator(
      kernels: kernels, network: network, parameters: parameters,
      optimizer: configuration.optimizer.optimizer,
      training: data.training, scaling: data.scaling,
      targets: configuration.targetEncoding(data, outputs: network.outputs),
      classWeights: classWeights, targetScaling: data.schema.targetScaling,
      StepsConfiguration(
        batchSize: configuration.training.batchSize, dropLast: configuration.training.dropLast,
        shardRows: configuration.parallel.shardRows, seed: configuration.seed),
      execution: execution)
    measures = configuration.measures(for: data)
    epochOrder = EpochOrder(
      rows: data.training.rows, shuffle: configuration.training.shuffle, seed: configuration.seed)
    start = begin - .seconds(state?.0.position.runSeconds ?? 0)
    if let (state, file) = state {
      try parameters.set(Safetensors(metadata: [:], tensors: state.parameters), file: file)
      try coordinator.optimizerState.set(
        Safetensors(metadata: [:], tensors: state.optimizer), network.layout, file: file)
      try check(state, file: file)
      position = state.position
      best = state.best
      try coordinator.average?.setTrained(Safetensors(metadata: [:], tensors: state.average), file: file)
      if position.epochSteps > 0 { order = SampleOrder(epochOrder.order(epoch: position.epochs)) }
    } else {
      let weights = configuration.network.initialWeights
      // What a file does not give is drawn as it would be without one.
      if weights == nil || weights?.layers != nil { parameters.initialize(seed: configuration.seed) }
      notices = try weights?.load(relativeTo: configuration.directory, into: parameters, schema: data.schema) ?? []
    }
  }

  /// Checks that a state fits the data and the mini-batches; one with a right checksum may still be of another run.
  private func check(_ state: TrainingState, file: String) throws(InputError) {
    let (position, perEpoch) = (state.position, coordinator.stepsPerEpoch)
    func samples(_ steps: Int) -> Int { min(steps * coordinator.batchSize, data.training.count) }
    let whole = position.epochs.multipliedReportingOverflow(by: perEpoch)
    let wholeSamples = position.epochs.multipliedReportingOverflow(by: samples(perEpoch))
    guard position.epochs <= configuration.training.epochs, position.epochSteps < perEpoch, !whole.overflow,
      !wholeSamples.overflow, position.steps - position.epochSteps == whole.partialValue,
      position.epochSamples == samples(position.epochSteps), position.samples == wholeSamples.partialValue,
      state.scaling.shift == data.scaling.shift, state.scaling.scale == data.scaling.scale,
      isSound(position.best, state.best),
      position.plateau == Plateau() || configuration.optimizer.schedule.plateau != nil
    else {
      throw InputError(
        file: file,
        "the state is not one of this run: epoch \(position.epochs), step \(position.steps) and "
          + "\(position.epochSteps) steps of the next epoch do not fit \(perEpoch) steps an epoch and the data")
    }
  }

  /// Whether there are the parameters of a best epoch where there is one.
  private func isSound(_ best: EarlyStopping.Best?, _ tensors: [Safetensors.Tensor]) -> Bool {
    guard let best else { return tensors.isEmpty }
    let blocks = parameters.layout.blocks
    return configuration.training.earlyStopping != nil && tensors.map(\.name) == blocks.map(\.name)
      && tensors.map(\.shape) == blocks.map(\.shape) && best.value.isFinite
  }

  static func kernels(_ instructionSet: InstructionSet?) throws(RunError) -> Kernels {
    guard let instructionSet else { return .best }
    guard let kernels = Kernels(instructionSet) else {
      throw .instructionSetMissing(instructionSet)
    }
    return kernels
  }

  // MARK: Epochs

  /// The rows of the training data in the order in which an epoch, counted from 0, visits them.
  func order(epoch: Int) -> [Int32] { epochOrder.order(epoch: epoch) }

  /// Why training is over; nil while it is not.
  var end: Run.End? {
    if position.epochs >= configuration.training.epochs { return .epochs }
    if let stopping = configuration.training.earlyStopping, position.epochs > 0,
      stopping.ends(after: position.epochs, best: position.best)
    {
      return .earlyStopping
    }
    if let most = configuration.training.maxSteps, position.steps >= most { return .maxSteps }
    return nil
  }

  /// Whether training is over.
  var isOver: Bool { end != nil }

  /// Makes the last step so far the last one.
  func endHere() { configuration.setMaxSteps(position.steps) }

  /// Trains for about a tenth of a second, but at most for `limit` steps and to the end of the epoch; nil when training is
  /// over.
  ///
  /// - Throws: `RunError.notFinite`.
  func advance(limit: Int = .max) throws(RunError) -> Run.Event? {
    guard !isOver else { return nil }
    if position.epochSteps == 0 { order = SampleOrder(epochOrder.order(epoch: position.epochs)) }
    let limit = min(limit, configuration.training.maxSteps.map { $0 - position.steps } ?? .max)
    let steps = position.epochSteps..<min(position.epochSteps + min(stepsOfTurn, limit), coordinator.stepsPerEpoch)
    let start = ContinuousClock.now
    let epoch = Epoch(
      number: position.epochs, order: order, firstStep: position.steps - position.epochSteps,
      reductions: position.plateau.reductions)
    let result = coordinator.train(
      steps: steps, of: epoch, lossSum: position.epochLossSum, weightSum: position.epochWeightSum)
    position.epochSeconds += (ContinuousClock.now - start) / .seconds(1)
    position.epochSteps = steps.upperBound
    position.epochSamples += result.samples
    position.epochLossSum = result.lossSum
    position.epochWeightSum = result.weightSum
    position.steps += steps.count
    if let step = result.firstNonFiniteStep {
      throw .notFinite(NumericFault(.loss, epoch: position.epochs + 1, step: step + 1))
    }
    guard position.epochSteps == coordinator.stepsPerEpoch else { return .steps(progress) }
    return .epoch(try closeEpoch())
  }

  /// Steps that take about a tenth of a second, by the speed so far.
  private var stepsOfTurn: Int {
    let time = position.trainingSeconds + position.epochSeconds
    guard position.steps > 0, time > 0 else { return 1 }
    return max(1, min(Int(min(0.1 * Double(position.steps) / time, 1e9)), 2 * position.steps))
  }

  private var progress: Run.Progress {
    Run.Progress(
      epoch: position.epochs + 1, fraction: Double(position.epochSteps) / Double(coordinator.stepsPerEpoch),
      meanLoss: meanLoss,
      samplesPerSecond: Double(position.epochSamples) / max(position.epochSeconds, 1e-9))
  }

  /// The mean cost of the samples of the epoch so far; 0 where none has a weight.
  private var meanLoss: Double {
    position.epochWeightSum > 0 ? position.epochLossSum / position.epochWeightSum : 0
  }

  /// Evaluates and takes stock.
  private func closeEpoch() throws(RunError) -> EpochMetrics {
    try checkParameters()
    coordinator.endEpoch(position.epochs + 1)
    let evaluated = evaluatedParameters(epochs: position.epochs + 1)
    let metrics = EpochMetrics(
      epoch: position.epochs + 1, steps: position.steps,
      learningRate: configuration.optimizer.optimizer.learningRate(
        StepTime(
          step: position.steps - 1, stepsPerEpoch: coordinator.stepsPerEpoch, reductions: position.plateau.reductions)),
      trainingLoss: meanLoss,
      validation: data.validation.map { evaluate($0, evaluated) }, digest: parameters.tensors.digest,
      seconds: position.epochSeconds,
      samplesPerSecond: Double(position.epochSamples) / max(position.epochSeconds, 1e-9))
    position.epochs += 1
    position.samples += position.epochSamples
    position.trainingSeconds += position.epochSeconds
    (position.epochSteps, position.epochSamples) = (0, 0)
    (position.epochLossSum, position.epochWeightSum, position.epochSeconds) = (0, 0, 0)
    if let rule = configuration.optimizer.schedule.plateau, let metric = MonitoredMetric(rule.metric) {
      rule.update(&position.plateau, with: metric.value(in: metrics), isMaximized: metric.isMaximized)
    }
    if let stopping = configuration.training.earlyStopping {
      let value = stopping.metric.value(in: metrics)
      if let value, stopping.isBetter(value, than: position.best) {
        position.best = EarlyStopping.Best(epoch: position.epochs, value: value)
        best = evaluated.tensors
      }
    }
    return metrics
  }

  private func evaluate(
    _ subset: Subset, _ parameters: Parameters, _ decision: Decision = .plain
  ) -> EvaluationSummary {
    let evaluation = coordinator.evaluate(
      subset, parameters, outputs: .activations(temperature: decision.temperature))
    return EvaluationSummary(evaluation, measures, threshold: decision.threshold)
  }

  /// What would be the model after so many whole epochs, if no other epoch were the best: the parameters, or their average.
  private func evaluatedParameters(epochs: Int) -> Parameters {
    guard configuration.optimizer.averaging != nil else { return parameters }
    let number = max(position.epochSteps > 0 ? position.epochs : position.epochs - 1, 0)
    let last = Epoch(number: number, order: SampleOrder(epochOrder.order(epoch: number)), firstStep: 0)
    return coordinator.evaluatedParameters(steps: position.steps, epochs: epochs, last: last)
  }

  // MARK: The model

  /// Whether the model is that of the best epoch so far, and not the parameters as they are.
  private var usesBest: Bool { configuration.training.earlyStopping?.usesBest == true && !best.isEmpty }

  /// The parameters of the model, if training ended here.
  var model: [Safetensors.Tensor] { usesBest ? best : evaluatedParameters(epochs: position.epochs).tensors }

  /// The parameters of the model, for evaluation.
  private func modelParameters() throws(InputError) -> Parameters {
    guard usesBest else { return evaluatedParameters(epochs: position.epochs) }
    let result = Parameters(parameters.layout)
    try result.set(Safetensors(metadata: [:], tensors: best), file: "the best epoch")
    return result
  }

  /// How the outputs of the model become probabilities and classes, fitted to the validation data; that of a run that is not over
  /// takes them as they are.
  func decision() throws(InputError) -> Decision {
    guard isOver, let rule = configuration.decision else { return .plain }
    let model = try modelParameters()
    return rule.decision(configuration.network.loss.kind) { outputs in
      data.validation.map { measures.truth(of: coordinator.evaluate($0, model, outputs: outputs)) }
    }
  }

  /// The cost and the metrics of the model on some parts of the data.
  func evaluateModel(_ subsets: [Subset?], _ decision: Decision) throws(InputError) -> [EvaluationSummary?] {
    let model = try modelParameters()
    return subsets.map { subset in subset.map { evaluate($0, model, decision) } }
  }

  // MARK: State

  /// What the next step depends on.
  ///
  /// - Throws: `RunError.notFinite`: a state that is spoilt is none.
  func state() throws(RunError) -> TrainingState {
    try checkParameters()
    var position = position
    position.runSeconds = seconds
    return TrainingState(
      position: position, parameters: parameters.tensors,
      optimizer: coordinator.optimizerState.tensors(parameters.layout), best: best,
      average: coordinator.average?.trainedTensors ?? [], scaling: data.scaling)
  }

  /// Duration of the run so far, reading and evaluation included, in seconds.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// A step can spoil the parameters without an infinite loss of its own.
  private func checkParameters() throws(RunError) {
    // A slot that is infinite makes all further steps 0.
    let vectors = [parameters.vector] + coordinator.optimizerState.vectors
    guard vectors.contains(where: { !Kernels.sum($0.all).isFinite }) else { return }
    throw .notFinite(
      NumericFault(
        .parameters, epoch: position.epochs + (position.epochSteps > 0 ? 1 : 0),
        step: position.epochSteps > 0 ? position.epochSteps : coordinator.stepsPerEpoch))
  }
}

extension RunConfiguration {
  /// Reads the data, as the loss wants them.
  func loadData() throws(InputError) -> PreparedData {
    try dataset.load(relativeTo: directory, targets: targetKind, seed: seed)
  }

  /// What the loss takes, as data sets call it.
  var targetKind: TargetKind { network.loss.kind.targets.kind }
}

extension LossKind.Targets {
  /// The same, as data sets call it.
  fileprivate var kind: TargetKind {
    switch self {
    case .values: .values
    case .labels: .labels
    case .labelsOrDistributions: .labelsOrDistributions
    case .labelsOrValues: .labelsOrValues
    }
  }
}
