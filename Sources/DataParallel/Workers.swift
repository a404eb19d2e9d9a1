import Dispatch
import Foundation
import ProcessorFeatures
import Synchronization

/// Where threads wait for a condition that another thread brings about.
protocol Parking: Sendable {
  /// Returns when `condition` holds.
  func wait(until condition: () -> Bool)

  /// Called after a change that may have made a condition true.
  func wake()
}

/// The threads of the workers: the calling thread for the first, a serial Dispatch queue for each of the others.
///
/// Workers that wait for each other must not be iterations of `concurrentPerform` or blocks of one concurrent queue:
/// with more of them than Dispatch has threads for, some would never start. Serial queues always do.
final class Workers: Parking {
  /// Processors that this process may use.
  static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Number of threads, the calling one included.
  let count: Int
  private let queues: [DispatchQueue]
  private let semaphore = DispatchSemaphore(value: 0)
  private let parked = Atomic(0)

  /// `count` threads.
  init(count: Int) {
    self.count = count
    queues = (1..<count).map { DispatchQueue(label: "lockstep.worker.\($0)", qos: .userInitiated) }
  }

  /// Does `work`, which is divided among `owners` workers, and returns when it is done.
  func perform(_ work: any PhasedWork, owners: Int) {
    let scheduler = PhaseScheduler(work, owners: owners, parking: self)
    let group = DispatchGroup()
    for (index, queue) in queues.enumerated() {
      queue.async(group: group) { [count] in scheduler.participate(worker: index + 1, threads: count) }
    }
    scheduler.participate(worker: 0, threads: count)
    group.wait()
  }

  /// Looks at the condition for some microseconds, the length of a short phase, and then sleeps: a thread that spins
  /// for long takes the processor from the one it is waiting for.
  func wait(until condition: () -> Bool) {
    for _ in 0..<400 {
      if condition() { return }
      processorPause()
    }
    // A signal of an earlier change, or one meant for another thread, wakes early. Each wait registers for a signal of
    // its own, so that none is missing in the end.
    while true {
      parked.wrappingAdd(1, ordering: .sequentiallyConsistent)
      if condition() { return }
      semaphore.wait()
      if condition() { return }
    }
  }

  func wake() {
    guard parked.load(ordering: .sequentiallyConsistent) > 0 else { return }
    for _ in 0..<parked.exchange(0, ordering: .sequentiallyConsistent) { semaphore.signal() }
  }
}
