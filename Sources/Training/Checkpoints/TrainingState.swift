import Datasets
import Files
import NeuralNetworks

/// Everything that the next step of a run depends on, beside the configuration and the data.
///
/// Random numbers need no state of their own: they are counted by epoch, sample, layer and unit. Plain gradient descent has
/// none either; an optimizer with moments will add tensors named `optimizer.…`, in the layout of the parameters, and a
/// schedule or a rule for stopping early will add what it counts to `TrainingPosition`.
struct TrainingState: Sendable, Equatable {
  /// How far the run is.
  var position: TrainingPosition
  /// `layers.N.weight` and `layers.N.bias`.
  var parameters: [Safetensors.Tensor]
  /// The scaling of the features.
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
  /// Duration of the steps of the epoch in progress, in seconds.
  var epochSeconds = 0.0
  /// Samples since the start of the run, but for the epoch in progress.
  var samples = 0
  /// Duration of their steps, in seconds.
  var trainingSeconds = 0.0
  /// Duration of the run, reading and evaluation included, in seconds.
  var runSeconds = 0.0
}

extension Parameters {
  /// The parameters as the tensors of a file.
  var tensors: [Safetensors.Tensor] {
    layout.layers.enumerated().flatMap { index, layer in
      [
        Safetensors.Tensor(
          name: "layers.\(index).weight", shape: [layer.units, layer.inputs], values: weightRows(layer: index)),
        Safetensors.Tensor(name: "layers.\(index).bias", shape: [layer.units], values: biasRow(layer: index)),
      ]
    }
  }

  /// Takes over the tensors of a file.
  ///
  /// - Parameter file: its name, for errors.
  /// - Throws: `DataError` if one is missing or has another shape.
  func set(_ file: Safetensors, file name: String) throws(DataError) {
    for (index, layer) in layout.layers.enumerated() {
      setLayer(
        index,
        weights: try file.values("layers.\(index).weight", shape: [layer.units, layer.inputs], file: name),
        biases: try file.values("layers.\(index).bias", shape: [layer.units], file: name))
    }
  }
}

extension [Safetensors.Tensor] {
  /// The SHA-256 of the numbers of all tensors, one after another: of parameters, the SHA-256 of what follows the header
  /// of their model file.
  var digest: String {
    var hash = SHA256()
    for tensor in self { hash.update(tensor.values) }
    return hash.hexadecimal
  }
}
