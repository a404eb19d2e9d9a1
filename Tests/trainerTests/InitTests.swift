import Foundation
import Testing

/// `trainer init`, as a user meets it.
@Suite struct InitTests {
  private let trainer: TrainerProcess

  init() throws { trainer = try TrainerProcess() }

  /// A file of 60 rows whose cells are made by a function of the row.
  private func table(_ header: String, _ row: (Int) -> String) throws {
    try trainer.write(([header] + (0..<60).map(row)).joined(separator: "\n") + "\n", to: "d.csv")
  }

  private func configuration(_ output: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  /// What it says of a file where much is wrong, and that the configuration trains.
  @Test func whatLooksWrong() throws {
    try table("id;u;v;twin;name;gap;one;kind") { row in
      let (x, y) = (Double(row % 7), Double(row * row % 11))
      let kind = row < 3 ? "rare" : x + y > 7 ? "up" : "down"
      return "\(row + 1);\(x);\(y);\(y);name \(row);\(row == 5 ? "NA" : "1.5");3;\(kind)"
    }
    let result = try trainer.run("init", "--data", "d.csv")
    #expect(result.status == 0)
    #expect(
      result.errors.split(separator: "\n").map(String.init) == [
        "trainer: 'kind' is what is to be predicted, the last column; --target names another one",
        "trainer: 'kind' has 3 classes", "trainer: 'id' is left out: it numbers the rows",
        "trainer: 'twin' is left out: it is the same as 'v'",
        "trainer: 'name' is left out: it has texts, such as 'name 0', and features are numbers",
        "trainer: 'gap' is left out: 1 cell of it has no value",
        "trainer: 'one' is left out: all its cells are the same",
        "trainer: the class 'rare' has 3 rows only; it can hardly be learned or measured",
      ])
    let dataset = try #require(try configuration(result.output)["dataset"] as? [String: Any])
    let train = try #require(dataset["train"] as? [String: Any])
    #expect(train["features"] as? [String] == ["u", "v"] && train["delimiter"] as? String == ";")
    try trainer.write(result.output, to: "c.json")
    #expect(try trainer.run("--config", "c.json", "--quiet", "--set", "training.epochs=2").status == 0)
  }

  @Test func classesAndNumbers() throws {
    try table("a,class,b") { row in "\(row % 5).5,\(row % 2),\(Double(row) / 3)" }
    var result = try trainer.run("init", "--data", "d.csv", "--output", "two.json")
    #expect(result.status == 0 && result.output == "wrote two.json; trainer --config two.json trains\n")
    #expect(result.errors.contains("'class' is what is to be predicted, by its name; "))
    let two = try configuration(String(decoding: trainer.read("two.json"), as: UTF8.self))
    #expect((two["loss"] as? [String: Any])?["type"] as? String == "binaryCrossEntropy")
    #expect(((two["dataset"] as? [String: Any])?["train"] as? [String: Any])?["features"] == nil)
    result = try trainer.run("init", "--data", "d.csv", "--target", "b")
    let number = try configuration(result.output)
    #expect(number["loss"] as? String == "meanSquaredError")
    #expect((number["dataset"] as? [String: Any])?["targetScaling"] as? String == "standardize")
    for name in ["two.json"] {
      let run = try trainer.run("--config", name, "--output", "r", "--quiet")
      #expect(run.status == 0 && run.output.contains("\ntest ") || run.output.hasPrefix("test "))
    }
    let again = try trainer.run("init", "--data", "d.csv", "--output", "two.json")
    #expect(again.status == 73 && again.errors.contains("two.json exists already"))
  }

  @Test func repeatedRows() throws {
    try table("a,b,class") { row in "\(row % 4),\(row % 3),\(row % 2)" }
    let result = try trainer.run("init", "--data", "d.csv")
    #expect(result.errors.contains("trainer: 48 rows are the same as an earlier one; "))
  }

  @Test(arguments: [
    ("", "d.csv: the file is empty; its first line must name the columns"),
    ("a,b\n", "d.csv:1: there is no data below the names of the columns"),
    ("a,b\n1,2\n3\n", "d.csv:3: the row has 1 cells, but the header names 2"),
    ("a,a\n1,2\n", "d.csv:1: the column name 'a' occurs twice; names must differ"),
    ("a,b\n1,2\n2,2\n", "d.csv: all cells of the column 'b' are the same, so there is nothing to predict"),
    ("a,b\n1,2\n2,\n", "d.csv: the column 'b' has 1 cell without a value; what is to be predicted must be known"),
    ("a,b\nx,0\ny,1\nz,1\n", "d.csv: no column besides 'b' holds numbers in all rows, so there is no feature"),
    ("a,b\n1,x\n2,y\n3,z\n", "d.csv: the column 'b' has texts that are nearly all different, which are no classes"),
  ]) func wrongFiles(text: String, sentence: String) throws {
    try trainer.write(text, to: "d.csv")
    let result = try trainer.run("init", "--data", "d.csv")
    #expect(result.status == 65 && result.errors == "trainer: \(sentence)\n")
  }

  @Test func wrongUse() throws {
    try table("a,b") { "\($0),\($0 % 2)" }
    let cases: [([String], Int32, String)] = [
      (["init"], 64, "--data FILE is missing"), (["init", "--data", "-"], 64, "init reads a file, "),
      (["init", "--data", "e.csv"], 66, "e.csv: there is no such file"),
      (
        ["init", "--data", "d.csv", "--target", "B"], 65,
        "d.csv:1: there is no column 'B'; did you mean 'b'? The columns are 'a' and 'b'"
      ),
    ]
    for (arguments, status, sentence) in cases {
      let result = try trainer.result(of: trainer.start(arguments))
      #expect(
        result.status == status && result.errors.hasPrefix("trainer: \(sentence)"), "\(arguments): \(result.errors)")
    }
  }
}
