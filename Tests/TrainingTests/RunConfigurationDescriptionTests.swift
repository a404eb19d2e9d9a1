import ConfigurationSchema
import Foundation
import Testing

@testable import Training

/// What a configuration may hold, as it is told to people and programs.
@Suite struct RunConfigurationDescriptionTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let expected = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Expected")

  @Test func theReferenceIsCurrent() throws {
    let written = try String(contentsOf: Self.root.appending(path: "configs/REFERENCE.md"), encoding: .utf8)
    #expect(
      written == RunConfiguration.reference,
      "make it anew: swift run trainer schema --reference > configs/REFERENCE.md")
  }

  /// No key is without help, and no section asks for a key twice.
  @Test func everyKeyIsDescribed() {
    func check(_ section: SectionDescription, _ path: String) {
      for key in section.allKeys {
        #expect(!key.help.isEmpty && !key.help.hasSuffix("."), "\(path).\(key.name)")
        switch key.content {
        case .section(let inner), .list(let inner), .map(let inner, _), .named(let inner, _, _):
          check(inner, "\(path).\(key.name)")
        case .value(let domain):
          #expect(!domain.words.isEmpty && domain.choices.allSatisfy { !$0.help.isEmpty }, "\(path).\(key.name)")
        }
      }
      checkNames(section, path, [])
    }
    /// - Parameter others: the keys that stand beside those of a variant.
    func checkNames(_ section: SectionDescription, _ path: String, _ others: [String]) {
      let names = others + section.items.compactMap { if case .key(let key) = $0 { key.name } else { nil } }
      #expect(Set(names).count == names.count, "\(path)")
      for case .variants(let variants) in section.items {
        for choice in variants.cases { checkNames(choice.section, "\(path) \(choice.name)", names) }
      }
    }
    check(RunConfiguration.description, "")
  }

  @Test func theSchemaHasTheKeys() {
    let schema = RunConfiguration.schema
    #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    #expect(schema["required"] == ["dataset", "loss", "network", "training", "optimizer"])
    #expect(
      schema["properties"]?.keys == [
        "$schema", "dataset", "decision", "loss", "metrics", "name", "network", "optimizer", "output", "parallel",
        "seed",
        "training",
      ])
    #expect(schema["properties"]?["training"]?["properties"]?["epochs"]?["maximum"] == 1_000_000_000)
    #expect(schema["properties"]?["seed"]?["default"] == 1)
  }

  /// The name of a schema is for editors; a run does not know it.
  @Test func theNameOfTheSchemaIsAllowed() throws {
    let folder = try TemporaryFolder()
    let draft = Draft(more: #", "$schema": "schema.json""#)
    #expect(try draft.configuration(in: folder).json == Draft().configuration(in: folder).json)
    #expect(try Draft(more: #", "$schema": 1"#).issues() == ["$schema: must be a string, found 1"])
  }

  @Test func misplacedKeys() throws {
    #expect(
      try Draft(training: #"{"epochs": 1, "learningRate": 0.1}"#).issues() == [
        "training.learningRate: unknown key; it belongs in 'optimizer'"
      ])
    #expect(
      try Draft(optimizer: #"{"type": "sgd", "learningRate": 1, "batchSize": 3}"#).issues() == [
        "optimizer.batchSize: unknown key; it belongs in 'training'"
      ])
    #expect(try Draft(more: #", "shardRows": 3"#).issues() == ["shardRows: unknown key; it belongs in 'parallel'"])
  }

  /// One list of configurations, right and wrong, for the program here and for another program's validator with the schema.
  @Test func theCasesOfTheSchema() throws {
    let list = try JSONValue(Data(contentsOf: Self.expected.appending(path: "schema_cases.json"))).elements
    #expect(list.count > 50)
    for sample in list {
      let key = try #require(sample["key"]?.string)
      let overrides = sample["value"].map { [(key: key, value: $0.compactText)] }
      let isSound: Bool
      do {
        let file = Self.root.appending(path: "configs/digits.json").path
        if let overrides {
          _ = try RunConfiguration(file: file, overrides: overrides)
        } else {
          guard case .object(var members) = try JSONValue(Data(contentsOf: URL(fileURLWithPath: file))) else {
            continue
          }
          members[key] = nil
          _ = try RunConfiguration(
            .object(members), name: "x", file: "x", directory: Self.root, issues: IssueCollector())
        }
        isSound = true
      } catch is ConfigurationError {
        isSound = false
      }
      #expect(sample["valid"] == .bool(isSound), "\(sample.compactText)")
    }
  }

  /// The schema is sound, takes all configurations of this repository, and agrees with the list. Needs Python's `jsonschema`.
  @Test(.enabled(if: hasValidator)) func anotherProgramAgrees() throws {
    let folder = try TemporaryFolder()
    try folder.write(RunConfiguration.schema.text, to: "schema.json")
    let (status, output) = try Self.python([
      Self.expected.appending(path: "schema.py").path, folder.url.appending(path: "schema.json").path,
      Self.root.appending(path: "configs").path,
    ])
    #expect(status == 0, "\(output)")
  }

  private static let hasValidator = (try? python(["-c", "import jsonschema"]))?.status == 0

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
