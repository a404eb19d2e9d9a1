import ConfigurationSchema
import Datasets
import Files
import Foundation
import Kernels
import Testing

@testable import Training

@Suite struct VerificationTests {
  private let folder: TemporaryFolder
  private let directory: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    directory = try train(Draft.spirals().configuration(in: folder), output: folder.url.appending(path: "r")).run
      .directory
  }

  private func verify(_ name: String = "r", _ options: Run.Options = machines[0]) throws -> Verification {
    let verification = try Verification(folder.url.appending(path: name).path, options: options)
    while try verification.advance() != nil {}
    return verification
  }

  /// Replaces a text of a file, which has to be there.
  private func edit(_ name: String, _ old: String, _ new: String) throws {
    let text = String(decoding: try folder.read(name), as: UTF8.self)
    try #require(text.contains(old))
    try folder.write(text.replacingOccurrences(of: old, with: new), to: name)
  }

  @Test func equalRunsOnAllMachines() throws {
    for options in machines + [.init()] {
      let verification = try verify("r", options)
      #expect(verification.result == .equal(epochs: 3, model: true) && verification.notice == nil)
    }
  }

  @Test func nothingIsWritten() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.url.path).sorted()
    let before = try names.map { try folder.read("r/" + $0) }
    _ = try verify()
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).sorted() == names)
    #expect(try names.map { try folder.read("r/" + $0) } == before)
  }

  /// The first epoch with another digest is named, and the training of the rest is spared.
  @Test func anEpochDiffers() throws {
    let digests = try directory.epochRecords().map(\.digest)
    let wrong = String(repeating: "a", count: 64)
    try edit("r/metrics.jsonl", digests[1], wrong)
    try edit("r/metrics.jsonl", digests[2], wrong)
    let verification = try Verification(directory.url.path)
    var epochs = 0
    while let event = try verification.advance() { if case .epoch = event { epochs += 1 } }
    #expect(verification.result == .epochDiffers(2, key: "digest", recorded: wrong, found: digests[1]) && epochs == 2)
  }

  @Test func aChangedConfigurationDiffers() throws {
    try edit("r/config.json", #""learningRate": 0.5"#, #""learningRate": 0.5001"#)
    guard case .epochDiffers(1, "digest", _, _) = try verify().result else {
      Issue.record("another learning rate is not noticed")
      return
    }
  }

  @Test func theModelDiffers() throws {
    let model = try folder.read("r/model.safetensors")
    let changed = model.flipping(bit: 0, of: model.count - 4)
    try folder.write(changed, to: "r/model.safetensors")
    let (recorded, found) = (SHA256.hexadecimal(changed), SHA256.hexadecimal(model))
    #expect(try verify().result == .modelDiffers(recorded: recorded, found: found))
    try FileManager.default.removeItem(at: directory.url(.model))
    #expect(try verify().result == .equal(epochs: 3, model: false))
  }

  /// Of a run that was interrupted the whole epochs are verified, and the model of half an epoch.
  @Test func interruptedRuns() throws {
    let run = try Run(
      Draft.spirals().configuration(in: folder),
      options: .init(execution: .singleThread, output: folder.url.appending(path: "s")))
    for _ in 0..<15 { _ = try run.advance() }
    _ = try run.finish()
    let verification = try verify("s")
    #expect(verification.epochs == 2 && verification.result == .equal(epochs: 2, model: true))
    let model = try folder.read("s/model.safetensors")
    try folder.write(model.flipping(bit: 0, of: model.count - 4), to: "s/model.safetensors")
    guard case .modelDiffers = try verify("s").result else {
      Issue.record("an altered model of half an epoch passes")
      return
    }
  }

  @Test func changedDataAreTold() throws {
    try folder.write("a,y\n1,u\n3,v\n5,u\n7,v\n", to: "data.csv")
    let draft = Draft(dataset: #"{"train": {"format": "csv", "path": "data.csv", "target": "y"}}"#)
    try train(draft.configuration(in: folder), output: folder.url.appending(path: "c"))
    #expect(try verify("c").notice == nil)
    try edit("data.csv", "3,v", "4,v")
    let verification = try verify("c")
    #expect(verification.notice == "the data of dataset.train are not those of the run")
    guard case .epochDiffers(1, "digest", _, _) = verification.result else {
      Issue.record("other data are not noticed")
      return
    }
  }

  @Test func nothingToVerify() throws {
    try folder.write("", to: "r/metrics.jsonl")
    let error = #expect(throws: InputError.self) { try verify() }
    #expect(error?.message == "no epoch is recorded, so there is nothing to verify")
    #expect(error?.file.hasSuffix("r/metrics.jsonl") == true)
    #expect(throws: InputError.self) { try verify("none") }
  }

  @Test(arguments: [
    ("{}", 1), (#"{"epoch":1}"#, 1), (#"{"digest":"a","epoch":2}"#, 1), ("x", 1),
    (#"{"digest":"a","epoch":1}"# + "\n" + #"{"digest":5,"epoch":2}"#, 2),
  ]) func metricsWithoutDigests(text: String, line: Int) throws {
    try folder.write(text + "\n", to: "r/metrics.jsonl")
    let error = #expect(throws: InputError.self) { try verify() }
    #expect(error?.line == line && error?.message == "must be the metrics of epoch \(line) with its 'digest'")
  }

  @Test func digestsAreRead() throws {
    try folder.write("{\"digest\":\"a\",\"epoch\":1}\n{\"digest\":\"b\",\"epoch\":2}\n{\"dig", to: "r/metrics.jsonl")
    #expect(try directory.epochRecords().map(\.digest) == ["a", "b"])
  }

  // MARK: Metrics

  /// Every member of a line is compared but for the times, and the first that differs is named with both values.
  @Test(arguments: [
    ("train.loss", #""train":{"loss":"#, #""train":{"loss":1"#),
    ("learningRate", #""learningRate":0.5"#, #""learningRate":0.25"#),
    ("steps", #""steps":12"#, #""steps":13"#), ("validation.loss", #","loss":0."#, #","loss":10."#),
    ("validation.loss", #","loss":"#, #","lost":"#), ("more", #"{"digest""#, #"{"more":1,"digest""#),
  ]) func everyMemberIsCompared(key: String, old: String, new: String) throws {
    var lines = try directory.metricsLines()
    let line = lines[1].replacingOccurrences(of: old, with: new)
    try #require(line != lines[1])
    lines[1] = line
    try folder.write(lines.map { $0 + "\n" }.joined(), to: "r/metrics.jsonl")
    guard case .epochDiffers(2, let found, let recorded, let value) = try verify().result else {
      Issue.record("\(new) is not noticed")
      return
    }
    #expect(found == key && recorded != value, "\(found): \(recorded) and \(value)")
  }

  @Test func timesAreNotCompared() throws {
    let text = try directory.metricsLines().map {
      $0.replacing(/"seconds":[^,]*,/, with: #""seconds":77,"#)
        .replacing(/"samplesPerSecond":[^,]*,/, with: #""samplesPerSecond":1,"#) + "\n"
    }.joined()
    try folder.write(text, to: "r/metrics.jsonl")
    #expect(try verify().result == .equal(epochs: 3, model: true))
  }

  // MARK: Records that contradict each other

  private func alterModel() throws {
    let model = try folder.read("r/model.safetensors")
    try folder.write(model.flipping(bit: 0, of: model.count - 4), to: "r/model.safetensors")
  }

  /// An altered model cannot hide behind an altered summary.
  @Test(arguments: ["17", "6", "0", "19", "1000000", "-1"]) func anAlteredModelWithAnAlteredSummary(steps: String)
    throws
  {
    let sound = SHA256.hexadecimal(try folder.read("r/model.safetensors"))
    try alterModel()
    try edit("r/summary.json", #""steps": 18"#, #""steps": \#(steps)"#)
    guard case .modelDiffers(_, sound) = try verify().result else {
      Issue.record("the steps \(steps) hide an altered model")
      return
    }
    try edit("r/summary.json", sound, SHA256.hexadecimal(folder.read("r/model.safetensors")))
    switch try verify().result {
    case .modelDiffers, .recordsDiffer: break
    case let result: Issue.record("\(result)")
    }
  }

  @Test func missingLines() throws {
    try alterModel()
    let lines = try directory.metricsLines()
    try folder.write(lines.dropLast().map { $0 + "\n" }.joined(), to: "r/metrics.jsonl")
    #expect(
      try verify().result
        == .recordsDiffer("summary.json tells of 3 epochs, but metrics.jsonl has 2 epochs"))
  }

  @Test func surplusLines() throws {
    let line = try #require(try directory.metricsLines().last)
    try directory.append(JSONValue(Data(line.replacingOccurrences(of: #""epoch":3"#, with: #""epoch":4"#).utf8)))
    #expect(try verify().result == .recordsDiffer("metrics.jsonl has 4 epochs, but config.json asks for 3"))
  }

  /// A run that went on and was killed has a model and a summary of before, which are compared where they were written.
  @Test func anOlderModel() throws {
    let options = Run.Options(execution: .singleThread, output: folder.url.appending(path: "s"))
    var run: Run? = try Run(Draft.spirals().configuration(in: folder), options: options)
    for _ in 0..<8 { _ = try run?.advance() }
    _ = try run?.finish()
    run = nil
    run = try Run(resuming: folder.url.appending(path: "s").path, options: .init(execution: .singleThread))
    while try run?.advance() != nil {}
    run = nil
    #expect(try verify("s").result == .equal(epochs: 3, model: true))
    let model = try folder.read("s/model.safetensors")
    try folder.write(model.flipping(bit: 0, of: model.count - 4), to: "s/model.safetensors")
    guard case .modelDiffers = try verify("s").result else {
      Issue.record("an altered older model passes")
      return
    }
  }

  /// Without a summary the model is that of the newest state, or of the last epoch.
  @Test func noSummary() throws {
    try FileManager.default.removeItem(at: directory.url(.summary))
    #expect(try verify().result == .equal(epochs: 3, model: true))
    for file in [RunDirectory.File.checkpoint, .previousCheckpoint] {
      try FileManager.default.removeItem(at: directory.url(file))
    }
    #expect(try verify().result == .equal(epochs: 3, model: true))
    try alterModel()
    guard case .modelDiffers = try verify().result else {
      Issue.record("an altered model passes")
      return
    }
  }

  // MARK: The arithmetic

  /// Other bits of another version of the arithmetic are told apart from other bits of this one.
  @Test func anotherArithmetic() throws {
    let other = arithmeticVersion + 1
    try edit("r/summary.json", #""arithmeticVersion": \#(arithmeticVersion)"#, #""arithmeticVersion": \#(other)"#)
    #expect(try verify().result == .otherArithmetic(recorded: other, version: arithmeticVersion))
    try FileManager.default.removeItem(at: directory.url(.summary))
    #expect(try verify().result == .equal(epochs: 3, model: true))
    var checkpoint = try CheckpointFile(folder.read("r/checkpoint.safetensors"), file: "c")
    checkpoint.arithmetic = other
    try folder.write(checkpoint.data, to: "r/checkpoint.safetensors")
    #expect(try verify().result == .otherArithmetic(recorded: other, version: arithmeticVersion))
    for file in [RunDirectory.File.checkpoint, .previousCheckpoint] {
      try FileManager.default.removeItem(at: directory.url(file))
    }
    var model = try Safetensors(folder.read("r/model.safetensors"), file: "m")
    model.metadata["lockstep"] = model.metadata["lockstep"]?
      .replacingOccurrences(of: #""arithmeticVersion":\#(arithmeticVersion)"#, with: #""arithmeticVersion":\#(other)"#)
    try folder.write(model.data, to: "r/model.safetensors")
    #expect(try verify().result == .otherArithmetic(recorded: other, version: arithmeticVersion))
  }

  /// What names no version was written by version 1.
  @Test func noArithmeticIsTheFirst() throws {
    try edit("r/summary.json", #""arithmeticVersion": \#(arithmeticVersion),"#, "")
    let result = try verify().result
    #expect((result == .equal(epochs: 3, model: true)) == (arithmeticVersion == 1))
  }
}
