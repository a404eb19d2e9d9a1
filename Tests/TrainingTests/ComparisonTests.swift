import ConfigurationSchema
import Datasets
import Files
import Foundation
import Testing

@testable import Training

@Suite struct ComparisonTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try run("a")
  }

  private func run(_ name: String, _ overrides: [(key: String, value: String)] = [], _ draft: Draft = .spirals()) throws
  {
    try train(draft.configuration(in: folder, overrides: overrides), output: folder.url.appending(path: name))
  }

  private func compare(_ first: String = "a", _ second: String = "b") throws -> Comparison {
    try Comparison(folder.url.appending(path: first).path, folder.url.appending(path: second).path)
  }

  private func change(_ name: String, _ change: (inout Safetensors) -> Void) throws {
    var file = try Safetensors(folder.read(name), file: name)
    change(&file)
    try folder.write(file.data, to: name)
  }

  @Test func equalRuns() throws {
    try run("b")
    let comparison = try compare()
    #expect(
      comparison.lines == [
        "configuration: equal", "data: equal", "epochs: equal, all 3", "model: all 4 tensors are equal",
      ])
    #expect(comparison.isEqual)
    #expect(try compare("a", "a").isEqual)
  }

  /// What changes no bit is listed, and the runs are equal.
  @Test func differencesThatDoNotMatter() throws {
    try run("b", [("name", "other"), ("parallel.workers", "3")])
    let comparison = try compare()
    #expect(comparison.isEqual)
    #expect(
      comparison.lines.prefix(2) == [
        "configuration: name is 'test' and 'other' (changes no bit)",
        "configuration: parallel.workers is 'auto' and 3 (changes no bit)",
      ])
  }

  @Test func anotherLearningRate() throws {
    try run("b", [("optimizer.learningRate", "0.25")])
    let comparison = try compare()
    #expect(!comparison.isEqual)
    #expect(comparison.lines.prefix(2) == ["configuration: optimizer.learningRate is 0.5 and 0.25", "data: equal"])
    let line = comparison.lines[2]
    #expect(
      line.wholeMatch(of: /epochs: the first that differs is epoch 1: digest is [0-9a-f]{64} and [0-9a-f]{64}/) != nil)
    #expect(comparison.verdict == "different")
    #expect(comparison.lines.count == 7)
    #expect(comparison.lines.dropFirst(3).allSatisfy { $0.hasPrefix("model: layers.") })
  }

  @Test func otherData() throws {
    try run("b", [("dataset.train.noise", "0.2")])
    let lines = try compare().lines
    #expect(lines[1] == "data: dataset.train, dataset.validation, dataset.test differ")
  }

  @Test func fewerEpochs() throws {
    try run("b", [("training.epochs", "2")])
    let comparison = try compare()
    #expect(!comparison.isEqual)
    #expect(comparison.lines[0] == "configuration: training.epochs is 3 and 2")
    #expect(comparison.lines[2] == "epochs: equal, all 2 that both have (of 3 and 2)")
  }

  /// The lowest bit of one weight is one unit of the last place, and the element is named.
  @Test func oneBit() throws {
    try run("b")
    var first: Float = 0
    try change("b/model.safetensors") { file in
      let tensor = file.tensors[2]
      var values = tensor.values
      first = values[4]
      values[4] = first.nextUp
      file.tensors[2] = .init(name: tensor.name, shape: tensor.shape, values: values)
    }
    let comparison = try compare()
    #expect(!comparison.isEqual)
    let line = comparison.lines.last ?? ""
    #expect(line.hasPrefix("model: layers.1.weight differs in 1 of 6 elements, "), "\(line)")
    #expect(line.hasSuffix("the first is [1, 1] with \(first) and \(first.nextUp), 1 ulp apart"), "\(line)")
    #expect(comparison.lines.dropLast() == ["configuration: equal", "data: equal", "epochs: equal, all 3"])
  }

  @Test func anEpochDiffers() throws {
    try run("b")
    let lines = String(decoding: try folder.read("b/metrics.jsonl"), as: UTF8.self).split(separator: "\n")
    let digest = try #require(try JSONValue(Data(lines[1].utf8))["digest"]?.string)
    let text = lines.joined(separator: "\n").replacingOccurrences(of: digest, with: "x") + "\n"
    try folder.write(text, to: "b/metrics.jsonl")
    let comparison = try compare()
    #expect(
      !comparison.isEqual
        && comparison.lines[2] == "epochs: the first that differs is epoch 2: digest is \(digest) and 'x'")
  }

  /// Metrics are compared as digests are.
  @Test func aMetricDiffers() throws {
    try run("b")
    let text = String(decoding: try folder.read("b/metrics.jsonl"), as: UTF8.self)
    try folder.write(
      text.replacingOccurrences(of: #""learningRate":0.5,"#, with: #""learningRate":0.125,"#), to: "b/metrics.jsonl")
    let comparison = try compare()
    #expect(comparison.lines[2] == "epochs: the first that differs is epoch 1: learningRate is 0.5 and 0.125")
    #expect(!comparison.isEqual && comparison.verdict == "different")
    try folder.write(text.replacing(/"seconds":[^,]*,/, with: #""seconds":7,"#), to: "b/metrics.jsonl")
    #expect(try compare().isEqual)
  }

  /// Records of a run that cannot all be right are told, whatever the other run says.
  @Test func contradictions() throws {
    let text = String(decoding: try folder.read("a/metrics.jsonl"), as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0 + "\n" }
    try folder.write(lines.prefix(2).joined(), to: "a/metrics.jsonl")
    let name = folder.url.appending(path: "a").path
    let comparison = try compare("a", "a")
    #expect(
      comparison.lines[1]
        == "records: \(name): summary.json tells of 3 epochs, but metrics.jsonl has 2 epochs")
    #expect(!comparison.isEqual && comparison.verdict == "different")
    try folder.write(text, to: "a/metrics.jsonl")
    #expect(try compare("a", "a").isEqual)
  }

  /// The same numbers and texts in another spelling are another file.
  @Test func anotherSpellingOfTheHeader() throws {
    try run("b")
    let model = try folder.read("b/model.safetensors")
    let header = String(decoding: model[8..<model.headerEnd], as: UTF8.self) + "        "
    let length = Data((0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) })
    try folder.write(length + Data(header.utf8) + model[model.headerEnd...], to: "b/model.safetensors")
    let comparison = try compare()
    #expect(comparison.lines.contains("model: the headers of the files are spelt differently"))
    #expect(!comparison.isEqual)
  }

  /// What was not compared is not said to be equal.
  @Test(arguments: [
    ["checkpoint.safetensors", "checkpoint.previous.safetensors"], ["model.safetensors", "summary.json"],
  ])
  func whatIsNotCompared(files: [String]) throws {
    try run("b")
    for run in ["a", "b"] {
      for file in files { try FileManager.default.removeItem(at: folder.url.appending(path: "\(run)/\(file)")) }
    }
    let comparison = try compare()
    #expect(comparison.lines.contains { $0.contains(": not compared; ") })
    #expect(!comparison.isEqual && comparison.verdict == "not proved equal: not all was compared")
  }

  @Test func otherModels() throws {
    try run("b", [("network.layers[0].units", "4")])
    let comparison = try compare()
    #expect(!comparison.isEqual)
    #expect(
      comparison.lines.last?.hasPrefix("model: tensors layers.0.weight [3, 2], layers.0.bias [3], ") == true,
      "\(comparison.lines)")
    try change("a/model.safetensors") { $0.metadata["lockstep"] = "other" }
    try run("c")
    #expect(
      try compare("a", "c").lines.suffix(2) == [
        "model: layers, scaling, classes, names or the version of the arithmetic differ",
        "model: all 4 tensors are equal",
      ])
    #expect(try !compare("a", "c").isEqual)
  }

  /// Of runs that are not over what there is is compared.
  @Test func missingParts() throws {
    try run("b")
    for name in ["checkpoint.safetensors", "checkpoint.previous.safetensors", "model.safetensors"] {
      try FileManager.default.removeItem(at: folder.url.appending(path: "b/" + name))
    }
    let name = folder.url.appending(path: "b").path
    let comparison = try compare()
    #expect(comparison.lines[1] == "data: not compared; \(name) has no state that tells of them")
    #expect(comparison.lines[3] == "model: not compared; \(name) has none yet" && !comparison.isEqual)
    #expect(throws: InputError.self) { try compare("a", "none") }
    try folder.write("damaged", to: "a/model.safetensors")
    try run("c")
    #expect(throws: InputError.self) { try compare("a", "c") }
  }

  // MARK: Tensors

  private func difference(_ one: [Float], _ other: [Float], shape: [Int]? = nil) -> TensorDifference? {
    func tensor(_ values: [Float]) -> Safetensors.Tensor {
      .init(name: "t", shape: shape ?? [values.count], values: values)
    }
    return TensorDifference(tensor(one), tensor(other))
  }

  @Test func units() throws {
    let tiny = Float.leastNonzeroMagnitude
    let cases: [(Float, Float, Int)] = [
      (1, Float(1).nextUp, 1), (1, Float(1).nextDown, 1), (Float(1).nextDown, Float(1).nextUp, 2), (0, -0.0, 0),
      (0, tiny, 1), (-tiny, tiny, 2), (-1, -Float(1).nextUp, 1), (1, 2, 1 << 23), (-1, 1, 2 * 127 << 23),
      (.greatestFiniteMagnitude, .infinity, 1),
    ]
    for (one, other, ulps) in cases {
      for found in [difference([one], [other]), difference([other], [one])] {
        #expect(found?.ulps == ulps && found?.greatestUlps == ulps && found?.count == 1, "\(one) and \(other)")
      }
      #expect(difference([one], [one]) == nil)
    }
  }

  @Test func places() throws {
    let values = (0..<24).map { Float($0) + 1 }
    var other = values
    other[7] = other[7].nextUp
    other[23] = other[23].nextUp.nextUp.nextUp
    let found = try #require(difference(values, other, shape: [2, 3, 4]))
    #expect(found.first == [0, 1, 3] && found.count == 2 && found.ulps == 1 && found.greatestUlps == 3)
    let text =
      "t differs in 2 of 24 elements, by 3 ulps at the most; the first is [0, 1, 3] with 8.0 and 8.000001, 1 ulp"
    #expect(found.description == text + " apart")
    #expect(difference([1], [3], shape: [])?.first == [])
  }
}
