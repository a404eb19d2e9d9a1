import Testing

@testable import Datasets

@Suite struct PreparedDataTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("a,y,b\n1,cat,2\n3,dog,4\n5,cat,6\n7,dog,8\n", to: "train.csv")
  }

  private func source(_ path: String, target: String = "y") -> String {
    #"{"format": "csv", "path": "\#(path)", "target": "\#(target)"}"#
  }

  private func load(validation text: String, target: String = "y", targets: TargetKind = .labels) throws
    -> PreparedData
  {
    try folder.write(text, to: "validation.csv")
    return try DatasetsTests.load(
      #"{"train": \#(source("train.csv")), "validation": \#(source("validation.csv", target: target))}"#,
      in: folder, targets: targets)
  }

  @Test func fractionsAndScaling() throws {
    let data = try DatasetsTests.load(
      #"{"train": \#(source("train.csv")), "test": {"fraction": 0.5}, "scaling": "minMax"}"#, in: folder)
    let test = try #require(data.test)
    #expect(data.validation == nil)
    #expect(test.labels?.sorted() == [0, 1])
    #expect(data.training.labels?.sorted() == [0, 1])
    #expect((test.rows + data.training.rows).sorted() == [0, 1, 2, 3])
    #expect(test.table === data.training.table)
    let first = Int(data.training.rows[0])
    #expect(data.scaling.shift == [Float(1 + 2 * first), Float(2 + 2 * first)])
  }

  @Test func anotherFileTakesTheColumnsAndClassesOfTheTraining() throws {
    let data = try load(validation: "b,extra,label,a\n20,,dog,10\n", target: "label")
    let validation = try #require(data.validation)
    #expect(validation.table.features.stored == [10, 20])
    #expect(validation.table.featureNames == ["a", "b"])
    #expect(validation.labels == [1])
    guard case .labels(_, let classes) = validation.table.targets else { return #expect(Bool(false)) }
    #expect(classes == ["cat", "dog"])
  }

  @Test func compressedFilesGiveTheSame() throws {
    try folder.writeCompressed(Array("a,y,b\n1,cat,2\n3,dog,4\n".utf8), to: "train.csv.gz")
    let data = try DatasetsTests.load(#"{"train": \#(source("train.csv.gz"))}"#, in: folder)
    #expect(data.training.table.features.stored == [1, 2, 3, 4])
  }

  @Test func unknownLabelsOfAnotherFileAreNamed() {
    let error = inputError { try load(validation: "a,b,y\n1,2,cat\n1,2,cow\n") }
    #expect(
      error?.description
        == "validation.csv:3: the label 'cow' is not a class of the training data train.csv: 'cat' and 'dog'")
  }

  @Test func missingFeaturesOfAnotherFileAreNamed() {
    let error = inputError { try load(validation: "a,c,y\n1,2,cat\n") }
    #expect(
      error?.description
        == "validation.csv:1: there is no column 'b'. The columns are 'a', 'c' and 'y'"
    )
  }

  @Test func textIsNoTargetForRegression() {
    let error = inputError { try load(validation: "a,b,y\n1,2,3\n", targets: .values) }
    #expect(error?.description == "train.csv:2: column 'y' holds 'cat', which is not a number")
  }

  @Test func partsMustFitTheTraining() throws {
    let inline = #""validation": {"format": "inline", "features": [[1, 2, 3]], "targets": ["cat"]}"#
    let features = inputError { try DatasetsTests.load(#"{"train": \#(source("train.csv")), \#(inline)}"#, in: folder) }
    #expect(
      features?.description == "dataset.validation: a sample has 3 features, but the training data train.csv has 2")

    let wide = #"{"format": "inline", "features": [[1, 2]], "targets": [[1, 2]]}"#
    let narrow = #"{"format": "inline", "features": [[1, 2]], "targets": [[1]]}"#
    let targets = inputError {
      try DatasetsTests.load(#"{"train": \#(wide), "test": \#(narrow)}"#, targets: .labelsOrValues)
    }
    #expect(targets?.description == "dataset.test: a sample has 1 target, but the training data dataset.train has 2")

    try folder.write(idx([1, 2], [1, 2]), to: "x")
    try folder.write(idx([1], [1]), to: "y")
    let bytes = inputError {
      try DatasetsTests.load(
        #"{"train": \#(narrow), "test": {"format": "idx", "features": "x", "labels": "y"}}"#, in: folder,
        targets: .values)
    }
    #expect(
      bytes?.description
        == "x: the features of an IDX file are bytes, those of other formats are numbers; the training data "
        + "dataset.train must be of the same sort")
  }

  @Test func missingFilesAreNamed() {
    let error = inputError { try DatasetsTests.load(#"{"train": \#(source("none.csv"))}"#, in: folder) }
    #expect(error?.kind == .missing)
    #expect(error?.file == "none.csv")
  }
}
