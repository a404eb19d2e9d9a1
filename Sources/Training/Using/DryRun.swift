import DataParallel
import Datasets
import Kernels
import NeuralNetworks

/// What a configuration would do: everything is checked and the data are read, but nothing is trained or written.
public struct DryRun: Sendable {
  /// A layer of the network.
  public struct Layer: Sendable {
    /// What it is: its `type`.
    public let kind: String
    /// Its function, where it has one.
    public let activation: String?
    /// Columns of its input and of its output.
    public let inputs: Int
    public let outputs: Int
    /// Parameters that are trained, and others.
    public let trained: Int
    public let fixed: Int
  }

  /// The configuration, every default filled in.
  public let configuration: RunConfiguration
  /// The data.
  public let data: PreparedData
  /// The layers from the input on.
  public let layers: [Layer]
  /// Parameters that are trained.
  public let parameters: Int
  /// Bytes that training will need, beside the data.
  public let memory: Double
  /// Floating-point operations of the products of a step.
  public let operations: Double
  /// Samples of a mini-batch, and steps of an epoch.
  public let batchSize: Int
  public let stepsPerEpoch: Int
  /// Processors that may be used.
  public let processors: Int
  /// The instructions that will be used.
  public let instructionSet: InstructionSet

  /// Checks a configuration.
  ///
  /// - Throws: `ConfigurationError`, `InputError` or `RunError`.
  public init(_ configuration: RunConfiguration, _ options: Run.Options) throws {
    instructionSet = try TrainingLoop.kernels(options.instructionSet).instructionSet
    let data = try configuration.loadData()
    let execution = options.execution ?? .workers(configuration.parallel.workers)
    try configuration.check(data, execution)
    let inputs = data.training.table.columns
    let network = configuration.network.network(inputs: inputs)
    let blocks = network.layout.blocks
    var columns = inputs
    var layers: [Layer] = []
    for (index, layer) in configuration.network.layers.enumerated() {
      let own = blocks.filter { $0.layer == index }
      let outputs = layer.layer.outputs(inputs: columns)
      let trained = own.filter(\.isTrained).reduce(0) { $0 + $1.count }
      let activation = layer.layer.activation.kind
      layers.append(
        Layer(
          kind: layer.kind.rawValue, activation: activation == .identity ? nil : activation.rawValue, inputs: columns,
          outputs: outputs, trained: trained, fixed: own.reduce(0) { $0 + $1.count } - trained))
      columns = outputs
    }
    batchSize = min(configuration.training.batchSize, data.training.count)
    let rest = data.training.count % batchSize
    stepsPerEpoch = data.training.count / batchSize + (rest > 0 && !configuration.training.dropLast ? 1 : 0)
    parameters = network.layout.trainedCount
    memory = configuration.memory(of: network, data, execution)
    // Two for each weight and sample forward, two for its gradient, two for that of the layer's input but in the first layer.
    let weights = blocks.filter { $0.role == .weight }
    operations =
      Double(batchSize)
      * weights.enumerated().reduce(0.0) { $0 + Double($1.element.count) * ($1.offset == 0 ? 4 : 6) }
    processors = availableProcessors()
    self.configuration = configuration
    self.data = data
    self.layers = layers
  }
}
