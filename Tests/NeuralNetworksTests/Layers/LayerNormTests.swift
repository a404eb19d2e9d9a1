import Foundation
import Kernels
import Testing

@testable import NeuralNetworks

@Suite struct LayerNormTests {
  private static func dense(_ kind: ActivationKind = .identity, _ units: Int = 4, hasBias: Bool = true) -> Dense {
    Dense(units: units, activation: Activation(kind), hasBias: hasBias)
  }

  @Test func blocks() {
    let blocks = compiled([LayerNorm(), Self.dense()]).blocks
    #expect(blocks.prefix(2).map(\.name) == ["layers.0.weight", "layers.0.bias"])
    #expect(blocks.prefix(2).map(\.role) == [.scale, .shift] && blocks.prefix(2).map(\.shape) == [[5], [5]])
    #expect(blocks.prefix(2).map(\.start) == [.constant(1), .constant(0)])
    // δ of its output is needed, and so the next layer has a transposed copy.
    #expect(blocks[2].transposedOffset != nil)
  }

  /// It needs whole rows, forward and backward, and no wall between units of rows.
  @Test func stages() {
    let (training, inference, _) = compiled([Self.dense(.relu, 40), LayerNorm(), Self.dense(.identity, 3)])
    #expect(
      training.stageNames == [
        ["product", "function"], ["layerNormalization"], ["product"], ["loss"], ["inputGradient"],
        ["layerNormalizationDerivative"], ["derivative"],
      ])
    #expect(training.stages.allSatisfy { !$0.readsAllRows })
    #expect(inference.stageNames == [["product", "function"], ["layerNormalization"], ["product"], ["loss"]])
    #expect(compiled([LayerNorm(), Self.dense()]).training.stages[0].readsFeatures)
  }

  static let networks: [[any Layer]] = [
    [LayerNorm(), dense(.tanh), dense(.identity, 2)],
    [dense(.identity, 35), LayerNorm(), Activation(.gelu), dense(.identity, 2)],
    [dense(.relu, 40, hasBias: false), LayerNorm(epsilon: 0.125), dense(.tanh, 3), LayerNorm()],
    [
      dense(), LayerNorm(), BatchNorm(), LayerNorm(), Dropout(rate: 0.25), dense(.sigmoid, 33), LayerNorm(),
      Activation(.softmax),
    ],
  ]

  @Test(arguments: networks.indices) func agreesWithDifferences(index: Int) throws {
    let example = try #require(LayerExample(Self.networks[index], samples: 8))
    #expect(example.agrees())
    // Another ε is noticed.
    #expect(!example.agrees { $0.epsilon = 1e-2 })
  }

  /// A row has the same output in training, in inference, alone, and among others.
  @Test func rowsAreIndependent() {
    var random = FixedGenerator(seed: 4)
    let rows = random.rows(9, columns: 70)
    func outputs(_ rows: [[Double]]) -> [[Double]] {
      let bench = NetworkBench(inputs: 70, [LayerNorm()], loss: .squaredError)
      bench.load(rows, rows)
      bench.pass()
      #expect(bench.predictions() == bench.outputs)
      return bench.outputs
    }
    let all = outputs(rows)
    for r in [0, 3, 8] { #expect(outputs([rows[r]]) == [all[r]]) }
    for row in all {
      #expect(isClose(row.reduce(0, +) / 70, 0, 1e-6))
      let squares: [Double] = row.map { $0 * $0 }
      #expect(isClose(squares.reduce(0, +) / 70, 1, 1e-3))
    }
  }
}
