import Foundation
import Metrics
import Training

/// What is said of a run in words.
enum Report {
  /// What is about to be trained, line by line.
  static func heading(_ run: Run) -> [String] {
    let network = run.network
    let widths = network.widths.map(String.init).joined(separator: "-")
    var samples = "\(grouped(run.data.training.count)) training"
    if let validation = run.data.validation { samples += ", \(grouped(validation.count)) validation" }
    if let test = run.data.test { samples += ", \(grouped(test.count)) test" }
    return [
      "\(run.configuration.name): \(widths), \(grouped(run.parameterCount)) parameters, \(network.loss.kind.rawValue)",
      "samples: \(samples)",
    ] + (run.resumption.map { [$0] } ?? [])
  }

  /// The results of a run, the last line with the digest of the model.
  static func text(_ run: Run, _ summary: RunSummary, interruptedBy signal: SignalWatch.Signal?) -> String {
    var lines: [String] = []
    if let signal {
      lines.append(
        "interrupted by \(signal.name) after \(grouped(summary.steps)) steps (\(counted(summary.epochs, "whole epoch"))); "
          + "state and model are as they were then")
    }
    lines += end(run, summary)
    if let decision = summary.decision { lines.append(text(decision, run.configuration.decision)) }
    if let test = summary.test {
      lines.append("test \(text(test))")
      if let confusion = test.confusion {
        lines += table(confusion, classes: summary.classes, columns: Terminal.columns)
      }
    }
    lines.append(
      "\(counted(summary.epochs, "epoch")), \(counted(summary.steps, "step")) in \(duration(summary.seconds)), "
        + "\(rate(summary.samplesPerSecond)) samples/s with \(counted(summary.workers, "worker")), "
        + summary.instructionSet.rawValue)
    let path = summary.directory.displayName
    let written = written.filter { FileManager.default.fileExists(atPath: summary.directory.url($0).path) }
    lines.append("wrote \(written.map(\.rawValue).joined(separator: ", ")) to \(path)")
    if signal != nil { lines.append("to go on: trainer --resume \(path)") }
    lines.append("model \(summary.sha256) \(path)/\(RunDirectory.File.model.rawValue)")
    return lines.joined(separator: "\n")
  }

  /// Why a run ended before its last epoch, and which epoch made the model.
  private static func end(_ run: Run, _ summary: RunSummary) -> [String] {
    let training = run.configuration.training
    var lines: [String] = []
    switch summary.end {
    case .earlyStopping:
      let patience = training.earlyStopping.map { counted($0.patience, "epoch") } ?? ""
      let metric = training.earlyStopping?.metric.name ?? ""
      lines.append("stopped early: \(metric) was not better for \(patience)")
    case .maxSeconds:
      lines.append("stopped after \(duration(summary.seconds)), at step \(grouped(summary.steps)): the time was over")
    case .maxSteps: lines.append("stopped at step \(grouped(summary.steps)), as training.maxSteps says")
    case .epochs, nil: break
    }
    if let best = summary.best, let stopping = training.earlyStopping {
      let use = stopping.usesBest ? "the model is that of" : "the best epoch is"
      lines.append("\(use) epoch \(best.epoch), \(stopping.metric.name) \(number(best.value))")
    }
    return lines
  }

  /// How outputs become probabilities and classes.
  private static func text(_ decision: Decision, _ configuration: DecisionConfiguration?) -> String {
    var parts: [String] = []
    if configuration?.calibration == .temperature {
      parts.append("probabilities are calibrated by the temperature \(number(Double(decision.temperature)))")
    }
    if configuration?.threshold != nil {
      parts.append("the second class is predicted above \(number(Double(decision.threshold)))")
    }
    return parts.joined(separator: "; ")
  }

  /// The files of a run that is over.
  private static let written: [RunDirectory.File] = [.configuration, .metrics, .checkpoint, .best, .model, .summary]

  /// Loss and metrics: `loss 0.1225, accuracy 97.77 %`.
  ///
  /// - Parameter metrics: how many of them at the most.
  static func text(_ evaluation: EvaluationSummary, metrics count: Int = .max) -> String {
    (["loss \(number(evaluation.meanLoss))"]
      + evaluation.metrics.prefix(count).map { metric in
        "\(metric.metric.name) \(metric.metric.isShare ? percent(metric.value) : number(metric.value))"
      }).joined(separator: ", ")
  }

  /// The confusion matrix as a table, a row for each true class; a sentence where it is wider than the terminal.
  static func table(_ confusion: ConfusionMatrix, classes: [String], columns: Int) -> [String] {
    func count(_ value: Double) -> String { value == value.rounded() ? String(Int(value)) : number(value) }
    let cells = classes.indices.map { truth in classes.indices.map { count(confusion[truth, $0]) } }
    let names = classes.map { $0.count > 16 ? $0.prefix(15) + "…" : $0 }
    let width = max((cells.joined().map(\.count) + names.map(\.count)).max() ?? 1, 1)
    let first = max(names.map(\.count).max() ?? 1, 5)
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(width - text.count, 0)) + text
    }
    guard first + (width + 2) * classes.count <= columns else {
      return ["the confusion matrix of \(classes.count) classes is in summary.json"]
    }
    let heading = padded("", first) + names.map { "  " + padded($0, width) }.joined() + "  predicted"
    return [first + (width + 2) * classes.count + 11 <= columns ? heading : String(heading.dropLast(11))]
      + zip(names, cells).map { name, row in padded(name, first) + row.map { "  " + padded($0, width) }.joined() }
  }

  /// What a verification came to.
  static func text(_ verification: Verification) -> String {
    let name = verification.directory.displayName
    switch verification.result {
    case .equal(let epochs, true):
      return "equal: \(name), \(counted(epochs, "epoch")) and the model file"
    case .equal(let epochs, false):
      return "equal: \(name), \(counted(epochs, "epoch")); there is no model to compare"
    case .epochDiffers(let epoch, let key, let recorded, let found):
      return "different: \(name), epoch \(epoch), \(key): recorded \(recorded), found \(found)"
    case .modelDiffers(let recorded, let found):
      return "different: \(name), the model file: recorded \(recorded), found \(found)"
    case .recordsDiffer(let sentence):
      return "different: \(name), \(sentence)"
    case .otherArithmetic(let recorded, let version):
      return
        "not compared: \(name) was computed by version \(recorded) of the arithmetic, and this program computes by "
        + "version \(version), with other bits"
    }
  }

  /// Four significant digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let magnitude = abs(value)
    if magnitude != 0 && (magnitude < 0.0001 || magnitude >= 1e6) { return String(format: "%.3e", value) }
    let decimals = magnitude >= 1000 ? 0 : magnitude >= 10 ? 2 : magnitude >= 0.1 || magnitude == 0 ? 4 : 6
    return String(format: "%.\(decimals)f", value)
  }

  static func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }

  /// Three significant digits with k or M.
  static func rate(_ value: Double) -> String {
    switch value {
    case 1e6...: String(format: "%.2f M", value / 1e6)
    case 1e4...: String(format: "%.0f k", value / 1e3)
    default: String(format: "%.0f", value)
    }
  }

  static func duration(_ seconds: Double) -> String {
    if seconds < 1 { return String(format: "%.2f s", seconds) }
    if seconds < 60 { return String(format: "%.1f s", seconds) }
    let whole = Int(min(seconds, 1e9))
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  static func grouped(_ count: Int) -> String {
    var digits = String(count)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits = String(digits.dropLast(3))
    }
    return ([digits] + groups).joined(separator: ",")
  }

  static func counted(_ count: Int, _ noun: String) -> String { "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")" }
}
