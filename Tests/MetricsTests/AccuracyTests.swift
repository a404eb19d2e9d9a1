import Testing

@testable import Metrics

@Suite struct AccuracyTests {
  private func accuracy(_ outputs: [Float], columns: Int, _ labels: [Int32]) -> Double {
    MetricKind.accuracy.value(Predictions(outputs: outputs, columns: columns), .labels(labels))
  }

  @Test func rightSamplesAreCounted() {
    #expect(accuracy([1, 0, 0, 1, 1, 0, 1, 0], columns: 2, [0, 1, 1, 0]) == 0.75)
  }

  @Test func aSingleOutputStandsForTwoClasses() {
    #expect(accuracy([0.2, 0.5, 0.6, 0.9], columns: 1, [0, 1, 1, 0]) == 0.5)
  }

  @Test func nanIsNotRightByItself() {
    #expect(accuracy([.nan, .nan, .nan, 1], columns: 2, [1, 1]) == 0.5)
    #expect(accuracy([.nan, .nan], columns: 1, [1, 1]) == 0)
  }
}
