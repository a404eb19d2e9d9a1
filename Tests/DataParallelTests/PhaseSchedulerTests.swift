import Foundation
import Testing

@testable import DataParallel

/// Waits by asking again and again.
private struct Asking: Parking {
  func wait(until condition: () -> Bool) { while !condition() { sched_yield() } }
  func wake() {}
}

@Suite struct PhaseSchedulerTests {
  /// Does `work` on `threads` threads.
  private func perform(_ work: SyntheticWork, owners: Int, threads: Int) {
    let scheduler = PhaseScheduler(work, owners: owners, parking: Asking())
    let group = DispatchGroup()
    for worker in 1..<max(threads, 2) where worker < threads {
      DispatchQueue(label: "test.\(worker)").async(group: group) {
        scheduler.participate(worker: worker, threads: threads)
      }
    }
    scheduler.participate(worker: 0, threads: threads)
    group.wait()
  }

  @Test(arguments: [1, 2, 3, 4, 7, 8, 16], [1, 2, 3, 5]) func eachUnitIsDoneOnceAndInOrder(owners: Int, threads: Int) {
    let threads = min(owners, threads)
    let work = SyntheticWork(phases: 500, owners: owners, workers: threads)
    perform(work, owners: owners, threads: threads)
    #expect(work.faults == 0)
  }

  /// Runs of few and tiny phases, in which one thread often does a whole phase while another still looks at the one before: the
  /// claims of the other come late.
  @Test(arguments: [2, 3, 6]) func lateClaimsDoNoHarm(threads: Int) {
    for _ in 0..<1500 {
      let work = SyntheticWork(phases: 4, owners: threads, workers: threads, isSparse: true)
      perform(work, owners: threads, threads: threads)
      #expect(work.faults == 0)
    }
  }

  /// One thread does the units of all workers.
  @Test func oneThreadSuffices() {
    let work = SyntheticWork(phases: 200, owners: 9, workers: 1)
    perform(work, owners: 9, threads: 1)
    #expect(work.faults == 0)
  }

  @Test func noPhasesEndAtOnce() {
    let work = SyntheticWork(phases: 0, owners: 3, workers: 2)
    perform(work, owners: 3, threads: 2)
    #expect(work.faults == 0)
  }

  @Test(arguments: [1, 2, 7]) func performAllDoesAllInOrder(owners: Int) {
    let work = SyntheticWork(phases: 300, owners: owners, workers: 1)
    work.performAll(owners: owners)
    #expect(work.faults == 0)
  }

  /// Owners that are left out are missed.
  @Test func performAllForFewerOwners() {
    let work = SyntheticWork(phases: 300, owners: 7, workers: 1, isRegular: true)
    work.performAll(owners: 2)
    #expect(work.faults >= 300 * 5)
  }

  /// A unit that is left out, done twice or done too early is noticed.
  @Test func mistakesAreNoticed() {
    let early = SyntheticWork(phases: 2, owners: 1, workers: 1)
    early.perform(phase: 1, owner: 0, unit: 0, worker: 0)
    let missing = SyntheticWork(phases: 1, owners: 2, workers: 1)
    let expected = missing.faults
    #expect(expected > 0)
    missing.perform(phase: 0, owner: 0, unit: 0, worker: 0)
    #expect(missing.faults == expected - 1)
    missing.perform(phase: 0, owner: 0, unit: 0, worker: 0)
    #expect(missing.faults == expected)
    missing.perform(phase: 0, owner: 1, unit: 0, worker: 5)
    #expect(missing.faults == expected)
    early.performAll(owners: 1)
    #expect(early.faults >= 2)
  }
}
