import Kernels

/// Memory that a thread has for itself, on cache lines that it shares with no other thread.
final class ThreadMemory: Sendable {
  private let buffer: FloatBuffer

  /// For partial sums of gradients and of statistics.
  let scratch: FloatSlice

  /// To use an object is to count a reference to it, which writes to its first cache line: so its neighbours keep away.
  private let padding: (SIMD16<Int>, SIMD16<Int>) = (.zero, .zero)

  init(scratch count: Int) {
    buffer = FloatBuffer(count: count)
    scratch = buffer.all
  }
}
