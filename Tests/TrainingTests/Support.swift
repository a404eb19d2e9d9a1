import ConfigurationSchema
import Foundation
import Testing

@testable import Training

/// A folder that disappears with the object.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "TrainingTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ data: Data, to name: String) throws { try data.write(to: url.appending(path: name)) }
  func write(_ text: String, to name: String, makingFolder: Bool = false) throws {
    let parent = url.appending(path: name).deletingLastPathComponent()
    if makingFolder { try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true) }
    try write(Data(text.utf8), to: name)
  }
  func read(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  /// The names in the folder, hidden ones included, sorted.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}

/// A configuration that trains on four labelled samples; each part is JSON and can be replaced.
struct Draft {
  var dataset = #"{"train": {"format": "inline", "features": [[0,0],[0,1],[1,0],[1,1]], "targets": ["a","b","b","a"]}}"#
  var network =
    #"{"layers": [{"type": "dense", "units": 3, "activation": "tanh"}, {"type": "dense", "units": 2, "activation": "softmax"}]}"#
  var loss = #""crossEntropy""#
  var optimizer = #"{"type": "sgd", "learningRate": 0.5}"#
  var training = #"{"epochs": 3, "batchSize": 3}"#
  var more = ""

  var json: String {
    """
    {"dataset": \(dataset), "network": \(network), "loss": \(loss), "optimizer": \(optimizer),
     "training": \(training)\(more)}
    """
  }

  /// The configuration as read from the file test.json of `folder`.
  func configuration(in folder: TemporaryFolder, overrides: [(key: String, value: String)] = []) throws
    -> RunConfiguration
  {
    try folder.write(json, to: "test.json")
    return try RunConfiguration(file: folder.url.appending(path: "test.json").path, overrides: overrides)
  }

  /// What is wrong with it: the lines of the error; none if it is sound.
  func issues(overrides: [(key: String, value: String)] = []) throws -> [String] {
    do {
      _ = try configuration(in: TemporaryFolder(), overrides: overrides)
      return []
    } catch let error as ConfigurationError {
      return error.issues.map(\.description)
    }
  }
}

/// Trains to the end and returns what happened.
@discardableResult
func train(
  _ configuration: RunConfiguration, output: URL? = nil, _ options: Run.Options = .init()
) throws -> (run: Run, epochs: [EpochMetrics], summary: RunSummary) {
  var options = options
  options.output = output ?? options.output
  let run = try Run(configuration, options: options)
  var epochs: [EpochMetrics] = []
  while let event = try run.advance() { if case .epoch(let metrics) = event { epochs.append(metrics) } }
  return (run, epochs, try run.finish())
}

extension JSONValue {
  init(_ data: Data) throws { self = try JSONValue(parsing: data, file: "test") }

  subscript(key: String) -> JSONValue? { if case .object(let members) = self { members[key] } else { nil } }
  subscript(index: Int) -> JSONValue? { if case .array(let list) = self { list[index] } else { nil } }
  var keys: [String] { if case .object(let members) = self { members.keys.sorted() } else { [] } }
  var elements: [JSONValue] { if case .array(let list) = self { list } else { [] } }
  var string: String? { if case .string(let text) = self { text } else { nil } }
  var double: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }
}

/// Numbers that look random and are the same everywhere.
struct Generator: RandomNumberGenerator {
  var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 33
  }
}

@Suite struct SupportTests {
  @Test func issuesAreSeen() throws {
    #expect(try Draft().issues() == [])
    #expect(try Draft(loss: #""crossEntrop""#).issues().count == 1)
  }

  @Test func foldersDisappear() throws {
    var folder: TemporaryFolder? = try TemporaryFolder()
    try folder?.write("x", to: "a")
    #expect(try folder?.names == ["a"])
    let path = folder!.url.path
    folder = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
