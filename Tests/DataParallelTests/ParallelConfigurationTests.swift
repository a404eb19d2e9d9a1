import ConfigurationSchema
import Foundation
import Testing

@testable import DataParallel

@Suite struct ParallelConfigurationTests {
  /// What a section reads as, and the issues with it.
  private func read(_ json: String, batchSize: Int = 32) throws -> (
    configuration: ParallelConfiguration, resolved: JSONValue, issues: [String]
  ) {
    let issues = IssueCollector()
    let value = try JSONValue(parsing: Data(json.utf8), file: "test.json")
    let (configuration, resolved) = Section.read(value, at: .root.appending(key: "parallel"), issues: issues) {
      ParallelConfiguration($0, batchSize: batchSize)
    }
    return (try #require(configuration), resolved, issues.issues.map(\.description))
  }

  @Test func defaults() throws {
    let (empty, resolved, issues) = try read("{}")
    #expect(empty.workers == .auto && empty.shardRows == 32 && issues == [])
    #expect(resolved == ["workers": "auto", "shardRows": 32])
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
    let (configuration, _, issues) = try read(#"{"workers": 7, "shardRows": 5}"#)
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

  @Test func resolvedReadsAsTheSame() throws {
    for json in ["{}", #"{"workers": 3, "shardRows": 100}"#, #"{"workers": "auto", "shardRows": 1}"#] {
      let (configuration, resolved, _) = try read(json)
      #expect(try read(resolved.compactText).configuration == configuration)
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
