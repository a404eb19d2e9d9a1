import Kernels
import Testing

@Suite struct GradientShardsTests {
  /// Floats of a gradient: a vector.
  private static let length = 16

  /// The gradient of shard `index`: numbers of very different size, so that every order of a sum has bits of its own.
  private func gradient(_ index: Int) -> [Float] {
    var numbers = Numbers(UInt64(index + 1))
    return numbers.table(Self.length).enumerated().map { $1 * Float(1 << ((index * 5 + $0) % 17)) }
  }

  /// The sum by the contract, recursively: a node's left child holds the largest power of two below its size.
  private func tree(_ shards: Range<Int>) -> [Float] {
    if shards.count == 1 { return gradient(shards.lowerBound) }
    var left = 1
    while 2 * left < shards.count { left *= 2 }
    let middle = shards.lowerBound + left
    return zip(tree(shards.lowerBound..<middle), tree(middle..<shards.upperBound)).map { $0 + $1 }
  }

  private func leftToRight(_ count: Int) -> [Float] {
    (1..<count).reduce(gradient(0)) { sum, index in zip(sum, gradient(index)).map { $0 + $1 } }
  }

  /// The sum over shards as the workers form it, in exactly the scratch memory that `partialSums` promises.
  private func sum(_ shards: GradientShards, _ kernels: Kernels) -> [Float] {
    let scratch = FloatBuffer(count: shards.partialSums * Self.length)
    return shards.sum(kernels, length: Self.length, scratch: scratch.all) { rows, sum in
      for (i, value) in gradient(rows.lowerBound / shards.shardRows).enumerated() { sum[i] = value }
    }.array
  }

  @Test(arguments: 1...70) func sumsInTheOrderOfTheTree(count: Int) {
    let expected = tree(0..<count)
    for instructionSet in InstructionSet.available {
      let shards = GradientShards(rows: 3 * count - 1, shardRows: 3)
      #expect(shards.count == count)
      #expect(firstDifference(sum(shards, Kernels(instructionSet)!), expected) == nil)
    }
  }

  /// Another order of the same sum is noticed, wherever there is another order.
  @Test func anotherOrderIsNoticed() {
    #expect(firstDifference(leftToRight(3), tree(0..<3)) == nil)
    for count in 4...70 { #expect(firstDifference(leftToRight(count), tree(0..<count)) != nil) }
    let reversed = zip(tree(2..<5), tree(0..<2)).map { $0 + $1 }
    #expect(firstDifference(reversed, tree(0..<5)) != nil)
  }

  /// Sums that lie in memory, each in a place of its own.
  @Test(arguments: 1...40) func joinsInTheOrderOfTheTree(count: Int) {
    let shards = GradientShards(rows: 3 * count - 1, shardRows: 3)
    for instructionSet in InstructionSet.available {
      let kernels = Kernels(instructionSet)!
      let memory = FloatBuffer((0..<count).flatMap { gradient($0) })
      let joined = withExtendedLifetime(memory) {
        shards.join(kernels) { memory.slice($0 * Self.length..<($0 + 1) * Self.length) }.array
      }
      #expect(firstDifference(joined, sum(shards, kernels)) == nil)
      // The result takes the place of the first.
      #expect(firstDifference(Array(memory.all.array.prefix(Self.length)), joined) == nil)
      if count > 3 { #expect(firstDifference(joined, leftToRight(count)) != nil) }
    }
  }

  @Test func coverAllRowsInOrder() {
    for rows in 1...80 {
      for shardRows in [1, 2, 3, 7, 16, 64, 79, 80, 81, Int.max] {
        let shards = GradientShards(rows: rows, shardRows: shardRows)
        let ranges = (0..<shards.count).map(shards.shard)
        #expect(ranges.flatMap(Array.init) == Array(0..<rows))
        #expect(ranges.dropLast().allSatisfy { $0.count == shards.shardRows })
        #expect(ranges.allSatisfy { !$0.isEmpty })
      }
    }
  }

  @Test func lastShardIsRagged() {
    let shards = GradientShards(rows: 20, shardRows: 6)
    #expect(shards.count == 4)
    #expect((0..<4).map(shards.shard) == [0..<6, 6..<12, 12..<18, 18..<20])
    #expect(GradientShards(rows: 5, shardRows: 100).shard(0) == 0..<5)
  }

  /// One float less than `partialSums` promises is too little for some number of shards: the promise is not idle.
  @Test func partialSumsSuffice() {
    for count in 1...300 {
      let shards = GradientShards(rows: count, shardRows: 1)
      var depth = 0
      var deepest = 0
      for index in 0..<count {
        depth += 1
        deepest = max(deepest, depth)
        depth -= (~index).trailingZeroBitCount
      }
      #expect(deepest <= shards.partialSums)
      #expect(shards.partialSums <= deepest + 2, "memory is wasted for \(count) shards")
    }
  }
}
