import Testing

@testable import Datasets

@Suite struct ClassCatalogueTests {
  private func classes(_ labels: [String]) -> [String] { ClassCatalogue(of: LabelColumn(labels)).classes }

  @Test func numbersAreOrderedAsNumbers() {
    #expect(classes(["10", "9", "-1", "9", "1e1"]) == ["-1", "9", "10"])
  }

  @Test func equalNumbersAreOneClass() throws {
    let labels = LabelColumn(["2", "1.0", "1", "+2"])
    let catalogue = ClassCatalogue(of: labels)
    #expect(catalogue.classes == ["1.0", "2"])
    #expect(try catalogue.encode(labels, file: "a", training: "a") == [1, 0, 0, 1])
    #expect(try catalogue.encode(LabelColumn(["1.00", "02"]), file: "b", training: "a") == [0, 1])
  }

  @Test func oneTextMakesAllText() {
    #expect(classes(["10", "9", "x", "1.0", "1"]) == ["1", "1.0", "10", "9", "x"])
    #expect(classes(["2", "nan", "10"]) == ["10", "2", "nan"])
  }

  @Test func textIsOrderedByScalars() {
    #expect(classes(["b", "a", "B", "é", "z", "aa"]) == ["B", "a", "aa", "b", "z", "é"])
  }

  @Test func unknownLabelsAreNamed() {
    let catalogue = ClassCatalogue(of: LabelColumn(["cat", "dog"]))
    var labels = LabelColumn()
    labels.append("cat", line: 2)
    labels.append("cow", line: 3)
    #expect(
      inputError { try catalogue.encode(labels, file: "b.csv", training: "a.csv") }?.description
        == "b.csv:3: the label 'cow' is not a class of the training data a.csv: 'cat' and 'dog'")
    #expect(
      inputError { try catalogue.encode(LabelColumn(["dog", "cow"]), file: "b", training: "a") }?.description
        == "b: the label 'cow' of sample 1 is not a class of the training data a: 'cat' and 'dog'")
  }
}
