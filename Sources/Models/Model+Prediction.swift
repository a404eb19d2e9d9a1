import Files
import Kernels
import NeuralNetworks

extension Model {
  /// Samples that are computed at a time.
  private static let batch = 256

  /// The outputs for samples: the activations of the last layer, so probabilities after softmax or sigmoid, calibrated if the model
  /// is.
  ///
  /// Scaling is part of the model: features are given as the training data had them. A row's outputs have the same bits, alone
  /// or among others.
  ///
  /// - Parameters:
  ///   - rows: one sample each, a number a feature, in the order of `schema.featureNames`.
  ///   - kernels: the instructions to use, which change no bit.
  /// - Returns: one row a sample, a number an output.
  /// - Throws: `InputError` if a row has another number of features; its line is that of the row, from 1.
  public func predict(_ rows: [[Float]], kernels: Kernels = .best) throws(InputError) -> [[Float]] {
    for (index, row) in rows.enumerated() where row.count != network.inputs {
      throw InputError(
        file: "rows", line: index + 1,
        "has \(counted(row.count, "feature")), and the model needs \(network.inputs)")
    }
    let (shift, scale) = (FloatBuffer(schema.scaling.shift), FloatBuffer(schema.scaling.scale))
    let capacity = max(1, min(rows.count, Self.batch))
    let program = network.inference(.activations(temperature: decision.temperature))
    let tables = Tables(kernels, program, parameters, Workspace(program, capacity: capacity))
    let (memory, features) = Workspace.matrix(samples: capacity, columns: network.inputs)
    let scratch = FloatBuffer(count: Program.scratch)
    let order = SampleOrder((0..<capacity).map { Int32($0) })
    var outputs: [[Float]] = []
    outputs.reserveCapacity(rows.count)
    for first in stride(from: 0, to: rows.count, by: Self.batch) {
      let batch = rows[first..<min(first + Self.batch, rows.count)]
      let range = 0..<batch.count
      let samples = order.selection(from: 0)
      kernels.gather(
        Array(batch.joined()), samples, shift: shift.all, scale: scale.all, into: features, rows: range)
      if schema.scaling.clipsSmoothly { kernels.smoothClip(features, rows: range) }
      var context = Context(
        tables, StepContext(samples: samples, shards: GradientShards(rows: batch.count, shardRows: batch.count)))
      context.scratch = scratch.all
      context.features = features
      // What needs targets is the loss.
      for stage in program.stages.indices where !program.stages[stage].readsTargets {
        program.perform(stages: stage..<stage + 1, context, rows: range)
      }
      let results = context[program.output]
      let undo = schema.targetScaling
      outputs += range.map { row in
        (0..<network.outputs).map { undo?.undo(results[row, $0], target: $0) ?? results[row, $0] }
      }
    }
    withExtendedLifetime((tables, memory, order, shift, scale, scratch)) {}
    return outputs
  }
}
