import ConfigurationSchema
import Foundation
import Testing

@testable import DataParallel

@Suite struct ParallelConfigurationTests {
  /// What a section reads as, and the issues with it.
  private func read(_ json: String, batchSize: Int = 32) throws -> (
    configuration: ParallelConfiguration, issues: [String]
  ) {
    let issues = IssueCollector()
    let root = ObjectReader(
      try JSONValue(parsing: Data("{\"parallel\": \(json)}".utf8), file: "test.json"), path: .root, issues: issues)
    let configuration = ParallelConfiguration(reading: root.optionalObject("parallel"), batchSize: batchSize)
    return (configuration, issues.issues.map(\.description))
  }

  @Test func defaults() throws {
    let absent = ParallelConfiguration(reading: nil, batchSize: 32)
    #expect(absent.workers == .auto && absent.shardRows == 32)
    let (empty, issues) = try read("{}")
    #expect(empty == absent && issues == [])
  }

  /// The default depends on the batch size alone.
  @Test func defaultShardRows() {
    for batchSize in [1, 2, 31, 255, 256] {
      #expect(ParallelConfiguration.defaultShardRows(batchSize: batchSize) == batchSize)
    }
    #expect(ParallelConfiguration.defaultShardRows(batchSize: 257) == 256)
    #expect(ParallelConfiguration.defaultShardRows(batchSize: 1_000_000) == 256)
  }

  @Test func valuesAreRead() throws {
    let (configuration, issues) = try read(#"{"workers": 7, "shardRows": 5}"#)
    #expect(configuration.workers == .fixed(7) && configuration.shardRows == 5 && issues == [])
    #expect(try read(#"{"workers": "auto"}"#).configuration.workers == .auto)
    #expect(try read(#"{"workers": 1024}"#).issues == [])
  }

  @Test(arguments: [
    #"{"workers": 0}"#, #"{"workers": -1}"#, #"{"workers": 1025}"#, #"{"workers": "many"}"#, #"{"workers": "4"}"#,
    #"{"workers": 1.5}"#, #"{"workers": null}"#, #"{"workers": [1]}"#,
  ]) func wrongWorkersAreRefused(json: String) throws {
    let issues = try read(json).issues
    #expect(issues.count == 1)
    #expect(issues.first?.contains("parallel.workers") == true)
    #expect(issues.first?.contains("'auto' or a whole number from 1 to 1024") == true)
  }

  @Test func otherMistakesAreRefused() throws {
    #expect(try read(#"{"shardRows": 0}"#).issues.first?.contains("parallel.shardRows") == true)
    #expect(try read(#"{"shardRow": 4}"#).issues.first?.contains("shardRows") == true)
    #expect(try read(#"{"shardRows": 0, "workers": 0, "x": 1}"#).issues.count == 3)
  }

  @Test func jsonReadsAsTheSame() throws {
    for json in ["{}", #"{"workers": 3, "shardRows": 100}"#, #"{"workers": "auto", "shardRows": 1}"#] {
      let configuration = try read(json).configuration
      #expect(try read(configuration.json.compactText).configuration == configuration)
    }
  }

  @Test func workerCountsOfTheCommandLine() {
    #expect(WorkerCount("auto") == .auto)
    #expect(WorkerCount("1") == .fixed(1) && WorkerCount("1024") == .fixed(1024))
    for text in ["", "0", "-1", "1025", "x", "1.5", " 1", "Auto", "99999999999999999999"] {
      #expect(WorkerCount(text) == nil, "\(text)")
    }
  }
}
