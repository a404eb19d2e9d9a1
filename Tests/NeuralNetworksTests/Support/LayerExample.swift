import Kernels
import NeuralNetworks

/// A network of any layers with random parameters and a mini-batch.
struct LayerExample {
  let bench: NetworkBench
  let inputs: [[Double]]
  let targets: [[Double]]

  /// Parameters and samples that keep every rectifier away from its kink.
  init?(
    inputs columns: Int = 5, _ layers: [any Layer], loss: LossKind = .squaredError, samples: Int = 7,
    shardRows: Int = 3,
    kernels: Kernels = .best
  ) {
    for seed in 1...200 as ClosedRange<UInt64> {
      var random = FixedGenerator(seed: seed)
      let bench = NetworkBench(inputs: columns, layers, loss: loss, kernels: kernels)
      for (index, block) in bench.network.layout.blocks.enumerated() where block.isTrained {
        let scale = block.role == .weight ? 1.5 / Double(block.rows).squareRoot() : 0.5
        let start = block.role == .scale ? 1.0 : 0
        bench.parameters.set(block: index, values: random.numbers(block.count).map { Float($0 * scale + start) })
      }
      let outputs = bench.network.outputs
      let inputs = random.rows(samples, columns: columns)
      let targets =
        loss == .crossEntropy
        ? random.oneHotRows(samples, columns: outputs)
        : random.rows(samples, columns: outputs).map { $0.map { loss == .binaryCrossEntropy ? ($0 > 0 ? 1 : 0) : $0 } }
      bench.shardRows = shardRows
      bench.epoch = 2
      bench.load(inputs, targets)
      guard ReferenceStack(bench).forward(inputs).distanceFromKinks > 0.002 else { continue }
      (self.bench, self.inputs, self.targets) = (bench, inputs, targets)
      return
    }
    return nil
  }

  /// Whether the package's gradient agrees with central differences of the reference, as changed.
  func agrees(_ change: (inout ReferenceStack) -> Void = { _ in }) -> Bool {
    var reference = ReferenceStack(bench)
    change(&reference)
    bench.pass()
    let expected = reference.differences(inputs, targets, blocks: bench.network.layout.blocks)
    return isClose(bench.meanCost, reference.meanCost(inputs, targets), 1e-5)
      && gradientsAgree(bench.meanGradients(), expected)
      && gradientsAgree(bench.meanGradients(shardRows: 2), expected)
  }
}
