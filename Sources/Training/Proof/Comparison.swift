import ConfigurationSchema
import Files
import Foundation

/// Where two runs part: configuration, data, epoch, tensor, element.
public struct Comparison: Sendable {
  /// What was found, a sentence a line, from the cause to the consequence.
  public private(set) var lines: [String] = []
  /// Whether anything differs that has to be equal.
  private var isDifferent = false
  /// Whether data, epochs and model were all compared.
  private var isComplete = true

  /// Whether both runs have the same data, the same epochs with the same digests and metrics, and the same model; what could
  /// not be compared is not equal.
  public var isEqual: Bool { isComplete && !isDifferent }
  /// What it came to, in words.
  public var verdict: String {
    isDifferent ? "different" : isComplete ? "equal" : "not proved equal: not all was compared"
  }

  /// Compares the runs in two folders.
  ///
  /// - Throws: `ConfigurationError` or `InputError` if one cannot be read.
  public init(_ first: String, _ second: String) throws {
    let directories = (try RunDirectory(existing: first), try RunDirectory(existing: second))
    try compareConfigurations(directories.0, directories.1)
    compareData(directories.0, directories.1)
    try compareEpochs(directories.0, directories.1)
    try compareTensors(directories.0, directories.1)
  }

  private mutating func compareConfigurations(_ first: RunDirectory, _ second: RunDirectory) throws {
    let configurations = try [first, second].map { try RunConfiguration(file: $0.display(.configuration)) }
    let differences = RunConfiguration.differences(between: configurations[0].json, and: configurations[1].json)
    if differences.isEmpty { lines.append("configuration: equal") }
    for found in differences {
      let difference = found.difference
      let note = found.isWithoutConsequence ? " (changes no bit)" : ""
      lines.append(
        "configuration: \(difference.path) is \(difference.firstText) and \(difference.secondText)\(note)")
    }
    for (run, configuration) in zip([first, second], configurations) { try checkRecords(run, configuration) }
  }

  private mutating func compareData(_ first: RunDirectory, _ second: RunDirectory) {
    func digests(_ run: RunDirectory) -> (digests: DataDigests?, problem: String) {
      do throws(InputError) {
        let digests = try run.loadCheckpoint()?.checkpoint.dataDigests
        return (digests, "\(run.displayName) has no state that tells of them")
      } catch {
        return (nil, "\(error)")
      }
    }
    let (one, other) = (digests(first), digests(second))
    guard let ones = one.digests, let others = other.digests else {
      isComplete = false
      lines.append("data: not compared; \(one.digests == nil ? one.problem : other.problem)")
      return
    }
    let parts = ones.differences(from: others)
    if !parts.isEmpty { isDifferent = true }
    lines.append("data: \(parts.isEmpty ? "equal" : "\(parts.joined(separator: ", ")) differ")")
  }

  private mutating func compareEpochs(_ first: RunDirectory, _ second: RunDirectory) throws {
    let (one, other) = (try first.epochRecords(), try second.epochRecords())
    let common = min(one.count, other.count)
    if one.count != other.count { isDifferent = true }
    guard common > 0 else {
      isComplete = false
      lines.append("epochs: not compared; \((one.isEmpty ? first : second).displayName) has none yet")
      return
    }
    let counts =
      one.count == other.count ? "\(common)" : "\(common) that both have (of \(one.count) and \(other.count))"
    for index in 0..<common {
      guard let difference = one[index].firstDifference(from: other[index]) else { continue }
      isDifferent = true
      lines.append(
        "epochs: the first that differs is epoch \(index + 1): \(difference.key) is \(difference.first) and "
          + difference.second)
      return
    }
    lines.append("epochs: equal, all \(counts)")
  }

  /// Adds why the records of a run cannot all be right.
  private mutating func checkRecords(_ run: RunDirectory, _ configuration: RunConfiguration) throws {
    let sentence = run.contradiction(
      try run.summary(), recorded: try run.metricsLines().count, of: configuration.training.epochs)
    guard let sentence else { return }
    isDifferent = true
    lines.append("records: \(run.displayName): \(sentence)")
  }

  private mutating func compareTensors(_ first: RunDirectory, _ second: RunDirectory) throws {
    let contents = try [first, second].map { try $0.read(.model) }
    guard let firstContent = contents[0], let secondContent = contents[1] else {
      let folder = contents[0] == nil ? first : second
      isComplete = false
      if contents[0] != contents[1] { isDifferent = true }
      lines.append("model: not compared; \(folder.displayName) has none yet")
      return
    }
    let (one, other) = (
      try Safetensors(firstContent, file: first.display(.model)),
      try Safetensors(secondContent, file: second.display(.model))
    )
    if let ones = try first.summary()?.steps, let others = try second.summary()?.steps, ones != others {
      isDifferent = true
      lines.append("model: after \(ones) and \(others) steps")
    }
    let (names, others) = (one.tensors.map(\.shapeName), other.tensors.map(\.shapeName))
    guard names == others else {
      isDifferent = true
      lines.append("model: tensors \(names.joined(separator: ", ")) and \(others.joined(separator: ", "))")
      return
    }
    if one.metadata != other.metadata {
      isDifferent = true
      lines.append("model: layers, scaling, classes, names or the version of the arithmetic differ")
    }
    let differences = zip(one.tensors, other.tensors).compactMap { TensorDifference($0, $1) }
    if differences.isEmpty {
      if one.metadata == other.metadata && firstContent != secondContent {
        isDifferent = true
        lines.append("model: the headers of the files are spelt differently")
      }
      lines.append("model: all \(one.tensors.count) tensors are equal")
    } else {
      isDifferent = true
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
