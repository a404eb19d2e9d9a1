import Kernels
import Testing

@testable import NeuralNetworks

@Suite struct DropoutTests {
  private static func dense(_ kind: ActivationKind = .identity, _ units: Int = 4) -> Dense {
    Dense(units: units, activation: Activation(kind))
  }

  @Test func shapeAndBlocks() {
    #expect(Dropout(rate: 0.5).outputs(inputs: 7) == 7)
    #expect(compiled([Dropout(rate: 0.5)]).blocks.isEmpty)
    #expect(compiled([Dropout(rate: 0.5), Self.dense()]).blocks.map(\.name) == ["layers.1.weight", "layers.1.bias"])
  }

  /// Forward and backward it joins the operations before it.
  @Test func stages() {
    let (training, inference, _) = compiled([Self.dense(.relu, 40), Dropout(rate: 0.5), Self.dense(.identity, 3)])
    #expect(
      training.stageNames == [
        ["product", "function", "dropout"], ["product"], ["loss"], ["inputGradient", "dropout", "derivative"],
      ])
    #expect(inference.stageNames == [["product", "function"], ["product"], ["loss"]])
  }

  @Test func stagesOnTheInputs() {
    let (training, inference, _) = compiled([Dropout(rate: 0.5), Self.dense()])
    #expect(training.stageNames == [["dropout"], ["product"], ["loss"]])
    #expect(training.stages.map(\.readsFeatures) == [true, false, false])
    #expect(training.groups.map(\.readsFeatures) == [false])
    #expect(inference.stageNames == [["product"], ["loss"]] && inference.stages[0].readsFeatures)
  }

  @Test func rateZeroIsNothing() {
    #expect(
      compiled([Self.dense(.relu), Dropout(rate: 0)]).training.stageNames
        == compiled([Self.dense(.relu)]).training.stageNames)
  }

  // MARK: Masks

  /// A mini-batch of ones through dropout in some place, and the outputs.
  private func outputs(_ layers: [any Layer], epoch: Int = 0, seed: UInt64 = 1, columns: Int = 70) -> [[Double]] {
    let bench = NetworkBench(inputs: columns, layers, loss: .squaredError)
    (bench.epoch, bench.seed) = (epoch, seed)
    let ones = [[Double]](repeating: .init(repeating: 1, count: columns), count: 9)
    bench.load(ones, ones)
    bench.pass()
    #expect(bench.activations(0) == ones)
    #expect(bench.predictions() == ones)
    return bench.outputs
  }

  @Test func masksOfLayersEpochsAndSeeds() {
    let bench = NetworkBench(inputs: 70, [Dropout(rate: 0.25), BatchNorm()], loss: .squaredError)
    let reference = ReferenceStack(bench)
    let first = outputs([Dropout(rate: 0.25)])
    #expect(first == (0..<9).map { r in (0..<70).map { Double(Float(reference.mask(0, 0.25, r, $0))) } })
    #expect(outputs([Dropout(rate: 0.25)]) == first)
    #expect(outputs([Activation(.relu), Dropout(rate: 0.25)]) != first)
    #expect(outputs([Dropout(rate: 0.25)], epoch: 1) != first)
    #expect(outputs([Dropout(rate: 0.25)], seed: 2) != first)
    #expect(outputs([Dropout(rate: 0.5)]) != first)
    #expect(Set(first).count == 9)
  }

  /// Two layers drop independently: ⁹⁄₁₆ of all is left.
  @Test func twoLayers() {
    let all = outputs([Dropout(rate: 0.25), Dropout(rate: 0.25)]).joined()
    #expect(Set(all) == [0, Double(Float(4.0 / 3) * Float(4.0 / 3))])
    let left = Double(all.count { $0 != 0 }) / Double(all.count)
    #expect(abs(left - 9.0 / 16) < 0.08)
  }

  // MARK: Gradients

  static let networks: [[any Layer]] = [
    [Dropout(rate: 0.25), dense(.tanh), dense(.identity, 2)],
    [dense(.tanh), Dropout(rate: 0.5), dense(.identity, 2)],
    [dense(.relu, 35), Dropout(rate: 0.5), dense(.identity, 2)],
    [
      dense(.silu), Dropout(rate: 0.25), Activation(.tanh), Dropout(rate: 0.25), dense(.leakyRelu), Dropout(rate: 0.25),
    ],
    [dense(), Dropout(rate: 0.25), Activation(.softmax)],
  ]

  @Test(arguments: networks.indices) func agreesWithDifferences(index: Int) throws {
    let example = try #require(LayerExample(Self.networks[index]))
    #expect(example.agrees())
    // Not without the mask, nor with that of another epoch.
    #expect(!example.agrees { $0.mask = { _, _, _, _ in 1 } })
    let mask = ReferenceStack(example.bench).mask
    #expect(!example.agrees { $0.mask = { mask($0, $1, $2, $3 + 1) } })
  }

  @Test func instructionSets() throws {
    func gradients(_ kernels: Kernels) throws -> [[Double]] {
      let example = try #require(LayerExample(Self.networks[2], kernels: kernels))
      example.bench.pass()
      return example.bench.meanGradients()
    }
    let best = try gradients(.best)
    for set in InstructionSet.available {
      let kernels = try #require(Kernels(set))
      #expect(try gradients(kernels) == best)
    }
  }

  /// Which samples a mini-batch has beside it changes nothing.
  @Test func samplesAreIndependent() throws {
    let example = try #require(LayerExample(Self.networks[3]))
    example.bench.pass()
    let (outputs, losses) = (example.bench.outputs, example.bench.losses)
    for rows in [4..<7, 0..<4] { example.bench.pass(rows: rows) }
    #expect(example.bench.outputs == outputs && example.bench.losses == losses)
  }
}
