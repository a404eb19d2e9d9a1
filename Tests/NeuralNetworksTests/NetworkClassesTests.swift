import NeuralNetworks
import Testing

/// What a network decides.
@Suite struct NetworkClassesTests {
  /// A network whose z are its inputs.
  private func classes(
    _ z: [[Double]], _ activation: ActivationKind, _ loss: LossKind, rows: Range<Int>? = nil
  ) -> [Int32] {
    let outputs = z[0].count
    let identity = (0..<outputs).map { unit in (0..<outputs).map { $0 == unit ? 1.0 : 0 } }
    let bench = NetworkBench(
      [LayerValues(activation, weights: identity, biases: .init(repeating: 0, count: outputs))], loss: loss)
    bench.load(z, z.map { $0.map { _ in 0 } })
    bench.pass()
    return bench.network.classes(bench.kernels, bench.workspace, rows: rows ?? 0..<z.count)
  }

  @Test func greatestOutput() {
    #expect(classes([[1, 3, 2], [5, -1, 4], [-3, -2, -1]], .softmax, .crossEntropy) == [1, 0, 2])
    #expect(classes([[1, 3, 2], [5, -1, 4]], .sigmoid, .binaryCrossEntropy) == [1, 0])
    #expect(classes([[1, 3, 2], [5, -1, 4]], .softmax, .squaredError) == [1, 0])
  }

  @Test func firstOfEqualOnes() {
    #expect(classes([[2, 3, 3], [0, 0, 0]], .softmax, .crossEntropy) == [1, 0])
  }

  @Test(arguments: [15, 16, 31, 32, 33, 69]) func beyondTheFirstPanel(label: Int) {
    #expect(classes([(0..<70).map { $0 == label ? 1 : 0 }], .softmax, .crossEntropy) == [Int32(label)])
  }

  @Test func someRows() {
    #expect(classes([[1, 0], [0, 1], [0, 1], [1, 0]], .softmax, .crossEntropy, rows: 1..<4) == [1, 1, 0])
  }

  /// σ(z) > ½ where z > 0; exactly ½ is the first class.
  @Test func singleLogit() {
    #expect(classes([[-2], [0], [1e-6], [2], [0.4]], .sigmoid, .binaryCrossEntropy) == [0, 0, 1, 1, 1])
  }

  /// Activations, for targets 0 and 1.
  @Test func singleActivation() {
    #expect(classes([[-2], [0], [0.1], [2]], .sigmoid, .squaredError) == [0, 0, 1, 1])
    #expect(classes([[-2], [0.4], [0.5], [0.6]], .identity, .meanSquaredError) == [0, 0, 0, 1])
  }
}
