import Testing

@testable import Datasets

@Suite struct InlineConfigurationTests {
  private func json(_ features: String, _ targets: String) -> String {
    #"{"train": {"format": "inline", "features": \#(features), "targets": \#(targets)}}"#
  }

  @Test func rowsOfNumbersAreValues() throws {
    for kind in [TargetKind.values, .labelsOrValues] {
      let data = try load(json("[[1, 2], [3, 4.5]]", "[[1, 0], [0, 1]]"), targets: kind)
      #expect(data.training.table.features.stored == [1, 2, 3, 4.5])
      #expect(data.featureNames == ["x0", "x1"])
      #expect(data.targetColumns == 2)
      #expect(data.classes == nil)
      guard case .values(let values, columns: 2) = data.training.table.targets else { return #expect(Bool(false)) }
      #expect(values == [1, 0, 0, 1])
    }
  }

  @Test func aListIsLabelsOrOneColumn() throws {
    let list = json("[[1], [2], [3]]", "[10, 9.5, 10]")
    for kind in [TargetKind.labels, .labelsOrValues] {
      let data = try load(list, targets: kind)
      #expect(data.classes == ["9.5", "10"])
      #expect(data.training.labels == [1, 0, 1])
      #expect(data.targetColumns == 1)
    }
    guard case .values(let values, columns: 1) = try load(list, targets: .values).training.table.targets else {
      return #expect(Bool(false))
    }
    #expect(values == [10, 9.5, 10])
    #expect(try load(json("[[1], [2], [3]]", #"["b", "a", 1]"#)).classes == ["1", "a", "b"])
  }

  @Test func targetsThatTheLossDoesNotTake() {
    let rows = inputError { try load(json("[[1]]", "[[1]]"), targets: .labels) }
    #expect(
      rows?.description == "dataset.train: 'targets' are rows of numbers, but the loss takes a list of labels")
    let labels = inputError { try load(json("[[1]]", #"["a"]"#), targets: .values) }
    #expect(labels?.description == "dataset.train: 'targets' are labels, but the loss takes numbers")
    #expect(labels?.kind == .malformed)
  }

  @Test(arguments: [
    ("[]", "[1]", ["features: must be a list with one entry for each sample, found an empty list"]),
    (
      "7", "{}",
      [
        "features: must be a list with one entry for each sample, found 7",
        "targets: must be a list with one entry for each sample, found an object",
      ]
    ),
    ("[1, [2]]", "[1, 2]", ["features[0]: must be a list of numbers, found 1"]),
    ("[[]]", "[1]", ["features[0]: must be a list of numbers, found an empty list"]),
    (
      "[[1, 2], [3], [4, true]]", "[1, 2, 3]",
      [
        "features[1]: must have 2 numbers as the rows before it, found 1",
        "features[2][1]: must be a number of at most 3.4e38 in size, found true",
      ]
    ),
    ("[[1e39]]", "[1]", ["features[0][0]: must be a number of at most 3.4e38 in size, found 1e39"]),
    ("[[1], [2]]", "[1]", ["targets: must have one entry for each of the 2 rows of features, found 1"]),
    (
      "[[1], [2]]", "[1, [2]]",
      [
        "targets[1]: must be a label, a string or a number, as the first entry is, found a list"
      ]
    ),
    ("[[1], [2]]", "[[1], 2]", ["targets[1]: must be a list of numbers, found 2"]),
    ("[[1]]", "[null]", ["targets[0]: must be a label, a string or a number, as the first entry is, found null"]),
  ])
  func mistakesAreNamed(features: String, targets: String, messages: [String]) throws {
    #expect(try readDataset(json(features, targets)).issues == messages.map { "dataset.train.\($0)" })
  }
}
