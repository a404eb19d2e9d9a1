import ConfigurationSchema
import Testing

@testable import Datasets

@Suite struct DatasetConfigurationTests {
  private let source = #"{"format": "synthetic", "kind": "xor"}"#

  @Test(arguments: [
    #"{"train": {"format": "csv", "path": "a", "target": ["y", "z"], "features": "x", "delimiter": ";"}}"#,
    #"{"train": {"format": "idx", "features": "x", "labels": "y"}, "scaling": "minMax"}"#,
    #"{"train": {"format": "inline", "features": [[0.1, 2]], "targets": [[1]]}, "validation": {"fraction": 0.25}}"#,
    #"{"train": {"format": "inline", "features": [[1], [2]], "targets": ["a", 1]}}"#,
    #"{"train": {"format": "synthetic", "kind": "or"}, "test": {"format": "synthetic", "kind": "or", "noise": 0.5}}"#,
  ])
  func resolvedReadsAsTheSame(json: String) throws {
    let resolved = try readDataset(json).resolved
    let again = try readDataset(resolved.compactText)
    #expect(again.issues == [] && again.resolved == resolved)
    #expect(try dataset(json).validation == again.configuration?.validation)
  }

  @Test func pathsAreResolved() throws {
    let csv = #"{"train": {"format": "csv", "path": "a/b.csv", "target": "y", "features": "path"}, "test": \#(source)}"#
    #expect(
      try readDataset(csv).resolved == [
        "train": ["format": "csv", "path": "/x/a/b.csv", "target": "y", "features": "path", "delimiter": ","],
        "test": ["format": "synthetic", "kind": "xor", "samples": 4, "noise": .number(0)], "scaling": "none",
        "targetScaling": "none",
      ])
    let idx = #"{"train": {"format": "idx", "features": "f", "labels": "/l"}, "validation": {"fraction": 0.5}}"#
    #expect(
      try readDataset(idx).resolved == [
        "train": ["format": "idx", "features": "/x/f", "labels": "/l"], "validation": ["fraction": 0.5],
        "scaling": "none", "targetScaling": "none",
      ])
  }

  @Test func aPartIsAFractionOrASource() throws {
    let configuration = try dataset(#"{"train": \#(source), "validation": {"fraction": 0.5}, "test": \#(source)}"#)
    #expect(configuration.validation == .fraction(0.5))
    #expect(configuration.test == .source(configuration.train))
  }

  @Test(arguments: [
    (#"{}"#, ["train: is required"]),
    (
      #"{"train": {"format": "cvs"}}"#,
      [
        "train.format: unknown value 'cvs'; did you mean 'csv'? allowed: csv, idx, inline, synthetic"
      ]
    ),
    (
      #"{"train": SOURCE, "scaling": "minmax", "valid": {}}"#,
      [
        "scaling: unknown value 'minmax'; did you mean 'minMax'? allowed: none, standardize, minMax, robust",
        "valid: unknown key; allowed: columns, scaling, targetScaling, test, train, validation",
      ]
    ),
    (
      #"{"train": SOURCE, "validation": {"fraction": 1}}"#,
      [
        "validation.fraction: must be strictly between 0 and 1, found 1"
      ]
    ),
    (
      #"{"train": SOURCE, "validation": {"fraction": 0.5, "format": "csv"}}"#,
      [
        "validation: must have one of 'fraction' and 'format', found 'fraction' and 'format'"
      ]
    ),
    (
      #"{"train": SOURCE, "test": {"fractoin": 0.5}}"#,
      [
        "test: must have a 'fraction' of the training source or a 'format' of its own",
        "test.fractoin: unknown key; did you mean 'fraction'?",
      ]
    ),
    (
      #"{"train": SOURCE, "validation": {"fraction": 0.5}, "test": {"fraction": 0.5}}"#,
      [
        "test.fraction: must leave samples to train on: with the 0.5 of validation, less than 1, found 0.5"
      ]
    ),
  ])
  func mistakesAreNamed(json: String, messages: [String]) throws {
    let json = json.replacing("SOURCE", with: source)
    #expect(try readDataset(json).issues == messages.map { "dataset.\($0)" })
  }
}
