/// Finds the fastest number of workers while training: the bits do not depend on it, so it may change between steps.
///
/// The numbers 1, 2, 4, … up to the processors take turns for some rounds; then the one with the best throughput stays.
/// The best of the rounds is compared, not their mean: disturbances only ever slow down.
final class WorkerTuner {
  /// Workers of the next steps.
  private(set) var workers: Int
  private let candidates: [Int]
  private var best: [Double]
  private var turn = 0

  /// Turns of each candidate.
  private static let rounds = 4
  /// Turns that count.
  static let shortestTurn = Duration.milliseconds(2)

  /// A tuner for up to `maximum` workers.
  init(maximum: Int) {
    var candidates: [Int] = []
    var count = 1
    while count < maximum {
      candidates.append(count)
      count *= 2
    }
    self.candidates = candidates + [max(maximum, 1)]
    best = self.candidates.map { _ in 0 }
    workers = self.candidates[0]
  }

  /// Whether the search goes on.
  var isSearching: Bool { candidates.count > 1 && turn < Self.rounds * candidates.count }

  /// Reports the duration of some steps with `workers` workers.
  func record(workers: Int, samples: Int, duration: Duration) {
    // Shorter turns tell more of starting threads than of working.
    guard isSearching, workers == self.workers, duration >= Self.shortestTurn else { return }
    let index = turn % candidates.count
    best[index] = max(best[index], Double(samples) / max(duration / .seconds(1), 1e-9))
    turn += 1
    if isSearching {
      self.workers = candidates[turn % candidates.count]
    } else {
      // Fewer workers win unless more are clearly faster.
      var choice = 0
      for candidate in candidates.indices where best[candidate] > best[choice] * 1.02 { choice = candidate }
      self.workers = candidates[choice]
    }
  }
}
