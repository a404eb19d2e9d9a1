import ConfigurationSchema
import DataParallel
import Files
import Foundation
import Kernels
import Testing

@testable import Training

@Suite struct RunTests {
  private let spirals = Draft(
    dataset: """
      {"train": {"format": "synthetic", "kind": "spirals", "samples": 120, "noise": 0.1}, \
      "validation": {"fraction": 0.2}, "test": {"fraction": 0.25}, "scaling": "standardize"}
      """)

  @Test func writesTheDocumentedFiles() throws {
    let folder = try TemporaryFolder()
    let (run, epochs, summary) = try train(
      spirals.configuration(in: folder), output: folder.url.appending(path: "run"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: run.directory.url.path).sorted() == [
        "checkpoint.previous.safetensors", "checkpoint.safetensors", "config.json", "metrics.jsonl",
        "model.safetensors", "summary.json",
      ])

    let lines = String(decoding: try folder.read("run/metrics.jsonl"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 3 && epochs.map(\.epoch) == [1, 2, 3])
    for (index, line) in lines.enumerated() {
      let value = try JSONValue(Data(line.utf8))
      #expect(
        value.keys == [
          "digest", "epoch", "learningRate", "samplesPerSecond", "seconds", "steps", "train", "validation",
        ])
      #expect(value["digest"]?.string == epochs[index].digest)
      #expect(value["epoch"] == .integer(index + 1) && value["learningRate"] == .number(0.5))
      #expect(value["steps"] == .integer(22 * (index + 1)))
      #expect(value["train"]?.keys == ["loss"] && value["train"]?["loss"]?.double == epochs[index].trainingLoss)
      #expect(value["validation"]?.keys == ["accuracy", "f1", "loss", "rocAUC"])
    }

    let value = try JSONValue(folder.read("run/summary.json"))
    #expect(
      value.keys == [
        "arithmeticVersion", "end", "epochs", "instructionSet", "parameters", "samplesPerSecond", "seconds", "sha256",
        "steps", "test", "validation", "workers",
      ])
    #expect(value["end"] == .string("epochs"))
    let last = try JSONValue(Data(lines[2].utf8))["validation"]
    for key in ["accuracy", "f1", "loss", "rocAUC"] { #expect(value["validation"]?[key] == last?[key]) }
    #expect(value["test"]?["classes"]?.keys == ["0", "1"] && value["test"]?["confusionMatrix"]?.elements.count == 2)
    #expect(value["epochs"] == .integer(3) && value["steps"] == .integer(66) && value["parameters"] == .integer(17))
    #expect(value["test"]?.keys == ["accuracy", "classes", "confusionMatrix", "f1", "loss", "rocAUC"])
    #expect(value["arithmeticVersion"] == .integer(arithmeticVersion))
    #expect(value["sha256"]?.string == summary.sha256)
    #expect(try SHA256.hexadecimal(folder.read("run/model.safetensors")) == summary.sha256)
  }

  /// The digest of the last epoch is the SHA-256 of what follows the header in the model file.
  @Test func theDigestIsThatOfTheNumbersOfTheModel() throws {
    let folder = try TemporaryFolder()
    let (_, epochs, _) = try train(spirals.configuration(in: folder), output: folder.url.appending(path: "run"))
    let model = try folder.read("run/model.safetensors")
    let length = (0..<8).reversed().reduce(0) { $0 << 8 | Int(model[$1]) }
    #expect(epochs.last?.digest == SHA256.hexadecimal(model[(8 + length)...]))
    #expect(Set(epochs.map(\.digest)).count == 3)
  }

  /// The configuration in the run directory, which lies elsewhere, gives the same model.
  @Test func theResolvedConfigurationGivesTheSameModel() throws {
    let folder = try TemporaryFolder()
    try folder.write("a,b,y\n1,2,u\n3,4,v\n5,-6,u\n7,0.5,v\n0,1,u\n", to: "data.csv")
    let draft = Draft(dataset: #"{"train": {"format": "csv", "path": "data.csv", "target": "y"}}"#)
    let configuration = try draft.configuration(in: folder, overrides: [("optimizer.learningRate", "0.25")])
    let first = try train(configuration, output: folder.url.appending(path: "deep/1"))
    let again = try RunConfiguration(file: folder.url.appending(path: "deep/1/config.json").path)
    #expect(again.json == configuration.json)
    let second = try train(again, output: folder.url.appending(path: "2"))
    #expect(first.summary.sha256 == second.summary.sha256)
    #expect(try folder.read("deep/1/config.json") == folder.read("2/config.json"))
    let other = try train(draft.configuration(in: folder), output: folder.url.appending(path: "3"))
    #expect(other.summary.sha256 != first.summary.sha256)
  }

  @Test func theModelDoesNotDependOnTheMachine() throws {
    let folder = try TemporaryFolder()
    let configuration = try spirals.configuration(in: folder)
    var digests: Set<String> = []
    let executions: [Execution?] = [nil, .singleThread, .workers(.fixed(3)), .workers(.fixed(16)), .workers(.auto)]
    for instructionSet in InstructionSet.available {
      for execution in executions {
        let output = folder.url.appending(path: UUID().uuidString)
        digests.insert(
          try train(
            configuration, output: output, .init(execution: execution, instructionSet: instructionSet)
          ).summary.sha256)
      }
    }
    #expect(digests.count == 1)
    let seeded = try spirals.configuration(in: folder, overrides: [("seed", "2")])
    digests.insert(try train(seeded, output: folder.url.appending(path: "seed")).summary.sha256)
    #expect(digests.count == 2)
  }

  @Test func runsAreNumbered() throws {
    let folder = try TemporaryFolder()
    var draft = Draft()
    draft.more = #", "name": "xor", "output": {"directory": "out"}"#
    for number in 1...3 {
      let run = try train(draft.configuration(in: folder)).run
      #expect(run.directory.url.path == folder.url.appending(path: "out/xor-\(number)").path)
    }
  }

  @Test func outputIsUsedExactlyAndOnce() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "here")
    #expect(try train(Draft().configuration(in: folder), output: url).run.directory.url == url)
    let model = try folder.read("here/model.safetensors")
    let error = #expect(throws: OutputError.self) { try train(Draft().configuration(in: folder), output: url) }
    #expect(error?.isCreation == true)
    #expect(try folder.read("here/model.safetensors") == model)
  }

  @Test(arguments: [
    (#"{"epochs": 2, "batchSize": 100}"#, 2), (#"{"epochs": 2, "batchSize": 100, "dropLast": true}"#, 2),
    (#"{"epochs": 2, "batchSize": 3}"#, 4), (#"{"epochs": 2, "batchSize": 3, "dropLast": true}"#, 2),
    (#"{"epochs": 2, "batchSize": 1}"#, 8), (#"{"epochs": 2, "batchSize": 4}"#, 2),
  ]) func stepsByBatchSize(training: String, steps: Int) throws {
    let folder = try TemporaryFolder()
    let result = try train(
      Draft(training: training).configuration(in: folder), output: folder.url.appending(path: "run"))
    #expect(result.summary.steps == steps && result.epochs.last?.steps == steps)
  }

  @Test func withoutValidationAndTest() throws {
    let folder = try TemporaryFolder()
    let (_, epochs, summary) = try train(Draft().configuration(in: folder), output: folder.url.appending(path: "r"))
    #expect(epochs.allSatisfy { $0.validation == nil } && summary.test == nil)
    let line = String(decoding: try folder.read("r/metrics.jsonl"), as: UTF8.self).split(separator: "\n")[0]
    #expect(try JSONValue(Data(line.utf8)).keys.contains("validation") == false)
    #expect(try JSONValue(folder.read("r/summary.json")).keys.contains("test") == false)
  }

  @Test func regressionHasNoAccuracy() throws {
    let folder = try TemporaryFolder()
    let draft = Draft(
      dataset: """
        {"train": {"format": "synthetic", "kind": "linear", "samples": 40}, "validation": {"fraction": 0.25}, \
        "test": {"fraction": 0.25}}
        """, network: #"{"layers": [{"type": "dense", "units": 1}]}"#, loss: #""meanSquaredError""#,
      optimizer: #"{"type": "sgd", "learningRate": 0.05}"#)
    let (_, epochs, summary) = try train(draft.configuration(in: folder), output: folder.url.appending(path: "r"))
    #expect(
      epochs.allSatisfy {
        $0.validation?.metrics.map(\.metric) == [.kind(.rootMeanSquaredError), .kind(.meanAbsoluteError), .kind(.r2)]
      })
    #expect(summary.test?.metrics.count == 3 && summary.test?.confusion == nil)
    #expect(
      try JSONValue(folder.read("r/summary.json"))["test"]?.keys == [
        "loss", "meanAbsoluteError", "r2", "rootMeanSquaredError",
      ])
    #expect(epochs.last!.trainingLoss < epochs.first!.trainingLoss)
  }

  /// A run may be finished between two steps; what is written is then the model of that moment.
  @Test func finishingEarly() throws {
    let folder = try TemporaryFolder()
    let draft = Draft(training: #"{"epochs": 1000000, "batchSize": 1}"#)
    let run = try Run(
      draft.configuration(in: folder), options: .init(output: folder.url.appending(path: "r")))
    _ = try run.advance()
    let summary = try run.finish()
    #expect(summary.steps > 0 && summary.epochs <= 1)
    #expect(try SHA256.hexadecimal(folder.read("r/model.safetensors")) == summary.sha256)
  }
}
