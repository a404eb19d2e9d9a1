import Metrics
import Foundation
import Testing

@testable import trainer

@Suite struct ReportTests {
  @Test(arguments: [
    (0.0, "0.0000"), (0.12345, "0.1235"), (-1.5, "-1.5000"), (12.345, "12.35"), (1234.5, "1234"),
    (0.00001234, "1.234e-05"),
    (1_234_567.0, "1.235e+06"), (.infinity, "inf"), (.nan, "nan"),
  ]) func numbers(value: Double, text: String) { #expect(Report.number(value) == text) }

  @Test func percentages() {
    #expect(Report.percent(0.97777) == "97.78 %" && Report.percent(1) == "100.00 %")
  }

  @Test(arguments: [
    (0.5, "0.50 s"), (59.94, "59.9 s"), (61.0, "1 min 1 s"), (3600.0, "1 h 0 min"), (7325.0, "2 h 2 min"),
  ])
  func durations(seconds: Double, text: String) { #expect(Report.duration(seconds) == text) }

  @Test func absurdDurationsAreNoTrap() {
    for seconds in [Double.infinity, 1e300, -1] { #expect(!Report.duration(seconds).isEmpty) }
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")])
  func groups(count: Int, text: String) { #expect(Report.grouped(count) == text) }

  @Test func plurals() {
    #expect(Report.counted(1, "epoch") == "1 epoch" && Report.counted(2000, "epoch") == "2,000 epochs")
  }

  @Test(arguments: [(5.4, "5"), (1500.0, "1500"), (12_345.0, "12 k"), (860_000.0, "860 k"), (1_234_567.0, "1.23 M")])
  func rates(value: Double, text: String) { #expect(Report.rate(value) == text) }

  @Test func statusesOfErrors() {
    #expect(ExitStatus(UsageError("x")) == .usage)
    #expect(ExitStatus(CancellationError()) == .internal)
  }
}

@Suite struct ConfusionTableTests {
  private let matrix = ConfusionMatrix(
    Predictions(outputs: [1, 0, 0, 0, 1, 0, 1, 0, 0], columns: 3), [0, 1, 2], SampleWeights([1, 2, 0.5]))

  @Test func aRowForEachTrueClass() {
    #expect(
      Report.table(matrix, classes: ["cat", "dog", "a very long name of a class"], columns: 100) == [
        "                               cat               dog  a very long nam…  predicted",
        "             cat                 1                 0                 0",
        "             dog                 0                 2                 0",
        "a very long nam…            0.5000                 0                 0",
      ])
  }

  /// Never wider than the terminal.
  @Test func narrowTerminals() {
    for columns in 10...120 {
      let lines = Report.table(matrix, classes: ["cat", "dog", "ox"], columns: columns)
      #expect((lines.count == 1) == (columns < 29), "\(columns)")
      if lines.count > 1 { #expect(lines.allSatisfy { $0.count <= columns }) }
    }
    #expect(
      Report.table(matrix, classes: ["cat", "dog", "ox"], columns: 20) == [
        "the confusion matrix of 3 classes is in summary.json"
      ])
  }
}
