import Dispatch
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
///
/// To start a thread takes as long as several steps of a small network. So a thread that has done its part stays awake for
/// some tens of microseconds, in case that the next piece of work follows at once, as an epoch follows another.
final class Workers: Parking, @unchecked Sendable {
  /// Number of threads, the calling one included.
  let count: Int
  private let queues: [DispatchQueue]
  private let semaphore = DispatchSemaphore(value: 0)
  private let parked = Atomic(0)

  /// For each thread but the calling one, what it is doing.
  private let states: PaddedAtomics
  private enum State {
    /// Nothing: a block must be sent to its queue.
    static let asleep = 0
    /// It looks for a call.
    static let idle = 1
    /// It has been called to take part.
    static let called = 2
  }
  /// What the threads that are called take part in: written while none is.
  private var scheduler: PhaseScheduler?
  /// Threads that have been called and are not done.
  private let busy = PaddedAtomics(count: 1)
  /// Signalled by the last of them.
  private let finished = DispatchSemaphore(value: 0)

  /// `count` threads.
  init(count: Int) {
    self.count = count
    queues = (1..<count).map { DispatchQueue(label: "lockstep.worker.\($0)", qos: .userInitiated) }
    states = PaddedAtomics(count: count)
  }

  /// Does `work`, which is divided among `owners` workers, and returns when it is done. Called by one thread at a time.
  func perform(_ work: any PhasedWork, owners: Int) {
    precondition(owners >= count)
    let scheduler = PhaseScheduler(work, owners: owners, parking: self)
    guard !queues.isEmpty else { return scheduler.participate(worker: 0, threads: 1) }
    self.scheduler = scheduler
    busy.store(queues.count, 0)
    for (index, queue) in queues.enumerated() {
      let worker = index + 1
      if states.replace(State.idle, by: State.called, worker).replaced { continue }
      states.store(State.called, worker)
      queue.async { self.takePart(worker) }
    }
    scheduler.participate(worker: 0, threads: count)
    _ = spin(400) { busy.load(0) == 0 }
    finished.wait()
    self.scheduler = nil
  }

  /// What a thread does from a call on until it goes to sleep.
  private func takePart(_ worker: Int) {
    repeat {
      scheduler?.participate(worker: worker, threads: count)
      states.store(State.idle, worker)
      if busy.add(-1, 0) == 1 { finished.signal() }
      _ = spin(2000) { states.load(worker) == State.called }
    } while !states.replace(State.idle, by: State.asleep, worker).replaced
  }

  /// Looks at the condition for some microseconds, the length of a short phase, and then sleeps: a thread that spins
  /// for long takes the processor from the one it is waiting for.
  func wait(until condition: () -> Bool) {
    if spin(400, until: condition) { return }
    // A signal of an earlier change, or one meant for another thread, wakes early. Each wait registers for a signal of
    // its own, so that none is missing in the end.
    while true {
      parked.wrappingAdd(1, ordering: .sequentiallyConsistent)
      if condition() { return withdraw() }
      semaphore.wait()
      if condition() { return }
    }
  }

  /// Takes back a registration that is not needed. If its signal has been sent, that is used up: signals that nobody waits for
  /// would keep threads from sleeping later.
  private func withdraw() {
    var registered = parked.load(ordering: .sequentiallyConsistent)
    while registered > 0 {
      let attempt = parked.compareExchange(
        expected: registered, desired: registered - 1, ordering: .sequentiallyConsistent)
      if attempt.exchanged { return }
      registered = attempt.original
    }
    semaphore.wait()
  }

  /// Looks at the condition so many times, with pauses between; returns whether it holds.
  @inline(__always)
  private func spin(_ times: Int, until condition: () -> Bool) -> Bool {
    for _ in 0..<times {
      if condition() { return true }
      processorPause()
    }
    return false
  }

  func wake() {
    guard parked.load(ordering: .sequentiallyConsistent) > 0 else { return }
    for _ in 0..<parked.exchange(0, ordering: .sequentiallyConsistent) { semaphore.signal() }
  }
}
