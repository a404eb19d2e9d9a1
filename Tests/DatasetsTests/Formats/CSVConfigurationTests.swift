import ConfigurationSchema
import Testing

@testable import Datasets

@Suite struct CSVConfigurationTests {
  private func issues(_ members: String) throws -> [String] {
    try readDataset(#"{"train": {"format": "csv", \#(members)}}"#).issues
  }

  @Test func defaultsAreFilledIn() throws {
    let resolved = try readDataset(#"{"train": {"format": "csv", "path": "a.csv", "target": ["y"]}}"#).resolved
    #expect(
      resolved == [
        "train": ["format": "csv", "path": "/x/a.csv", "target": "y", "delimiter": ","], "scaling": "none",
        "targetScaling": "none",
      ])
  }

  @Test func requiredKeys() throws {
    #expect(
      try issues(#""targets": "y""#) == [
        "dataset.train.path: is required", "dataset.train.target: is required",
        "dataset.train.targets: unknown key; did you mean 'target'?",
      ])
  }

  @Test(arguments: ["", ",,", "é", "1", "e", ".", "-", "\\\"", "\\n", "\\r", "\\u0000", "\\u007f"])
  func unusableDelimiters(delimiter: String) throws {
    let issues = try issues(#""path": "a", "target": "y", "delimiter": "\#(delimiter)""#)
    #expect(issues.count == 1)
    #expect(
      issues.first?.hasPrefix(
        "dataset.train.delimiter: must be one ASCII character that no number, quote or line break contains") == true)
  }

  @Test func columnsAreOneThingOnce() throws {
    #expect(
      try issues(#""path": "a", "target": ["y", "y"], "features": ["a", "y", "a"]"#) == [
        "dataset.train.target[1]: 'y' is in the list twice",
        "dataset.train.features[2]: 'a' is in the list twice",
        "dataset.train.features[1]: 'y' is the target too; a column can be only one",
      ])
  }
}
