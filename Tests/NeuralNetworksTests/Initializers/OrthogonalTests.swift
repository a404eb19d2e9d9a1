import Kernels
import Testing

@testable import NeuralNetworks

@Suite struct OrthogonalTests {
  private static let shapes = [(1, 1), (1, 9), (9, 1), (7, 7), (5, 23), (23, 5), (40, 33), (64, 100)]

  /// The vectors that are orthonormal, and the numbers that they were made of, [vector][element].
  private func vectors(inputs: Int, units: Int) -> (q: [[Double]], a: [[Double]]) {
    let stream = RandomStream(seed: 7, purpose: .initialWeights, stream: 2)
    let weights = InitializerKind.orthogonal.weights(stream, inputs: inputs, units: units).map { Double($0) }
    let drawn = weights.indices.map { Double(stream.normal(at: UInt64($0))) }
    func vectors(_ matrix: [Double]) -> [[Double]] {
      let rows = (0..<units).map { unit in (0..<inputs).map { matrix[unit * inputs + $0] } }
      return units <= inputs ? rows : (0..<inputs).map { input in rows.map { $0[input] } }
    }
    return (vectors(weights), vectors(drawn))
  }

  private func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test(arguments: shapes) func orthonormal(inputs: Int, units: Int) {
    let (q, _) = vectors(inputs: inputs, units: units)
    #expect(q.count == min(inputs, units))
    for i in q.indices {
      for j in q.indices { #expect(isClose(product(q[i], q[j]), i == j ? 1 : 0, 3e-7)) }
    }
  }

  /// Q of A = Q R is the one with a positive diagonal of R, of which there is only one: aⱼ has a positive part along qⱼ and none along
  /// the qᵢ behind it.
  @Test(arguments: shapes) func decomposition(inputs: Int, units: Int) {
    let (q, a) = vectors(inputs: inputs, units: units)
    for j in a.indices {
      #expect(product(q[j], a[j]) > 0)
      for i in a.indices where i > j { #expect(isClose(product(q[i], a[j]), 0, 1e-5)) }
    }
  }

  /// The entries are drawn by their places in files.
  @Test func seedsAndLayersDiffer() {
    func weights(_ seed: UInt64, _ layer: UInt32) -> [Float] {
      InitializerKind.orthogonal.weights(
        RandomStream(seed: seed, purpose: .initialWeights, stream: layer), inputs: 5, units: 4)
    }
    #expect(weights(1, 0) == weights(1, 0) && weights(1, 0) != weights(2, 0) && weights(1, 0) != weights(1, 1))
  }
}
