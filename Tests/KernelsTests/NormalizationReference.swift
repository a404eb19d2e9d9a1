import Kernels

/// Batch normalization of one column, operation by operation in the order that the kernels promise.
struct NormalizationReference {
  /// The mean, the sum of the squared differences from it, and how many rows there are.
  struct Moments: Equatable {
    var mean: Float
    var squares: Float
    var count: Float
  }

  let epsilon: Float
  let momentum: Float
  let x: [Float]
  let shards: GradientShards

  // MARK: Statistics

  /// Chains over the rows of a shard.
  func moments(_ rows: Range<Int>) -> Moments {
    var sum: Float = 0
    for r in rows { sum += x[r] }
    let mean = sum / Float(rows.count)
    var squares: Float = 0
    for r in rows { squares = squares.addingProduct(x[r] - mean, x[r] - mean) }
    return Moments(mean: mean, squares: squares, count: Float(rows.count))
  }

  /// Those of two sets of samples together.
  func joined(_ a: Moments, _ b: Moments) -> Moments {
    let share = b.count / (a.count + b.count)
    let difference = b.mean - a.mean
    return Moments(
      mean: a.mean.addingProduct(difference, share),
      squares: (a.squares + b.squares).addingProduct(difference * difference, a.count * share),
      count: a.count + b.count)
  }

  /// A value of some shards by the tree: a node's left child holds the largest power of two below its size.
  func tree<Value>(_ shards: Range<Int>, _ leaf: (Range<Int>) -> Value, _ join: (Value, Value) -> Value) -> Value {
    if shards.count == 1 { return leaf(self.shards.shard(shards.lowerBound)) }
    var left = 1
    while 2 * left < shards.count { left *= 2 }
    let middle = shards.lowerBound + left
    return join(
      tree(shards.lowerBound..<middle, leaf, join), tree(middle..<shards.upperBound, leaf, join))
  }

  var all: Moments { tree(0..<shards.count, moments, joined) }
  var mean: Float { all.mean }
  var inverseDeviation: Float { 1 / (all.squares / Float(x.count) + epsilon).squareRoot() }

  func movedMean(_ running: Float) -> Float { moved(running, mean) }

  /// With the unbiased variance.
  func movedVariance(_ running: Float) -> Float {
    moved(running, all.squares * (1 / Float(max(x.count - 1, 1))))
  }

  private func moved(_ running: Float, _ value: Float) -> Float {
    (running * (1 - momentum)).addingProduct(momentum, value)
  }

  // MARK: Forward and backward

  static func normalized(_ x: Float, mean: Float, inverseDeviation: Float, scale: Float, shift: Float) -> Float {
    shift.addingProduct(x - mean, scale * inverseDeviation)
  }

  /// Σ δ and Σ δ x̂
  func sums(_ delta: [Float]) -> SIMD2<Float> {
    let (mean, inverse) = (mean, inverseDeviation)
    return tree(
      0..<shards.count,
      { rows in
        var (sum, product) = (Float(0), Float(0))
        for r in rows {
          sum += delta[r]
          product.addProduct(delta[r], (x[r] - mean) * inverse)
        }
        return SIMD2(sum, product)
      }, +)
  }

  func derivative(_ delta: [Float], scale: Float) -> [Float] {
    let (mean, inverse, share, sums) = (mean, inverseDeviation, 1 / Float(x.count), sums(delta))
    return zip(x, delta).map { x, delta in
      let normalized = (x - mean) * inverse
      return scale * inverse * (delta - sums[0] * share).addingProduct(-normalized, sums[1] * share)
    }
  }
}
