import Foundation
import Training

/// Progress on standard error: a bar on a terminal, one line an epoch elsewhere.
final class Display {
  private let heading: [String]
  private let epochs: Int
  /// The part of all epochs that was done before.
  private let firstShare: Double
  private let isQuiet: Bool
  private let isTerminal: Bool
  private let hasColor: Bool
  private let start = ContinuousClock.now
  private var hasBar = false
  private var lastDrawing = ContinuousClock.now - .seconds(1)

  init(_ heading: [String], epochs: Int, firstShare: Double = 0, isQuiet: Bool) {
    self.heading = heading
    self.epochs = epochs
    self.firstShare = firstShare
    self.isQuiet = isQuiet
    let environment = ProcessInfo.processInfo.environment
    isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    hasColor = isTerminal && environment["NO_COLOR", default: ""].isEmpty
  }

  /// What is about to be trained.
  func showStart() {
    guard !isQuiet else { return }
    for line in heading { writeError(line) }
  }

  func show(_ event: Run.Event) {
    guard !isQuiet else { return }
    switch event {
    case .steps(let progress): draw(progress)
    case .epoch(let metrics): show(metrics)
    }
  }

  /// Removes the bar.
  func clear() {
    guard hasBar else { return }
    write("\r\u{1B}[K")
    hasBar = false
  }

  private func show(_ metrics: EpochMetrics) {
    // A terminal would scroll away what matters; small nets make thousands of epochs a second.
    let isShown = !isTerminal || epochs <= 40 || metrics.epoch == epochs || metrics.epoch % ((epochs + 19) / 20) == 0
    if isShown {
      clear()
      let number = String(metrics.epoch)
      let padding = String(repeating: " ", count: max(String(epochs).count - number.count, 0))
      var line = "\(bold("epoch \(padding)\(number)/\(epochs)"))  loss \(Report.number(metrics.trainingLoss))"
      if let validation = metrics.validation { line += "  validation \(Report.text(validation, metrics: 1))" }
      writeError(line + "  \(dim("\(Report.rate(metrics.samplesPerSecond)) samples/s"))")
    }
    if metrics.epoch < epochs { draw(nil, done: Double(metrics.epoch), metrics: metrics) }
  }

  private func draw(_ progress: Run.Progress) {
    draw(progress, done: Double(progress.epoch - 1) + progress.fraction, metrics: nil)
  }

  /// Draws the bar, ten times a second at the most.
  private func draw(_ progress: Run.Progress?, done: Double, metrics: EpochMetrics?) {
    guard isTerminal, ContinuousClock.now - lastDrawing > .milliseconds(100) else { return }
    lastDrawing = ContinuousClock.now
    let share = done / Double(epochs)
    let loss = progress?.meanLoss ?? metrics?.trainingLoss ?? 0
    let rate = progress?.samplesPerSecond ?? metrics?.samplesPerSecond ?? 0
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    let left = share > firstShare ? elapsed * (1 - share) / (share - firstShare) : 0
    let line = ProgressLine(share: share, loss: loss, samplesPerSecond: rate, secondsLeft: left)
    write("\r\u{1B}[K" + line.text(columns: Terminal.columns, dim: dim))
    hasBar = true
  }

  private func bold(_ text: String) -> String { hasColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  private func dim(_ text: String) -> String { hasColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
