import ConfigurationSchema
import Datasets
import Foundation
import Testing

@testable import Training

@Suite struct DataDigestsTests {
  private let folder: TemporaryFolder
  private let base: DataDigests

  private static let files = [
    "train.csv": "a,b,y\n1,2,u\n3,4,v\n5,-6,u\n7,0.5,v\n", "validation.csv": "a,b,y\n1,1,u\n2,2,v\n",
    "test.csv": "a,b,y\n0,1,v\n",
  ]

  init() throws {
    folder = try TemporaryFolder()
    for (name, text) in Self.files { try folder.write(text, to: name) }
    base = try Self.digests(in: folder)
  }

  private static func digests(in folder: TemporaryFolder, _ overrides: [(key: String, value: String)] = []) throws
    -> DataDigests
  {
    func source(_ name: String) -> String { #"{"format": "csv", "path": "\#(name).csv", "target": "y"}"# }
    let draft = Draft(
      dataset: """
        {"train": \(source("train")), "validation": \(source("validation")), "test": \(source("test")), \
        "scaling": "standardize"}
        """)
    return DataDigests(try load(draft.configuration(in: folder, overrides: overrides)))
  }

  @Test func equalDataHaveEqualDigests() throws {
    #expect(try Self.digests(in: folder) == base && base.differences(from: base) == [])
    for digest in [base.training, base.validation, base.test] { #expect(digest?.count == 64) }
    #expect(Set([base.training, base.validation, base.test]).count == 3)
  }

  @Test(arguments: [
    ("train.csv", "3,4,v", "3,4.5,v", ["dataset.train"]), ("train.csv", "3,4,v", "3,4,u", ["dataset.train"]),
    ("train.csv", "3,4,v\n", "", ["dataset.train"]),
    ("train.csv", "1,2,u\n3,4,v\n", "3,4,v\n1,2,u\n", ["dataset.train"]),
    ("validation.csv", "2,2,v", "2,3,v", ["dataset.validation"]),
    ("validation.csv", "2,2,v", "2,2,u", ["dataset.validation"]),
    ("validation.csv", "1,1,u\n", "1,1,u\n1,1,u\n", ["dataset.validation"]),
    ("test.csv", "0,1,v", "0,-1,v", ["dataset.test"]),
    // A class less, and a class of another name, change the meaning of all labels.
    ("train.csv", "7,0.5,v", "7,0.5,w", ["dataset.train", "dataset.validation", "dataset.test"]),
  ]) func changesOfASource(file: String, old: String, new: String, parts: [String]) throws {
    let text = try #require(Self.files[file])
    try #require(text.contains(old))
    try folder.write(text.replacingOccurrences(of: old, with: new), to: file)
    let found = try Self.digests(in: folder)
    #expect(found.differences(from: base) == parts && base.differences(from: found) == parts)
  }

  /// What is another spelling of the same numbers, or another place of the same file, is no difference.
  @Test func spellingsAreEqual() throws {
    try folder.write("a,b,y\r\n1.0,2,u\r\n3,+4e0,v\r\n5,-6.00,u\r\n7,.5,v\r\n", to: "other.csv")
    #expect(try Self.digests(in: folder, [("dataset.train.path", "other.csv")]) == base)
  }

  @Test func namesOfColumns() throws {
    for (name, text) in Self.files {
      try folder.write(text.replacingOccurrences(of: "a,b", with: "a,c"), to: name)
    }
    #expect(try Self.digests(in: folder).differences(from: base).count == 3)
  }

  /// The scaling belongs to the training data that it was fitted to.
  @Test func scaling() throws {
    #expect(
      try Self.digests(in: folder, [("dataset.scaling", "none")]).differences(from: base) == ["dataset.train"])
    #expect(
      try Self.digests(in: folder, [("dataset.scaling", "minMax")]).differences(from: base) == ["dataset.train"])
  }

  /// Of a source that is divided, a changed sample changes the part that it fell to.
  @Test func fractions() throws {
    func digests(_ value: Int?, seed: Int = 1) throws -> DataDigests {
      let features = (0..<10).map { "[\($0 == value ? 100 : $0)]" }.joined(separator: ",")
      let draft = Draft(
        dataset: """
          {"train": {"format": "inline", "features": [\(features)], "targets": [0,1,0,1,0,1,0,1,0,1]}, \
          "validation": {"fraction": 0.2}, "test": {"fraction": 0.3}}
          """)
      return DataDigests(try load(draft.configuration(in: folder, overrides: [("seed", "\(seed)")])))
    }
    let whole = try digests(nil)
    let parts = try (0..<10).map { try digests($0).differences(from: whole) }
    for (part, count) in [("dataset.train", 5), ("dataset.validation", 2), ("dataset.test", 3)] {
      #expect(parts.count { $0 == [part] } == count)
    }
    #expect(try digests(nil, seed: 2).differences(from: whole).count == 3)
  }

  @Test func missingParts() throws {
    let alone = DataDigests(try load(Draft().configuration(in: folder)))
    #expect(alone.validation == nil && alone.test == nil)
    #expect(alone.differences(from: base) == ["dataset.train", "dataset.validation", "dataset.test"])
  }

  @Test func whatIsWrittenIsRead() throws {
    for digests in [base, DataDigests(try load(Draft().configuration(in: folder)))] {
      let issues = IssueCollector()
      #expect(Section.read(digests.json, issues: issues) { DataDigests($0) }.result == digests)
      #expect(issues.issues.isEmpty)
    }
    let issues = IssueCollector()
    #expect(Section.read([:], issues: issues) { DataDigests($0) }.result == nil)
    #expect(issues.issues.map { "\($0.path)" } == ["train"])
  }
}
