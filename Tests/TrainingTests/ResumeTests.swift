import ConfigurationSchema
import Files
import Foundation
import Kernels
import Testing

@testable import Training

/// A run that was interrupted ends as if it had not been.
@Suite struct ResumeTests {
  private let folder: TemporaryFolder
  private let reference: Outcome
  private let steps: Int

  init() throws {
    folder = try TemporaryFolder()
    let result = try train(
      Draft.spirals().configuration(in: folder), output: folder.url.appending(path: "reference"), machines[0])
    reference = try Outcome(result.run.directory.url)
    steps = result.summary.steps
  }

  /// Begins a run and leaves it after some steps.
  private func begin(
    _ name: String, steps: Int, isFinished: Bool = true, _ options: Run.Options = machines[0]
  ) throws -> String {
    var options = options
    options.output = folder.url.appending(path: name)
    let run = try Run(Draft.spirals().configuration(in: folder), options: options)
    for _ in 0..<steps { _ = try run.advance() }
    if isFinished { _ = try run.finish() }
    return run.directory.url.path
  }

  /// Goes on to the end.
  @discardableResult
  private func resume(
    _ path: String, _ overrides: [(key: String, value: String)] = [], _ options: Run.Options = machines[0]
  ) throws -> Outcome {
    let run = try Run(resuming: path, overrides: overrides, options: options)
    while try run.advance() != nil {}
    _ = try run.finish()
    return try Outcome(run.directory.url)
  }

  @Test func fromEachStepOnOtherMachines() throws {
    #expect(steps == 18 && reference.metrics.count == 3)
    for step in 0...steps {
      let path = try begin("r\(step)", steps: step, machines[step % machines.count])
      let outcome = try resume(path, [], machines[(step + 1 + step / machines.count) % machines.count])
      #expect(outcome == reference, "interrupted after step \(step)")
    }
  }

  /// A run that simply ends, as a process that is killed does, goes on from an older state.
  @Test func withoutAFinish() throws {
    for step in 0...steps {
      let path = try begin("r\(step)", steps: step, isFinished: false, machines[step % machines.count])
      #expect(try resume(path, [], machines[(step + 2) % machines.count]) == reference, "left after step \(step)")
    }
  }

  /// A run that is interrupted after every step.
  @Test func stepByStep() throws {
    let path = try begin("r", steps: 0)
    for step in 0..<steps {
      let run = try Run(resuming: path, options: machines[step % machines.count])
      _ = try run.advance()
      _ = try run.finish()
      #expect(run.isOver == (step == steps - 1))
    }
    #expect(try Outcome(folder.url.appending(path: "r")) == reference)
  }

  /// The object may go while a state is being written: nothing writes to the folder any more when it has gone.
  @Test func aRunThatGoesLeavesNothingBehind() throws {
    var draft = Draft.spirals()
    draft.network = draft.network.replacingOccurrences(of: #""units": 3"#, with: #""units": 100000"#)
    var run: Run? = try Run(
      draft.configuration(in: folder),
      options: .init(execution: .workers(.fixed(2)), output: folder.url.appending(path: "r")))
    _ = try run?.advance()
    run = nil
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "r").path).sorted() == [
        "checkpoint.safetensors", "config.json", "metrics.jsonl",
      ])
  }

  @Test func whatItGoesOnFromIsTold() throws {
    let path = try begin("r", steps: 8)
    let run = try Run(resuming: path)
    #expect(run.resumption == "\(path) goes on after 1 epoch and 2 steps of the next, step 8" && run.damage == nil)
    #expect(abs(run.fraction - 8.0 / 18) < 1e-9)
    let early = try Run(resuming: try begin("early", steps: 0, isFinished: false))
    #expect(early.resumption?.hasSuffix(" goes on at its start") == true)
    #expect(try Run(resuming: try begin("epoch", steps: 6)).resumption?.hasSuffix("after 1 epoch, step 6") == true)
    #expect(try Run(Draft.spirals().configuration(in: folder), options: .init(output: folder.url)).resumption == nil)
  }

  @Test func aRunThatIsOverStaysAsItIs() throws {
    let path = try begin("r", steps: steps)
    #expect(try Outcome(URL(fileURLWithPath: path)) == reference)
    #expect(try Run(resuming: path).isOver)
    #expect(try resume(path) == reference)
  }

  @Test func longerTraining() throws {
    let longer = try train(
      Draft.spirals().configuration(in: folder, overrides: [("training.epochs", "5")]),
      output: folder.url.appending(path: "longer"))
    for step in [0, 8, 18] {
      let path = try begin("r\(step)", steps: step)
      let outcome = try resume(path, [("training.epochs", "5")])
      #expect(try outcome == Outcome(longer.run.directory.url) && outcome != reference)
      // From now on it is a run of five epochs.
      #expect(try RunConfiguration(file: path + "/config.json").training.epochs == 5)
    }
    // Fewer epochs, but not fewer than are over.
    let shorter = try resume(begin("shorter", steps: 8), [("training.epochs", "2")])
    #expect(shorter.metrics == Array(reference.metrics.prefix(2)) && shorter.model != reference.model)
  }

  // MARK: Damage

  @Test func aDamagedState() throws {
    let path = try begin("r", steps: 8)
    let saved = try folder.read("r/checkpoint.safetensors")
    try folder.write(makeCheckpoint(steps: 3).data, to: "r/checkpoint.previous.safetensors")
    try folder.write(saved.flipping(bit: 0, of: saved.count - 1), to: "r/checkpoint.safetensors")
    let run = try Run(resuming: path)
    #expect(run.damage?.contains("r/checkpoint.safetensors: the state is damaged; ") == true)
    #expect(run.damage?.hasSuffix("; the state before it is used") == true)
    #expect(run.resumption?.hasSuffix("after 0 epochs and 3 steps of the next, step 3") == true)
    while try run.advance() != nil {}
    _ = try run.finish()
    #expect(try Outcome(run.directory.url) == reference)
  }

  /// The damaged state never takes the place of the good one: else a process killed in the next moment loses all.
  @Test func aDamagedStateIsNotKept() throws {
    let path = try begin("r", steps: 8)
    try folder.write(makeCheckpoint(steps: 3).data, to: "r/checkpoint.previous.safetensors")
    try folder.write("damaged", to: "r/checkpoint.safetensors")
    let run = try Run(resuming: path)
    // Before anything is saved, the good one is the newest.
    #expect(try CheckpointFile(folder.read("r/checkpoint.safetensors"), file: "c").state.position.steps == 3)
    while try run.advance() != nil {}
    _ = try run.finish()
    for name in ["checkpoint.safetensors", "checkpoint.previous.safetensors"] {
      #expect(try CheckpointFile(folder.read("r/" + name), file: name).state.position.steps >= 3)
    }
  }

  /// A state with a right checksum and a position that is none is refused, and nothing overflows.
  @Test func positionsThatAreNone() throws {
    let path = try begin("r", steps: 8)
    let saved = try CheckpointFile(folder.read("r/checkpoint.safetensors"), file: "saved")
    let counts: [WritableKeyPath<TrainingPosition, Int>] = [
      \.epochs, \.steps, \.epochSteps, \.epochSamples, \.samples,
    ]
    for count in counts {
      for value in [Int.max, 1_000_000_000, saved.state.position[keyPath: count] + 1] {
        var checkpoint = saved
        checkpoint.state.position[keyPath: count] = value
        try folder.write(checkpoint.data, to: "r/checkpoint.safetensors")
        try? FileManager.default.removeItem(at: folder.url.appending(path: "r/checkpoint.previous.safetensors"))
        #expect(throws: (any Error).self, "\(count) \(value)") { try Run(resuming: path) }
      }
    }
    try folder.write(saved.data, to: "r/checkpoint.safetensors")
    #expect(try resume(path) == reference)
  }

  @Test func timesThatAreNone() throws {
    var checkpoint = try makeCheckpoint()
    checkpoint.state.position.runSeconds = 1e300
    let error = #expect(throws: InputError.self) { try CheckpointFile(checkpoint.data, file: "c") }
    #expect(error?.message.contains("position.runSeconds: must be from 0 to 1000000000000, found 1e300") == true)
  }

  /// Without its states a run that has trained is not begun again: that would destroy its record.
  @Test func statesThatAreGone() throws {
    let path = try begin("r", steps: 8)
    for name in ["checkpoint.safetensors", "checkpoint.previous.safetensors"] {
      try FileManager.default.removeItem(at: folder.url.appending(path: "r/" + name))
    }
    let metrics = try folder.read("r/metrics.jsonl")
    let error = #expect(throws: InputError.self) { try Run(resuming: path) }
    #expect(error?.kind == .missing && error?.message.hasPrefix("the states of this run are gone, ") == true)
    #expect(try folder.read("r/metrics.jsonl") == metrics)
    // Killed in its first moment, a run has neither, and begins.
    for name in ["model.safetensors", "summary.json"] {
      try FileManager.default.removeItem(at: folder.url.appending(path: "r/" + name))
    }
    try folder.write("", to: "r/metrics.jsonl")
    #expect(try Run(resuming: path).resumption?.hasSuffix("before its first state: it begins at its start") == true)
    #expect(try resume(path) == reference)
  }

  /// A folder with a configuration is a person's unless it has what only a run writes; nothing in it is touched.
  @Test func foldersOfPersons() throws {
    try folder.write(Draft.spirals().json, to: "project/config.json", makingFolder: true)
    let before = try folder.read("project/config.json")
    let path = folder.url.appending(path: "project").path
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    let error = #expect(throws: InputError.self) { try Run(resuming: path) }
    #expect(error?.kind == .missing && error?.message.hasPrefix("this is not a run directory: ") == true)
    #expect(try names() == ["config.json"] && folder.read("project/config.json") == before)
    // A file that is called as the metrics are does not make it a run's: no run writes a configuration like this.
    try folder.write("", to: "project/metrics.jsonl")
    let marked = #expect(throws: InputError.self) { try Run(resuming: path) }
    #expect(marked?.kind == .missing && marked?.message.contains("is not as a run writes it") == true)
    #expect(try names() == ["config.json", "metrics.jsonl"] && folder.read("project/config.json") == before)
  }

  /// A digest that contradicts the state is refused, and stays for a person to look at.
  @Test func anAlteredDigest() throws {
    let path = try begin("r", steps: 12)
    let text = String(decoding: try folder.read("r/metrics.jsonl"), as: UTF8.self)
    let digest = try #require(try RunDirectory(existing: path).epochRecords().last).digest
    let altered = Data(text.replacingOccurrences(of: digest, with: "beef" + digest.dropFirst(4)).utf8)
    try folder.write(altered, to: "r/metrics.jsonl")
    let configuration = try folder.read("r/config.json")
    let error = #expect(throws: InputError.self) { try Run(resuming: path, overrides: [("training.epochs", "4")]) }
    #expect(error?.kind == .malformed && error?.line == 2)
    #expect(error?.message.hasPrefix("the digest of epoch 2 is 'beef") == true)
    #expect(try folder.read("r/metrics.jsonl") == altered && folder.read("r/config.json") == configuration)
    try folder.write(text, to: "r/metrics.jsonl")
    #expect(try resume(path) == reference)
  }

  /// A state of another version of the arithmetic is refused; one that names none is of version 1.
  @Test func anotherArithmetic() throws {
    let path = try begin("r", steps: 8)
    let sound = try CheckpointFile(folder.read("r/checkpoint.safetensors"), file: "c")
    #expect(sound.arithmetic == arithmeticVersion)
    var other = sound
    other.arithmetic += 1
    try folder.write(other.data, to: "r/checkpoint.safetensors")
    let error = #expect(throws: InputError.self) { try Run(resuming: path) }
    #expect(error?.kind == .malformed && error?.file.hasSuffix("r/checkpoint.safetensors") == true)
    #expect(
      error?.message.hasPrefix("the state was made by version \(other.arithmetic) of the arithmetic, ") == true)
    try folder.write(sound.data, to: "r/checkpoint.safetensors")
    #expect(try resume(path) == reference)
  }

  @Test func statesThatCannotBeUsed() throws {
    let path = try begin("r", steps: 8)
    for name in ["checkpoint.safetensors", "checkpoint.previous.safetensors"] { try folder.write("", to: "r/" + name) }
    let error = #expect(throws: InputError.self) { try Run(resuming: path) }
    #expect(error?.kind == .malformed)
    let missing = #expect(throws: InputError.self) { try Run(resuming: folder.url.path + "/none") }
    #expect(missing?.kind == .missing && missing?.message == "there is no such run directory")
    let other = #expect(throws: InputError.self) { try Run(resuming: folder.url.path) }
    #expect(other?.kind == .missing && other?.message == "this is not a run directory: it has no config.json")
  }

  /// A second process may not write to the folder of a run.
  @Test func onlyOneAtATime() throws {
    let path = try begin("r", steps: 3)
    let run = try Run(resuming: path)
    let error = #expect(throws: OutputError.self) { try Run(resuming: path) }
    #expect(error?.description == "another process is training in \(path)" && error?.isCreation == true)
    #expect(try run.advance() != nil)
  }
}
