import ConfigurationSchema
import Files
import Foundation

/// Where two runs part: configuration, data, epoch, tensor, element.
public struct Comparison: Sendable {
  /// What was found, a sentence a line, from the cause to the consequence.
  public private(set) var lines: [String] = []
  /// Whether both runs have the same data, the same epochs with the same digests, and the same model.
  public private(set) var isEqual = true
  /// Whether there was anything that could prove it.
  private var hasProof = false

  /// Compares the runs in two folders.
  ///
  /// - Throws: `ConfigurationError` or `DataError` if one cannot be read.
  public init(_ first: String, _ second: String) throws {
    let directories = (try RunDirectory(existing: first), try RunDirectory(existing: second))
    try compareConfigurations(directories.0, directories.1)
    compareData(directories.0, directories.1)
    try compareEpochs(directories.0, directories.1)
    try compareTensors(directories.0, directories.1)
    if !hasProof { isEqual = false }
  }

  private mutating func compareConfigurations(_ first: RunDirectory, _ second: RunDirectory) throws {
    let configurations = try [first, second].map { try RunConfiguration(file: $0.display(.configuration)).json }
    let differences = RunConfiguration.differences(between: configurations[0], and: configurations[1])
    if differences.isEmpty { lines.append("configuration: equal") }
    for found in differences {
      let difference = found.difference
      let note = found.isWithoutConsequence ? " (changes no bit)" : ""
      lines.append(
        "configuration: \(difference.path) is \(difference.firstText) and \(difference.secondText)\(note)")
    }
  }

  private mutating func compareData(_ first: RunDirectory, _ second: RunDirectory) {
    func digests(_ run: RunDirectory) -> (digests: DataDigests?, problem: String) {
      do throws(DataError) {
        let digests = try run.loadCheckpoint()?.checkpoint.dataDigests
        return (digests, "\(run.displayName) has no state that tells of them")
      } catch {
        return (nil, "\(error)")
      }
    }
    let (one, other) = (digests(first), digests(second))
    guard let ones = one.digests, let others = other.digests else {
      lines.append("data: not compared; \(one.digests == nil ? one.problem : other.problem)")
      return
    }
    let parts = ones.differences(from: others)
    if !parts.isEmpty { isEqual = false }
    lines.append("data: \(parts.isEmpty ? "equal" : "\(parts.joined(separator: ", ")) differ")")
  }

  private mutating func compareEpochs(_ first: RunDirectory, _ second: RunDirectory) throws {
    let (one, other) = (try first.epochDigests(), try second.epochDigests())
    let common = min(one.count, other.count)
    guard common > 0 else {
      lines.append("epochs: not compared; \((one.isEmpty ? first : second).displayName) has none yet")
      if one.count != other.count { isEqual = false }
      return
    }
    hasProof = true
    let counts =
      one.count == other.count ? "\(common)" : "\(common) that both have (of \(one.count) and \(other.count))"
    if let index = (0..<common).first(where: { one[$0] != other[$0] }) {
      isEqual = false
      lines.append("epochs: the first that differs is epoch \(index + 1)")
    } else {
      if one.count != other.count { isEqual = false }
      lines.append("epochs: equal, all \(counts)")
    }
  }

  private mutating func compareTensors(_ first: RunDirectory, _ second: RunDirectory) throws {
    let models = try [first, second].map { try $0.model() }
    guard let one = models[0], let other = models[1] else {
      let folder = models[0] == nil ? first : second
      if models[0] != nil || models[1] != nil { isEqual = false }
      lines.append("model: not compared; \(folder.displayName) has none yet")
      return
    }
    let steps = try [first, second].map { try $0.modelSteps() }
    if let ones = steps[0], let others = steps[1], ones != others {
      isEqual = false
      lines.append("model: after \(ones) and \(others) steps")
    }
    hasProof = true
    let (names, others) = (one.tensors.map(\.shapeName), other.tensors.map(\.shapeName))
    guard names == others else {
      isEqual = false
      lines.append("model: tensors \(names.joined(separator: ", ")) and \(others.joined(separator: ", "))")
      return
    }
    if one.metadata != other.metadata {
      isEqual = false
      lines.append("model: layers, scaling, classes or names differ")
    }
    let differences = zip(one.tensors, other.tensors).compactMap { TensorDifference($0, $1) }
    if differences.isEmpty {
      lines.append("model: all \(one.tensors.count) tensors are equal")
    } else {
      isEqual = false
      lines += differences.map { "model: \($0.description)" }
    }
  }
}

/// How two tensors of one shape differ.
struct TensorDifference: Sendable, Equatable, CustomStringConvertible {
  private let name: String
  /// How many elements differ.
  let count: Int
  private let elements: Int
  /// The indexes of the first that does.
  let first: [Int]
  private let value: Float
  private let otherValue: Float
  /// The distance of its values, in units of the last place: how many Floats lie from one to the other.
  let ulps: Int
  /// The greatest distance.
  let greatestUlps: Int

  /// Nil if the tensors are equal.
  init?(_ one: Safetensors.Tensor, _ other: Safetensors.Tensor) {
    let places = one.values.indices.filter { one.values[$0].bitPattern != other.values[$0].bitPattern }
    guard let place = places.first else { return nil }
    name = one.name
    count = places.count
    elements = one.values.count
    var rest = place
    var indexes: [Int] = []
    for extent in one.shape.reversed() {
      indexes.insert(rest % extent, at: 0)
      rest /= extent
    }
    first = indexes
    value = one.values[place]
    otherValue = other.values[place]
    func distance(_ place: Int) -> Int { abs(one.values[place].rank - other.values[place].rank) }
    ulps = distance(place)
    greatestUlps = places.map(distance).max() ?? 0
  }

  var description: String {
    "\(name) differs in \(count) of \(elements) elements, by \(greatestUlps) \(greatestUlps == 1 ? "ulp" : "ulps") at the most; the first is "
      + "\(first) with \(value) and \(otherValue), \(ulps) \(ulps == 1 ? "ulp" : "ulps") apart"
  }
}

extension Float {
  /// The place of a number in the order of all Floats, 0 for both zeros.
  fileprivate var rank: Int {
    let magnitude = Int(bitPattern & 0x7FFF_FFFF)
    return sign == .minus ? -magnitude : magnitude
  }
}

extension Safetensors.Tensor {
  fileprivate var shapeName: String { "\(name) \(shape)" }
}

extension RunDirectory {
  /// The model, if there is one.
  fileprivate func model() throws(DataError) -> Safetensors? {
    guard let content = try read(.model) else { return nil }
    return try Safetensors(content, file: display(.model))
  }
}
