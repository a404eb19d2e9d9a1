import Dispatch
import Kernels
import MachinePeak

/// The peak of fused multiply-adds, in floating-point operations a second, of `threads` threads at the same time.
///
/// Chains between registers, for `seconds`; each thread's rate is that of its best slice of about a millisecond, so that
/// a disturbance does not lower the limit that results are compared with.
public func peak(_ instructionSet: InstructionSet, threads: Int, seconds: Double = 0.1) -> Double {
  let lanes: Int32 =
    switch instructionSet {
    case .avx512: 16
    case .avx2: 8
    case .neon, .portable: 4
    }
  guard fusedMultiplyAddChains(lanes, 1) > 0 else { return 0 }
  let rates = Rates(count: threads)
  DispatchQueue.concurrentPerform(iterations: threads) { thread in
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var best = 0.0
    while clock.now < end {
      let start = clock.now
      let operations = fusedMultiplyAddChains(lanes, 100_000)
      best = max(best, operations / ((clock.now - start) / .seconds(1)))
    }
    rates.set(thread, best)
  }
  return rates.sum
}

/// A number a thread.
private final class Rates: @unchecked Sendable {
  private let values: UnsafeMutableBufferPointer<Double>

  init(count: Int) {
    values = .allocate(capacity: count)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  func set(_ index: Int, _ value: Double) { values[index] = value }
  var sum: Double { values.reduce(0, +) }
}
