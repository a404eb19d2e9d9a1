import ConfigurationSchema
import Files
import Foundation
import Kernels
import Testing

@testable import Training

/// A run with moments, running statistics, dropout and clipping goes on as if it had not been interrupted.
@Suite struct ResumeOptimizerTests {
  private let folder: TemporaryFolder
  private let reference: Outcome
  private let steps = 18

  init() throws {
    folder = try TemporaryFolder()
    let result = try train(
      Draft.normalizedSpirals().configuration(in: folder), output: folder.url.appending(path: "reference"), machines[0])
    reference = try Outcome(result.run.directory.url)
    #expect(result.summary.steps == steps && reference.metrics.count == 3)
  }

  /// Begins a run, leaves it after some steps, and returns its folder.
  private func begin(
    _ name: String, steps: Int, isFinished: Bool = true, _ options: Run.Options = machines[0],
    _ draft: Draft = .normalizedSpirals()
  ) throws -> String {
    var options = options
    options.output = folder.url.appending(path: name)
    let run = try Run(draft.configuration(in: folder), options: options)
    for _ in 0..<steps { _ = try run.advance() }
    if isFinished { _ = try run.finish() }
    return run.directory.url.path
  }

  /// Goes on to the end.
  private func resume(_ path: String, _ options: Run.Options = machines[0]) throws -> Outcome {
    let run = try Run(resuming: path, options: options)
    while try run.advance() != nil {}
    _ = try run.finish()
    return try Outcome(run.directory.url)
  }

  @Test func fromEachStepOnOtherMachines() throws {
    for step in 0...steps {
      let path = try begin("r\(step)", steps: step, isFinished: step % 2 == 0, machines[step % machines.count])
      let outcome = try resume(path, machines[(step + 1 + step / machines.count) % machines.count])
      #expect(outcome == reference, "interrupted after step \(step)")
    }
  }

  /// Groups of rows, layers that draw numbers, and an average in between.
  @Test func allLayers() throws {
    let draft = Draft.allLayers()
    let whole = try train(draft.configuration(in: folder), output: folder.url.appending(path: "whole"), machines[0])
    let expected = try Outcome(whole.run.directory.url)
    for step in stride(from: 1, to: whole.summary.steps, by: 2) {
      let path = try begin("all\(step)", steps: step, machines[step % machines.count], draft)
      #expect(try resume(path, machines[(step + 1) % machines.count]) == expected, "interrupted after step \(step)")
    }
  }

  @Test func stepByStep() throws {
    let path = try begin("r", steps: 0)
    for step in 0..<steps {
      let run = try Run(resuming: path, options: machines[step % machines.count])
      _ = try run.advance()
      _ = try run.finish()
    }
    #expect(try Outcome(folder.url.appending(path: "r")) == reference)
  }

  // MARK: What a state holds

  private func state(_ name: String) throws -> CheckpointFile {
    try CheckpointFile(folder.read(name + "/checkpoint.safetensors"), file: name)
  }

  /// Two moments of each block that is trained, of its shape, in the order of the parameters; none of running statistics.
  @Test func statesHoldTheMoments() throws {
    _ = try begin("r", steps: 8)
    let state = try state("r").state
    let names = state.parameters.map(\.name)
    #expect(names.contains("layers.0.running_mean") && names.contains("layers.2.running_var"))
    let trained = state.parameters.filter { !$0.name.contains("running") }
    #expect(trained.map(\.name) == ["0", "1", "2", "5"].flatMap { ["layers.\($0).weight", "layers.\($0).bias"] })
    #expect(
      state.optimizer.map(\.name)
        == ["firstMoment", "secondMoment"].flatMap { slot in trained.map { "optimizer.\(slot).\($0.name)" } })
    #expect(state.optimizer.map(\.shape) == trained.map(\.shape) + trained.map(\.shape))
    #expect(state.optimizer.allSatisfy { $0.values.contains { $0 != 0 } })
    _ = try begin("plain", steps: 8, machines[0], .spirals())
    #expect(try self.state("plain").state.optimizer.isEmpty)
  }

  /// Writes a changed state in the place of the only one.
  private func replaceState(_ name: String, _ change: (inout TrainingState) -> Void) throws {
    var checkpoint = try state(name)
    change(&checkpoint.state)
    try folder.write(checkpoint.data, to: name + "/checkpoint.safetensors")
    try? FileManager.default.removeItem(at: folder.url.appending(path: name + "/checkpoint.previous.safetensors"))
  }

  /// A state that lacks a moment, or has one of another shape, is refused in a sentence, and so is one without any.
  @Test func statesWithoutTheirMomentsAreRefused() throws {
    let path = try begin("r", steps: 8)
    let saved = try state("r")
    func problem(_ change: (inout [Safetensors.Tensor]) -> Void) throws -> String? {
      try folder.write(saved.data, to: "r/checkpoint.safetensors")
      try replaceState("r") { change(&$0.optimizer) }
      do {
        _ = try Run(resuming: path)
        return nil
      } catch let error as InputError { return error.message }
    }
    #expect(try problem { _ in } == nil)
    #expect(try problem { $0 = [] }?.contains("'optimizer.firstMoment.layers.0.weight' is missing") == true)
    for index in saved.state.optimizer.indices {
      let tensor = saved.state.optimizer[index]
      #expect(try problem { $0.remove(at: index) }?.contains("the tensor '\(tensor.name)' is missing") == true)
      let longer = Safetensors.Tensor(name: tensor.name, shape: [tensor.values.count + 1], values: tensor.values + [0])
      #expect(
        try problem { $0[index] = longer }?.contains("'\(tensor.name)' has the shape \(longer.shape)") == true)
    }
    try folder.write(saved.data, to: "r/checkpoint.safetensors")
    #expect(try resume(path) == reference)
  }

  /// Each part of a state matters: one that is set back to its start gives another model.
  @Test func eachPartMatters() throws {
    func zero(_ tensors: inout [Safetensors.Tensor], _ part: String) {
      tensors = tensors.map {
        guard $0.name.contains(part) else { return $0 }
        return .init(name: $0.name, shape: $0.shape, values: $0.values.map { _ in 0 })
      }
    }
    for part in ["firstMoment.layers.0", "secondMoment.layers.5", "firstMoment.layers.2.bias"] {
      let path = try begin(part, steps: 8)
      try replaceState(part) { zero(&$0.optimizer, part) }
      #expect(try resume(path).model != reference.model, "\(part)")
    }
    for part in ["layers.0.running_mean", "layers.2.running_var", "layers.2.weight"] {
      let path = try begin(part, steps: 8)
      try replaceState(part) { zero(&$0.parameters, part) }
      #expect(try resume(path).model != reference.model, "\(part)")
    }
    // The mask of dropout depends on the epoch, and a step of Adam on its number.
    for part in [\.steps, \.epochs] as [WritableKeyPath<TrainingPosition, Int>] {
      let name = "\(UUID())"
      let path = try begin(name, steps: 8)
      try replaceState(name) { $0.position[keyPath: part] += 1 }
      #expect(throws: InputError.self) { try Run(resuming: path) }
    }
  }
}
