import Synchronization
import Testing

@testable import DataParallel

@Suite struct WorkersTests {
  @Test func thereIsAProcessor() {
    #expect(availableProcessors() >= 1)
  }

  /// Thousands of phases, on more threads than this machine has processors too.
  @Test(arguments: 1...16) func eachUnitIsDoneOnceAndInOrder(count: Int) {
    let work = SyntheticWork(phases: 2000, owners: count, workers: count)
    let workers = Workers(count: count)
    #expect(workers.count == count)
    workers.perform(work, owners: count)
    #expect(work.faults == 0)
  }

  @Test(arguments: [1, 2, 5]) func ownersMayOutnumberThreads(threads: Int) {
    let work = SyntheticWork(phases: 1000, owners: 16, workers: threads)
    Workers(count: threads).perform(work, owners: 16)
    #expect(work.faults == 0)
  }

  /// The same threads do one piece of work after another.
  @Test(arguments: [2, 3, 8]) func workersAreReused(count: Int) {
    let workers = Workers(count: count)
    for phases in 0..<300 {
      let work = SyntheticWork(phases: phases % 7, owners: count, workers: count)
      workers.perform(work, owners: count)
      #expect(work.faults == 0)
    }
  }

  /// A call may come while threads look for one, while they go to sleep, and when they sleep.
  @Test(arguments: [2, 3]) func callsAfterAnyPauseAreHeard(count: Int) {
    let workers = Workers(count: count)
    for call in 0..<1000 {
      let work = SyntheticWork(phases: 1 + call % 3, owners: count, workers: count)
      workers.perform(work, owners: count)
      #expect(work.faults == 0)
      let pause = ContinuousClock.now + .microseconds(call % 200)
      while ContinuousClock.now < pause {}
    }
  }

  /// Phases so short that threads go to sleep and wake again and again: no wake-up may be lost.
  @Test(arguments: [2, 3, 4, 6]) func noWakeUpIsLost(count: Int) {
    let workers = Workers(count: count)
    for _ in 0..<5 {
      let work = SyntheticWork(phases: 4000, owners: count, workers: count, isRegular: true)
      workers.perform(work, owners: count)
      #expect(work.faults == 0)
    }
  }

  /// A wake-up that one thread takes from another reaches the other all the same.
  @Test func waitReturnsOnceTheConditionHolds() {
    let workers = Workers(count: 1)
    let flag = Atomic(true)
    workers.wait { flag.load(ordering: .sequentiallyConsistent) }
    workers.wake()
    var asked = 0
    workers.wait {
      asked += 1
      return asked > 10
    }
    #expect(asked == 11)
  }
}
