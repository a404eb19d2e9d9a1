import ConfigurationSchema
import Foundation
import Testing

@testable import Training

@Suite struct DataCheckTests {
  /// What a run says against the data; nil if it begins.
  private func problem(_ draft: Draft) throws -> String? {
    let folder = try TemporaryFolder()
    do {
      _ = try Run(draft.configuration(in: folder), options: .init(output: folder.url.appending(path: "r")))
      return nil
    } catch {
      #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "r").path))
      return "\(error)"
    }
  }

  private func draft(_ targets: String, units: Int, activation: String, loss: String) -> Draft {
    let count = targets.filter { $0 == "," }.count + 1
    let features = (0..<(targets.contains("]") ? targets.split(separator: "]").count : count)).map { "[\($0)]" }
    return Draft(
      dataset: """
        {"train": {"format": "inline", "features": [\(features.joined(separator: ","))], "targets": [\(targets)]}}
        """, network: #"{"layers": [{"type": "dense", "units": \#(units), "activation": "\#(activation)"}]}"#,
      loss: "\"\(loss)\"")
  }

  @Test(arguments: [2, 4]) func classesAndOutputs(units: Int) throws {
    let sentence = try problem(draft("0,1,2", units: units, activation: "softmax", loss: "crossEntropy"))
    #expect(sentence?.contains("network.layers[0].units") == true)
    #expect(sentence?.contains("must be 3, one for each class of the data, found \(units)") == true)
    #expect(try problem(draft("0,1,2", units: 3, activation: "softmax", loss: "crossEntropy")) == nil)
  }

  /// What decides how many outputs there are is the last dense layer, or the features where there is none.
  @Test func outputsOfOtherLayers() throws {
    func draft(_ layers: String, targets: String) -> Draft {
      Draft(
        dataset: #"{"train": {"format": "inline", "features": [[0,1],[2,3],[4,6]], "targets": [\#(targets)]}}"#,
        network: #"{"layers": [\#(layers)]}"#)
    }
    let softmax = #"{"type": "activation", "activation": "softmax"}"#
    let layers = #"{"type": "dense", "units": 4}, {"type": "dense", "units": 2}, {"type": "batchNorm"}, "# + softmax
    #expect(try problem(draft(layers, targets: "0,1,1")) == nil)
    let sentence = try problem(draft(layers, targets: "0,1,2"))
    #expect(sentence?.contains("network.layers[1].units: must be 3, one for each class of the data, found 2") == true)
    let none = #"{"type": "batchNorm"}, "# + softmax
    #expect(try problem(draft(none, targets: "0,1,1")) == nil)
    let other = try problem(draft(none, targets: "0,1,2"))
    #expect(other?.contains("network.layers: must be 3, one for each class of the data, found 2") == true)
  }

  @Test func oneOutputForTwoClasses() throws {
    func problem(_ targets: String, _ units: Int) throws -> String? {
      try self.problem(draft(targets, units: units, activation: "sigmoid", loss: "binaryCrossEntropy"))
    }
    #expect(try problem("0,1,0", 1) == nil && problem("0,1,0", 2) == nil && problem("0,1,2", 3) == nil)
    #expect(try problem("0,1,2", 1)?.contains("1 is enough for two classes only") == true)
    #expect(try problem("0,1", 3)?.contains("must be 1 or 2") == true)
    #expect(
      try self.problem(draft("0,1", units: 1, activation: "softmax", loss: "crossEntropy"))?.contains("2") == true)
  }

  @Test func oneClassIsNone() throws {
    let sentence = try problem(draft("7,7", units: 1, activation: "softmax", loss: "crossEntropy"))
    #expect(sentence?.contains("at least two classes, found only '7'") == true)
  }

  @Test func targetsAndOutputs() throws {
    let sentence = try problem(draft("[1,2],[3,4]", units: 3, activation: "identity", loss: "squaredError"))
    #expect(sentence?.contains("must be 2, one for each target of the data, found 3") == true)
    #expect(try problem(draft("[1,2],[3,4]", units: 2, activation: "identity", loss: "squaredError")) == nil)
  }

  @Test(arguments: ["-0.001", "1.0001", "2"]) func probabilities(value: String) throws {
    let sentence = try problem(
      draft("[0.5,1],[0,\(value)]", units: 2, activation: "sigmoid", loss: "binaryCrossEntropy"))
    #expect(sentence?.contains("needs targets from 0 to 1, found") == true)
    #expect(sentence?.contains("in sample 2") == true)
  }

  @Test func probabilitiesInRange() throws {
    #expect(try problem(draft("[0.5,1],[0,0.25]", units: 2, activation: "sigmoid", loss: "binaryCrossEntropy")) == nil)
  }

  /// Networks that no machine has the memory for are refused in a sentence.
  @Test func memory() throws {
    var draft = Draft()
    draft.network = #"""
      {"layers": [{"type": "dense", "units": 16777216}, {"type": "dense", "units": 16777216},
                  {"type": "dense", "units": 2, "activation": "softmax"}]}
      """#
    let sentence = try problem(draft)
    #expect(sentence?.contains("network.layers") == true)
    #expect(sentence?.contains("of memory, and \(AvailableMemory.now().limit.rawValue) ") == true)
  }

  @Test func soundDataPasses() throws {
    #expect(try problem(Draft()) == nil)
  }
}
