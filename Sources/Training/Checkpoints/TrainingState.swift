import DataParallel
import Datasets
import Files
import NeuralNetworks
import Optimizers

/// Everything that the next step of a run depends on, beside the configuration and the data.
///
/// Random numbers need no state of their own: they are counted by epoch, sample, layer and unit. A schedule or a rule for
/// stopping early adds what it counts to `TrainingPosition`.
struct TrainingState: Sendable, Equatable {
  /// How far the run is.
  var position: TrainingPosition
  /// The blocks of the parameters, as `layers.0.weight`.
  var parameters: [Safetensors.Tensor]
  /// What the optimizer remembers of each block, as `optimizer.firstMoment.layers.0.weight`.
  var optimizer: [Safetensors.Tensor] = []
  /// The parameters of the best epoch so far, where training may stop early: `layers.0.weight`, as those of the model.
  var best: [Safetensors.Tensor] = []
  /// The average of the parameters that are trained, where there is one.
  var average: [Safetensors.Tensor] = []
  /// The scaling of the features, as far as it is numbers.
  var scaling: Scaling
}

/// How far a run is, with the running sums of the epoch in progress.
struct TrainingPosition: Sendable, Equatable {
  /// Epochs that are over.
  var epochs = 0
  /// Steps since the start of the run.
  var steps = 0
  /// Steps of the epoch in progress.
  var epochSteps = 0
  /// Samples of the epoch in progress.
  var epochSamples = 0
  /// The sum of the costs of these samples.
  var epochLossSum = 0.0
  /// The sum of the weights of these samples; where they have none, their number.
  var epochWeightSum = 0.0
  /// Duration of the steps of the epoch in progress, in seconds.
  var epochSeconds = 0.0
  /// Samples since the start of the run, but for the epoch in progress.
  var samples = 0
  /// Duration of their steps, in seconds.
  var trainingSeconds = 0.0
  /// Duration of the run, reading and evaluation included, in seconds.
  var runSeconds = 0.0
  /// The best epoch so far, where training may stop early.
  var best: EarlyStopping.Best?
  /// What a schedule that looks at a metric remembers of the epochs.
  var plateau = Plateau()
}

extension OptimizerState {
  /// The slots as the tensors of a file, block by block; blocks that are not trained have none.
  func tensors(_ layout: ParameterLayout) -> [Safetensors.Tensor] {
    zip(names, vectors).flatMap { name, vector in
      layout.blocks.filter(\.isTrained).map { block in
        Safetensors.Tensor(
          name: "optimizer.\(name).\(block.name)", shape: block.shape,
          values: Parameters.values(of: Parameters.matrix(of: block, in: vector)))
      }
    }
  }

  /// Takes over the tensors of a file.
  ///
  /// - Throws: `InputError` if one is missing or has another shape.
  func set(_ file: Safetensors, _ layout: ParameterLayout, file name: String) throws(InputError) {
    for (slot, vector) in zip(names, vectors) {
      for block in layout.blocks where block.isTrained {
        let values = try file.values("optimizer.\(slot).\(block.name)", shape: block.shape, file: name)
        Parameters.set(Parameters.matrix(of: block, in: vector), to: values)
      }
    }
  }
}
