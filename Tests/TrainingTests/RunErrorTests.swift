import ConfigurationSchema
import Files
import Foundation
import Kernels
import Testing

@testable import Training

/// Runs that cannot begin or go on.
@Suite struct RunErrorTests {
  private func regression(_ rate: String, epochs: Int = 50, batchSize: Int = 2) -> Draft {
    Draft(
      dataset: #"{"train": {"format": "inline", "features": [[1],[2],[3],[4]], "targets": [1, 2, 3, 4]}}"#,
      network: #"{"layers": [{"type": "dense", "units": 1}]}"#, loss: #""squaredError""#,
      optimizer: #"{"type": "sgd", "learningRate": \#(rate)}"#,
      training: #"{"epochs": \#(epochs), "batchSize": \#(batchSize)}"#)
  }

  /// The loss grows without bounds, and the error names where: the same place for all machines.
  @Test func theLossIsNotFinite() throws {
    let folder = try TemporaryFolder()
    var errors: [RunError] = []
    for (index, set) in InstructionSet.available.enumerated() {
      let error = #expect(throws: RunError.self) {
        try train(
          regression("1e18").configuration(in: folder), output: folder.url.appending(path: "r\(index)"),
          .init(instructionSet: set))
      }
      if let error { errors.append(error) }
      #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "r\(index)/model.safetensors").path))
    }
    guard case .notFinite(let fault)? = errors.first else {
      Issue.record("no loss that is not finite")
      return
    }
    let (epoch, step) = (fault.epoch, fault.step)
    #expect(epoch >= 1 && (1...2).contains(step))
    #expect(errors.count == InstructionSet.available.count)
    for case .notFinite(let other) in errors {
      #expect(other.epoch == epoch && other.step == step && other.quantity == fault.quantity)
    }
    #expect(errors[0].description.contains("epoch \(epoch), step \(step)"))
    #expect(throws: Never.self) {
      try train(regression("0.01").configuration(in: folder), output: folder.url.appending(path: "sound"))
    }
  }

  /// A last step that spoils the parameters is an error too, though its own loss was finite: no model may hold NaN.
  @Test func theLastStepSpoilsTheParameters() throws {
    let folder = try TemporaryFolder()
    #expect(throws: RunError.self) {
      try train(
        regression("1e38", epochs: 1, batchSize: 4).configuration(in: folder), output: folder.url.appending(path: "r"))
    }
  }

  @Test(arguments: InstructionSet.allCases) func missingInstructionSets(set: InstructionSet) throws {
    let folder = try TemporaryFolder()
    let configuration = try Draft().configuration(in: folder)
    let output = folder.url.appending(path: "r")
    if InstructionSet.available.contains(set) {
      #expect(try train(configuration, output: output, .init(instructionSet: set)).summary.instructionSet == set)
    } else {
      let error = #expect(throws: RunError.self) {
        try train(configuration, output: output, .init(instructionSet: set))
      }
      #expect(error == .instructionSetMissing(set))
      #expect(error?.description.contains("'\(set.rawValue)'; it has portable") == true)
      #expect(!FileManager.default.fileExists(atPath: output.path))
    }
  }

  /// Weights of another shape, of other names, of no file, and of a damaged one.
  @Test func wrongInitialWeights() throws {
    let folder = try TemporaryFolder()
    var draft = Draft()
    draft.network.removeLast()
    draft.network += #", "initialWeights": "w.safetensors"}"#
    let configuration = try draft.configuration(in: folder)
    func problem() -> InputError? {
      #expect(throws: InputError.self) { try train(configuration, output: folder.url.appending(path: "r")) }
    }
    #expect(problem()?.kind == .missing)
    func tensors(_ last: [Int], name: String = "layers.1.bias") -> Data {
      func tensor(_ name: String, _ shape: [Int]) -> Safetensors.Tensor {
        .init(name: name, shape: shape, values: .init(repeating: 0.5, count: shape.reduce(1, *)))
      }
      return Safetensors(
        metadata: [:],
        tensors: [
          tensor("layers.0.weight", [3, 2]), tensor("layers.0.bias", [3]), tensor("layers.1.weight", [2, 3]),
          tensor(name, last),
        ]
      ).data
    }
    try folder.write(tensors([3]), to: "w.safetensors")
    #expect(
      problem()?.description
        == "w.safetensors: the tensor 'layers.1.bias' has the shape [3], and the network needs [2]")
    try folder.write(tensors([2], name: "other"), to: "w.safetensors")
    #expect(problem()?.description.contains("the tensor 'layers.1.bias' is missing; the file holds") == true)
    try folder.write(tensors([2]).dropLast(1), to: "w.safetensors")
    #expect(problem()?.kind == .malformed)
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "r").path))
    try folder.write(tensors([2]), to: "w.safetensors")
    #expect(throws: Never.self) { try train(configuration, output: folder.url.appending(path: "r")) }
  }
}
