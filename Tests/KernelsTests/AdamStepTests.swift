import Kernels
import Testing

@Suite struct AdamStepTests {
  /// The coefficients of a step.
  private struct Coefficients {
    var scale: Float = 1 / 3
    var l2: Float = 0.01
    var beta1: Float = 0.9
    var beta2: Float = 0.999
    var rate: Float = 0.01
    var root: Float = 3.5
    var epsilon: Float = 1e-8

    var update: Update {
      .adam(GradientTerms(scale: scale, l2: l2), step)
    }

    private var step: AdamStep {
      AdamStep(
        beta1: beta1, complement1: 1 - beta1, beta2: beta2, complement2: 1 - beta2, rate: rate,
        root: root, epsilon: epsilon)
    }

    /// One parameter, by the formula.
    func reference(w: Float, m: Float, v: Float, sum: Float) -> (w: Float, m: Float, v: Float) {
      let g = (sum * scale).addingProduct(l2, w)
      let m = (m * beta1).addingProduct(1 - beta1, g)
      let v = (v * beta2).addingProduct(1 - beta2, g * g)
      let denominator = epsilon.addingProduct(v.squareRoot(), root)
      return (w.addingProduct(-rate, m / denominator), m, v)
    }
  }

  /// A step of parameters and slots that lie within their buffers; the first that differs from the reference.
  private func mismatch(
    _ kernels: Kernels, count: Int, _ coefficients: Coefficients, expected: Coefficients? = nil,
    next: (inout Numbers) -> Float = { $0.mixed(smallNumbers, every: 20) }
  ) -> String? {
    var numbers = Numbers(UInt64(count) + 1)
    let (w, m, sum) = (numbers.table(count, next), numbers.table(count, next), numbers.table(count, next))
    let v = numbers.table(count) { next(&$0).magnitude }
    let buffers = [w, m, v].map { FloatBuffer([poison] + $0 + [poison]) }
    let sums = FloatBuffer([1, 2] + sum)
    withExtendedLifetime((buffers, sums)) {
      let slices = buffers.map { $0.slice(1..<count + 1) }
      kernels.update(
        slices[0], gradientSum: sums.slice(2..<count + 2), UpdateSlots(first: slices[1], second: slices[2]),
        coefficients.update)
    }
    let references = (0..<count).map {
      (expected ?? coefficients).reference(w: w[$0], m: m[$0], v: v[$0], sum: sum[$0])
    }
    let all = [references.map(\.w), references.map(\.m), references.map(\.v)]
    for (index, expected) in all.enumerated() {
      let found = buffers[index].all.array
      if let place = firstDifference(found, [poison] + expected + [poison]) { return "vector \(index), \(place)" }
    }
    return firstDifference(sums.all.array, [1, 2] + sum).map { "the gradient was changed at \($0)" }
  }

  @Test(arguments: InstructionSet.available, [0, 16, 32, 48, 160])
  func weightsAndMoments(_ set: InstructionSet, count: Int) {
    let kernels = Kernels(set)!
    #expect(mismatch(kernels, count: count, Coefficients()) == nil)
    #expect(mismatch(kernels, count: count, Coefficients(scale: 1, l2: 0, rate: 0.5, root: 1)) == nil)
    #expect(mismatch(kernels, count: count, Coefficients(beta1: 0, beta2: 0, epsilon: 0.1)) == nil)
    let special = smallNumbers + largeNumbers
    #expect(mismatch(kernels, count: count, Coefficients()) { $0.mixed(special, every: 3) } == nil)
  }

  @Test func otherCoefficientsAreNoticed() {
    let others = [
      Coefficients(scale: 0.25), Coefficients(l2: 0.02), Coefficients(beta1: 0.8), Coefficients(beta2: 0.99),
      Coefficients(rate: Float(0.01).nextUp), Coefficients(root: 4), Coefficients(epsilon: 1),
    ]
    for other in others {
      #expect(mismatch(.best, count: 160, Coefficients(), expected: other) != nil)
    }
  }

  /// By hand: g = 2, m = 1, v = 1; w = 1 − ½ · 1 / (1 · 1 + 1).
  @Test func byHand() {
    let (w, sum) = (FloatBuffer([Float](repeating: 1, count: 16)), FloatBuffer([Float](repeating: 8, count: 16)))
    let (m, v) = (FloatBuffer(count: 16), FloatBuffer(count: 16))
    let step = AdamStep(
      beta1: 0.5, complement1: 0.5, beta2: 0.75, complement2: 0.25, rate: 0.5, root: 1, epsilon: 1)
    withExtendedLifetime((w, sum, m, v)) {
      Kernels.best.update(
        w.all, gradientSum: sum.all, UpdateSlots(first: m.all, second: v.all),
        .adam(GradientTerms(scale: 0.25), step))
    }
    #expect(w.all.array == [Float](repeating: 0.75, count: 16))
    #expect(m.all.array == [Float](repeating: 1, count: 16) && v.all.array == m.all.array)
  }

  /// Where there never was a gradient nothing moves, and nothing is 0 / 0.
  @Test func zerosStay() {
    let buffers = (0..<4).map { _ in FloatBuffer(count: 32) }
    withExtendedLifetime(buffers) {
      let slices = buffers.map(\.all)
      for kernels in allKernels {
        kernels.update(
          slices[0], gradientSum: slices[1], UpdateSlots(first: slices[2], second: slices[3]),
          Coefficients().update)
      }
    }
    #expect(buffers.allSatisfy { $0.all.array.allSatisfy { $0 == 0 } })
  }

  @Test func slotsAreChecked() async {
    await #expect(processExitsWith: .failure) {
      let w = FloatBuffer(count: 16)
      Kernels.best.update(w.all, gradientSum: w.all, UpdateSlots(first: w.all), Coefficients().update)
    }
    await #expect(processExitsWith: .failure) {
      let (w, m) = (FloatBuffer(count: 16), FloatBuffer(count: 32))
      Kernels.best.update(
        w.all, gradientSum: w.all, UpdateSlots(first: w.all, second: m.all), Coefficients().update)
    }
  }
}
