import Kernels

/// The updates of the step that a thread is at: one for weights, which decay, and one for other parameters.
///
/// A rule may have to raise numbers to the power of the step; so each thread asks it once a step and not for every unit of work. What
/// a thread writes lies on cache lines of its own.
@safe final class StepUpdates: @unchecked Sendable {
  private struct Entry {
    var step = -1
    var weights: Update
    var others: Update
  }

  private let entries: UnsafeMutableRawPointer
  private static let stride = (MemoryLayout<Entry>.stride + 255) / 128 * 128

  init(threads: Int) {
    unsafe entries = .allocate(byteCount: threads * Self.stride, alignment: 128)
    let none = Update.gradientDescent(GradientDescent(scale: 0, l2: 0, learningRate: 0))
    for thread in 0..<threads { unsafe entry(thread).initialize(to: Entry(weights: none, others: none)) }
  }

  deinit { unsafe entries.deallocate() }

  private func entry(_ thread: Int) -> UnsafeMutablePointer<Entry> {
    unsafe (entries + thread * Self.stride).assumingMemoryBound(to: Entry.self)
  }

  /// An update of a step.
  ///
  /// - Parameter make: makes the update, for weights or for others, where the thread has not asked for it in this step.
  @inline(__always)
  func update(of step: Int, isWeight: Bool, thread: Int, _ make: (_ isWeight: Bool) -> Update) -> Update {
    let entry = unsafe entry(thread)
    if unsafe entry.pointee.step != step {
      unsafe entry.pointee = Entry(step: step, weights: make(true), others: make(false))
    }
    return unsafe isWeight ? entry.pointee.weights : entry.pointee.others
  }
}
