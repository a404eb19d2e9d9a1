import ConfigurationSchema
import Datasets
import Foundation

/// Where two runs part: configuration, data, epoch, tensor, element.
public struct Comparison: Sendable {
  /// What was found, a sentence a line, from the cause to the consequence.
  public private(set) var lines: [String] = []
  /// Whether both runs have the same epochs with the same digests, and the same model.
  public private(set) var isEqual = true
  /// Whether there was anything that could prove it.
  private var hasProof = false

  /// Compares the runs in two folders.
  ///
  /// - Throws: `ConfigurationError` or `DataError` if one cannot be read.
  public init(_ first: String, _ second: String) throws {
    let directories = (try RunDirectory(existing: first), try RunDirectory(existing: second))
    try compareConfigurations(directories.0, directories.1)
    try compareData(directories.0, directories.1)
    try compareEpochs(directories.0, directories.1)
    try compareTensors(directories.0, directories.1)
    if !hasProof { isEqual = false }
  }

  private mutating func compareConfigurations(_ first: RunDirectory, _ second: RunDirectory) throws {
    let configurations = try [first, second].map { try RunConfiguration(file: $0.display(.configuration)).json }
    let differences = configurations[0].differences(from: configurations[1])
    if differences.isEmpty { lines.append("configuration: equal") }
    for difference in differences {
      func text(_ value: JSONValue?) -> String { value.map(\.summary) ?? "absent" }
      let note = RunConfiguration.changesResults(difference) ? "" : " (changes no bit)"
      lines.append(
        "configuration: \(difference.path) is \(text(difference.first)) and \(text(difference.second))\(note)")
    }
  }

  private mutating func compareData(_ first: RunDirectory, _ second: RunDirectory) throws {
    let states = try [first, second].map { try $0.loadCheckpoint()?.checkpoint.dataDigests }
    guard let one = states[0], let other = states[1] else {
      let folder = states[0] == nil ? first : second
      lines.append("data: not compared; \(folder.displayName) has no state that tells of them")
      return
    }
    let parts = one.differences(from: other)
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
      lines.append("model: not compared; \(folder.displayName) has none yet")
      return
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
  private let values: (Float, Float)
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
    values = (one.values[place], other.values[place])
    func distance(_ place: Int) -> Int { abs(one.values[place].rank - other.values[place].rank) }
    ulps = distance(place)
    greatestUlps = places.map(distance).max() ?? 0
  }

  static func == (one: Self, other: Self) -> Bool { one.description == other.description }

  var description: String {
    "\(name) differs in \(count) of \(elements) elements, by \(greatestUlps) \(greatestUlps == 1 ? "ulp" : "ulps") at the most; the first is "
      + "\(first) with \(values.0) and \(values.1), \(ulps) \(ulps == 1 ? "ulp" : "ulps") apart"
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
    guard FileManager.default.fileExists(atPath: url(.model).path) else { return nil }
    let content: Data
    do { content = try Data(contentsOf: url(.model)) } catch {
      throw DataError(.unreadable, file: display(.model), "the model cannot be read: \(reason(of: error))")
    }
    return try Safetensors(content, file: display(.model))
  }
}
