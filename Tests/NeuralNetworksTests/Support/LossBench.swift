import Kernels

@testable import NeuralNetworks

/// Costs, δ and outputs of a loss for some rows of z: of a network that has an activation alone.
struct LossResult {
  let losses: [Float]
  let deltas: [[Float]]
  let outputs: [[Float]]

  init(
    _ kind: LossKind, _ activation: ActivationKind, z: [[Float]], targets: [[Float]], rows: Range<Int>? = nil
  ) {
    let bench = NetworkBench(inputs: z[0].count, [Activation(activation)], loss: kind, capacity: z.count)
    for r in z.indices {
      for c in z[r].indices { (bench.features[r, c], bench.workspace.targets[r, c]) = (z[r][c], targets[r][c]) }
    }
    bench.pass(rows: rows ?? 0..<z.count)
    func array(_ matrix: PanelMatrix) -> [[Float]] {
      z.indices.map { r in z[r].indices.map { matrix[r, $0] } }
    }
    let operations = bench.network.training.operations.view
    let loss = (0..<operations.count).compactMap { index -> LossOfRows? in
      if case .loss(let operation) = operations[index] { operation } else { nil }
    }[0]
    losses = z.indices.map { bench.workspace.losses[$0] }
    deltas = array(bench.context[loss.delta])
    outputs = array(bench.context[bench.network.training.output])
    withExtendedLifetime(bench) {}
  }

  /// One sample.
  init(_ kind: LossKind, _ activation: ActivationKind, z: [Float], target: [Float]) {
    self.init(kind, activation, z: [z], targets: [target])
  }
}

/// Whether each row's cost and δ are the same bits alone, in a mini-batch among others, and in a range of its rows.
func rowsAreIndependent(_ kind: LossKind, _ activation: ActivationKind, outputs: Int) -> Bool {
  var random = FixedGenerator(seed: UInt64(outputs))
  let z = random.rows(9, columns: outputs).map { $0.map { Float($0 * 8) } }
  let targets = random.oneHotRows(9, columns: outputs).map { $0.map { Float($0) } }
  let all = LossResult(kind, activation, z: z, targets: targets)
  let range = LossResult(kind, activation, z: z, targets: targets, rows: 3..<7)
  let none = LossResult(kind, activation, z: z, targets: targets, rows: 0..<0)
  return z.indices.allSatisfy { r in
    let alone = LossResult(kind, activation, z: z[r], target: targets[r])
    let isInRange = (3..<7).contains(r)
    return alone.losses[0].bitPattern == all.losses[r].bitPattern && alone.deltas[0] == all.deltas[r]
      && alone.outputs[0] == all.outputs[r]
      && range.losses[r] == (isInRange ? all.losses[r] : 0)
      && range.outputs[r] == (isInRange ? all : none).outputs[r]
  }
}
