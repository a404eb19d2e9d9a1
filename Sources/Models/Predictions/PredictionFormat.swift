import ConfigurationSchema
import Files

/// The formats of predictions by their names, which are the endings of files too.
public enum PredictionFormat: String, CaseIterable, Sendable {
  /// A line of names, then a line a row; see `CSVPredictions`.
  case csv
  /// The outputs alone, [rows, outputs] in single precision, as NumPy's `load` reads them; see `NPYPredictions`.
  case npy
  /// An object a line; see `JSONLinesPredictions`.
  case jsonl

  /// What writes the predictions of a model.
  public func writer(_ model: Model) -> any PredictionWriter {
    switch self {
    case .csv: CSVPredictions(model)
    case .npy: NPYPredictions(model)
    case .jsonl: JSONLinesPredictions(model)
    }
  }
}

/// What makes the bytes of a file of predictions, piece by piece.
public protocol PredictionWriter {
  /// What stands before the rows, of which there will be `rows`; nil if that is not known yet.
  ///
  /// It has the same length whatever the number is, so that it can be replaced when all rows are written.
  func header(rows: Int?) -> [UInt8]
  /// Some rows, from the outputs of the network.
  func rows(_ outputs: [Float]) -> [UInt8]
}

/// Predictions as CSV (RFC 4180): for classes the columns `prediction`, then `probability.CLASS` in the order of the classes, or
/// `score.CLASS` where outputs are no probabilities; for several labels `LABEL`, 1 or 0, and `probability.LABEL` of each; for numbers a
/// column a target.
struct CSVPredictions: PredictionWriter {
  private let model: Model
  private let kind: PredictionKind
  private let names: [[UInt8]]

  init(_ model: Model) {
    self.model = model
    kind = model.predictionKind
    names = kind.names.map { Array(Self.cell($0).utf8) }
  }

  func header(rows: Int?) -> [UInt8] {
    let cells: [String] =
      switch kind {
      case .classes(let names): ["prediction"] + names.map { "probability.\($0)" }
      case .scores(let names): ["prediction"] + names.map { "score.\($0)" }
      case .labels(let names): names + names.map { "probability.\($0)" }
      case .numbers(let names): names
      }
    return Array((cells.map(Self.cell).joined(separator: ",") + "\n").utf8)
  }

  func rows(_ outputs: [Float]) -> [UInt8] {
    let (classes, numbers) = model.told(outputs)
    let count = kind.count
    var text: [UInt8] = []
    text.reserveCapacity(numbers.count * 12)
    for row in 0..<numbers.count / count {
      let own = numbers[row * count..<(row + 1) * count]
      switch kind {
      case .classes, .scores:
        text += names[Int(classes[row])]
        for number in own { text.append(comma: number) }
      case .labels:
        for number in own { text += number > model.decision.threshold ? "1," : "0," }
        text.append(own, separator: comma)
      case .numbers: text.append(own, separator: comma)
      }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  /// A cell, in quotes where it needs them.
  static func cell(_ text: String) -> String {
    let needsQuotes =
      text.isEmpty || text.first == " " || text.last == " "
      || text.utf8.contains {
        [UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains($0)
      }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}

private let comma = UInt8(ascii: ",")

extension [UInt8] {
  /// Adds numbers by their shortest digits that give the same Float again.
  fileprivate mutating func append(_ numbers: ArraySlice<Float>, separator: UInt8) {
    for (index, number) in numbers.enumerated() {
      if index > 0 { append(separator) }
      self += number.description.utf8
    }
  }

  fileprivate mutating func append(comma number: Float) {
    append(UInt8(ascii: ","))
    self += number.description.utf8
  }

  fileprivate static func += (bytes: inout [UInt8], text: String) { bytes += text.utf8 }
}

/// Predictions as JSON Lines: `{"prediction":"b","probability":{"a":0.25,"b":0.75}}`, for scores `score` in place of `probability`; for
/// several labels `{"prediction":["a"],"probability":{…}}`; for numbers a member a target.
struct JSONLinesPredictions: PredictionWriter {
  private let model: Model
  private let kind: PredictionKind
  private let names: [String]

  init(_ model: Model) {
    self.model = model
    kind = model.predictionKind
    names = kind.names.map { JSONValue.string($0).compactText }
  }

  func header(rows: Int?) -> [UInt8] { [] }

  func rows(_ outputs: [Float]) -> [UInt8] {
    let (classes, numbers) = model.told(outputs)
    let count = kind.count
    var text = ""
    for row in 0..<numbers.count / count {
      let own = numbers[row * count..<(row + 1) * count]
      // JSON has no infinity.
      let members = zip(names, own).map { "\($0):\($1.isFinite ? $1.description : "null")" }.joined(separator: ",")
      switch kind {
      case .classes: text += "{\"prediction\":\(names[Int(classes[row])]),\"probability\":{\(members)}}\n"
      case .scores: text += "{\"prediction\":\(names[Int(classes[row])]),\"score\":{\(members)}}\n"
      case .labels:
        let found = zip(names, own).filter { $0.1 > model.decision.threshold }.map(\.0).joined(separator: ",")
        text += "{\"prediction\":[\(found)],\"probability\":{\(members)}}\n"
      case .numbers: text += "{\(members)}\n"
      }
    }
    return Array(text.utf8)
  }
}

/// Outputs as an array of NumPy, little-endian single precision in rows (format version 1.0).
struct NPYPredictions: PredictionWriter {
  private let outputs: Int

  init(_ model: Model) { outputs = model.network.outputs }

  func header(rows: Int?) -> [UInt8] {
    // Room for any number of rows; what comes before the data is a multiple of 64 bytes.
    let length = 128
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows ?? 0), \(outputs)), }"
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length - 10), 0]
    return magic + Array(text.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: length - 11 - text.utf8.count) + [
      0x0A
    ]
  }

  func rows(_ outputs: [Float]) -> [UInt8] {
    outputs.flatMap { number in
      let bits = number.bitPattern
      return [UInt8(bits & 255), UInt8(bits >> 8 & 255), UInt8(bits >> 16 & 255), UInt8(bits >> 24)]
    }
  }
}
