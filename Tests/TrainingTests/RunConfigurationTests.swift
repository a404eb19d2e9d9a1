import ConfigurationSchema
import Files
import Foundation
import Testing

@testable import Training

@Suite struct RunConfigurationTests {
  @Test func defaults() throws {
    let folder = try TemporaryFolder()
    let draft = Draft(training: #"{"epochs": 2}"#)
    let configuration = try draft.configuration(in: folder)
    #expect(configuration.name == "test" && configuration.seed == 1)
    #expect(
      configuration.training.batchSize == 32 && configuration.training.shuffle && !configuration.training.dropLast)
    #expect(configuration.json["optimizer"]?["l2"]?.double == 0 && configuration.dataset.scaling == .none)
    #expect(configuration.parallel.workers == .auto && configuration.parallel.shardRows == 32)
    #expect(configuration.outputDirectory.path == FileManager.default.currentDirectoryPath + "/runs")
    let json = configuration.json
    #expect(
      json["training"]
        == .object([
          "epochs": .integer(2), "batchSize": .integer(32), "shuffle": .bool(true), "dropLast": .bool(false),
          "checkpoint": .object(["epochs": .integer(1), "keep": .integer(2)]),
        ]))
    #expect(json.keys == ["dataset", "loss", "name", "network", "optimizer", "output", "parallel", "seed", "training"])
  }

  @Test func overridesWin() throws {
    let folder = try TemporaryFolder()
    let configuration = try Draft().configuration(
      in: folder,
      overrides: [
        ("optimizer.learningRate", "0.05"), ("network.layers[0].units", "64"), ("name", "other"),
        ("optimizer.learningRate", "0.07"), ("parallel.shardRows", "2"),
      ])
    #expect(configuration.optimizer.learningRate == 0.07)
    #expect(configuration.network.layers[0].layer.outputs(inputs: 2) == 64)
    #expect(configuration.name == "other" && configuration.parallel.shardRows == 2)
  }

  @Test(arguments: [
    ("network.layers[7].units", "1", "has no element 7"), ("optimizer.learningrate", "1", "learningRate"),
    ("optimizer.learningRate", "fast", "'fast'"), ("a..b", "1", "'a..b' in --set is not a key"),
    ("training.epochs.x", "1", "epochs"), ("loss", "{", "loss"),
  ]) func wrongOverrides(key: String, value: String, part: String) throws {
    let issues = try Draft().issues(overrides: [(key, value)])
    #expect(issues.contains { $0.contains(part) }, "\(issues)")
  }

  @Test func severalErrorsAtOnce() throws {
    let draft = Draft(
      loss: #""crossEntrpy""#, optimizer: #"{"type": "sgd", "learningRate": -1, "momentun": 1}"#,
      training: #"{"epochs": "many", "batchsize": 3}"#, more: #", "sead": 3"#)
    let issues = try draft.issues()
    for part in ["loss", "crossEntropy", "learningRate", "momentun", "epochs", "batchSize", "seed"] {
      #expect(issues.contains { $0.contains(part) }, "\(part) in \(issues)")
    }
    #expect(issues.count == 6)
  }

  @Test func onlyFiveKeysAreRequired() throws {
    let folder = try TemporaryFolder()
    try folder.write("{}", to: "empty.json")
    let error = #expect(throws: ConfigurationError.self) {
      try RunConfiguration(file: folder.url.appending(path: "empty.json").path)
    }
    let text = error?.description ?? ""
    for key in ["dataset", "network", "loss", "optimizer", "training"] { #expect(text.contains(key)) }
    #expect(error?.issues.count == 5)
  }

  @Test(arguments: ["a/b", "", ".hidden", ".."]) func namesAreFolders(name: String) throws {
    let issues = try Draft(more: ", \"name\": \"\(name)\"").issues()
    #expect(issues.count == 1 && issues[0].contains("name"))
  }

  /// The name of the file is the default.
  @Test func namesOfFilesAreFolders() throws {
    let folder = try TemporaryFolder()
    try folder.write(Draft().json, to: ".hidden.json")
    let error = #expect(throws: ConfigurationError.self) {
      try RunConfiguration(file: folder.url.path + "/.hidden.json")
    }
    #expect(error?.issues.map { "\($0.path)" } == ["name"])
  }

  /// Paths are relative to the file, and absolute in the resolved configuration.
  @Test func pathsAreResolved() throws {
    let folder = try TemporaryFolder()
    let draft = Draft(
      dataset: """
        {"train": {"format": "csv", "path": "data/x.csv", "target": "y", "features": ["path"]}, \
        "validation": {"format": "csv", "path": "/abs/v.csv", "target": "y"}, \
        "test": {"format": "idx", "features": "../f", "labels": "l"}}
        """, more: #", "output": {"directory": "out"}"#)
    let json = try draft.configuration(in: folder).json
    let path = folder.url.path
    #expect(json["dataset"]?["train"]?["path"] == .string(path + "/data/x.csv"))
    // A column, whatever its name.
    #expect(json["dataset"]?["train"]?["features"] == "path")
    #expect(json["dataset"]?["validation"]?["path"] == .string("/abs/v.csv"))
    #expect(json["dataset"]?["test"]?["features"] == .string(folder.url.deletingLastPathComponent().path + "/f"))
    #expect(json["dataset"]?["test"]?["labels"] == .string(path + "/l"))
    #expect(json["output"]?["directory"] == .string(path + "/out"))
  }

  @Test func resolvedConfigurationReadsAsTheSame() throws {
    let folder = try TemporaryFolder()
    let drafts = [
      Draft(),
      Draft(
        dataset: """
          {"train": {"format": "inline", "features": [[0.1, 1e-7], [3, -4e20]], "targets": [[1.5], [2]]}, \
          "scaling": "minMax"}
          """,
        network:
          #"{"layers": [{"type": "dense", "units": 1, "activation": "leakyRelu", "slope": 0.1}], "initializer": "zeros"}"#,
        loss: #""squaredError""#, more: #", "seed": 9007199254740993, "parallel": {"workers": 3}"#),
    ]
    for draft in drafts {
      let json = try draft.configuration(in: folder).json
      let again = try RunConfiguration(
        JSONValue(Data(json.text.utf8)), name: "x", file: "y", directory: URL(fileURLWithPath: "/"),
        issues: IssueCollector())
      #expect(again.json == json)
      #expect(again.json.text == json.text)
    }
  }

  /// What an option says instead of the configuration is recorded, too.
  @Test func workersOfAnOption() throws {
    let folder = try TemporaryFolder()
    var configuration = try Draft(more: #", "parallel": {"shardRows": 2}"#).configuration(in: folder)
    configuration.setWorkers(.fixed(3))
    #expect(configuration.parallel.workers == .fixed(3) && configuration.parallel.shardRows == 2)
    #expect(configuration.json["parallel"] == ["workers": 3, "shardRows": 2])
    configuration.setWorkers(.auto)
    #expect(configuration.json["parallel"] == ["workers": "auto", "shardRows": 2])
  }

  @Test func filesThatCannotBeRead() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: InputError.self) { try RunConfiguration(file: folder.url.path + "/no.json") }
    #expect(missing?.kind == .missing)
    let directory = #expect(throws: InputError.self) { try RunConfiguration(file: folder.url.path) }
    #expect(directory?.kind == .unreadable)
    try folder.write("{\"a\": }", to: "bad.json")
    let bad = #expect(throws: ConfigurationError.self) { try RunConfiguration(file: folder.url.path + "/bad.json") }
    #expect(bad?.description.contains("bad.json") == true)
  }
}
