import Kernels
import NeuralNetworks

/// The updates of the step that a thread is at: one for each kind of parameters.
///
/// A rule may have to raise numbers to the power of the step; so each thread asks it once a step and not for every unit of work. What
/// a thread writes lies on cache lines of its own.
@safe final class StepUpdates: @unchecked Sendable {
  private let kinds: PlainList<ParameterKind>
  private let count: Int
  private let memory: UnsafeMutableRawPointer
  private let stride: Int
  /// Where the updates of a thread begin, behind the number of the step.
  private static let start = 64

  init(threads: Int, _ kinds: [ParameterKind]) {
    self.kinds = PlainList(kinds)
    count = kinds.count
    stride = (Self.start + kinds.count * MemoryLayout<Update>.stride + 255) / 128 * 128
    unsafe memory = .allocate(byteCount: threads * stride, alignment: 128)
    let none = Update.gradientDescent(GradientDescent(scale: 0, l2: 0, learningRate: 0))
    for thread in 0..<threads {
      unsafe step(thread).initialize(to: -1)
      unsafe updates(thread).initialize(repeating: none, count: kinds.count)
    }
  }

  deinit { unsafe memory.deallocate() }

  private func step(_ thread: Int) -> UnsafeMutablePointer<Int> {
    unsafe (memory + thread * stride).assumingMemoryBound(to: Int.self)
  }

  private func updates(_ thread: Int) -> UnsafeMutablePointer<Update> {
    unsafe (memory + thread * stride + Self.start).assumingMemoryBound(to: Update.self)
  }

  /// The update of a step for a kind of parameters.
  ///
  /// - Parameter make: makes the update of a kind, where the thread has not asked for it in this step.
  @inline(__always)
  func update(of number: Int, kind: Int, thread: Int, _ make: (ParameterKind) -> Update) -> Update {
    let (step, updates) = unsafe (step(thread), updates(thread))
    if unsafe step.pointee != number {
      unsafe step.pointee = number
      for index in 0..<count { unsafe updates[index] = make(kinds.view[index]) }
    }
    return unsafe updates[kind]
  }
}
