import Foundation
import Testing

@testable import trainer

@Suite struct ProgressLineTests {
  private let line = ProgressLine(share: 0.5, loss: 0.1023, samplesPerSecond: 4.15e6, secondsLeft: 64)

  /// Each width at which a part goes, and the one before. One column stays empty.
  @Test(arguments: [
    (10, "50 %"), (20, "50 %"), (21, "50 %  1 min 4 s left"), (33, "50 %  1 min 4 s left"),
    (34, "50 %  loss 0.1023  1 min 4 s left"), (42, "50 %  loss 0.1023  1 min 4 s left"),
    (43, "━━━━──── 50 %  loss 0.1023  1 min 4 s left"),
    (59, "━━━━━━━━━━━━──────────── 50 %  loss 0.1023  1 min 4 s left"),
    (60, "━━━━━━━━━━━━──────────── 50 %  loss 0.1023  1 min 4 s left"),
    (61, "━━━━──── 50 %  loss 0.1023  4.15 M samples/s  1 min 4 s left"),
    (80, "━━━━━━━━━━━━──────────── 50 %  loss 0.1023  4.15 M samples/s  1 min 4 s left"),
    (200, "━━━━━━━━━━━━──────────── 50 %  loss 0.1023  4.15 M samples/s  1 min 4 s left"), (4, ""), (1, ""), (0, ""),
  ]) func parts(columns: Int, text: String) { #expect(line.text(columns: columns) == text) }

  /// No line is as long as the terminal, whatever the numbers are; a wider terminal never shows less.
  @Test(arguments: [
    ProgressLine(share: 0.5, loss: 0.1023, samplesPerSecond: 4.15e6, secondsLeft: 64),
    ProgressLine(share: 0, loss: .infinity, samplesPerSecond: 0, secondsLeft: 0),
    ProgressLine(share: 1, loss: -1e300, samplesPerSecond: 1e12, secondsLeft: 1e300),
    ProgressLine(share: 1.01, loss: .nan, samplesPerSecond: 1e15, secondsLeft: 359_999),
  ]) func allWidths(line: ProgressLine) {
    var before = 0
    for columns in 0...200 {
      let text = line.text(columns: columns)
      #expect(text.count < max(columns, 1), "\(text)")
      #expect(columns < 10 || text.contains(" %"))
      let parts = ["loss", "samples/s", "left"].filter(text.contains).count
      #expect(parts >= before)
      before = parts
    }
    #expect(before == 3)
  }

  /// What makes a part dim takes no room.
  @Test func dimming() {
    let text = line.text(columns: 43) { "<\($0)>" }
    #expect(text == "━━━━<────> 50 %  loss 0.1023  1 min 4 s left")
  }

  @Test(arguments: [
    (40, "100", 40), (nil, "100", 100), (0, "100", 100), (nil, nil, 80), (nil, "x", 80), (nil, "0", 80),
    (nil, "-5", 80),
  ]) func columns(answer: Int?, variable: String?, columns: Int) {
    #expect(Terminal.columns(answer: answer, variable: variable) == columns)
  }

  /// `script` gives the program a terminal, whose size is set before and again while it trains.
  @Test(.enabled(if: TrainerProcess.hasTerminals), arguments: [200, 40, 30, 20])
  func inATerminal(columns: Int) throws {
    let trainer = try TrainerProcess()
    try trainer.configure(training: #"{"epochs": 300}"#)
    let result = try trainer.run("--config", "c.json", "--output", "r", terminal: "stty cols \(columns)")
    #expect(result.status == 0 && result.output.contains("\nmodel ") && result.errors == "")
    let drawn = trainer.bars(result.output)
    #expect(!drawn.isEmpty && drawn.allSatisfy { $0.count < columns }, "\(drawn)")
    #expect(drawn.contains { $0.contains("samples/s") } == (columns == 200))
  }

  @Test(.enabled(if: TrainerProcess.hasTerminals)) func theSizeIsAskedEachTime() throws {
    let trainer = try TrainerProcess()
    try trainer.configure(training: #"{"epochs": 1000000000}"#)
    // Two epochs after the window has become narrow, the run is interrupted.
    let resize = """
      trainer=$$; (until [ -s r/metrics.jsonl ]; do sleep 0.05; done; sleep 0.5; stty cols 30 <&1; sleep 0.5; kill -INT $trainer) &
      stty cols 200
      """
    let result = try trainer.run("--config", "c.json", "--output", "r", terminal: resize)
    #expect(result.status == 130)
    let drawn = trainer.bars(result.output)
    #expect(drawn.first.map { $0.count > 60 } == true && drawn.last.map { $0.count < 30 } == true, "\(drawn)")
  }
}

extension TrainerProcess {
  /// Whether `script` of util-linux is there.
  static let hasTerminals: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "script -qec 'stty cols 40' /dev/null"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// Runs `trainer` in a terminal, after commands of the shell in it; the output is that of the terminal.
  func run(_ arguments: String..., terminal commands: String) throws -> Result {
    try write("\(commands)\nexec \"$@\"\n", to: "terminal.sh")
    let command = #"exec script -qec "exec sh terminal.sh '$0' $*" /dev/null"#
    return try result(of: start(arguments, shell: command))
  }

  /// The bars that were drawn, without what colours them.
  func bars(_ output: String) -> [String] {
    let plain = output.replacing(/\u{1B}\[[0-9;]*[mK]/, with: "")
    return plain.split { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }.map(String.init).filter {
      $0.contains(/^[━─ ]*\d+ %/)
    }
  }
}
