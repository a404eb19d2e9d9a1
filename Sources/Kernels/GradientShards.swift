/// How the rows of a mini-batch are cut into gradient shards, and the order in which the sums of shards are added.
///
/// The sum over a mini-batch is a fixed binary tree over the index of the shards: a node's left child holds the largest
/// power of two below its size. So ((s₀ + s₁) + (s₂ + s₃)) + s₄ for five shards. Who computes a shard, and when, does
/// not matter.
@frozen
public struct GradientShards: Sendable {
  /// Rows of the mini-batch.
  public let rows: Int
  /// Rows of a shard; the last may be shorter.
  public let shardRows: Int

  /// The shards of `rows` rows.
  public init(rows: Int, shardRows: Int) {
    precondition(rows > 0 && shardRows > 0)
    self.rows = rows
    self.shardRows = min(shardRows, rows)
  }

  /// Number of shards.
  @inlinable
  public var count: Int { (rows + shardRows - 1) / shardRows }

  /// The rows of a shard.
  @inlinable
  public func shard(_ index: Int) -> Range<Int> {
    index * shardRows..<min((index + 1) * shardRows, rows)
  }

  /// Partial sums that `sum` keeps at a time.
  public var partialSums: Int { Int.bitWidth - count.leadingZeroBitCount + 1 }

  /// Sums a gradient over all shards, in the order of the tree.
  ///
  /// Finished subtrees wait on a stack, the greatest at the bottom: after shard i two subtrees of equal size are joined
  /// as often as i has ones at its end, as a carry runs through a binary counter. What is left is joined from the right.
  ///
  /// - Parameters:
  ///   - scratch: room for `partialSums` times `length` floats; the result is its first `length` floats.
  ///   - gradient: writes the sum over the rows of a shard.
  // Inlined, so that no closure is made: it would count references to what threads share.
  @inlinable @inline(__always)
  public func sum(
    _ kernels: Kernels, length: Int, scratch: FloatSlice, gradient: (_ shard: Range<Int>, _ sum: FloatSlice) -> Void
  ) -> FloatSlice {
    func partial(_ level: Int) -> FloatSlice { scratch[level * length..<(level + 1) * length] }
    let count = count
    if count == 1 {
      gradient(0..<rows, partial(0))
      return partial(0)
    }
    var depth = 0
    func join() {
      kernels.accumulate(partial(depth - 2), partial(depth - 1))
      depth -= 1
    }
    for index in 0..<count {
      gradient(shard(index), partial(depth))
      depth += 1
      for _ in 0..<(~index).trailingZeroBitCount { join() }
    }
    while depth > 1 { join() }
    return partial(0)
  }

  /// Adds sums of shards that lie in memory, in the order of the tree, and returns the result, which takes the place of the
  /// first of them.
  ///
  /// - Parameter leaf: the sum over a shard.
  @inlinable @inline(__always)
  public func join(_ kernels: Kernels, leaf: (_ shard: Int) -> FloatSlice) -> FloatSlice {
    let count = count
    var width = 1
    while width < count {
      var left = 0
      while left + width < count {
        kernels.accumulate(leaf(left), leaf(left + width))
        left += 2 * width
      }
      width *= 2
    }
    return leaf(0)
  }
}
