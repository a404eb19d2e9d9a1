import Files
import Testing

@testable import Datasets

@Suite struct CSVReaderTests {
  @Test func readsColumnsInTheOrderOfTheFile() throws {
    let table = try readCSV("a,y,b\n1,2,3\n-4,5.5,6e-1\n")
    #expect(table.featureNames == ["a", "b"])
    #expect(table.targetNames == ["y"])
    #expect(table.features.stored == [1, 3, -4, 0.6])
    #expect(table.values == [2, 5.5])
    #expect(table.rows == 2)
  }

  @Test func readsChosenFeaturesInTheChosenOrder() throws {
    let table = try readCSV("a,y,b,note\n1,2,3,hello\n", more: #", "features": ["b", "a"]"#)
    #expect(table.featureNames == ["b", "a"])
    #expect(table.features.stored == [3, 1])
  }

  @Test func readsSeveralTargets() throws {
    let table = try readCSV("a,y,z\n1,2,3\n4,5,6\n", target: #"["z", "y"]"#, targets: .labelsOrValues)
    #expect(table.values == [3, 2, 6, 5])
    #expect(table.targetNames == ["z", "y"])
  }

  @Test func oneTargetIsLabelsWhereTheLossTakesEither() throws {
    #expect(try readCSV("a,y\n1,yes\n2,no\n", targets: .labelsOrValues).labels == ["yes", "no"])
  }

  @Test(arguments: [
    "a,y\r\n1,2\r\n3,4\r\n", "a,y\r1,2\r3,4", "a,y\n1,2\n3,4", "\u{FEFF}a,y\n1,2\n3,4\n\n\r\n",
    " a , y\n 1,2 \n\t3 ,4\n",
    "\"a\",\"y\"\n\"1\",\"2\"\n 3 , \"4\" \n",
  ])
  func lineBreaksSpacesAndMarksDoNotMatter(text: String) throws {
    let table = try readCSV(text)
    #expect(table.featureNames == ["a"])
    #expect(table.features.stored == [1, 3])
    #expect(table.values == [2, 4])
  }

  @Test func quotedCellsHoldAnything() throws {
    let table = try readCSV("a,y\n1,\"x, \"\"q\"\"\nz\"\n2,plain 5\" x\n3,\"\"\"\"\n", targets: .labels)
    #expect(table.labels == ["x, \"q\"\nz", "plain 5\" x", "\""])
    guard case .labels(let labels) = table.targets else { return }
    #expect(labels.origins.map(\.line) == [2, 4, 5])
  }

  @Test func otherDelimiters() throws {
    #expect(try readCSV("a;y\n1;2\n", more: #", "delimiter": ";""#).values == [2])
    #expect(try readCSV("a\ty\n 1\t2\n", more: #", "delimiter": "\t""#).features.stored == [1])
  }

  @Test func longAndShortLabelsAreKept() throws {
    let labels = ["a", "aa", "aaaaaaa", "aaaaaaaa", "aaaaaaaaaaaaaaaaaaaaa", "é", "a", "aaaaaaaa"]
    #expect(try readCSV("x,y\n" + labels.map { "1,\($0)\n" }.joined(), targets: .labels).labels == labels)
  }

  @Test func columnsOfAnotherFileAreFoundByName() throws {
    let table = try readCSV("b,y,c,a\n1,2,3,4\n", trainingFeatures: ["a", "b"])
    #expect(table.features.stored == [4, 1])
  }

  @Test(arguments: [
    ("", nil, "the file is empty; its first line must name the columns"),
    ("\n\n", nil, "the file is empty; its first line must name the columns"),
    ("\na,y\n1,2", 1, "the line is blank; the first line must name the columns"),
    ("a,y", 1, "there is no data below the names of the columns"),
    ("a,y\r\n\r\n", 1, "there is no data below the names of the columns"),
    ("a,y\n1,2\n3\n", 3, "the row has 1 cell, but the header names 2"),
    ("a,y\n1,2\n3,4,5,\n", 3, "the row has 4 cells, but the header names 2"),
    ("a,y\n1,2\n\n3,4\n", 3, "the line is blank, and more lines follow; every row needs its cells"),
    ("a,y\n1,2\nx,4\n", 3, "column 'a' holds 'x', which is not a number"),
    ("a,y\n1,0x10\n", 2, "column 'y' holds '0x10', which is not a number"),
    ("a,y\n1,2-3\n", 2, "column 'y' holds '2-3', which is not a number"),
    ("a,y\n1,NaN\n", 2, "column 'y' holds 'NaN'; only finite numbers are allowed"),
    ("a,y\n-inf,1\n", 2, "column 'a' holds '-inf'; only finite numbers are allowed"),
    ("a,y\n1e39,1\n", 2, "column 'a' holds '1e39'; the largest number allowed is 3.4e38"),
    ("a,y\n1e999,1\n", 2, "column 'a' holds '1e999'; the largest number allowed is 3.4e38"),
    ("a,y\n,1\n", 2, "column 'a' is empty; every cell needs a number"),
    ("a,y\n1,\n", 2, "column 'y' is empty; every cell needs a number"),
    ("a,Y\n1,2\n", 1, "there is no column 'y'; did you mean 'Y'? The columns are 'a' and 'Y'"),
    ("a,salary\n1,2\n", 1, "there is no column 'y'. The columns are 'a' and 'salary'"),
    ("a,y,a\n1,2,3\n", 1, "the column name 'a' occurs twice, in columns 1 and 3; names must differ"),
    ("a,,y\n1,2,3\n", 1, "column 2 has no name"),
    ("y\n1\n", 1, "there is no column besides the target 'y': no features"),
    ("a,y\n1,\"2\n3,4\n", 2, "the quote that opens in column 'y' is never closed"),
    ("a,\"y\n1,2\n", 1, "the quote that opens in column '2' is never closed"),
    ("a,y\n\"1\"2,3\n", 2, "column 'a' has text behind its closing quote; a quote inside quotes is written twice"),
  ])
  func mistakesAreNamed(text: String, line: Int?, message: String) {
    let error = inputError { try readCSV(text) }
    #expect(error == InputError(.malformed, file: "a.csv", line: line, message))
  }

  @Test func linesAreCountedInsideQuotes() {
    let error = inputError { try readCSV("a,b,y\n\"1\",\"\n\n2\",3\n1,1,\n", more: #", "features": ["a"]"#) }
    #expect(error?.description == "a.csv:5: column 'y' is empty; every cell needs a number")
  }

  @Test func emptyLabelsAreRefused() {
    let error = inputError { try readCSV("a,y\n1,x\n1,\n", targets: .labels) }
    #expect(error?.description == "a.csv:3: column 'y' is empty; every row needs a label")
  }

  @Test func severalColumnsAreNoLabels() {
    let error = inputError { try readCSV("a,y,z\n1,2,3\n", target: #"["y", "z"]"#, targets: .labels) }
    #expect(error?.message == "dataset.train.target names 2 columns; the loss takes labels, which are one column")
  }

  @Test func otherEncodingsAreNamed() {
    let error = inputError { try readCSV([0xFF, 0xFE, 0x61, 0x00]) }
    #expect(error?.description == "a.csv:1: the text is UTF-16; only UTF-8 can be read")
  }

  /// A byte of Latin-1, as a label and as the name of a column. Where no text is needed, nobody minds.
  @Test func latin1IsNamed() {
    func file(_ text: String) -> [UInt8] { text.utf8.map { $0 == UInt8(ascii: "#") ? 0xFC : $0 } }
    let label = inputError { try readCSV(file("a,y\n1,gr\u{FC}n\n2,gr#n\n"), targets: .labels) }
    #expect(
      label?.description == "a.csv:3: column 'y' holds 'gr\u{FFFD}n', which is not UTF-8 text; save the file as UTF-8")
    let name = inputError { try readCSV(file("a#,y\n1,2\n")) }
    #expect(name?.description == "a.csv:1: the name of column 1 is not UTF-8 text")
  }

  @Test func featuresOfTheTrainingFileDecide() {
    let missing = inputError { try readCSV("a,y\n1,2\n", trainingFeatures: ["a", "bb"]) }
    #expect(missing?.message == "there is no column 'bb'. The columns are 'a' and 'y'")
    let target = inputError { try readCSV("a,y\n1,2\n", trainingFeatures: ["a", "y"]) }
    #expect(target?.message == "the column 'y' is a feature and the target; it can be only one")
    let own = inputError { try readCSV("a,b,y\n1,2,3\n", more: #", "features": "b""#, trainingFeatures: ["a"]) }
    #expect(own?.message == "the configuration chooses the features 'b', but the training data has 'a'")
  }

  @Test func hostileTextIsEscapedAndCut() {
    let error = inputError { try readCSV("a,y\n\u{1B}[2J" + String(repeating: "x", count: 100) + ",1\n") }
    #expect(error?.message.contains("\u{1B}") == false)
    #expect(error?.message.contains("\\u{1B}[2J") == true)
    #expect(error?.message.contains("x…'") == true)
  }
}
