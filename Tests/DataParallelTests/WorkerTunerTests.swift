import Testing

@testable import DataParallel

@Suite struct WorkerTunerTests {
  /// The number of workers that a tuner settles on, if `workers` of them need `duration` for 1000 samples, and all
  /// the numbers that it tried.
  private func settled(maximum: Int, duration: (_ workers: Int, _ turn: Int) -> Double) -> (
    choice: Int, tried: Set<Int>
  ) {
    let tuner = WorkerTuner(maximum: maximum)
    var tried: Set<Int> = []
    var turn = 0
    while tuner.isSearching && turn < 1000 {
      tried.insert(tuner.workers)
      tuner.record(workers: tuner.workers, samples: 1000, duration: .seconds(duration(tuner.workers, turn)))
      turn += 1
    }
    #expect(turn < 1000, "the search does not end")
    return (tuner.workers, tried)
  }

  @Test(arguments: [1, 2, 3, 4, 6, 8, 16, 17]) func findsTheBest(maximum: Int) {
    let (_, candidates) = settled(maximum: maximum) { _, _ in 1 }
    for best in maximum == 1 ? [] : candidates {
      #expect(settled(maximum: maximum) { workers, _ in workers == best ? 1 : 2 }.choice == best)
    }
  }

  @Test func triesPowersOfTwoAndAll() {
    #expect(settled(maximum: 8) { _, _ in 1 }.tried == [1, 2, 4, 8])
    #expect(settled(maximum: 12) { _, _ in 1 }.tried == [1, 2, 4, 8, 12])
    #expect(settled(maximum: 2) { _, _ in 1 }.tried == [1, 2])
  }

  @Test func oneProcessorNeedsNoSearch() {
    for maximum in [0, 1] {
      let tuner = WorkerTuner(maximum: maximum)
      #expect(!tuner.isSearching && tuner.workers == 1)
      tuner.record(workers: 1, samples: 1, duration: .seconds(1))
      #expect(tuner.workers == 1)
    }
  }

  /// Workers that do not help are not used, not even when they seem to help by a hair.
  @Test func fewerWinTies() {
    #expect(settled(maximum: 8) { _, _ in 1 }.choice == 1)
    #expect(settled(maximum: 8) { workers, _ in workers == 8 ? 0.99 : 1 }.choice == 1)
    #expect(settled(maximum: 8) { workers, _ in workers == 8 ? 0.9 : 1 }.choice == 8)
  }

  /// A disturbance of one turn does not change the choice.
  @Test func disturbancesAreForgiven() {
    for disturbed in 0..<4 {
      #expect(settled(maximum: 4) { workers, turn in turn == disturbed ? 100 : 1 / Double(workers) }.choice == 4)
    }
  }

  @Test func otherNumbersAreIgnored() {
    let tuner = WorkerTuner(maximum: 4)
    tuner.record(workers: 3, samples: 1_000_000, duration: .nanoseconds(1))
    tuner.record(workers: 4, samples: 1_000_000, duration: .nanoseconds(1))
    #expect(tuner.workers == 1 && tuner.isSearching)
  }

  /// Pieces too short to tell anything are added up to a turn.
  @Test func shortPiecesAreAddedUp() {
    let tuner = WorkerTuner(maximum: 2)
    for _ in 0..<100 { tuner.record(workers: 1, samples: 1000, duration: .zero) }
    #expect(tuner.workers == 1 && tuner.isSearching)
    tuner.record(workers: 1, samples: 1000, duration: WorkerTuner.shortestTurn)
    #expect(tuner.workers == 2 && tuner.isSearching)
    for _ in 0..<9 { tuner.record(workers: 2, samples: 1000, duration: WorkerTuner.shortestTurn / 10) }
    #expect(tuner.workers == 2 && tuner.isSearching)
    tuner.record(workers: 2, samples: 1000, duration: WorkerTuner.shortestTurn / 10)
    #expect(tuner.workers == 1 && tuner.isSearching)
  }

  /// Epochs of a fifth of a millisecond: the search ends, and the faster number is found.
  @Test func shortEpochsAreCompared() {
    for fastest in [1, 2] {
      let tuner = WorkerTuner(maximum: 2)
      var epochs = 0
      while tuner.isSearching && epochs < 1000 {
        tuner.record(
          workers: tuner.workers, samples: 1438, duration: .microseconds(tuner.workers == fastest ? 200 : 230))
        epochs += 1
      }
      #expect(epochs < 100 && tuner.workers == fastest)
    }
  }

  @Test func theChoiceStays() {
    let tuner = WorkerTuner(maximum: 4)
    while tuner.isSearching {
      tuner.record(workers: tuner.workers, samples: 1000, duration: .seconds(tuner.workers == 2 ? 1 : 2))
    }
    tuner.record(workers: 2, samples: 1, duration: .seconds(1000))
    #expect(tuner.workers == 2)
  }
}
