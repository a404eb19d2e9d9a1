import ConfigurationSchema
import Datasets
import Files
import Foundation

/// A configuration for a CSV file that trains well at once, and what was assumed of the data.
///
/// The network and the optimizer are those of `configs/tabular.json`, in the manner of RealMLP (Holzmüller, Grinsztajn and Steinwart, 2024),
/// with sizes by the number of rows.
public struct Recipe: Sendable {
  /// The configuration as JSON.
  public let text: String
  /// What was assumed, a sentence each.
  public let assumptions: [String]
  /// What looks wrong in the data, a sentence each.
  public let warnings: [String]

  /// A recipe for a file.
  ///
  /// - Parameters:
  ///   - path: the path that the configuration is to name.
  ///   - target: the column to predict; nil to guess.
  /// - Throws: `InputError` if nothing can be trained.
  public init(_ survey: CSVSurvey, path: String, target name: String?) throws(InputError) {
    var assumptions: [String] = []
    let target = try Self.target(of: survey, named: name, &assumptions)
    let task = try Self.task(of: target, rows: survey.rows, survey.file, &assumptions)
    let (features, warnings) = Self.features(of: survey, target: target)
    guard !features.isEmpty else {
      throw InputError(
        file: survey.file, "no column besides \(quoted(target.name)) holds numbers in all rows, so there is no feature")
    }
    let all = survey.columns.map(\.name).filter { $0 != target.name }
    var notes = warnings
    if case .classes(let counts) = task {
      for (label, count) in counts.sorted(by: { $0.key < $1.key }) where count < 10 {
        notes.append(
          "the class \(quoted(label)) has \(counted(count, "row")) only; it can hardly be learned or measured")
      }
    }
    if survey.repeatedRows > 0 {
      notes.append(
        "\(counted(survey.repeatedRows, "row")) \(survey.repeatedRows == 1 ? "is" : "are") the same as an earlier one; those in training and in the test make the test too easy"
      )
    }
    self.assumptions = assumptions
    self.warnings = notes
    text = Self.text(survey, path: path, target: target.name, task, features: features == all ? nil : features)
  }

  /// What is to be predicted.
  private enum Task {
    case classes([String: Int])
    case number
  }

  private static func target(
    of survey: CSVSurvey, named name: String?, _ assumptions: inout [String]
  ) throws(InputError) -> CSVSurvey.Column {
    let names = survey.columns.map(\.name)
    if let name {
      guard let column = survey.columns.first(where: { $0.name == name }) else {
        let near = nearest(to: name, among: names).map { "; did you mean \(quoted($0))?" } ?? "."
        throw InputError(
          file: survey.file, line: 1, "there is no column \(quoted(name))\(near) The columns are \(listed(names))")
      }
      return column
    }
    let usual = ["target", "label", "class", "y", "outcome", "species", "diagnosis"]
    let column =
      survey.columns.first { usual.contains($0.name.lowercased()) } ?? survey.columns[survey.columns.count - 1]
    let reason = usual.contains(column.name.lowercased()) ? "by its name" : "the last column"
    assumptions.append("\(quoted(column.name)) is what is to be predicted, \(reason); --target names another one")
    return column
  }

  private static func task(
    of target: CSVSurvey.Column, rows: Int, _ file: String, _ assumptions: inout [String]
  ) throws(InputError) -> Task {
    if target.missing > 0 {
      throw InputError(
        file: file,
        "the column \(quoted(target.name)) has \(counted(target.missing, "cell")) without a value; what is to be predicted must be known"
      )
    }
    if target.isConstant {
      throw InputError(
        file: file, "all cells of the column \(quoted(target.name)) are the same, so there is nothing to predict")
    }
    let isFew = !target.hasMore && target.counts.count <= max(2, min(100, rows / 5))
    if target.isNumeric && !(target.areWhole && isFew && target.counts.count <= 30) {
      assumptions.append("\(quoted(target.name)) is a number to predict, because it has many values")
      return .number
    }
    guard isFew else {
      throw InputError(
        file: file, "the column \(quoted(target.name)) has texts that are nearly all different, which are no classes")
    }
    assumptions.append("\(quoted(target.name)) has \(target.counts.count) classes")
    return .classes(target.counts)
  }

  private static func features(
    of survey: CSVSurvey, target: CSVSurvey.Column
  ) -> (names: [String], warnings: [String]) {
    var names: [String] = []
    var warnings: [String] = []
    for column in survey.columns where column.name != target.name {
      let name = quoted(column.name)
      if column.texts > 0 {
        warnings.append(
          "\(name) is left out: it has texts, such as \(quoted(column.firstText)), and features are numbers")
      } else if column.missing > 0 {
        warnings.append(
          "\(name) is left out: \(counted(column.missing, "cell")) of it \(column.missing == 1 ? "has" : "have") no value"
        )
      } else if column.isConstant {
        warnings.append("\(name) is left out: all its cells are the same")
      } else if column.isIdentifier {
        warnings.append("\(name) is left out: it numbers the rows")
      } else if let same = survey.repeatedColumns.first(where: { $0.name == column.name }) {
        warnings.append("\(name) is left out: it is the same as \(quoted(same.of))")
      } else {
        names.append(column.name)
      }
    }
    return (names, warnings)
  }

  // MARK: The configuration

  private static func text(
    _ survey: CSVSurvey, path: String, target: String, _ task: Task, features: [String]?
  ) -> String {
    func json(_ text: String) -> String { JSONValue.string(text).compactText }
    let rows = survey.rows
    // About two thousand steps, with mini-batches of a thirtieth of the data.
    let batch = [256, 128, 64, 32, 16, 8].first { $0 * 16 <= rows } ?? 8
    let steps = max(1, rows * 7 / 10 / batch)
    let epochs = min(max(2000 / steps, 10), 200)
    let widths = rows < 500 ? [64, 32] : rows < 20_000 ? [128, 64] : [256, 128]
    var source = ["\"format\": \"csv\"", "\"path\": \(json(path))", "\"target\": \(json(target))"]
    if survey.delimiter != UInt8(ascii: ",") {
      source.append("\"delimiter\": \(json(String(UnicodeScalar(survey.delimiter))))")
    }
    if let features { source.append("\"features\": [\(features.map(json).joined(separator: ", "))]") }
    let hidden = widths.flatMap {
      [#"{ "type": "dense", "units": \#($0), "activation": "mish" }"#, #"{ "type": "dropout", "rate": 0.15 }"#]
    }
    let (last, loss, scaling): (String, String, String)
    switch task {
    case .classes(let counts) where counts.count == 2:
      last = #"{ "type": "dense", "units": 1, "activation": "sigmoid" }"#
      (loss, scaling) = (#"{ "type": "binaryCrossEntropy", "labelSmoothing": 0.1 }"#, "")
    case .classes(let counts):
      last = #"{ "type": "dense", "units": \#(counts.count), "activation": "softmax" }"#
      (loss, scaling) = (#"{ "type": "crossEntropy", "labelSmoothing": 0.1 }"#, "")
    case .number:
      last = #"{ "type": "dense", "units": 1 }"#
      (loss, scaling) = (#""meanSquaredError""#, ",\n    \"targetScaling\": \"standardize\"")
    }
    return """
      {
        "dataset": {
          "train": { \(source.joined(separator: ", ")) },
          "validation": { "fraction": 0.1 },
          "test": { "fraction": 0.2 },
          "scaling": "robust"\(scaling)
        },
        "network": {
          "layers": [
            \((hidden + [last]).joined(separator: ",\n      "))
          ]
        },
        "loss": \(loss),
        "optimizer": { "type": "adamw", "learningRate": 0.002, "beta2": 0.95, "weightDecay": 0.5, "schedule": "cosine" },
        "training": { "epochs": \(epochs), "batchSize": \(batch) }
      }

      """
  }
}

extension CSVSurvey.Column {
  /// A text that is no number, of those that were told apart.
  fileprivate var firstText: String { counts.keys.sorted().first { Double($0) == nil && !$0.isEmpty } ?? "" }
}
