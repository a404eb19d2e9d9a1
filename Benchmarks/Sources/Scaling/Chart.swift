import Foundation

/// The table as a picture: the share of the peak by workload and number of workers.
struct Chart {
  private let rows: [Row]

  init(_ rows: [Row]) { self.rows = rows }

  var svg: String {
    let barHeight = 18.0
    let left = 250.0
    let width = 420.0
    var y = 44.0
    var body = ""
    for (index, row) in rows.enumerated() {
      if index == 0 || rows[index - 1].workload != row.workload {
        y += 10
        body += text(12, y + 13, row.workload.title, weight: "600")
        y += 20
      }
      let share = row.peak > 0 ? row.operationsPerSecond / row.peak : 0
      let length = min(share, 1) * width
      body += text(left - 10, y + 13, "\(row.workersText) worker\(row.workersText == "1" ? "" : "s")", anchor: "end")
      body += "<rect x='\(left)' y='\(y)' width='\(width)' height='\(barHeight - 4)' rx='2' class='track'/>\n"
      body += String(
        format: "<rect x='%.0f' y='%.0f' width='%.1f' height='%.0f' rx='2' class='bar'/>\n", left, y, length,
        barHeight - 4)
      body += text(
        left + width + 10, y + 12,
        String(format: "%.0f %% · %@ samples/s", 100 * share, Self.rate(row.samplesPerSecond)))
      y += barHeight
    }
    let height = y + 20
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 \(Int(height))" font-family="system-ui, sans-serif" font-size="12">
      <style>
        svg { background: #fff; color: #1f2328 } text { fill: #1f2328 } .track { fill: #eaeef2 } .bar { fill: #2f6f4f }
        @media (prefers-color-scheme: dark) {
          svg { background: #0d1117 } text { fill: #e6edf3 } .track { fill: #21262d } .bar { fill: #57ab7d }
        }
      </style>
      \(text(12, 26, "Training throughput as a share of the machine's peak of fused multiply-adds", weight: "600", size: 14))
      \(body)</svg>

      """
  }

  private func text(
    _ x: Double, _ y: Double, _ text: String, anchor: String = "start", weight: String = "400", size: Int = 12
  ) -> String {
    "<text x='\(Int(x))' y='\(Int(y))' text-anchor='\(anchor)' font-weight='\(weight)' font-size='\(size)'>\(text)</text>\n"
  }

  private static func rate(_ value: Double) -> String {
    switch value {
    case 1e6...: String(format: "%.2f M", value / 1e6)
    case 1e5...: String(format: "%.0f k", value / 1e3)
    default: String(format: "%.1f k", value / 1e3)
    }
  }
}
