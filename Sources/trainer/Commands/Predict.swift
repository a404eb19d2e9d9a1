import Files
import Foundation
import Models
import Training

/// Predicts the rows of a file.
struct Predict: Command {
  static let name = "predict"
  static let summary = "predict the rows of a file with the model of a run"
  static let operands = [Operand(name: "RUN", help: "the folder of a run, or a model file")]
  static let options: [any OptionDeclaration] =
    [Options.data, Options.outputFile, Options.format] + Options.computing
  static let discussion = """
    The file is CSV, plain or compressed with gzip: the columns that the model needs are found by their
    names, others are passed over. With '--data -' rows of standard input are answered as they come.
    Files of images in the format of MNIST (idx3-ubyte) are read too.

    Predictions are written as CSV, JSON Lines (jsonl) or NumPy's format (npy, the outputs alone).
    """

  let path: String
  let data: String
  let output: String?
  let format: PredictionFormat
  let options: Run.Options

  init(_ arguments: Arguments) throws(UsageError) {
    path = arguments.operands[0]
    guard let data = arguments[Options.data] else { throw UsageError("--data FILE is missing") }
    self.data = data
    output = arguments[Options.outputFile]
    format = try Self.format(arguments[Options.format], output)
    if format == .npy && output == nil { throw UsageError("--format npy needs --output FILE") }
    options = try arguments.runOptions()
  }

  /// The format by its name, or by the ending of a file.
  private static func format(_ name: String?, _ output: String?) throws(UsageError) -> PredictionFormat {
    let all = PredictionFormat.allCases.map(\.rawValue)
    if let name {
      guard let format = PredictionFormat(rawValue: name) else {
        throw UsageError("--format needs one of \(all.joined(separator: ", ")), found '\(name)'")
      }
      return format
    }
    guard let output else { return .csv }
    let ending = URL(fileURLWithPath: output).pathExtension
    guard let format = PredictionFormat(rawValue: ending) else {
      throw UsageError("'\(output)' ends with none of \(all.joined(separator: ", ")); --format names one")
    }
    return format
  }

  func run() throws -> ExitStatus {
    let stored = try StoredModel(path)
    let rows = try stored.rows(of: data)
    let inference = try stored.inference(options)
    let writer = format.writer(stored.model)
    let file = try output.map { try OutputFile(URL(fileURLWithPath: $0)) } ?? OutputFile()
    var count = 0
    // Nothing is written before the first rows were read: what is wrong with the names of columns shows then.
    var next = try rows.next()
    try file.write(writer.header(rows: nil))
    while let (features, number) = next {
      try file.write(writer.rows(inference.outputs(features, rows: number)))
      count += number
      next = try rows.next()
    }
    try file.finish(replacingStart: output == nil ? [] : writer.header(rows: count))
    if let output { try writeOutput("\(count) predictions in \(output)") }
    return .done
  }
}
