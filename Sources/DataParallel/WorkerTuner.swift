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
  /// What has been done in the turn.
  private var done = (samples: 0, duration: Duration.zero)

  /// Turns of each candidate.
  private static let rounds = 4
  /// The duration of a turn, at the least: so that a disturbance does not fill it.
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

  /// Reports the duration of some steps with `workers` workers: of a turn or of a part of one, as an epoch of few samples is.
  func record(workers: Int, samples: Int, duration: Duration) {
    guard isSearching, workers == self.workers else { return }
    done = (done.samples + samples, done.duration + duration)
    guard done.duration >= Self.shortestTurn else { return }
    let index = turn % candidates.count
    best[index] = max(best[index], Double(done.samples) / (done.duration / .seconds(1)))
    turn += 1
    done = (0, .zero)
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
