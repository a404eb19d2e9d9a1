import Kernels
import NeuralNetworks
import Testing

@Suite struct ParameterBlockTests {
  private func layout(_ widths: [Int]) -> ParameterLayout {
    Network(
      inputs: widths[0], layers: widths.dropFirst().map { Dense(units: $0, activation: Activation(.tanh)) },
      loss: .squaredError
    ).layout
  }

  /// 784-128-10: 4 panels of units and 1, each of 32 columns.
  @Test func offsets() {
    let layout = layout([784, 128, 10])
    #expect(layout.blocks.map(\.rows) == [784, 1, 128, 1] && layout.blocks.map(\.columns) == [128, 128, 10, 10])
    #expect(
      layout.blocks.map(\.offset) == [0, 784 * 128, 784 * 128 + 128, 784 * 128 + 128 + 128 * 32])
    #expect(layout.count == 784 * 128 + 128 + 128 * 32 + 32)
    #expect(layout.trainedCount == 784 * 128 + 128 + 128 * 10 + 10)
  }

  @Test func namesAndRoles() {
    let blocks = layout([784, 128, 10]).blocks
    #expect(blocks.map(\.name) == ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
    #expect(blocks.map(\.layer) == [0, 0, 1, 1])
    #expect(blocks.map(\.shape) == [[128, 784], [128], [10, 128], [10]])
    #expect(blocks.map(\.role) == [.weight, .bias, .weight, .bias])
    #expect(blocks.map(\.count) == [784 * 128, 128, 1280, 10])
    #expect(blocks.map(\.floats) == [784 * 128, 128, 128 * 32, 32])
    #expect(blocks.allSatisfy { $0.isTrained })
  }

  /// W of the second layer, [32 units' room, 128 inputs] in panels of 32 inputs. Only weights have a copy.
  @Test func transposed() {
    let layout = layout([784, 128, 10])
    #expect(layout.blocks.map(\.transposedOffset) == [nil, nil, 0, nil])
    #expect(layout.transposedCount == 4 * 32 * 32)
    #expect(self.layout([3, 2]).transposedCount == 0)
    let deep = self.layout([9, 33, 40, 1])
    #expect(deep.blocks.map(\.transposedOffset) == [nil, nil, 0, nil, 2 * 64 * 32, nil])
    #expect(deep.transposedCount == 2 * 64 * 32 + 2 * 32 * 32)
  }

  /// Every parameter has a place of its own, and blocks lie one after another without gaps.
  @Test(arguments: [[1, 1], [1, 16, 17], [5, 31, 32, 33], [70, 64, 65, 2], [2, 1, 1, 1]])
  func contiguity(widths: [Int]) {
    let layout = layout(widths)
    #expect(layout.blocks.count == 2 * (widths.count - 1))
    var end = 0
    for block in layout.blocks {
      #expect(block.offset == end)
      end += PanelMatrix.floats(rows: block.rows, columns: block.columns)
    }
    #expect(layout.count == end)

    let parameters = Parameters(layout)
    var number: Float = 0
    for (index, block) in layout.blocks.enumerated() {
      parameters.set(block: index, values: (1...block.count).map { number + Float($0) })
      number += Float(block.count)
    }
    let stored = (0..<layout.count).map { parameters.vector[$0] }.filter { $0 != 0 }.sorted()
    #expect(stored == (1...layout.trainedCount).map { Float($0) })
  }

  /// Statistics are no parameters that training counts.
  @Test func statisticsAreNotTrained() {
    let layout = Network(inputs: 5, layers: [BatchNorm()], loss: .squaredError).layout
    #expect(layout.blocks.map(\.isTrained) == [true, true, false, false])
    #expect(layout.trainedCount == 10 && layout.count == 4 * 32)
  }
}
