import ConfigurationSchema
import Testing

@testable import Datasets

@Suite struct SyntheticConfigurationTests {
  private func json(_ kind: String, more: String = "") -> String {
    #"{"train": {"format": "synthetic", "kind": "\#(kind)"\#(more)}}"#
  }

  @Test func defaultsAreFilledIn() throws {
    for (kind, samples) in [("and", 4), ("circles", 1000)] {
      let source: JSONValue = [
        "format": "synthetic", "kind": .string(kind), "samples": .integer(samples), "noise": .number(0),
      ]
      #expect(try readDataset(json(kind)).resolved == ["train": source, "scaling": "none", "targetScaling": "none"])
    }
  }

  @Test func mistakesAreNamed() throws {
    #expect(
      try readDataset(json("spiral", more: #", "samples": 0, "noise": -1"#)).issues == [
        "dataset.train.kind: unknown value 'spiral'; did you mean 'spirals'? "
          + "allowed: xor, and, or, circles, spirals, linear",
        "dataset.train.samples: must be from 1 to 100000000, found 0",
        "dataset.train.noise: must be from 0 to 1000, found -1",
      ])
  }

  @Test func classesAreLabelsOrNumbers() throws {
    #expect(try load(json("xor"), targets: .labels).classes == ["0", "1"])
    #expect(try load(json("xor"), targets: .labelsOrValues).training.labels == [0, 1, 1, 0])
    guard case .values(let values, columns: 1) = try load(json("xor"), targets: .values).training.table.targets else {
      return #expect(Bool(false))
    }
    #expect(values == [0, 1, 1, 0])
  }

  @Test func linearHasNoClasses() {
    for kind in [TargetKind.labels, .labelsOrValues] {
      let error = inputError { try load(json("linear"), targets: kind) }
      #expect(
        error?.description
          == "dataset.train: synthetic data of kind 'linear' has numbers to predict, but the loss takes classes")
    }
  }

  @Test func partsDoNotShareTheirNoise() throws {
    let source = #"{"format": "synthetic", "kind": "circles", "samples": 100, "noise": 0.1}"#
    let data = try load(#"{"train": \#(source), "validation": \#(source), "test": \#(source)}"#)
    let train = data.training.table.features.stored
    let validation = try #require(data.validation).table.features.stored
    let test = try #require(data.test).table.features.stored
    #expect(Set(train).intersection(validation).isEmpty)
    #expect(Set(train).intersection(test).isEmpty)
    #expect(Set(validation).intersection(test).isEmpty)
    #expect(data.validation?.table.file == "dataset.validation")
  }
}
