import Testing

@testable import Datasets

@Suite struct RowSplitTests {
  /// A table with these labels and no interesting features.
  private func table(_ labels: [Int32], classes: Int) -> Table {
    Table(
      file: "a.csv", featureNames: ["x"], targetNames: ["y"], features: .bytes(labels.map { UInt8($0) }),
      targets: .labels(labels, classes: (0..<classes).map(String.init)), rows: labels.count)
  }

  private func table(values: Int) -> Table {
    Table(
      file: "a.csv", featureNames: ["x"], targetNames: ["y"], features: .bytes(.init(repeating: 0, count: values)),
      targets: .values(.init(repeating: 0, count: values), columns: 1), rows: values)
  }

  private func counts(_ rows: [Int32], of table: Table, classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    for label in Subset(table: table, rows: rows).labels ?? [] { counts[Int(label)] += 1 }
    return counts
  }

  @Test func partsAreStratifiedAndInFileOrder() throws {
    let table = table((0..<100).map { $0 < 60 ? 0 : $0 < 90 ? 1 : 2 }, classes: 3)
    let split = try RowSplit(of: table, validationFraction: 0.1, testFraction: 0.2, seed: 1)
    #expect(counts(split.test, of: table, classes: 3) == [12, 6, 2])
    #expect(counts(split.validation, of: table, classes: 3) == [6, 3, 1])
    #expect(counts(split.training, of: table, classes: 3) == [42, 21, 7])
    for part in [split.training, split.validation, split.test] { #expect(part == part.sorted()) }
    #expect((split.training + split.validation + split.test).sorted() == Array(0..<100))
  }

  @Test func theLargestRemaindersAreRoundedUp() throws {
    // Shares 1.25, 1.5, 2.0 of 19 · 0.25 = 4.75, rounded 5.
    let table = table((0..<19).map { $0 < 5 ? 0 : $0 < 11 ? 1 : 2 }, classes: 3)
    let split = try RowSplit(of: table, validationFraction: 0.25, testFraction: nil, seed: 1)
    #expect(counts(split.validation, of: table, classes: 3) == [1, 2, 2])
    #expect(split.test.isEmpty)
  }

  @Test func everySizeAddsUp() throws {
    for rows in 2...40 {
      for classes in 1...4 {
        let table = table((0..<rows).map { Int32($0 * $0 % classes) }, classes: classes)
        for (validation, test) in [(0.1, 0.2), (0.5, 0.49), (0.9, 0.05), (0.34, 0.33)] {
          guard let split = try? RowSplit(of: table, validationFraction: validation, testFraction: test, seed: 3) else {
            continue
          }
          #expect(split.test.count == Int((Double(rows) * test).rounded()))
          #expect((split.training + split.validation + split.test).sorted() == (0..<rows).map { Int32($0) })
          #expect(!split.training.isEmpty && !split.validation.isEmpty)
        }
      }
    }
  }

  @Test func valuesAreOneStratum() throws {
    let split = try RowSplit(of: table(values: 10), validationFraction: 0.3, testFraction: nil, seed: 1)
    #expect(split.validation.count == 3)
    #expect(split.training.count == 7)
  }

  @Test func theSeedDecides() throws {
    let table = table(values: 100)
    func validation(_ seed: UInt64) throws -> [Int32] {
      try RowSplit(of: table, validationFraction: 0.5, testFraction: nil, seed: seed).validation
    }
    #expect(try validation(1) == validation(1))
    #expect(try validation(1) != validation(2))
  }

  @Test func emptyPartsAreNamed() {
    let small = inputError { try RowSplit(of: table(values: 4), validationFraction: nil, testFraction: 0.1, seed: 1) }
    #expect(
      small?.description
        == "a.csv: dataset.test.fraction 0.1 of 4 samples is no sample; a larger fraction is needed")
    let all = inputError { try RowSplit(of: table(values: 4), validationFraction: 0.45, testFraction: 0.5, seed: 1) }
    #expect(all?.description == "a.csv: the fractions of validation and test leave none of 4 samples to train on")
  }
}
