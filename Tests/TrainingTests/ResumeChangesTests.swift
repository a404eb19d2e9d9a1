import ConfigurationSchema
import Datasets
import Files
import Foundation
import Testing

@testable import Training

/// What may be changed before a run goes on, and what may not.
@Suite struct ResumeChangesTests {
  private let folder: TemporaryFolder
  private let path: String

  /// The files of a run that was interrupted in its second epoch.
  init() throws {
    folder = try TemporaryFolder()
    path = try Self.begin(Draft.spirals(), in: folder, "r", steps: 8)
  }

  private static func begin(_ draft: Draft, in folder: TemporaryFolder, _ name: String, steps: Int) throws -> String {
    let run = try Run(
      draft.configuration(in: folder),
      options: .init(execution: .singleThread, output: folder.url.appending(path: name)))
    for _ in 0..<steps { _ = try run.advance() }
    if steps > 0 { _ = try run.finish() }
    return run.directory.url.path
  }

  private func finish(_ run: Run) throws -> Outcome {
    while try run.advance() != nil {}
    _ = try run.finish()
    return try Outcome(run.directory.url)
  }

  private func content(_ name: String = "r") throws -> [String: Data] {
    var files: [String: Data] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: name).path) {
      files[file] = try folder.read("\(name)/\(file)")
    }
    return files
  }

  // MARK: The configuration

  static let changes = [
    ("optimizer.learningRate", "0.4"), ("optimizer.l2", "0.1"), ("training.batchSize", "5"), ("seed", "2"),
    ("training.shuffle", "false"), ("training.dropLast", "true"), ("network.layers[0].units", "4"),
    ("network.layers[0].activation", "relu"), ("network.layers[0].initializer", "zeros"), ("dataset.scaling", "none"),
    ("parallel.shardRows", "2"), ("dataset.train.noise", "0.2"), ("dataset.test.fraction", "0.3"),
    ("loss", "meanSquaredError"),
  ]

  @Test(arguments: changes) func aChangedConfigurationIsRefused(key: String, value: String) throws {
    let before = try content()
    let error = #expect(throws: ConfigurationError.self) { try Run(resuming: path, overrides: [(key, value)]) }
    let issues = error?.issues.map(\.description) ?? []
    #expect(issues.count == 1 && issues[0].hasPrefix("\(key): was "), "\(issues)")
    #expect(issues[0].contains(" when the run began and is ") && issues[0].contains(value), "\(issues)")
    #expect(error?.description.contains("r/config.json") == true)
    #expect(try content() == before, "nothing is written")
    #expect(throws: Never.self) { try Run(resuming: path) }
  }

  /// A change in the file of the run is found as one of the command line is.
  @Test func aChangedFileIsRefused() throws {
    let text = String(decoding: try folder.read("r/config.json"), as: UTF8.self)
    let changed = text.replacingOccurrences(of: #""learningRate": 0.5"#, with: #""learningRate": 0.25"#)
    #expect(changed != text)
    try folder.write(changed, to: "r/config.json")
    let error = #expect(throws: ConfigurationError.self) { try Run(resuming: path) }
    #expect(
      error?.issues.first?.description.hasPrefix("optimizer.learningRate: was 0.5 when the run began and is 0.25")
        == true)
  }

  @Test func everyDifferenceIsNamed() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try Run(resuming: path, overrides: [("seed", "2"), ("optimizer.l2", "0.5"), ("training.epochs", "9")])
    }
    #expect(error?.issues.map { "\($0.path)" } == ["optimizer.l2", "seed"])
  }

  /// A run without a state begins at its start, but it is still the run of its configuration.
  @Test func aRunWithoutAState() throws {
    let path = try Self.begin(Draft.spirals(), in: folder, "early", steps: 0)
    let error = #expect(throws: ConfigurationError.self) { try Run(resuming: path, overrides: [("seed", "2")]) }
    #expect(error?.issues.map { "\($0.path)" } == ["seed"])
    #expect(throws: Never.self) { try Run(resuming: path, overrides: [("training.epochs", "4")]) }
  }

  /// Neither fewer epochs than are over, nor a model of half an epoch.
  @Test func tooFewEpochs() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try Run(resuming: path, overrides: [("training.epochs", "1")])
    }
    #expect(error?.issues.first?.description.hasPrefix("training.epochs: must be at least 2, ") == true)
    let whole = try Self.begin(Draft.spirals(), in: folder, "whole", steps: 12)
    #expect(throws: ConfigurationError.self) { try Run(resuming: whole, overrides: [("training.epochs", "1")]) }
    #expect(throws: Never.self) { try Run(resuming: whole, overrides: [("training.epochs", "2")]) }
  }

  @Test(arguments: [
    ("parallel.workers", "3"), ("name", "other"), ("training.checkpoint", #"{"epochs": 2}"#),
    ("training.checkpoint", #"{"seconds": 5}"#), ("output.directory", "/elsewhere"), ("seed", "1"),
  ]) func whatChangesNoBitIsAllowed(key: String, value: String) throws {
    let reference = try train(
      Draft.spirals().configuration(in: folder), output: folder.url.appending(path: "reference"))
    let outcome = try finish(Run(resuming: path, overrides: [(key, value)]))
    #expect(try outcome == Outcome(reference.run.directory.url))
  }

  // MARK: The data

  private static let table = "a,b,y\n1,2,u\n3,4,v\n5,-6,u\n7,0.5,v\n0,1,u\n-2,2,v\n"

  private func csv(_ name: String = "data.csv") -> Draft {
    Draft(
      dataset: #"{"train": {"format": "csv", "path": "\#(name)", "target": "y"}, "validation": {"fraction": 0.3}}"#,
      training: #"{"epochs": 4, "batchSize": 3, "checkpoint": {"steps": 1}}"#)
  }

  @Test(arguments: [
    ("a value", "3,4,v", "3,4.5,v"), ("a class", "3,4,v", "3,4,u"), ("a sample less", "3,4,v\n", ""),
    ("a sample more", "3,4,v\n", "3,4,v\n3,4,v\n"), ("another order", "1,2,u\n3,4,v\n", "3,4,v\n1,2,u\n"),
    ("another name", "a,b,y", "a,c,y"), ("a feature more", Self.table, "a,b,c,y\n1,2,3,u\n3,4,3,v\n5,6,3,u\n7,8,3,v\n"),
    ("a feature less", Self.table, "a,y\n1,u\n3,v\n5,u\n7,v\n0,u\n-2,v\n"),
  ]) func changedDataAreRefused(what: String, old: String, new: String) throws {
    try folder.write(Self.table, to: "data.csv")
    let path = try Self.begin(csv(), in: folder, "c", steps: 3)
    let before = try content("c")
    try folder.write(Self.table.replacingOccurrences(of: old, with: new), to: "data.csv")
    let error = #expect(throws: InputError.self, "\(what)") { try Run(resuming: path) }
    #expect(
      error?.kind == .malformed && error?.file.hasSuffix("data.csv") == true, "\(what): \(String(describing: error))")
    #expect(error?.message.contains("are not those that the run began with") == true)
    #expect(error?.message.contains("dataset.") == true)
    #expect(try content("c") == before)
    try folder.write(Self.table, to: "data.csv")
    #expect(throws: Never.self) { try Run(resuming: path) }
  }

  @Test func movedDataAreAllowed() throws {
    try folder.write(Self.table, to: "data.csv")
    let reference = try train(csv().configuration(in: folder), output: folder.url.appending(path: "reference"))
    let path = try Self.begin(csv(), in: folder, "c", steps: 3)
    try FileManager.default.moveItem(
      at: folder.url.appending(path: "data.csv"), to: folder.url.appending(path: "moved.csv"))
    let missing = #expect(throws: InputError.self) { try Run(resuming: path) }
    #expect(missing?.kind == .missing)
    let moved = folder.url.appending(path: "moved.csv").path
    let outcome = try finish(Run(resuming: path, overrides: [("dataset.train.path", moved)]))
    #expect(try outcome == Outcome(reference.run.directory.url))
    // The other columns of the file are part of what is computed.
    let error = #expect(throws: ConfigurationError.self) {
      try Run(resuming: path, overrides: [("dataset.train.features", #"["a"]"#), ("dataset.train.path", moved)])
    }
    #expect(error?.issues.map { "\($0.path)" } == ["dataset.train.features"])
  }
}
