import Foundation
import Testing

@testable import ConfigurationSchema
@testable import Training

@Suite struct RunConfigurationDifferencesTests {
  /// A resolved configuration with every section.
  private static let source = #"{"format": "csv", "path": "a", "target": "y", "features": ["p", "q"]}"#
  private static let draft = Draft(
    dataset: """
      {"train": \(source), "validation": {"format": "idx", "features": "f", "labels": "l"}, \
      "test": {"format": "synthetic", "kind": "xor"}}
      """,
    network: """
      {"layers": [{"type": "dense", "units": 3, "activation": "leakyRelu"}, \
      {"type": "dense", "units": 2, "activation": "softmax"}], "initialWeights": "w"}
      """, training: #"{"epochs": 3, "checkpoint": {"steps": 3}}"#)

  /// What it means to set a key.
  private func change(_ key: String, _ value: String, of draft: Draft = draft) throws -> ConfigurationDifference {
    let folder = try TemporaryFolder()
    let first = try draft.configuration(in: folder).json
    let second = try draft.configuration(in: folder, overrides: [(key, value)]).json
    let differences = RunConfiguration.differences(between: first, and: second)
    let difference = try #require(differences.first { $0.difference.path.description == key }, "\(differences)")
    return difference
  }

  @Test(arguments: [
    ("name", "other"), ("output.directory", "/other"), ("parallel.workers", "3"), ("training.checkpoint.steps", "4"),
  ]) func whatChangesNoBit(key: String, value: String) throws {
    let difference = try change(key, value)
    #expect(difference.isWithoutConsequence && difference.mayChange)
  }

  /// Another kind of interval is two differences.
  @Test func anotherInterval() throws {
    let folder = try TemporaryFolder()
    let first = try Self.draft.configuration(in: folder).json
    let second = try Self.draft.configuration(in: folder, overrides: [("training.checkpoint", #"{"epochs": 1}"#)]).json
    let differences = RunConfiguration.differences(between: first, and: second)
    #expect(differences.map { "\($0.difference.path)" } == ["training.checkpoint.epochs", "training.checkpoint.steps"])
    #expect(differences.map(\.isWithoutConsequence) == [true, true])
  }

  @Test(arguments: [
    ("seed", "2"), ("loss", "squaredError"), ("parallel.shardRows", "2"), ("training.batchSize", "2"),
    ("training.shuffle", "false"), ("training.dropLast", "true"), ("optimizer.learningRate", "2"),
    ("optimizer.l2", "2"),
    ("network.layers[0].units", "2"), ("network.layers[0].slope", "0.5"), ("network.layers[0].initializer", "zeros"),
    ("network.layers", #"[{"type": "dense", "units": 2, "activation": "softmax"}]"#), ("dataset.scaling", "minMax"),
    ("dataset.test.kind", "or"), ("dataset.test.noise", "1"), ("dataset.train.target", "z"),
    ("dataset.train.delimiter", ";"),
  ]) func whatMustStay(key: String, value: String) throws {
    let difference = try change(key, value)
    #expect(!difference.isWithoutConsequence && !difference.mayChange)
  }

  /// More epochs are other results, and allowed.
  @Test func epochs() throws {
    let difference = try change("training.epochs", "5")
    #expect(!difference.isWithoutConsequence && difference.mayChange)
  }

  /// The place of a file may change. `features` is one in IDX; in CSV it is a list of columns, and numbers in an inline source.
  @Test func places() throws {
    for key in [
      "dataset.train.path", "dataset.validation.features", "dataset.validation.labels", "network.initialWeights",
    ] {
      let difference = try change(key, "/other")
      #expect(difference.mayChange && !difference.isWithoutConsequence, "\(key)")
    }
    for features in ["p", #"["p"]"#] {
      #expect(try !change("dataset.train.features", features).mayChange)
    }
    #expect(try !change("dataset.train.features[1]", "r").mayChange)
    let inline = Draft()
    #expect(try !change("dataset.train.features[0][1]", "5", of: inline).mayChange)
    #expect(try !change("dataset.train.targets[2]", "a", of: inline).mayChange)
    #expect(try !change("network.initialWeights", "/w", of: inline).mayChange, "there was no such file")
  }

  /// The file of initial weights may lie elsewhere; what is taken from it stays.
  @Test func initialWeights() throws {
    var draft = Self.draft
    draft.network = draft.network.replacing(
      #""initialWeights": "w""#,
      with: #""initialWeights": {"path": "w", "names": {"fc": "layers.0"}, "layers": [0]}"#)
    #expect(try change("network.initialWeights.path", "/other", of: draft).mayChange)
    for (key, value) in [
      ("network.initialWeights.names.fc", "layers.0.weight"), ("network.initialWeights.layers", "[0, 1]"),
      ("network.initialWeights", "/w"),
    ] {
      #expect(try !change(key, value, of: draft).mayChange, "\(key)")
    }
    #expect(try !change("network.initialWeights", #"{"path": "w", "layers": [0]}"#).mayChange)
    #expect(try change("network.initialWeights", #"{"path": "/elsewhere/w"}"#).mayChange)
  }

  /// What no configuration can have is part of the arithmetic, and so is what depends on another choice.
  @Test func unknownKeysMustStay() {
    #expect(
      RunConfiguration.differences(between: ["new": 1], and: [:]) == [
        ConfigurationDifference(
          difference: JSONDifference(path: .root.appending(key: "new"), first: 1, second: nil), role: .arithmetic)
      ])
    let differences = RunConfiguration.differences(
      between: ["dataset": ["train": ["format": "idx", "features": "/a"]]],
      and: ["dataset": ["train": ["format": "csv", "features": "/b"]]])
    #expect(differences.map(\.mayChange) == [false, false])
  }

  @Test func differencesAreNamedWithTheirFile() throws {
    let folder = try TemporaryFolder()
    let begun = try Draft().configuration(in: folder)
    let other = try Draft().configuration(in: folder, overrides: [("optimizer.l2", "0.1"), ("training.epochs", "2")])
    #expect(throws: Never.self) { try begun.check(against: begun.json, epochs: 3) }
    let error = #expect(throws: ConfigurationError.self) { try other.check(against: begun.json, epochs: 3) }
    #expect(error?.file == other.file)
    #expect(
      error?.issues.map(\.description) == [
        "optimizer.l2: was 0 when the run began and is 0.1; a run goes on as it began, or a new one begins with --config",
        "training.epochs: must be at least 3, the epochs that have begun, found 2",
      ])
  }
}
