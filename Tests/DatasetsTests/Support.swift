import ConfigurationSchema
import Files
import Foundation
import Testing

@testable import Datasets

/// A folder that disappears with the object.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "DatasetsTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: url.appending(path: name))
  }

  func write(_ text: String, to name: String) throws {
    try write(Array(text.utf8), to: name)
  }

  /// Writes a file compressed by the program gzip; the name says nothing.
  func writeCompressed(_ bytes: [UInt8], to name: String) throws {
    try write(bytes, to: "plain")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-S", ".compressed", url.appending(path: "plain").path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    try FileManager.default.moveItem(at: url.appending(path: "plain.compressed"), to: url.appending(path: name))
  }
}

/// What a configuration's `dataset` reads as and is resolved to, or the issues with it.
func readDataset(_ json: String) throws -> (
  configuration: DatasetConfiguration?, resolved: JSONValue, issues: [String]
) {
  let issues = IssueCollector()
  let value = try JSONValue(parsing: Data(json.utf8), file: "test.json")
  let (configuration, resolved) = Section.read(
    value, at: .root.appending(key: "dataset"), relativeTo: URL(fileURLWithPath: "/x", isDirectory: true),
    issues: issues
  ) { DatasetConfiguration($0) }
  return (configuration, resolved, issues.issues.map(\.description))
}

/// A configuration without issues.
func dataset(_ json: String) throws -> DatasetConfiguration {
  let (configuration, _, issues) = try readDataset(json)
  try #require(issues == [])
  return try #require(configuration)
}

/// Reads a configuration and loads its data.
func load(
  _ json: String, in folder: TemporaryFolder? = nil, targets: TargetKind = .labels, seed: UInt64 = 1
) throws -> PreparedData {
  try dataset(json).load(relativeTo: folder?.url ?? URL(fileURLWithPath: "/"), targets: targets, seed: seed)
}

/// The error that `body` throws; an issue if it throws none, or another one.
func inputError(_ body: () throws -> some Any, sourceLocation: Testing.SourceLocation = #_sourceLocation) -> InputError?
{
  let error = thrownDataError(body)
  #expect(error != nil, "no InputError is thrown", sourceLocation: sourceLocation)
  return error
}

/// The error that `body` throws; nil if it throws none, or another one.
func thrownDataError(_ body: () throws -> some Any) -> InputError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? InputError
  }
}

/// Reads the text of a CSV file.
func readCSV(
  _ content: [UInt8], target: String = #""y""#, more: String = "", targets: TargetKind = .values,
  trainingFeatures: [String]? = nil
) throws -> SourceTable {
  let configuration = try dataset(
    #"{"train": {"format": "csv", "path": "a.csv", "target": \#(target)\#(more)}}"#)
  guard case .csv(let csv) = configuration.train else { throw CancellationError() }
  return try CSVReader.read(
    content, named: "a.csv", as: csv,
    for: SourceRequest(
      part: .train, directory: URL(fileURLWithPath: "/"), targets: targets, seed: 1, featureNames: trainingFeatures,
      weightColumn: nil))
}

/// Reads the text of a CSV file.
func readCSV(
  _ content: String, target: String = #""y""#, more: String = "", targets: TargetKind = .values,
  trainingFeatures: [String]? = nil
) throws -> SourceTable {
  try readCSV(
    Array(content.utf8), target: target, more: more, targets: targets, trainingFeatures: trainingFeatures)
}

extension FeatureStorage {
  /// The numbers as they are stored.
  var stored: [Float] {
    switch self {
    case .bytes(let bytes): bytes.map { Float($0) }
    case .floats(let floats): floats
    }
  }
}

extension SourceTable {
  var values: [Float]? { if case .values(let values, _) = targets { values } else { nil } }
  var labels: [String]? {
    if case .labels(let labels) = targets { labels.codes.map { labels.spellings[Int($0)] } } else { nil }
  }
}

extension Subset {
  /// The class of each row of the subset.
  var labels: [Int32]? {
    if case .labels(let labels, _) = table.targets { rows.map { labels[Int($0)] } } else { nil }
  }
}

@Suite struct SupportTests {
  @Test func issuesAreSeen() throws {
    #expect(try readDataset(#"{"train": {"format": "csv"}}"#).issues.count == 2)
  }

  @Test func aMissingErrorIsSeen() {
    #expect(thrownDataError { 1 } == nil)
    #expect(thrownDataError { throw CancellationError() } == nil)
  }

  @Test func compressedFilesAreCompressed() throws {
    let folder = try TemporaryFolder()
    try folder.writeCompressed([1, 2, 3], to: "a")
    #expect(try Data(contentsOf: folder.url.appending(path: "a")).prefix(2) == Data([0x1f, 0x8b]))
  }
}
