import Foundation
import Testing
import Training

/// `trainer predict`, `evaluate` and `runs`, as a user meets them.
@Suite struct UsingModelsTests {
  private let trainer: TrainerProcess

  /// A run on a CSV file of points with the classes "in, side" and "out".
  init() throws {
    trainer = try TrainerProcess()
    let rows = (0..<200).map { index -> String in
      let (x, y) = (Double(index % 20) / 10 - 0.95, Double(index / 20) / 5 - 0.9)
      return "\(index),\(x),\(y),\(x * x + y * y < 0.5 ? "\"in, side\"" : "out")"
    }
    try trainer.write("id,x,y,place\n" + rows.joined(separator: "\n") + "\n", to: "d.csv")
    try trainer.configure(
      dataset:
        #"{"train": {"format": "csv", "path": "d.csv", "target": "place", "features": ["x", "y"]}, "validation": {"fraction": 0.2}, "test": {"fraction": 0.2}}"#,
      layers:
        #"{"type": "dense", "units": 16, "activation": "tanh"}, {"type": "dense", "units": 1, "activation": "sigmoid"}"#,
      loss: "binaryCrossEntropy", training: #"{"epochs": 60, "batchSize": 8}"#,
      more: #", "decision": {"calibration": "temperature", "threshold": "f1"}"#)
    #expect(try trainer.run("--config", "c.json", "--output", "r", "--quiet").status == 0)
  }

  // MARK: predict

  @Test func predictionsOfAFile() throws {
    let result = try trainer.run("predict", "r", "--data", "d.csv")
    #expect(result.status == 0 && result.errors == "" && result.lines.count == 201)
    #expect(result.lines[0] == #"prediction,"probability.in, side",probability.out"#)
    // Most are right.
    let truth = try trainer.lines("d.csv").map { $0.contains("in, side") }
    let right = zip(result.lines.dropFirst(), truth.dropFirst()).count { $0.hasPrefix(#""in, side","#) == $1 }
    #expect(right > 170)
    let sums = result.lines.dropFirst().map { line in
      line.split(separator: ",").suffix(2).compactMap { Double($0) }.reduce(0, +)
    }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
    // A model file alone, any workers, any instructions, and a part of the rows: the same lines.
    for more in [["--workers", "3"], ["--single-thread"]]
      + InstructionSet.available.map({ ["--instruction-set", $0.rawValue] })
    {
      let other = try trainer.result(of: trainer.start(["predict", "r/model.safetensors", "--data", "d.csv"] + more))
      #expect(other.output == result.output, "\(more)")
    }
    try trainer.write(try trainer.lines("d.csv").prefix(8).joined(separator: "\n"), to: "part.csv")
    #expect(try trainer.run("predict", "r", "--data", "part.csv").lines == Array(result.lines.prefix(8)))
  }

  @Test func formats() throws {
    #expect(
      try trainer.run("predict", "r", "--data", "d.csv", "--output", "p.jsonl").output == "200 predictions in p.jsonl\n"
    )
    let lines = try trainer.lines("p.jsonl")
    #expect(lines.count == 200 && lines[0].hasPrefix(#"{"prediction":""#))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    let probabilities = try #require(object["probability"] as? [String: Double])
    #expect(
      Set(probabilities.keys) == ["in, side", "out"]
        && probabilities.keys.contains(object["prediction"] as? String ?? ""))
    #expect(try trainer.run("predict", "r", "--data", "d.csv", "--output", "p.npy").status == 0)
    let content = try trainer.read("p.npy")
    #expect(content.count == 128 + 4 * 200 && content.prefix(6).elementsEqual([0x93] + Array("NUMPY".utf8)))
    #expect(String(decoding: content.prefix(128), as: UTF8.self).contains("'shape': (200, 1), }"))
    #expect(try trainer.run("predict", "r", "--data", "d.csv", "--output", "p.csv", "--format", "jsonl").status == 0)
    #expect(try trainer.read("p.csv") == trainer.read("p.jsonl"))
  }

  @Test func wrongUse() throws {
    let cases: [([String], Int32, String)] = [
      (["predict", "r"], 64, "--data FILE is missing"),
      (["predict", "--data", "d.csv"], 64, "'predict' needs RUN, the folder of a run, or a model file"),
      (
        ["predict", "r", "--data", "d.csv", "--format", "xml"], 64, "--format needs one of csv, npy, jsonl, found 'xml'"
      ),
      (["predict", "r", "--data", "d.csv", "--format", "npy"], 64, "--format npy needs --output FILE"),
      (
        ["predict", "r", "--data", "d.csv", "--output", "p.txt"], 64,
        "'p.txt' ends with none of csv, npy, jsonl; --format names one"
      ),
      (["predict", "q", "--data", "d.csv"], 66, "q: there is no such run directory or model file"),
      (["predict", "d.csv", "--data", "d.csv"], 65, "d.csv: "),
      (["predict", "r", "--data", "e.csv"], 66, "e.csv: there is no such file"),
      (["predict", "r", "--data", "c.json"], 65, "c.json:1: "),
      (["predict", "r", "--data", "d.csv", "--output", "no/p.csv"], 74, "cannot create "),
      (["evaluate", "r", "--format", "xml"], 64, "--format needs one of text, json, found 'xml'"),
      (["evaluate", "r", "--worst", "-1"], 64, "--worst needs a number from 0 to 1000000, found '-1'"),
      (["evaluate", "r", "--data", "-"], 64, "evaluate reads no standard input"),
      (["evaluate", "r/model.safetensors"], 65, "r/model.safetensors: this is a model file"),
      (["runs", "q"], 66, "q: there is no such folder"),
      (["runs", "r"], 66, "r: there is no run in this folder"),
      (["runs", ".", "--metric", "test.x"], 66, ".: no run in this folder has the result 'test.x'"),
    ]
    for (arguments, status, sentence) in cases {
      let result = try trainer.result(of: trainer.start(arguments))
      #expect(
        result.status == status && result.errors.hasPrefix("trainer: \(sentence)"), "\(arguments): \(result.errors)")
    }
    #expect(!trainer.exists("p.txt") && !trainer.exists("no"))
  }

  /// What is wrong in a later row: rows before it were answered on standard output, and no file is left.
  @Test func wrongRows() throws {
    try trainer.write("x,y\n0.5,0.5\n0.25,a\n", to: "e.csv")
    let result = try trainer.run("predict", "r", "--data", "e.csv", "--output", "p.csv")
    #expect(result.status == 65 && result.errors == "trainer: e.csv:3: column 'y' holds 'a', which is not a number\n")
    #expect(!trainer.exists("p.csv") && !trainer.exists(".p.csv.partial"))
  }

  /// As a coprocess: a row is answered before the next one is written.
  @Test func answersLineByLine() throws {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = TrainerProcess.executable
    process.arguments = ["predict", "r", "--data", "-"]
    process.currentDirectoryURL = trainer.folder
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    func send(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }
    func receive() -> String { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }
    try send("y,x\n0,0\n")
    var answer = receive()
    while answer.split(separator: "\n").count < 2 { answer += receive() }
    #expect(answer.hasPrefix("prediction,") && answer.contains("\n\"in, side\","))
    try send("0.9,0.9\n")
    #expect(receive().hasPrefix("out,"))
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  // MARK: evaluate

  /// What the summary of the run says, from the model file alone; and the same of a file.
  @Test func evaluation() throws {
    let result = try trainer.run("evaluate", "r", "--format", "json")
    #expect(result.status == 0)
    let found = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let summary = try #require(try JSONSerialization.jsonObject(with: trainer.read("r/summary.json")) as? [String: Any])
    let test = try #require(summary["test"] as? [String: Any])
    for (key, value) in test where value is Double { #expect(found[key] as? Double == value as? Double, "\(key)") }
    #expect((found["confusionMatrix"] as? [[Double]]) == (test["confusionMatrix"] as? [[Double]]))
    #expect(found["subject"] as? String == "40 test samples" && (found["worst"] as? [Any])?.count == 5)
    #expect(found["calibrationError"] as? Double != nil && found["r2"] == nil)

    let text = try trainer.run("evaluate", "r", "--data", "d.csv", "--worst", "2")
    #expect(text.status == 0 && text.output.hasPrefix("r: 200 samples of d.csv\n  loss "))
    #expect(
      text.output.contains("\nconfusion matrix, a row for each true class:\n")
        && text.output.contains("\npredicted worst:\n  row "))
    #expect(text.lines.count { $0.hasPrefix("  row ") } == 2)
    try trainer.write("x,y,place\n0,0,elsewhere\n", to: "e.csv")
    let other = try trainer.run("evaluate", "r", "--data", "e.csv")
    #expect(
      other.status == 65
        && other.errors.contains("e.csv:2: the label 'elsewhere' is not a class of the training data of the model"))
  }

  // MARK: runs

  @Test func lists() throws {
    for seed in ["2", "3"] {
      #expect(
        try trainer.run(
          "--config", "c.json", "--output", "s\(seed)", "--quiet", "--set", "seed=\(seed)", "--set", "training.epochs=2"
        ).status == 0)
    }
    let result = try trainer.run("runs", ".")
    #expect(result.status == 0 && result.lines.count == 3 && result.lines[0].hasPrefix("r   test.accuracy "))
    let losses = try trainer.run("runs", ".", "--metric", "validation.loss").lines.compactMap { line in
      line.firstMatch(of: /validation\.loss ([0-9.]+)/).flatMap { Double($0.1) }
    }
    #expect(losses.count == 3 && losses == losses.sorted())
  }
}
