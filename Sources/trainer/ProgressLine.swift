/// The line of a terminal that is drawn again and again while a run trains: bar, share, loss, throughput and the time left.
struct ProgressLine {
  /// The part of all epochs that is done, from 0 to 1.
  let share: Double
  let loss: Double
  let samplesPerSecond: Double
  let secondsLeft: Double

  /// Cells of the whole bar, and of the shortest that is worth its place.
  private static let barWidths = (whole: 24, least: 8)

  /// The line for a terminal of so many columns. One column stays empty, because some terminals go to the next line as soon as
  /// the last one is written.
  ///
  /// Where there is too little room the bar becomes shorter, then the throughput is left out, then the bar, the loss, and the
  /// time left.
  ///
  /// - Parameter dim: what makes the rest of the bar less visible without taking room.
  func text(columns: Int, dim: (String) -> String = { $0 }) -> String {
    let percent = "\(Int(min(max(share, 0), 1) * 100)) %"
    let loss = "loss \(Report.number(loss))"
    let rate = "\(Report.rate(samplesPerSecond)) samples/s"
    let left = "\(Report.duration(secondsLeft)) left"
    let room = columns - 1
    for parts in [[percent, loss, rate, left], [percent, loss, left]] {
      let text = parts.joined(separator: "  ")
      let width = min(room - text.count - 1, Self.barWidths.whole)
      if width >= Self.barWidths.least { return "\(bar(width, dim)) \(text)" }
    }
    for parts in [[percent, loss, left], [percent, left], [percent]] {
      let text = parts.joined(separator: "  ")
      if text.count <= room { return text }
    }
    return ""
  }

  private func bar(_ width: Int, _ dim: (String) -> String) -> String {
    let filled = Int(min(max(share, 0), 1) * Double(width))
    return String(repeating: "━", count: filled) + dim(String(repeating: "─", count: width - filled))
  }
}
