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
    let digests = try directory.epochDigests()
    let wrong = String(repeating: "a", count: 64)
    try edit("r/metrics.jsonl", digests[1], wrong)
    try edit("r/metrics.jsonl", digests[2], wrong)
    let verification = try Verification(directory.url.path)
    var epochs = 0
    while let event = try verification.advance() { if case .epoch = event { epochs += 1 } }
    #expect(verification.result == .epochDiffers(2, recorded: wrong, found: digests[1]) && epochs == 2)
  }

  @Test func aChangedConfigurationDiffers() throws {
    try edit("r/config.json", #""learningRate": 0.5"#, #""learningRate": 0.5001"#)
    guard case .epochDiffers(1, _, _) = try verify().result else {
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

  /// Of a run that was interrupted the whole epochs are verified; its model is that of half an epoch.
  @Test func interruptedRuns() throws {
    let run = try Run(
      Draft.spirals().configuration(in: folder),
      options: .init(execution: .singleThread, output: folder.url.appending(path: "s")))
    for _ in 0..<15 { _ = try run.advance() }
    _ = try run.finish()
    let verification = try verify("s")
    #expect(verification.epochs == 2 && verification.result == .equal(epochs: 2, model: false))
  }

  @Test func changedDataAreTold() throws {
    try folder.write("a,y\n1,u\n3,v\n5,u\n7,v\n", to: "data.csv")
    let draft = Draft(dataset: #"{"train": {"format": "csv", "path": "data.csv", "target": "y"}}"#)
    try train(draft.configuration(in: folder), output: folder.url.appending(path: "c"))
    #expect(try verify("c").notice == nil)
    try edit("data.csv", "3,v", "4,v")
    let verification = try verify("c")
    #expect(verification.notice == "the data of dataset.train are not those of the run")
    guard case .epochDiffers(1, _, _) = verification.result else {
      Issue.record("other data are not noticed")
      return
    }
  }

  @Test func nothingToVerify() throws {
    try folder.write("", to: "r/metrics.jsonl")
    let error = #expect(throws: DataError.self) { try verify() }
    #expect(error?.message == "no epoch is recorded, so there is nothing to verify")
    #expect(error?.file.hasSuffix("r/metrics.jsonl") == true)
    #expect(throws: DataError.self) { try verify("none") }
  }

  @Test(arguments: [
    ("{}", 1), (#"{"epoch":1}"#, 1), (#"{"digest":"a","epoch":2}"#, 1), ("x", 1),
    (#"{"digest":"a","epoch":1}"# + "\n" + #"{"digest":5,"epoch":2}"#, 2),
  ]) func metricsWithoutDigests(text: String, line: Int) throws {
    try folder.write(text + "\n", to: "r/metrics.jsonl")
    let error = #expect(throws: DataError.self) { try verify() }
    #expect(error?.line == line && error?.message == "must be the metrics of epoch \(line) with its 'digest'")
  }

  @Test func digestsAreRead() throws {
    try folder.write("{\"digest\":\"a\",\"epoch\":1}\n{\"digest\":\"b\",\"epoch\":2}\n{\"dig", to: "r/metrics.jsonl")
    #expect(try directory.epochDigests() == ["a", "b"])
  }

  /// A model of other steps, which an interrupted run that was to be longer has left, is not taken for the last one; one
  /// whose steps nobody tells is.
  @Test func modelsOfOtherSteps() throws {
    try edit("r/config.json", #""epochs": 3"#, #""epochs": 2"#)
    #expect(try verify().result == .equal(epochs: 2, model: false))
    try FileManager.default.removeItem(at: directory.url(.summary))
    guard case .modelDiffers = try verify().result else {
      Issue.record("a model of three epochs passes for one of two")
      return
    }
  }
}
