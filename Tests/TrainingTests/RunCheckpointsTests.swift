import ConfigurationSchema
import Datasets
import Files
import Foundation
import Testing

@testable import Training

/// The states and metrics in a run directory.
@Suite struct RunCheckpointsTests {
  private let folder: TemporaryFolder
  private let directory: RunDirectory
  private let states: [CheckpointFile]

  init() throws {
    folder = try TemporaryFolder()
    directory = try RunDirectory(exactly: folder.url)
    states = try [3, 8, 11].map { try makeCheckpoint(steps: $0) }
  }

  private let newest = "checkpoint.safetensors"
  private let previous = "checkpoint.previous.safetensors"

  private func steps() throws -> Int? { try directory.loadCheckpoint()?.checkpoint.state.position.steps }

  private func damage(_ name: String) throws {
    let content = try folder.read(name)
    try folder.write(content.flipping(bit: 3, of: content.count / 2), to: name)
  }

  @Test func theLastTwoAreKept() throws {
    #expect(try directory.loadCheckpoint() == nil)
    try directory.save(states[0])
    #expect(try folder.names == [newest])
    for (state, before) in zip(states.dropFirst(), states) {
      try directory.save(state)
      #expect(try folder.names == [previous, newest])
      #expect(try folder.read(newest) == state.data && folder.read(previous) == before.data)
      let loaded = try #require(try directory.loadCheckpoint())
      #expect(loaded.checkpoint.state == state.state && loaded.file == .checkpoint && loaded.damage == nil)
    }
  }

  @Test func olderOnesAreKeptByTheirSteps() throws {
    let all = try [3, 8, 11, 13, 15].map { try makeCheckpoint(steps: $0) }
    func kept(_ steps: Int) -> String { "checkpoint.step-\(steps).safetensors" }
    for state in all.prefix(2) { try directory.save(state, keep: 4) }
    #expect(try folder.names == [previous, newest] && directory.keptCheckpoints == [])
    try directory.save(all[2], keep: 4)
    #expect(try folder.names == [previous, newest, kept(3)].sorted() && directory.keptCheckpoints == [3])
    for state in all.dropFirst(3) { try directory.save(state, keep: 4) }
    #expect(directory.keptCheckpoints == [8, 11])
    #expect(try folder.read(kept(8)) == all[1].data && folder.read(kept(11)) == all[2].data)
    #expect(try folder.read(newest) == all[4].data && folder.read(previous) == all[3].data && steps() == 15)
  }

  /// What only looks like an older state is not touched, and a damaged one before the newest is not kept.
  @Test func onlyOlderStatesAreRemoved() throws {
    let strangers = ["checkpoint.step-007.safetensors", "checkpoint.step-x.safetensors", "checkpoint.step-1.txt"]
    for name in strangers { try folder.write("mine", to: name) }
    for state in states { try directory.save(state, keep: 3) }
    #expect(directory.keptCheckpoints == [3])
    try damage(previous)
    try directory.save(states[2], keep: 3)
    #expect(directory.keptCheckpoints == [3])
    #expect(try strangers.allSatisfy { try folder.read($0) == Data("mine".utf8) })
  }

  @Test func aDamagedNewestIsToldAndTheOneBeforeIsUsed() throws {
    for state in states.prefix(2) { try directory.save(state) }
    try damage(newest)
    let loaded = try #require(try directory.loadCheckpoint())
    #expect(loaded.checkpoint.state == states[0].state && loaded.file == .previousCheckpoint)
    #expect(loaded.damage?.file.hasSuffix("/" + newest) == true)
    #expect(loaded.damage?.message.hasPrefix("the state is damaged; ") == true)
    // An empty file is a damaged one; a damaged state that is not needed is none.
    try folder.write("", to: newest)
    #expect(try directory.loadCheckpoint()?.damage != nil)
    try directory.save(states[2])
    #expect(try steps() == 11 && directory.loadCheckpoint()?.damage == nil)
  }

  @Test func bothDamaged() throws {
    for state in states.prefix(2) { try directory.save(state) }
    try damage(newest)
    try damage(previous)
    let error = #expect(throws: InputError.self) { try directory.loadCheckpoint() }
    #expect(error?.kind == .malformed && error?.file.hasSuffix("/" + newest) == true)
    #expect(error?.description.contains(newest) == true && error?.description.contains(previous) == true)
  }

  /// The moment between the two renames, and what a state that is damaged and alone means.
  @Test func oneOfThem() throws {
    for state in states.prefix(2) { try directory.save(state) }
    try FileManager.default.removeItem(at: directory.url(.checkpoint))
    #expect(try steps() == 3 && directory.loadCheckpoint()?.damage == nil)
    try damage(previous)
    #expect(throws: InputError.self) { try directory.loadCheckpoint() }
    try FileManager.default.removeItem(at: directory.url(.previousCheckpoint))
    try directory.save(states[2])
    #expect(try steps() == 11)
    try damage(newest)
    let error = #expect(throws: InputError.self) { try directory.loadCheckpoint() }
    #expect(error?.file.hasSuffix("/" + newest) == true)
  }

  @Test func statesThatCannotBeRead() throws {
    try directory.save(states[0])
    try FileManager.default.createDirectory(at: directory.url(.previousCheckpoint), withIntermediateDirectories: true)
    #expect(try steps() == 3)
    try FileManager.default.removeItem(at: directory.url(.checkpoint))
    let error = #expect(throws: InputError.self) { try directory.loadCheckpoint() }
    #expect(error?.kind == .unreadable && error?.message.hasPrefix("the file cannot be read: ") == true)
  }

  /// A partial file of a process that was killed while it wrote is neither used nor in the way.
  @Test func partialFilesAreNoStates() throws {
    try directory.save(states[0])
    try folder.write(states[1].data.prefix(100), to: ".\(newest).partial")
    #expect(try steps() == 3)
    try directory.save(states[2])
    #expect(try steps() == 11 && folder.names == [previous, newest])
  }

  // MARK: Metrics

  /// A state after some epochs, and with a step of the next, so that nobody asks for its digest.
  private func state(_ epochs: Int) -> TrainingState {
    TrainingState(
      position: TrainingPosition(epochs: epochs, epochSteps: 1), parameters: [], scaling: Scaling(shift: [], scale: []))
  }

  private func line(_ epoch: Int) -> String { #"{"digest":"ab","epoch":\#(epoch)}"# }

  @Test func linesBeyondTheStateAreLeftOut() throws {
    #expect(try directory.metricsLines() == [])
    for epoch in 1...4 { try directory.append(JSONValue(Data(line(epoch).utf8))) }
    #expect(try directory.metricsLines().count == 4)
    try directory.truncateMetrics(to: state(4))
    #expect(try directory.metricsLines().count == 4)
    try directory.truncateMetrics(to: state(2))
    #expect(try folder.read("metrics.jsonl") == Data("\(line(1))\n\(line(2))\n".utf8))
    try directory.append(JSONValue(Data(line(3).utf8)))
    #expect(try directory.metricsLines().last == line(3))
    try directory.truncateMetrics(to: state(0))
    #expect(try directory.metricsLines() == [])
  }

  @Test func aPartialLastLineIsNone() throws {
    try folder.write("\(line(1))\n\(line(2))\n{\"epo", to: "metrics.jsonl")
    #expect(try directory.metricsLines() == [line(1), line(2)])
    try directory.truncateMetrics(to: state(2))
    #expect(try folder.read("metrics.jsonl") == Data("\(line(1))\n\(line(2))\n".utf8))
    try folder.write(line(1), to: "metrics.jsonl")
    #expect(try directory.metricsLines() == [])
  }

  @Test func tooFewLines() throws {
    try folder.write("\(line(1))\n\(line(2))", to: "metrics.jsonl")
    let error = #expect(throws: InputError.self) { try directory.truncateMetrics(to: state(2)) }
    #expect(error?.file.hasSuffix("/metrics.jsonl") == true && error?.message.contains("has 1 whole line") == true)
    #expect(error?.message.contains("epoch 2") == true)
    // What was there is still there.
    #expect(try folder.read("metrics.jsonl") == Data("\(line(1))\n\(line(2))".utf8))
  }

  /// Lines that cannot be those of the epochs before the state are an error; later ones are not looked at.
  @Test func garbledLines() throws {
    try folder.write("\(line(1))\n\(line(3))\nx\n", to: "metrics.jsonl")
    let error = #expect(throws: InputError.self) { try directory.truncateMetrics(to: state(2)) }
    #expect(error?.line == 2 && error?.message == "must be the metrics of epoch 2 with its 'digest'")
    try directory.truncateMetrics(to: state(1))
    #expect(try directory.metricsLines() == [line(1)])
  }

  /// At the end of an epoch the parameters of a state are those of the last digest.
  @Test func theDigestIsThatOfTheState() throws {
    var state = try makeCheckpoint(steps: 6).state
    #expect(state.position.epochs == 1 && state.position.epochSteps == 0)
    try folder.write(#"{"digest":"\#(state.parameters.digest)","epoch":1}"# + "\n", to: "metrics.jsonl")
    #expect(throws: Never.self) { try directory.truncateMetrics(to: state) }
    let metrics = try folder.read("metrics.jsonl")
    state.parameters = states[1].state.parameters
    let error = #expect(throws: InputError.self) { try directory.truncateMetrics(to: state) }
    #expect(error?.kind == .malformed && error?.line == 1)
    #expect(error?.message.contains("that of the parameters in the state is '\(state.parameters.digest)'") == true)
    #expect(try folder.read("metrics.jsonl") == metrics)
  }
}
