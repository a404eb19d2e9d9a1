// What follows the products of the backward pass: sums over samples, sums of gradient shards, and the transposed copy of the
// weights. Counts are multiples of a vector.

/// A block of 16 × 16: four rounds of perfect shuffles, each of the vectors k and k + 8.
@inlinable @inline(__always)
func transposeBlock(rows: Int, _ source: Source, _ target: Target, targetStride: Int = panelWidth) {
  func row(_ i: Int) -> Vector { i < rows ? load(source + i &* panelWidth) : Vector() }
  var (a, b, c, d) = (row(0), row(1), row(2), row(3))
  var (e, f, g, h) = (row(4), row(5), row(6), row(7))
  var (i, j, k, l) = (row(8), row(9), row(10), row(11))
  var (m, n, o, p) = (row(12), row(13), row(14), row(15))
  for _ in 0..<4 {
    let (a0, a1) = shuffled(a, i)
    let (b0, b1) = shuffled(b, j)
    let (c0, c1) = shuffled(c, k)
    let (d0, d1) = shuffled(d, l)
    let (e0, e1) = shuffled(e, m)
    let (f0, f1) = shuffled(f, n)
    let (g0, g1) = shuffled(g, o)
    let (h0, h1) = shuffled(h, p)
    (a, b, c, d, e, f, g, h) = (a0, a1, b0, b1, c0, c1, d0, d1)
    (i, j, k, l, m, n, o, p) = (e0, e1, f0, f1, g0, g1, h0, h1)
  }
  store(a, target)
  store(b, target + targetStride)
  store(c, target + 2 &* targetStride)
  store(d, target + 3 &* targetStride)
  store(e, target + 4 &* targetStride)
  store(f, target + 5 &* targetStride)
  store(g, target + 6 &* targetStride)
  store(h, target + 7 &* targetStride)
  store(i, target + 8 &* targetStride)
  store(j, target + 9 &* targetStride)
  store(k, target + 10 &* targetStride)
  store(l, target + 11 &* targetStride)
  store(m, target + 12 &* targetStride)
  store(n, target + 13 &* targetStride)
  store(o, target + 14 &* targetStride)
  store(p, target + 15 &* targetStride)
}

/// The lanes of `x` and `y` in turn: x₀ y₀ x₁ y₁ … x₇ y₇, and x₈ y₈ … x₁₅ y₁₅.
@inlinable @inline(__always)
func shuffled(_ x: Vector, _ y: Vector) -> (Vector, Vector) {
  var first = Vector()
  first.evenHalf = x.lowHalf
  first.oddHalf = y.lowHalf
  var second = Vector()
  second.evenHalf = x.highHalf
  second.oddHalf = y.highHalf
  return (first, second)
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func sumRows(rows: Int, vectors: Int, _ b: Source, _ sums: Target) {
    var low = Vector()
    var high = Vector()
    var row = b
    for _ in 0..<rows {
      low += load(row)
      if vectors == 2 { high += load(row + vectorWidth) }
      row += panelWidth
    }
    store(low, sums)
    store(high, sums + vectorWidth)
  }

  @inlinable @inline(__always)
  public static func accumulate(count: Int, _ sum: Target, _ x: Source) {
    var i = 0
    while i < count {
      store(load(sum + i) + load(x + i), sum + i)
      i &+= vectorWidth
    }
  }

  @inlinable @inline(__always)
  public static func transposePanel(rows: Int, vectors: Int, _ source: Source, _ target: Target, panelStride: Int) {
    var i = 0
    while i < rows {
      let columns = target + (i / panelWidth &* panelStride &+ i % panelWidth)
      for v in 0..<vectors {
        transposeBlock(
          rows: rows &- i, source + (i &* panelWidth &+ v &* vectorWidth),
          columns + v &* vectorWidth &* panelWidth)
      }
      i &+= vectorWidth
    }
  }
}
