import Foundation
import Kernels
import Optimizers
import Testing

@testable import NeuralNetworks

@Suite struct BatchNormTests {
  private static func dense(_ kind: ActivationKind = .identity, _ units: Int = 4) -> Dense {
    Dense(units: units, activation: Activation(kind))
  }

  @Test func shapeAndBlocks() {
    #expect(BatchNorm().outputs(inputs: 7) == 7)
    let blocks = compiled([Self.dense(.relu, 40), BatchNorm()]).blocks.dropFirst(2)
    #expect(
      blocks.map(\.name) == [
        "layers.1.weight", "layers.1.bias", "layers.1.running_mean", "layers.1.running_var",
      ])
    #expect(blocks.map(\.role) == [.scale, .shift, .statistic, .statistic])
    #expect(blocks.map(\.start) == [.constant(1), .constant(0), .constant(0), .constant(1)])
    #expect(blocks.allSatisfy { $0.shape == [40] && $0.rows == 1 && $0.columns == 40 && $0.transposedOffset == nil })
    #expect(blocks.map(\.isTrained) == [true, true, false, false])
  }

  // MARK: Programs

  /// What needs all rows of a panel stands alone, so that the work on rows after it can be divided by rows.
  @Test func stages() {
    let layers: [any Layer] = [
      Self.dense(.identity, 40), BatchNorm(), Activation(.relu), Dropout(rate: 0.5), Self.dense(.identity, 3),
    ]
    let (training, inference, _) = compiled(layers)
    #expect(
      training.stageNames == [
        ["product"], ["batchStatistics"], ["normalization", "function", "dropout"], ["product"], ["loss"],
        ["inputGradient", "dropout", "derivative"], ["normalizationSums"], ["normalizationDerivative"],
      ])
    #expect(training.stages.map(\.readsAllRows) == [false, true, false, false, false, false, true, false])
    #expect(training.stages.map(\.panels) == [2, 2, 2, 1, 1, 2, 2, 2])
    #expect(inference.stageNames == [["product", "storedNormalization", "function"], ["product"], ["loss"]])
    #expect(inference.stages.allSatisfy { !$0.readsAllRows })
  }

  /// The first layer's derivative by the features is nobody's.
  @Test func stagesOfTheFirstLayer() {
    let (training, inference, _) = compiled([BatchNorm(), Self.dense()])
    #expect(
      training.stageNames == [
        ["batchStatistics"], ["normalization"], ["product"], ["loss"], ["inputGradient"], ["normalizationSums"],
      ])
    #expect(training.stages.map(\.readsFeatures) == [true, true, false, false, false, true])
    #expect(inference.stageNames == [["storedNormalization"], ["product"], ["loss"]])
  }

  /// γ and β are updated together, from sums that lie in the workspace.
  @Test func groups() {
    let groups = compiled([Self.dense(.relu, 40), BatchNorm()]).training.groups
    #expect(groups.map(\.rows) == [5, 1] && groups.map(\.columns) == [40, 40])
    #expect(groups.map { $0.count(rows: 0..<1) } == [2, 2])
    let bench = NetworkBench(inputs: 5, [Self.dense(.relu, 40), BatchNorm()], loss: .squaredError)
    let context = bench.context
    let parts = (0..<2).map {
      bench.network.training.part($0, of: bench.network.training.groups[1], rows: 0..<1, panel: 1)
    }
    #expect(
      parts.allSatisfy { !$0.isProduct && !$0.isRegularized && $0.isStored && context.storedGradient($0).count == 32 })
    #expect(!bench.network.training.part(0, of: bench.network.training.groups[0], rows: 0..<5, panel: 0).isStored)
    withExtendedLifetime(bench) {}
  }

  // MARK: Gradients

  static let networks: [[any Layer]] = [
    [BatchNorm()],
    [BatchNorm(), dense(.tanh), dense(.identity, 2)],
    [dense(.tanh), BatchNorm(), dense(.identity, 2)],
    [dense(), BatchNorm(), Activation(.relu), dense(.identity, 2)],
    [dense(), BatchNorm(), Activation(.silu), Dropout(rate: 0.25), dense(.sigmoid, 3), BatchNorm(), dense()],
    [Dropout(rate: 0.25), BatchNorm(), Dropout(rate: 0.25), dense(.leakyRelu), BatchNorm(), BatchNorm()],
    [dense(.sigmoid, 35), BatchNorm(), Activation(.tanh), dense(.identity, 2)],
    [dense(), BatchNorm(), Activation(.softmax)],
    [dense(.tanh), BatchNorm(epsilon: 0.5, momentum: 0.75), dense(.identity, 2), BatchNorm()],
    [BatchNorm(groupSize: 7), dense(.tanh, 35), BatchNorm(groupSize: 3), dense(.identity, 2), BatchNorm(groupSize: 4)],
  ]

  /// The running statistics move by `momentum` of the way, and predictions take ε of the layer.
  @Test func keys() {
    var random = FixedGenerator(seed: 6)
    let rows = random.rows(8, columns: 3)
    let bench = NetworkBench(inputs: 3, [BatchNorm(epsilon: 0.5, momentum: 0.75)], loss: .squaredError)
    bench.load(rows, rows)
    bench.pass()
    let columns: [[Double]] = (0..<3).map { c in rows.map { $0[c] } }
    let means: [Double] = columns.map { $0.reduce(0, +) / 8 }
    let variances: [Double] = columns.indices.map { c in
      let squares: [Double] = columns[c].map { ($0 - means[c]) * ($0 - means[c]) }
      return squares.reduce(0, +) / 7
    }
    let running = (2..<4).map { bench.parameters.values(block: $0).map { Double($0) } }
    #expect(isClose(running[0], means.map { 0.75 * $0 }))
    #expect(isClose(running[1], variances.map { 0.25 + 0.75 * $0 }))
    let expected: [Double] = (0..<3).map { c in
      let deviation: Double = (running[1][c] + 0.5).squareRoot()
      return (rows[0][c] - running[0][c]) / deviation
    }
    #expect(isClose(bench.predictions()[0], expected))
  }

  @Test(arguments: networks.indices) func agreesWithDifferences(index: Int) throws {
    let example = try #require(LayerExample(Self.networks[index], samples: 8))
    #expect(example.agrees())
    // The comparison notices another ε, and statistics that are taken for constants.
    #expect(!example.agrees { $0.epsilon = 1e-3 })
    #expect(!example.agrees { $0.usesBatchStatistics = false })
    let hasGroups = Self.networks[index].contains { ($0 as? BatchNorm).map { $0.groupSize > 0 } ?? false }
    #expect(example.agrees { $0.ignoresGroups = true } == !hasGroups)
  }

  @Test func withALossOnLogits() throws {
    for last in [[Self.dense(.softmax, 3)], [Self.dense(.identity, 3), BatchNorm(), Activation(.softmax)]]
      as [[any Layer]]
    {
      let layers: [any Layer] = [Self.dense(.tanh), BatchNorm()] + last
      #expect(try #require(LayerExample(layers, loss: .crossEntropy)).agrees())
    }
  }

  /// Shards change roundings alone; who has which instructions changes nothing.
  @Test func shardsAndInstructions() throws {
    func gradients(shardRows: Int, _ kernels: Kernels = .best) throws -> [[Double]] {
      let example = try #require(LayerExample(Self.networks[4], samples: 13, shardRows: shardRows, kernels: kernels))
      example.bench.pass()
      return example.bench.meanGradients()
    }
    let gradients3 = try gradients(shardRows: 3)
    for shardRows in [1, 2, 5, 13] { #expect(gradientsAgree(try gradients(shardRows: shardRows), gradients3)) }
    #expect(try gradients(shardRows: 1) != gradients3)
    for set in InstructionSet.available {
      let kernels = try #require(Kernels(set))
      #expect(try gradients(shardRows: 3, kernels) == gradients3)
    }
  }

  // MARK: Against PyTorch's formulas

  /// Expected/batch_norm.json, which Expected/batch_norm.py made.
  private struct Expected: Decodable {
    struct Batch: Decodable {
      let x, outputs, inputGradient: [[Double]]
      let runningMean, runningVariance, scaleGradient, shiftGradient: [Double]
    }
    let scale, shift: [Double]
    let batches: [Batch]
    let predictions: [[Double]]

    static func read(_ name: String = "batch_norm") throws -> Expected {
      let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      return try JSONDecoder().decode(
        Self.self, from: Data(contentsOf: folder.appending(path: "Expected/\(name).json")))
    }
  }

  /// The layer alone, or behind a dense one that changes nothing, with the expected γ and β.
  private func bench(_ expected: Expected, behindDense: Bool, groupSize: Int = 0) -> NetworkBench {
    let columns = expected.scale.count
    let bench = NetworkBench(
      inputs: columns, (behindDense ? [Self.dense(.identity, columns)] : []) + [BatchNorm(groupSize: groupSize)],
      loss: .halfSquaredError)
    if behindDense {
      let identity = (0..<columns * columns).map { Float($0 / columns == $0 % columns ? 1 : 0) }
      bench.parameters.set(block: 0, values: identity)
    }
    let first = behindDense ? 2 : 0
    bench.parameters.set(block: first, values: expected.scale.map { Float($0) })
    bench.parameters.set(block: first + 1, values: expected.shift.map { Float($0) })
    return bench
  }

  /// Statistics, outputs and gradients of mini-batches of several sizes, one after another.
  @Test(arguments: [1, 3, 100], [0, 4]) func batches(shardRows: Int, groupSize: Int) throws {
    let expected = try Expected.read(groupSize == 0 ? "batch_norm" : "batch_norm_groups")
    let alone = bench(expected, behindDense: false, groupSize: groupSize)
    let behind = bench(expected, behindDense: true, groupSize: groupSize)
    #expect(expected.batches.map(\.x.count) == (groupSize == 0 ? [7, 12, 2, 16] : [7, 9, 2, 16, 13, 3]))
    for batch in expected.batches {
      for (bench, layer) in [(alone, 0), (behind, 1)] {
        bench.shardRows = shardRows
        bench.load(batch.x, batch.x.map { $0.map { _ in 0 } })
        bench.pass()
        let mean = bench.values("layers.\(layer).running_mean").map { Double($0) }
        let variance = bench.values("layers.\(layer).running_var").map { Double($0) }
        #expect(relativeDistance(mean, batch.runningMean) < 5e-7)
        #expect(relativeDistance(variance, batch.runningVariance) < 5e-7)
        #expect(relativeDistance(variance.map { $0 * 1.0001 }, batch.runningVariance) > 5e-7)
        for (y, exact) in zip(bench.outputs, batch.outputs) { #expect(isClose(y, exact, 1e-5)) }
        let gradients = bench.meanGradients().map { $0.map { $0 * Double(batch.x.count) } }
        #expect(relativeDistance(gradients[2 * layer], batch.scaleGradient) < 2e-6)
        #expect(relativeDistance(gradients[2 * layer + 1], batch.shiftGradient) < 2e-6)
      }
      // For this loss it is nearly 0, a difference of equal numbers divided by a deviation, which in a small group may be small.
      let (delta, exact) = (Array(behind.deltas(1).joined()), Array(batch.inputGradient.joined()))
      #expect(isClose(delta, exact, groupSize == 0 ? 2e-5 : 2e-4))
    }
  }

  // MARK: Groups

  @Test func groupsOfRows() {
    func groups(_ rows: Int, _ size: Int) -> [Range<Int>] {
      let groups = StatisticsGroups(rows: rows, size: size)
      return (0..<groups.count).map { groups[$0] }
    }
    #expect(groups(10, 0) == [0..<10] && groups(10, 4) == [0..<4, 4..<8, 8..<10] && groups(9, 4) == [0..<4, 4..<9])
    #expect(groups(8, 4) == [0..<4, 4..<8] && groups(3, 4) == [0..<3] && groups(1, 4) == [0..<1])
    #expect(groups(5, 4) == [0..<5] && groups(5, 2) == [0..<2, 2..<5])
    for rows in 1..<30 {
      for size in 2..<12 {
        let all = groups(rows, size)
        #expect(all.flatMap(Array.init) == Array(0..<rows) && (rows == 1 || all.allSatisfy { $0.count > 1 }))
        for range in [0..<1, rows - 1..<rows, rows / 3..<rows / 2 + 1, 0..<rows] {
          let touched = StatisticsGroups(rows: rows, size: size).touching(range)
          #expect(touched.elementsEqual(all.indices.filter { all[$0].overlaps(range) }), "\(rows) \(size) \(range)")
        }
        // There is room in a workspace that was made for more rows.
        #expect(all.count <= StatisticsGroups(rows: rows + 1, size: size).count)
      }
    }
  }

  /// Groups do not know of gradient shards, so that their statistics have the same bits whatever these are; those of the shards
  /// would have others.
  @Test func groupsAreNotShards() throws {
    func gradients(_ groupSize: Int, shardRows: Int, _ kernels: Kernels = .best) throws -> [[Double]] {
      let layers: [any Layer] = [BatchNorm(groupSize: groupSize), Activation(.tanh), BatchNorm(groupSize: groupSize)]
      let example = try #require(
        LayerExample(layers, samples: 13, shardRows: shardRows, kernels: kernels))
      example.bench.pass()
      return example.bench.meanGradients()
    }
    let groups = try gradients(5, shardRows: 13)
    for shardRows in [1, 2, 5, 7] { #expect(try gradients(5, shardRows: shardRows) == groups) }
    for set in InstructionSet.available {
      #expect(try gradients(5, shardRows: 3, try #require(Kernels(set))) == groups)
    }
    for other in [3, 4, 6] { #expect(!gradientsAgree(try gradients(other, shardRows: 5), groups)) }
  }

  /// Inference takes the running statistics, and leaves them.
  @Test func predictions() throws {
    let expected = try Expected.read()
    let bench = bench(expected, behindDense: true)
    for batch in expected.batches {
      bench.load(batch.x, batch.x.map { $0.map { _ in 0 } })
      bench.pass()
    }
    let before = bench.parameters.vector.all.array
    bench.load(expected.batches[0].x, expected.batches[0].outputs)
    for (y, exact) in zip(bench.predictions(), expected.predictions) { #expect(isClose(y, exact, 1e-5)) }
    #expect(bench.parameters.vector.all.array == before)
    #expect(!isClose(expected.predictions[0], expected.batches[0].outputs[0], 0.01))
  }

  /// Of one row the variance is 0, and unbiased it would be 0 / 0.
  @Test func oneRow() {
    let bench = NetworkBench(inputs: 3, [BatchNorm()], loss: .squaredError)
    bench.load([[4, -2, 0]], [[0, 0, 0]])
    bench.pass()
    #expect(bench.outputs == [[0, 0, 0]])
    #expect(bench.values("layers.0.running_mean") == [0.4, -0.2, 0].map { Float($0) })
    #expect(bench.values("layers.0.running_var") == [0.9, 0.9, 0.9].map { Float($0) })
  }

  /// Training makes a cost small that a dense layer alone could not.
  @Test func trains() throws {
    let example = try #require(LayerExample(Self.networks[3]))
    example.bench.pass()
    let before = example.bench.meanCost
    example.bench.train(Optimizer(Adam(), learningRate: 0.05), steps: 200)
    example.bench.pass()
    #expect(example.bench.meanCost < 0.1 * before)
    let block = example.bench.network.layout.blocks.filter { !$0.isTrained }
    #expect(block.map(\.name) == ["layers.1.running_mean", "layers.1.running_var"])
  }
}
