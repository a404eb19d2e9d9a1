import Testing

@testable import Metrics

@Suite struct ConfusionMatrixTests {
  /// By hand: of three samples of class 0 two are found, and one of class 1 is taken for it.
  private let matrix = ConfusionMatrix(
    Predictions(outputs: [0.1, 0.2, 0.9, 0.3, 0.8], columns: 1), [0, 0, 0, 1, 1], SampleWeights([1, 2, 4, 8, 16]))

  @Test func counts() {
    #expect(matrix.classes == 2 && matrix.counts == [3, 4, 8, 16])
    #expect(matrix[0, 1] == 4 && matrix[1, 0] == 8)
    #expect(matrix.support(0) == 7 && matrix.predicted(0) == 11)
  }

  @Test func shares() {
    #expect(matrix.precision(1) == 16.0 / 20 && matrix.recall(1) == 16.0 / 24)
    #expect(matrix.f1(1) == 32.0 / 44)
    // No samples and no predictions of a class.
    let lonely = ConfusionMatrix(Predictions(outputs: [1, 0, 0], columns: 3), [0])
    #expect(lonely.precision(2) == 0 && lonely.recall(2) == 0 && lonely.f1(2) == 0 && lonely.f1(0) == 1)
  }
}
