import Testing

@testable import Metrics

@Suite struct PredictionsTests {
  private func classes(_ rows: [Float]...) -> [Int32] {
    Predictions(outputs: rows.flatMap { $0 }, columns: rows[0].count).classes()
  }

  @Test func theGreatestOutputIsTheClass() {
    #expect(classes([1, 2, 3], [3, 1, 2], [-3, -1, -2]) == [2, 0, 1])
  }

  @Test func theFirstOfEqualOutputsIsTaken() {
    #expect(classes([1, 1, 1], [0, 1, 1], [1, 0, 1]) == [0, 1, 0])
    // −0 and 0 are equal; infinities are numbers.
    #expect(classes([0, -0.0], [-0.0, 0]) == [0, 0])
    #expect(classes([-.infinity, -.infinity], [-.infinity, -1], [.infinity, .infinity]) == [0, 1, 0])
  }

  @Test func nanIsPassedOver() {
    #expect(classes([.nan, 1, 2], [1, .nan, 0], [0, 1, .nan]) == [2, 0, 1])
    #expect(classes([.nan, -.infinity, .nan]) == [1])
    #expect(classes([.nan, .nan, .nan]) == [0])
  }

  /// Rows of up to four outputs of every sort, against the definition: the first that is at least all others.
  @Test func everyRowOfFewOutputs() {
    let values: [Float] = [.nan, -.infinity, -0.0, 0, 1, .infinity]
    var rows: [[Float]] = [[]]
    for columns in 1...4 {
      rows = rows.flatMap { row in values.map { row + [$0] } }
      guard columns > 1 else { continue }
      let expected = rows.map { row in
        let numbers = row.filter { !$0.isNaN }
        return Int32(row.firstIndex { output in numbers.allSatisfy { output >= $0 } && !output.isNaN } ?? 0)
      }
      let found = Predictions(outputs: rows.flatMap { $0 }, columns: columns).classes()
      #expect(found.count == rows.count)
      #expect(rows.indices.first { found[$0] != expected[$0] }.map { "\(rows[$0]): \(found[$0])" } == nil)
    }
  }

  @Test func aSingleOutputIsComparedWithAHalf() {
    #expect(classes([0], [0.5], [Float(0.5).nextUp], [1], [.nan], [.infinity], [-1]) == [0, 0, 1, 1, 0, 1, 0])
  }

  @Test func thereMayBeNoSamples() {
    let none = Predictions(outputs: [], columns: 3)
    #expect(none.count == 0)
    #expect(none.classes() == [])
    #expect(Predictions(outputs: [], columns: 1).classes() == [])
    #expect(Predictions(outputs: [1, 2, 3, 4, 5, 6], columns: 3).count == 2)
  }
}
