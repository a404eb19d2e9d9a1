import Datasets
import Kernels
import NeuralNetworks

/// Outputs of a network for rows of features, by any number of workers. A row's outputs have the same bits, alone or among others.
public final class Inference {
  private let kernels: Kernels
  private let program: Program
  private let parameters: Parameters
  private let schema: SampleSchema
  private let threads: Int
  private lazy var workers = Workers(count: threads)

  /// - Parameters:
  ///   - outputs: what comes out.
  ///   - schema: how features become inputs, and outputs predictions.
  public init(
    _ kernels: Kernels, _ network: Network, _ outputs: Network.Outputs, _ parameters: Parameters,
    _ schema: SampleSchema,
    _ execution: Execution
  ) {
    self.kernels = kernels
    program = network.inference(outputs)
    self.parameters = parameters
    self.schema = schema
    switch execution {
    case .singleThread: threads = 1
    case .workers(.fixed(let count)): threads = min(count, availableProcessors())
    case .workers(.auto): threads = availableProcessors()
    }
  }

  /// The outputs for `rows` rows, [rows, outputs]: probabilities, or targets in the unit of the data.
  ///
  /// - Parameter features: [rows, features]
  public func outputs(_ features: FeatureStorage, rows: Int) -> [Float] {
    guard rows > 0 else { return [] }
    let table = Table(
      file: "", featureNames: schema.featureNames, targetNames: [], features: features,
      targets: .values([], columns: 0),
      rows: rows)
    return performed(Subset(table), hasTargets: false).outputsInUnitOfTargets
  }

  /// What the network predicts for some samples, and what is true of them.
  ///
  /// - Parameter subset: samples with the features and targets of the model. Targets may be scaled, but the cost is that of plain ones.
  public func evaluate(_ subset: Subset) -> Evaluation { performed(subset, hasTargets: true).result }

  private func performed(_ subset: Subset, hasTargets: Bool) -> EvaluationPass {
    let blocks = (subset.count + EvaluationPass.blockRows - 1) / EvaluationPass.blockRows
    let count = min(threads, blocks)
    let encoding = schema.targetScaling.map { TargetEncoding(low: 0, high: 1, shift: $0.shift, scale: $0.scale) }
    let pass = EvaluationPass(
      kernels, program, inputs: schema.featureNames.count, parameters, subset,
      reader: SampleReader(subset.table, scaling: schema.scaling, targets: hasTargets ? encoding ?? .plain : .plain),
      targetScaling: schema.targetScaling, workers: threads, hasTargets: hasTargets)
    if count == 1 {
      pass.performAll(owners: threads)
    } else {
      workers.perform(pass, owners: threads)
    }
    return pass
  }
}
