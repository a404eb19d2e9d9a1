import Foundation
import Testing

/// Limits of memory that the shell sets: a sentence and the exit status, or a run that ends well; never a trap.
@Suite(.enabled(if: TrainerProcess.heedsLimits)) struct MemoryTests {
  private let trainer: TrainerProcess

  init() throws {
    trainer = try TrainerProcess()
    try trainer.configure(
      dataset: #"{"train": {"format": "inline", "features": [[0, 0], [1, 1]], "targets": [0, 1]}}"#,
      layers: """
        {"type": "dense", "units": 20000, "activation": "relu"}, {"type": "dense", "units": 10000, "activation": "relu"},
        {"type": "dense", "units": 2, "activation": "softmax"}
        """, training: #"{"epochs": 1}"#)
  }

  private func run(units: Int, workers: String, limit: String) throws -> TrainerProcess.Result {
    let size = (0..<2).flatMap { ["--set", "network.layers[\($0)].units=\(units)"] }
    let arguments = ["--config", "c.json", "--output", UUID().uuidString, "--workers", workers, "--quiet"]
    return try trainer.result(of: trainer.start(arguments + size, shell: "ulimit -c 0; \(limit)"))
  }

  @Test(arguments: [("ulimit -v 900000", "ulimit -v allows 0.92 GB"), ("ulimit -d 600000", "ulimit -d allows 0.61 GB")])
  func aNetworkThatDoesNotFit(limit: String, words: String) throws {
    let result = try trainer.run("--config", "c.json", "--output", "r", shell: "ulimit -c 0; \(limit)")
    #expect(result.status == 78 && result.output == "" && !trainer.exists("r"), "\(result.errors)")
    #expect(result.errors.hasPrefix("trainer: c.json: network.layers: parameters and a mini-batch of 2 samples need "))
    #expect(result.errors.contains(" of memory, and \(words)"), "\(result.errors)")
  }

  /// Sizes on both sides of the limit.
  @Test(arguments: [
    ("ulimit -v 900000", [3000, 3800, 4200, 5000, 7000]), ("ulimit -v 400000", [1500, 2500, 3000, 3500, 4500]),
  ])
  func sizesCloseToTheLimit(limit: String, sizes: [Int]) throws {
    for workers in ["1", "auto"] {
      let results = try sizes.map { try run(units: $0, workers: workers, limit: limit) }
      for result in results { #expect([0, 78].contains(result.status), "\(result.errors)") }
      #expect(results.first?.status == 0 && results.last?.status == 78)
    }
  }

  /// Room for code and stacks is counted: else a thread that gets no stack lets the others wait for ever.
  @Test func roomForThreads() throws {
    for limit in [84000, 90000, 100_000, 120_000] {
      for units in [8, 200, 500] {
        let result = try run(units: units, workers: "2", limit: "ulimit -v \(limit)")
        #expect([0, 78].contains(result.status), "\(limit) kB, \(units) units: \(result.errors)")
      }
    }
  }
}

extension TrainerProcess {
  /// Whether a child process sees a limit that the shell sets.
  static let heedsLimits: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "ulimit -v 900000 && grep -q '^Max address space *921600000 ' /proc/self/limits"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}
