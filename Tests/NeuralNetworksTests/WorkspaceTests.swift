import NeuralNetworks
import Testing

@Suite struct WorkspaceTests {
  private let network = Network(
    layers: [
      DenseLayer(inputs: 5, units: 40, activation: .relu), DenseLayer(inputs: 40, units: 3, activation: .softmax),
    ], loss: .crossEntropy)

  @Test(arguments: [1, 7, 8, 16, 33]) func shapes(capacity: Int) {
    let workspace = Workspace(network, capacity: capacity)
    #expect(workspace.capacity == capacity)
    #expect(workspace.activations.map(\.columns) == [5, 40, 3])
    #expect(workspace.deltas.map(\.columns) == [5, 40, 3])
    #expect(workspace.targets.columns == 3)
    #expect(workspace.losses.count == capacity)
    let matrices = workspace.activations + workspace.deltas + [workspace.targets]
    #expect(matrices.allSatisfy { $0.rows == capacity })
    #expect(workspace.inputs.columns == 5 && workspace.outputs.columns == 3)
  }

  /// Panels of all matrices have the same, odd or not eightfold, distance: no two rows compete for a cache's sets.
  @Test func spareRow() {
    for capacity in 1...40 {
      let workspace = Workspace(network, capacity: capacity)
      let capacities = Set((workspace.activations + workspace.deltas + [workspace.targets]).map(\.capacity))
      #expect(capacities == [capacity % 8 == 0 ? capacity + 1 : capacity])
      withExtendedLifetime(workspace) {}
    }
  }

  /// Every element of every matrix and every loss has a place of its own, 0 at first.
  @Test(arguments: [3, 8]) func placesAreDistinct(capacity: Int) {
    let workspace = Workspace(network, capacity: capacity)
    let matrices = workspace.activations + workspace.deltas.dropFirst() + [workspace.targets]
    var number: Float = 0
    for matrix in matrices {
      for r in 0..<capacity {
        for c in 0..<matrix.columns {
          #expect(matrix[r, c] == 0)
          number += 1
          matrix[r, c] = number
        }
      }
    }
    for r in 0..<capacity { workspace.losses[r] = -1 }
    number = 0
    for matrix in matrices {
      for r in 0..<capacity {
        for c in 0..<matrix.columns {
          number += 1
          #expect(matrix[r, c] == number)
        }
      }
    }
    withExtendedLifetime(workspace) {}
  }

  /// A workspace keeps its memory while others come and go.
  @Test func ownsItsMemory() {
    let workspace = Workspace(network, capacity: 4)
    workspace.inputs[3, 4] = 5
    for _ in 0..<50 {
      let other = Workspace(network, capacity: 4)
      other.inputs[3, 4] = 7
    }
    #expect(workspace.inputs[3, 4] == 5)
  }
}
