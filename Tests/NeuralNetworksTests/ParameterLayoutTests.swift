import Kernels
import NeuralNetworks
import Testing

@Suite struct ParameterLayoutTests {
  private func layout(_ widths: [Int]) -> ParameterLayout {
    ParameterLayout(
      zip(widths, widths.dropFirst()).map { DenseLayer(inputs: $0, units: $1, activation: .tanh) })
  }

  /// 784-128-10: 4 panels of units and 1, each of 32 columns.
  @Test func offsets() {
    let layout = layout([784, 128, 10])
    #expect(layout.layers.map(\.inputs) == [784, 128] && layout.layers.map(\.units) == [128, 10])
    #expect(layout.layers[0].weights == 0)
    #expect(layout.layers[0].biases == 784 * 128)
    #expect(layout.layers[1].weights == 784 * 128 + 128)
    #expect(layout.layers[1].biases == 784 * 128 + 128 + 128 * 32)
    #expect(layout.count == 784 * 128 + 128 + 128 * 32 + 32)
  }

  /// W of the second layer, [32 units' room, 128 inputs] in panels of 32 inputs.
  @Test func transposed() {
    let layout = layout([784, 128, 10])
    #expect(layout.layers.map(\.transposed) == [nil, 0])
    #expect(layout.transposedCount == 4 * 32 * 32)
    #expect(self.layout([3, 2]).transposedCount == 0)
    let deep = self.layout([9, 33, 40, 1])
    #expect(deep.layers.map(\.transposed) == [nil, 0, 2 * 64 * 32])
    #expect(deep.transposedCount == 2 * 64 * 32 + 2 * 32 * 32)
  }

  /// Every weight and bias has a place of its own, and layers lie one after another without gaps.
  @Test(arguments: [[1, 1], [1, 16, 17], [5, 31, 32, 33], [70, 64, 65, 2], [2, 1, 1, 1]])
  func contiguity(widths: [Int]) {
    let layout = layout(widths)
    var end = 0
    for layer in layout.layers {
      #expect(layer.weights == end)
      #expect(layer.biases == layer.weights + PanelMatrix.floats(rows: layer.inputs, columns: layer.units))
      end = layer.biases + PanelMatrix.floats(rows: 1, columns: layer.units)
    }
    #expect(layout.count == end)

    let parameters = Parameters(layout)
    var number: Float = 0
    for (l, layer) in layout.layers.enumerated() {
      parameters.setLayer(
        l, weights: (0..<layer.inputs * layer.units).map { number + 1 + Float($0) },
        biases: (0..<layer.units).map { number + Float(layer.inputs * layer.units + 1 + $0) })
      number += Float((layer.inputs + 1) * layer.units)
    }
    let stored = (0..<layout.count).map { parameters.vector[$0] }.filter { $0 != 0 }.sorted()
    #expect(stored == (1...parameters.count).map { Float($0) })
  }
}
