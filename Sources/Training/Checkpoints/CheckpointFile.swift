import ConfigurationSchema
import Datasets
import Files
import Foundation
import Kernels
import Optimizers

/// A state of a run as a file: `checkpoint.safetensors`.
///
/// The tensors are the blocks of the parameters, `layers.N.weight` and so on, what the optimizer remembers of them,
/// `optimizer.SLOT.layers.N.weight`, where training may stop early the parameters of the best epoch, `best.layers.N.weight`,
/// where parameters are averaged `average.layers.N.weight`, and `scaling.shift` and `scaling.scale`. The metadata `lockstep` is a JSON text with
/// `version` (of this format), `arithmeticVersion`, `position`, `configuration` (the resolved one), its SHA-256
/// `configurationDigest`, and `data`, the digests of the data by part. The metadata `sha256` is the SHA-256 of the whole
/// file as it is with 64 zeros in the place of this digest: a file that was cut or changed in any bit is not accepted.
struct CheckpointFile: Sendable, Equatable {
  /// What the next step depends on.
  var state: TrainingState
  /// The configuration that the run was begun with, every default filled in.
  var configuration: JSONValue
  /// The data that it was begun with.
  var dataDigests: DataDigests
  /// The version of the arithmetic that made it.
  var arithmetic = arithmeticVersion

  private static let version = 1
  private static let best = "best."
  private static let average = "average."
  private static let noDigest = String(repeating: "0", count: 64)

  /// The content of the file.
  var data: Data { safetensors.data }

  /// The state as named tensors, with its checksum.
  var safetensors: Safetensors {
    let metadata = JSONValue.object([
      "version": .integer(Self.version), "arithmeticVersion": .integer(arithmetic), "position": state.position.json,
      "configuration": configuration,
      "configurationDigest": .string(Self.digest(configuration)),
      "data": dataDigests.json,
    ])
    var file = Safetensors(
      metadata: ["lockstep": metadata.compactText, "sha256": Self.noDigest],
      tensors: state.parameters + state.optimizer + state.best.map { $0.renamed(Self.best + $0.name) }
        + state.average.map { $0.renamed(Self.average + $0.name) } + [
          .init(name: "scaling.shift", shape: [state.scaling.shift.count], values: state.scaling.shift),
          .init(name: "scaling.scale", shape: [state.scaling.scale.count], values: state.scaling.scale),
        ])
    file.metadata["sha256"] = file.digest
    return file
  }

  fileprivate static func digest(_ configuration: JSONValue) -> String {
    SHA256.hexadecimal(configuration.compactText.utf8)
  }

  init(state: TrainingState, configuration: JSONValue, dataDigests: DataDigests) {
    self.state = state
    self.configuration = configuration
    self.dataDigests = dataDigests
  }

  /// Reads the content of a file.
  ///
  /// - Parameter name: what errors call the file.
  /// - Throws: `InputError` for whatever is wrong with it.
  init(_ content: Data, file name: String) throws(InputError) {
    var file: Safetensors
    do { file = try Safetensors(content, file: name) } catch {
      throw InputError(file: name, "the state is damaged; \(error.message)")
    }
    // Only what this program writes is accepted, to the byte: what the format leaves open could hide a damage.
    guard let digest = file.metadata["sha256"], file.data == content else {
      throw InputError(file: name, "the state is damaged; it is not as the program writes it")
    }
    file.metadata["sha256"] = Self.noDigest
    let found = file.digest
    guard found == digest else {
      throw InputError(file: name, "the state is damaged; its SHA-256 should be \(digest) and is \(found)")
    }
    guard let text = file.metadata["lockstep"], let value = try? JSONValue(parsing: Data(text.utf8), file: name) else {
      throw InputError(file: name, "this is not the state of a run: the metadata 'lockstep' is missing")
    }
    if case .object(let members) = value, case .integer(let version)? = members["version"], version != Self.version {
      throw InputError(
        file: name, "the state has version \(version) of the format, and this program reads \(Self.version)")
    }
    let issues = IssueCollector()
    let metadata = Section.read(value, issues: issues) { CheckpointMetadata($0) }.result
    guard issues.issues.isEmpty, let metadata, let shift = file["scaling.shift"],
      let scale = file["scaling.scale"], shift.shape == scale.shape
    else {
      let what = issues.issues.first.map { "; \($0)" } ?? ""
      throw InputError(file: name, "this is not the state of a run\(what)")
    }
    configuration = metadata.configuration
    arithmetic = metadata.arithmetic
    dataDigests = metadata.dataDigests
    state = TrainingState(
      position: metadata.position, parameters: file.tensors.filter { $0.name.hasPrefix("layers.") },
      optimizer: file.tensors.filter { $0.name.hasPrefix("optimizer.") },
      best: file.tensors(under: Self.best), average: file.tensors(under: Self.average),
      scaling: Scaling(shift: shift.values, scale: scale.values))
  }
}

/// The metadata `lockstep` of a state.
private struct CheckpointMetadata {
  let arithmetic: Int
  let position: TrainingPosition
  let configuration: JSONValue
  let dataDigests: DataDigests

  init?(_ section: Section) {
    _ = section.required("version", .integer(in: 1...Int.max), help: "the version of the format")
    // States that name none were made before there was another.
    let arithmetic = section.value(
      "arithmeticVersion", .integer(in: 1...Int.max), default: 1, help: "the version of the arithmetic")
    let position = section.object("position", help: "how far the run is") { TrainingPosition($0) }
    let digests = section.object("data", help: "the digests of the data") { DataDigests($0) }
    let digest = section.required("configurationDigest", .string, help: "the SHA-256 of the configuration")
    let configuration = section.required("configuration", .anything, help: "the resolved configuration")
    guard let position, let digests, let configuration, digest == CheckpointFile.digest(configuration) else {
      return nil
    }
    self.position = position
    self.configuration = configuration
    self.arithmetic = arithmetic
    dataDigests = digests
  }
}

extension CheckpointFile {
  /// Checks that this program computes as the one that made the state.
  ///
  /// - Throws: `InputError` if the steps to come would have other bits.
  func checkArithmetic(file name: String) throws(InputError) {
    guard arithmetic == arithmeticVersion else {
      throw InputError(
        file: name,
        "the state was made by version \(arithmetic) of the arithmetic, and this program computes by version "
          + "\(arithmeticVersion), with other bits; finish the run with the program that began it")
    }
  }
}

extension Safetensors.Tensor {
  /// The same numbers under another name.
  fileprivate func renamed(_ name: String) -> Self { Self(name: name, shape: shape, values: values) }
}

extension Safetensors {
  /// The tensors whose names begin with a prefix, without it.
  fileprivate func tensors(under prefix: String) -> [Tensor] {
    tensors.filter { $0.name.hasPrefix(prefix) }.map { $0.renamed(String($0.name.dropFirst(prefix.count))) }
  }
}

extension TrainingPosition {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "epochs": .integer(epochs), "steps": .integer(steps), "epochSteps": .integer(epochSteps),
      "epochSamples": .integer(epochSamples), "epochLossSum": .number(epochLossSum),
      "epochWeightSum": .number(epochWeightSum),
      "epochSeconds": .number(epochSeconds), "samples": .integer(samples),
      "trainingSeconds": .number(trainingSeconds), "runSeconds": .number(runSeconds),
    ]
    if plateau != Plateau() { members["plateau"] = plateau.json }
    if let best { members["best"] = .object(["epoch": .integer(best.epoch), "value": .number(best.value)]) }
    return .object(members)
  }

  fileprivate init?(_ section: Section) {
    func count(_ key: String, _ most: Int = .max) -> Int? {
      section.required(key, .integer(in: 0...most), help: "a count")
    }
    func seconds(_ key: String) -> Double? {
      section.required(key, .number(.from(0, through: 1e12)), help: "a time")
    }
    epochs = count("epochs", TrainingConfiguration.mostEpochs) ?? 0
    steps = count("steps") ?? 0
    epochSteps = count("epochSteps") ?? 0
    epochSamples = count("epochSamples") ?? 0
    epochLossSum = section.required("epochLossSum", .number(.any), help: "a sum") ?? 0
    epochWeightSum = section.value(
      "epochWeightSum", .number(.from(0, through: .greatestFiniteMagnitude)), default: Double(epochSamples),
      help: "a sum")
    epochSeconds = seconds("epochSeconds") ?? 0
    samples = count("samples") ?? 0
    trainingSeconds = seconds("trainingSeconds") ?? 0
    runSeconds = seconds("runSeconds") ?? 0
    plateau = section.optionalObject("plateau", help: "what a schedule remembers") { Plateau($0) } ?? Plateau()
    best = section.optionalObject("best", help: "the best epoch so far") { section in
      let epoch = section.required("epoch", .integer(in: 1...TrainingConfiguration.mostEpochs), help: "a count")
      let value = section.required("value", .number(.any), help: "what was measured")
      guard let epoch, let value else { return nil }
      return EarlyStopping.Best(epoch: epoch, value: value)
    }
  }
}

extension Plateau {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = ["epochs": .integer(epochs), "reductions": .integer(reductions)]
    if let best { members["best"] = .number(best) }
    return .object(members)
  }

  fileprivate init?(_ section: Section) {
    self.init()
    best = section.optional("best", .number(.any), help: "what was measured")
    let epochs = section.required("epochs", .integer(in: 0...TrainingConfiguration.mostEpochs), help: "a count")
    let reductions = section.required("reductions", .integer(in: 0...TrainingConfiguration.mostEpochs), help: "a count")
    guard let epochs, let reductions else { return nil }
    (self.epochs, self.reductions) = (epochs, reductions)
  }
}
