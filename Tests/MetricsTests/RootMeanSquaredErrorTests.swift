import Testing

@testable import Metrics

@Suite struct RootMeanSquaredErrorTests {
  private func error(_ outputs: [Float], _ values: [Float], columns: Int = 1) -> Double {
    MetricKind.rootMeanSquaredError.value(
      Predictions(outputs: outputs, columns: columns), .values(values, columns: columns))
  }

  @Test func theErrorOfEachOutputIsAveraged() {
    #expect(error([3, 0], [0, 4]) == 12.5.squareRoot())
    #expect(error([3, 0, 3, 4], [0, 0, 0, 0], columns: 2) == (3 + 8.0.squareRoot()) / 2)
  }

  /// A square of 10¹⁶ swallows a 1 that is added to it, and not a thousand that were added before.
  @Test func samplesAreAddedInOrder() {
    let ones = [Float](repeating: 1, count: 1000)
    let zeros = [Float](repeating: 0, count: 1001)
    #expect(error([1e8] + ones, zeros) == (1e16 / 1001).squareRoot())
    #expect(error(ones + [1e8], zeros) == ((1e16 + 1000) / 1001).squareRoot())
    #expect((1e16 / 1001).squareRoot() != ((1e16 + 1000) / 1001).squareRoot())
  }

  @Test func differencesAreDouble() {
    // The squares of both are beyond the range of Float.
    #expect(error([3e38, 0], [0, 3e38]) == Double(3e38 as Float))
    #expect(error([16_777_216], [-1]) == 16_777_217)
  }

  @Test func nanIsAnError() {
    #expect(error([1, .nan], [1, 2]).isNaN)
  }
}
