import Foundation
import Kernels
import Testing

/// Softmax by values and limits; `RowFunctionsTests` has its bits.
@Suite struct SoftmaxTests {
  private func softmax(_ z: [[Float]], rows: Range<Int>? = nil) -> [[Float]] {
    let matrix = OwnedMatrix(z)
    return withExtendedLifetime(matrix) {
      Kernels.best.softmax(matrix.view, rows: rows ?? 0..<z.count)
      return matrix.elements
    }
  }

  private func softmaxDerivative(_ delta: [[Float]], _ a: [[Float]]) -> [[Float]] {
    let (delta, a) = (OwnedMatrix(delta), OwnedMatrix(a))
    return withExtendedLifetime((delta, a)) {
      Kernels.best.softmaxDerivative(delta.view, a.view, rows: 0..<delta.view.rows)
      return delta.elements
    }
  }

  @Test func values() {
    #expect(softmax([[3], [-1000]]) == [[1], [1]])
    #expect(softmax([[7, 7], [0, 0]]) == [[0.5, 0.5], [0.5, 0.5]])
    #expect(softmax([[2, 2, 2, 2]]) == [[0.25, 0.25, 0.25, 0.25]])
  }

  /// Up to three panels.
  @Test(arguments: [1, 2, 3, 15, 16, 17, 31, 32, 33, 64, 65, 70]) func agreesWithDoubles(outputs: Int) {
    var numbers = Numbers(UInt64(outputs))
    let z = (0..<3).map { _ in numbers.table(outputs) { $0.ordinary() * 10 } }
    for (z, a) in zip(z, softmax(z)) {
      let exponentials = z.map { exp(Double($0)) }
      let expected = exponentials.map { $0 / exponentials.reduce(0, +) }
      for (a, expected) in zip(a, expected) { #expect(abs(Double(a) - expected) <= expected * 2e-6) }
      #expect(abs(a.reduce(0) { $0 + Double($1) } - 1) <= 1e-6)
    }
  }

  /// Adding a number to all logits changes nothing; not one bit if the sums are exact.
  @Test func invarianceToShifts() {
    let z: [Float] = (0..<40).map { Float($0 % 7) - 3 }
    let a = softmax([z])
    for shift: Float in [1, -5, 1000, -1000, 1e6] {
      #expect(softmax([z.map { $0 + shift }]) == a)
    }
  }

  @Test func limits() {
    #expect(softmax([[1000, 0, -1000]]) == [[1, 0, 0]])
    #expect(softmax([[3e38, -3e38, 3e38, 0]]) == [[0.5, 0, 0.5, 0]])
    #expect(softmax([[-3e38, -3e38]]) == [[0.5, 0.5]])
  }

  /// δⱼ = aⱼ (gⱼ − Σₖ gₖ aₖ). By hand: a = (½, ¼, ¼), g = (4, 8, −4) has the mean 3.
  @Test func derivatives() {
    #expect(
      softmaxDerivative([[4, 8, -4]], [[0.5, 0.25, 0.25]]) == [[0.5, 1.25, -1.75]])
  }

  /// Equal sensitivities cancel, since Σ a is constant.
  @Test func derivativeOfTheSum() {
    #expect(
      softmaxDerivative([[3, 3, 3, 3]], [[0.5, 0.25, 0.125, 0.125]]) == [[0, 0, 0, 0]])
  }

  /// Rows are independent, and rows that were not named stay.
  @Test func rows() {
    let z: [[Float]] = [[1, 2, 3], [4, 0, 1], [9, 9, 8]]
    let some = softmax(z, rows: 1..<2)
    #expect(some[0] == z[0] && some[2] == z[2])
    #expect(some[1] == softmax([z[1]])[0])
  }
}
