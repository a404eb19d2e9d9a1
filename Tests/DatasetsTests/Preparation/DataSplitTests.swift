import Foundation
import Testing

@testable import Datasets

@Suite struct DataSplitTests {
  private let root = URL(fileURLWithPath: "/")
  private let train =
    #""train": {"format": "inline", "features": [[1], [2], [3], [4], [10], [20]], "targets": [1, 0, 1, 0, 1, 0]}"#
  private let own = #"{"format": "inline", "features": [[7], [8]], "targets": [0, 0]}"#

  private func configuration(_ parts: String) throws -> DatasetConfiguration {
    try dataset(#"{\#(train), "scaling": "standardize"\#(parts)}"#)
  }

  @Test func sourcesAreReadWhole() throws {
    let configuration = try configuration(#", "validation": {"fraction": 0.5}, "test": \#(own)"#)
    let sources = try configuration.read(relativeTo: root, targets: .labels, seed: 1)
    #expect(sources.training.features.stored == [1, 2, 3, 4, 10, 20])
    #expect(sources.validation == nil)
    #expect(sources.test?.features.stored == [7, 8])
    // The classes are those of the training source, though the test has only one of them.
    #expect(Subset(sources.training).labels == [1, 0, 1, 0, 1, 0])
    #expect(sources.test.flatMap { Subset($0).labels } == [0, 0])
  }

  @Test func partsAreRowsOfTheTrainingOrOfTheirOwnSource() throws {
    let configuration = try configuration(#", "validation": {"fraction": 0.34}, "test": \#(own)"#)
    let sources = try configuration.read(relativeTo: root, targets: .labels, seed: 1)
    let split = try configuration.split(sources, seed: 1)
    let validation = try #require(split.validation)
    #expect(split.training.table === sources.training && validation.table === sources.training)
    #expect(validation.labels?.sorted() == [0, 1])
    #expect((split.training.rows + validation.rows).sorted() == [0, 1, 2, 3, 4, 5])
    #expect(split.test?.table === sources.test)
    #expect(split.test?.rows == [0, 1])
  }

  @Test func partsThatAreNotNamedAreNone() throws {
    let configuration = try configuration("")
    let split = try configuration.split(configuration.read(relativeTo: root, targets: .labels, seed: 1), seed: 1)
    #expect(split.training.rows == [0, 1, 2, 3, 4, 5])
    #expect(split.validation == nil && split.test == nil)
  }

  @Test func theSeedOfTheSplitDecides() throws {
    let configuration = try configuration(#", "test": {"fraction": 0.34}"#)
    let sources = try configuration.read(relativeTo: root, targets: .labels, seed: 1)
    func test(_ seed: UInt64) throws -> [Int32]? { try configuration.split(sources, seed: seed).test?.rows }
    #expect(try test(1) == test(1))
    #expect(try Set((1...10).map { try test($0) }).count > 1)
  }

  /// The three functions one after another are what `load` does.
  @Test func loadIsReadSplitFit() throws {
    let configuration = try configuration(#", "validation": {"fraction": 0.34}, "test": \#(own)"#)
    let data = try configuration.load(relativeTo: root, targets: .labels, seed: 5)
    let sources = try configuration.read(relativeTo: root, targets: .labels, seed: 5)
    let split = try configuration.split(sources, seed: 5)
    #expect(data.training.rows == split.training.rows)
    #expect(data.validation?.rows == split.validation?.rows)
    #expect(data.test?.rows == split.test?.rows)
    #expect(data.schema == configuration.fit(split.training))
    #expect(data.schema != configuration.fit(Subset(sources.training)))
  }

  /// A fold is a split like any other.
  @Test func aFoldIsPreparedByItself() throws {
    let configuration = try configuration("")
    let table = try configuration.read(relativeTo: root, targets: .labels, seed: 1).training
    let fold = DataSplit(training: Subset(table: table, rows: [0, 1, 2, 3]), test: Subset(table: table, rows: [4, 5]))
    let data = PreparedData(fold, schema: configuration.fit(fold.training))
    // Mean and population variance of 1, 2, 3, 4.
    #expect(data.scaling == Scaling(shift: [2.5], scale: [Float(1 / 1.25.squareRoot())]))
    #expect(data.test?.rows == [4, 5])
    #expect(data.validation == nil)
    #expect(data.classes == ["0", "1"])
  }
}
