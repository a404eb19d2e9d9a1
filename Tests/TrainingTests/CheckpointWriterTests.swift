import ConfigurationSchema
import Datasets
import Files
import Foundation
import Testing

@testable import Training

@Suite struct CheckpointWriterTests {
  private let folder: TemporaryFolder
  private let directory: RunDirectory
  private let checkpoint: CheckpointFile

  init() throws {
    folder = try TemporaryFolder()
    directory = try RunDirectory(exactly: folder.url.appending(path: "run"))
    checkpoint = try makeCheckpoint()
  }

  private func writer(_ interval: String, isConcurrent: Bool = false, digests: DataDigests? = nil) throws
    -> CheckpointWriter
  {
    let configuration = try Draft.spirals(#"{"epochs": 3, "batchSize": 4, "checkpoint": \#(interval)}"#)
      .configuration(in: folder)
    return CheckpointWriter(
      directory, configuration, try load(configuration), digests: digests, savedSteps: nil, isConcurrent: isConcurrent)
  }

  private func position(epochs: Int = 0, steps: Int, epochSteps: Int) -> TrainingPosition {
    TrainingPosition(epochs: epochs, steps: steps, epochSteps: epochSteps)
  }

  /// Whether a writer that has saved nothing yet wants a state.
  private func wants(_ interval: String, _ position: TrainingPosition) throws -> Bool {
    try writer(interval).wantsState(at: position)
  }

  @Test func epochs() throws {
    #expect(try wants(#"{"epochs": 1}"#, position(epochs: 1, steps: 6, epochSteps: 0)))
    #expect(try !wants(#"{"epochs": 1}"#, position(epochs: 1, steps: 8, epochSteps: 2)))
    #expect(try !wants(#"{"epochs": 2}"#, position(epochs: 3, steps: 18, epochSteps: 0)))
    #expect(try wants(#"{"epochs": 2}"#, position(epochs: 4, steps: 24, epochSteps: 0)))
    #expect(try writer(#"{"epochs": 1}"#).limit(at: position(steps: 3, epochSteps: 3)) == .max)
  }

  @Test func steps() throws {
    for steps in 1...12 {
      let position = position(epochs: steps / 6, steps: steps, epochSteps: steps % 6)
      #expect(try wants(#"{"steps": 4}"#, position) == [4, 8, 12].contains(steps))
      #expect(try wants(#"{"steps": 1}"#, position))
      // The next state that is due is never run past.
      #expect(try writer(#"{"steps": 4}"#).limit(at: position) == [3, 2, 1, 4][(steps - 1) % 4])
    }
  }

  @Test func seconds() throws {
    let position = position(steps: 3, epochSteps: 3)
    #expect(try wants(#"{"seconds": 1e-12}"#, position))
    #expect(try !wants(#"{"seconds": 1e9}"#, position))
    #expect(try writer(#"{"seconds": 1}"#).limit(at: position) == .max)
  }

  /// A state that is due stays due until it is saved.
  @Test func dueStatesWait() throws {
    let writer = try writer(#"{"epochs": 1}"#)
    let (end, later) = (position(epochs: 1, steps: 6, epochSteps: 0), position(epochs: 1, steps: 7, epochSteps: 1))
    #expect(try !writer.wantsState(at: later))
    #expect(try writer.wantsState(at: end) && writer.wantsState(at: later))
    try writer.save(checkpoint.state)
    #expect(try !writer.wantsState(at: later))
  }

  @Test(arguments: [false, true]) func statesAreSaved(isConcurrent: Bool) throws {
    for digests in [nil, checkpoint.dataDigests] {
      let writer = try writer(#"{"epochs": 1}"#, isConcurrent: isConcurrent, digests: digests)
      try writer.save(checkpoint.state)
      writer.wait()
      let saved = try #require(try directory.loadCheckpoint()).checkpoint
      #expect(saved.state == checkpoint.state && saved.dataDigests == checkpoint.dataDigests)
      var last = checkpoint.state
      last.position.epochSamples += 1
      try writer.finish(last)
      #expect(try directory.loadCheckpoint()?.checkpoint.state == checkpoint.state, "the same step is not saved twice")
      last.position.steps += 1
      try writer.finish(last)
      #expect(try directory.loadCheckpoint()?.checkpoint.state == last)
      #expect(
        try CheckpointFile(Data(contentsOf: directory.url(.previousCheckpoint)), file: "p").state == checkpoint.state)
    }
  }

  /// What goes wrong beside training is told to the trainer, when the next state is due or at the end.
  @Test func failuresSurface() throws {
    let due = position(epochs: 1, steps: 6, epochSteps: 0)
    let (beside, within) = (try writer(#"{"epochs": 1}"#, isConcurrent: true), try writer(#"{"epochs": 1}"#))
    #expect(try beside.wantsState(at: due) && within.wantsState(at: due))
    try FileManager.default.removeItem(at: directory.url)
    try beside.save(checkpoint.state)
    beside.wait()
    let error = #expect(throws: OutputError.self) { try beside.wantsState(at: due) }
    #expect(error?.description.contains("checkpoint.safetensors") == true && error?.isCreation == false)
    #expect(throws: OutputError.self) { try beside.finish(checkpoint.state) }
    #expect(throws: OutputError.self) { try within.save(checkpoint.state) }
  }
}
