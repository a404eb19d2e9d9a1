import Foundation
import NeuralNetworks
import Testing

@Suite struct CrossEntropyTests {
  private func result(_ z: [Float], _ y: [Float]) -> LossResult {
    LossResult(.crossEntropy, .softmax, z: z, target: y)
  }

  /// Equal logits of K classes cost ln K, and δ = 1/K − y. The logits stay.
  @Test func handValues() {
    let result = result([3, 3, 3, 3], [0, 1, 0, 0])
    #expect(isClose(Double(result.losses[0]), log(4)))
    #expect(result.deltas == [[0.25, -0.75, 0.25, 0.25]] && result.outputs == [[3, 3, 3, 3]])
    #expect(self.result([5], [1]).losses == [0] && self.result([5], [1]).deltas == [[0]])
  }

  @Test(arguments: [2, 3, 10, 16, 17, 32, 33, 64, 65, 70]) func agreesWithTheTextbook(outputs: Int) {
    var random = FixedGenerator(seed: UInt64(outputs))
    let z = random.numbers(outputs).map { Float(6 * $0) }
    let a = ReferenceNetwork.softmax(z.map { Double($0) })
    for label in [0, outputs / 2, outputs - 1] {
      var y = [Float](repeating: 0, count: outputs)
      y[label] = 1
      let result = result(z, y)
      #expect(isClose(Double(result.losses[0]), -log(a[label]), 2e-6))
      for j in 0..<outputs { #expect(isClose(Double(result.deltas[0][j]), a[j] - Double(y[j]), 3e-7)) }
      #expect(isClose(result.deltas[0].reduce(0) { $0 + Double($1) }, 0))
    }
  }

  @Test(arguments: [100, 1000, 1e6, 1e38] as [Float]) func largeLogits(z: Float) {
    #expect(result([z, -z], [1, 0]).losses == [0])
    #expect(result([z, -z], [1, 0]).deltas == [[0, 0]])
    #expect(result([z, -z], [0, 1]).losses == [2 * z])
    #expect(result([z, -z], [0, 1]).deltas == [[1, -1]])
    #expect(isClose(Double(result([z, z], [0, 1]).losses[0]), log(2)))
    #expect(isClose(Double(result([-z, -z, -z], [0, 1, 0]).losses[0]), log(3)))
  }

  /// A class without weight does not matter, even where its logit is beyond all others.
  @Test func classesOfWeightZero() {
    #expect(result([3e38, -3e38, 0], [1, 0, 0]).losses == [0])
    #expect(result([0, -.infinity], [1, 0]).losses == [0] && result([0, -.infinity], [1, 0]).deltas == [[0, 0]])
  }

  /// Adding a number to all logits changes nothing; not one bit if the sums are exact.
  @Test func invarianceToShifts() {
    let z = (0..<40).map { Float($0 % 7) - 3 }
    let y = (0..<40).map { Float($0 == 33 ? 1 : 0) }
    let expected = result(z, y)
    for shift: Float in [1, -5, 1000, -1000, 1e6] {
      let shifted = result(z.map { $0 + shift }, y)
      #expect(shifted.losses == expected.losses && shifted.deltas == expected.deltas)
    }
  }

  /// Two classes are logistic regression on the difference of their logits.
  @Test func twoClasses() {
    for z in stride(from: Float(-8), through: 8, by: 0.5) {
      let binary = LossResult(.binaryCrossEntropy, .sigmoid, z: [z], target: [1])
      let two = result([0, z], [0, 1])
      #expect(isClose(Double(two.losses[0]), Double(binary.losses[0])))
      #expect(isClose(Double(two.deltas[0][1]), Double(binary.deltas[0][0])))
    }
  }

  @Test(arguments: [1, 2, 10, 33, 70]) func independentRows(outputs: Int) {
    #expect(rowsAreIndependent(.crossEntropy, .softmax, outputs: outputs))
  }

  @Test func name() {
    #expect(LossKind(rawValue: "crossEntropy") == .crossEntropy)
    #expect(LossKind.crossEntropy.takesLogits && LossKind.crossEntropy.targets == .labelsOrDistributions)
    #expect(LossKind.crossEntropy.activations == [.softmax])
  }
}
