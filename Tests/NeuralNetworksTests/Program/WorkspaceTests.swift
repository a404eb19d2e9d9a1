import Kernels
import Testing

@testable import NeuralNetworks

@Suite struct WorkspaceTests {
  private let program = Network(
    inputs: 5,
    layers: [
      Dense(units: 40, activation: Activation(.relu)), BatchNorm(), Dense(units: 3, activation: Activation(.softmax)),
    ], loss: .crossEntropy
  ).training

  /// All matrices but the first, which stands for the features.
  private func matrices(_ workspace: Workspace) -> [PanelMatrix] {
    (1..<program.matrixColumns.count).map { workspace[Matrix(index: $0)] }
  }

  /// z and a of each layer, and δ of each.
  @Test(arguments: [1, 7, 8, 16, 33]) func shapes(capacity: Int) {
    let workspace = Workspace(program, capacity: capacity)
    #expect(workspace.capacity == capacity)
    #expect(program.layerOutputs.map { workspace[$0].columns } == [40, 40, 3])
    #expect(matrices(workspace).map(\.columns).sorted() == [3, 3, 40, 40, 40])
    #expect(workspace.targets.columns == 3 && workspace.outputs.columns == 3)
    #expect(workspace.losses.count == capacity)
    #expect((matrices(workspace) + [workspace.targets]).allSatisfy { $0.rows == capacity })
    // Mean, deviation and two sums of the normalization, and the sums over all groups.
    #expect((0..<workspace.vectors.view.count).map { workspace.vectors.view[$0].count } == [64, 64, 64, 64, 64, 64])
    #expect(program.floats(samples: capacity) == (3 * 2 + 3) * (capacity + 1) * 32 + 6 * 64)
  }

  /// Statistics of groups have a row of panels for each group.
  @Test func groups() {
    let layers: [any Layer] = [BatchNorm(groupSize: 4)]
    let program = Network(inputs: 40, layers: layers, loss: .squaredError).training
    let workspace = Workspace(program, capacity: 11)
    let counts = (0..<workspace.vectors.view.count).map { workspace.vectors.view[$0].count }
    #expect(counts == [192, 192, 192, 192, 64, 64])
    #expect(program.floats(samples: 11) - program.floats(samples: 7) == 3 * 4 * 64 + 4 * 64)
  }

  /// Panels of all matrices have the same, odd or not eightfold, distance: no two rows compete for a cache's sets.
  @Test func spareRow() {
    for capacity in 1...40 {
      let workspace = Workspace(program, capacity: capacity)
      let (memory, features) = Workspace.matrix(samples: capacity, columns: 5)
      let capacities = Set((matrices(workspace) + [workspace.targets, features]).map(\.capacity))
      #expect(capacities == [capacity % 8 == 0 ? capacity + 1 : capacity])
      withExtendedLifetime((workspace, memory)) {}
    }
  }

  /// Every element of every matrix and vector and every loss has a place of its own, 0 at first.
  @Test(arguments: [3, 8]) func placesAreDistinct(capacity: Int) {
    let workspace = Workspace(program, capacity: capacity)
    let matrices = matrices(workspace) + [workspace.targets]
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
    let vectors = (0..<workspace.vectors.view.count).map { workspace.vectors.view[$0] }
    for (v, vector) in vectors.enumerated() {
      for i in 0..<vector.count {
        #expect(vector[i] == 0)
        vector[i] = -2 - Float(v)
      }
    }
    number = 0
    for matrix in matrices {
      for r in 0..<capacity {
        for c in 0..<matrix.columns {
          number += 1
          #expect(matrix[r, c] == number)
        }
      }
    }
    #expect((0..<capacity).allSatisfy { workspace.losses[$0] == -1 })
    for (v, vector) in vectors.enumerated() { #expect(vector.array.allSatisfy { $0 == -2 - Float(v) }) }
    withExtendedLifetime(workspace) {}
  }

  /// A workspace keeps its memory while others come and go.
  @Test func ownsItsMemory() {
    let workspace = Workspace(program, capacity: 4)
    workspace.outputs[3, 2] = 5
    for _ in 0..<50 {
      let other = Workspace(program, capacity: 4)
      other.outputs[3, 2] = 7
    }
    #expect(workspace.outputs[3, 2] == 5)
  }
}
