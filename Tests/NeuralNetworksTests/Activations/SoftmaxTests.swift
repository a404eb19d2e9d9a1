import Kernels
import Testing

@testable import NeuralNetworks

@Suite struct SoftmaxTests {
  @Test func values() {
    #expect(activated(Softmax(), [[3], [-1000]]) == [[1], [1]])
    #expect(activated(Softmax(), [[7, 7], [0, 0]]) == [[0.5, 0.5], [0.5, 0.5]])
    #expect(activated(Softmax(), [[2, 2, 2, 2]]) == [[0.25, 0.25, 0.25, 0.25]])
  }

  /// Up to three panels.
  @Test(arguments: [1, 2, 3, 15, 16, 17, 31, 32, 33, 64, 65, 70]) func agreesWithDoubles(outputs: Int) {
    var random = FixedGenerator(seed: UInt64(outputs))
    let z = random.rows(3, columns: outputs).map { $0.map { Float($0 * 10) } }
    for (z, a) in zip(z, activated(Softmax(), z)) {
      let expected = ReferenceNetwork.softmax(z.map { Double($0) })
      for (a, expected) in zip(a, expected) { #expect(abs(Double(a) - expected) <= expected * 2e-6) }
      #expect(isClose(a.reduce(0) { $0 + Double($1) }, 1))
    }
  }

  /// Adding a number to all logits changes nothing; not one bit if the sums are exact.
  @Test func invarianceToShifts() {
    let z: [Float] = (0..<40).map { Float($0 % 7) - 3 }
    let a = activated(Softmax(), [z])
    for shift: Float in [1, -5, 1000, -1000, 1e6] {
      #expect(activated(Softmax(), [z.map { $0 + shift }]) == a)
    }
  }

  @Test func limits() {
    #expect(activated(Softmax(), [[1000, 0, -1000]]) == [[1, 0, 0]])
    #expect(activated(Softmax(), [[3e38, -3e38, 3e38, 0]]) == [[0.5, 0, 0.5, 0]])
    #expect(activated(Softmax(), [[-3e38, -3e38]]) == [[0.5, 0.5]])
  }

  /// δⱼ = aⱼ (gⱼ − Σₖ gₖ aₖ). By hand: a = (½, ¼, ¼), g = (4, 8, −4) has the mean 3.
  @Test func derivatives() {
    #expect(
      differentiated(Softmax(), delta: [[4, 8, -4]], activations: [[0.5, 0.25, 0.25]]) == [[0.5, 1.25, -1.75]])
  }

  /// Equal sensitivities cancel, since Σ a is constant.
  @Test func derivativeOfTheSum() {
    #expect(
      differentiated(Softmax(), delta: [[3, 3, 3, 3]], activations: [[0.5, 0.25, 0.125, 0.125]]) == [[0, 0, 0, 0]])
  }

  /// Rows are independent, and rows that were not named stay.
  @Test func rows() {
    let z: [[Float]] = [[1, 2, 3], [4, 0, 1], [9, 9, 8]]
    let some = activated(Softmax(), z, rows: 1..<2)
    #expect(some[0] == z[0] && some[2] == z[2])
    #expect(some[1] == activated(Softmax(), [z[1]])[0])
  }

  @Test func name() {
    #expect(ActivationKind(rawValue: "softmax") == .softmax)
    #expect(ActivationKind.softmax.function() is Softmax)
    #expect(ActivationKind.softmax.defaultInitializer == .glorotUniform)
  }

  @Test func needsWholeRows() async {
    await #expect(processExitsWith: .failure) {
      _ = activated(Softmax(), [[Float](repeating: 0, count: 40)], panels: 0..<1)
    }
  }
}
