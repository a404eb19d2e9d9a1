import Synchronization

/// Atomic integers, 0 at first, each on cache lines that it shares with nothing.
///
/// They lie in one piece of memory and not in objects: to use an object is to count a reference to it, which writes to a
/// cache line that all threads share.
@safe final class PaddedAtomics: @unchecked Sendable {
  let count: Int
  private let base: UnsafeMutableRawPointer

  /// Two lines: processors fetch lines in pairs.
  private static let stride = 128

  init(count: Int) {
    self.count = count
    unsafe base = .allocate(byteCount: count * Self.stride, alignment: Self.stride)
    for index in 0..<count { unsafe pointer(index).initialize(to: Atomic(0)) }
  }

  deinit { unsafe base.deallocate() }

  private func pointer(_ index: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    precondition(index >= 0 && index < count)
    return unsafe (base + index * Self.stride).assumingMemoryBound(to: Atomic<Int>.self)
  }

  func load(_ index: Int) -> Int { unsafe pointer(index).pointee.load(ordering: .sequentiallyConsistent) }

  func store(_ value: Int, _ index: Int) {
    unsafe pointer(index).pointee.store(value, ordering: .sequentiallyConsistent)
  }

  /// Adds `value` and returns what was there before.
  func add(_ value: Int, _ index: Int) -> Int {
    unsafe pointer(index).pointee.wrappingAdd(value, ordering: .acquiringAndReleasing).oldValue
  }

  /// Replaces `expected` by `desired` if it is there, and returns what was there before.
  func replace(_ expected: Int, by desired: Int, _ index: Int) -> (replaced: Bool, before: Int) {
    let result = unsafe pointer(index).pointee.compareExchange(
      expected: expected, desired: desired, ordering: .acquiringAndReleasing)
    return (result.exchanged, result.original)
  }
}
