// Functions of single elements of a strip: rows of one panel, 16 · vectors elements each, a panel's width apart.

/// Replaces each element x of a strip by function(x).
@inlinable @inline(__always)
func mapStrip(rows: Int, vectors: Int, _ strip: Target, _ function: (Vector) -> Vector) {
  var x = strip
  for _ in 0..<rows {
    for v in 0..<vectors {
      let element = x + v &* vectorWidth
      store(function(load(element)), element)
    }
    x += panelWidth
  }
}

/// Replaces each element δ of a strip by function(δ, a) with the element a of another.
@inlinable @inline(__always)
func combineStrips(
  rows: Int, vectors: Int, _ delta: Target, _ a: Source, _ function: (Vector, Vector) -> Vector
) {
  var x = delta
  var y = a
  for _ in 0..<rows {
    for v in 0..<vectors {
      let element = x + v &* vectorWidth
      store(function(load(element), load(y + v &* vectorWidth)), element)
    }
    x += panelWidth
    y += panelWidth
  }
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func relu(rows: Int, vectors: Int, _ strip: Target) {
    mapStrip(rows: rows, vectors: vectors, strip) { x in x.replacing(with: 0, where: x .< 0) }
  }

  @inlinable @inline(__always)
  public static func reluDerivative(rows: Int, vectors: Int, _ delta: Target, _ a: Source) {
    combineStrips(rows: rows, vectors: vectors, delta, a) { delta, a in Vector().replacing(with: delta, where: a .> 0) }
  }

  @inlinable @inline(__always)
  public static func leakyRelu(rows: Int, vectors: Int, slope: Float, _ strip: Target) {
    mapStrip(rows: rows, vectors: vectors, strip) { x in x.replacing(with: x * slope, where: x .< 0) }
  }

  @inlinable @inline(__always)
  public static func leakyReluDerivative(rows: Int, vectors: Int, slope: Float, _ delta: Target, _ a: Source) {
    combineStrips(rows: rows, vectors: vectors, delta, a) { delta, a in
      (delta * slope).replacing(with: delta, where: a .> 0)
    }
  }

  @inlinable @inline(__always)
  public static func sigmoid(rows: Int, vectors: Int, _ strip: Target) {
    mapStrip(rows: rows, vectors: vectors, strip) { x in KernelInterface.sigmoid(x) }
  }

  @inlinable @inline(__always)
  public static func sigmoidDerivative(rows: Int, vectors: Int, _ delta: Target, _ a: Source) {
    combineStrips(rows: rows, vectors: vectors, delta, a) { delta, a in delta * (a * (1 - a)) }
  }

  @inlinable @inline(__always)
  public static func tanh(rows: Int, vectors: Int, _ strip: Target) {
    mapStrip(rows: rows, vectors: vectors, strip) { x in KernelInterface.tanh(x) }
  }

  @inlinable @inline(__always)
  public static func tanhDerivative(rows: Int, vectors: Int, _ delta: Target, _ a: Source) {
    combineStrips(rows: rows, vectors: vectors, delta, a) { delta, a in delta * fma(-a, a, Vector(repeating: 1)) }
  }

  @inlinable @inline(__always)
  public static func exp(rows: Int, vectors: Int, _ strip: Target) {
    mapStrip(rows: rows, vectors: vectors, strip) { x in KernelInterface.exp(x) }
  }

  @inlinable @inline(__always)
  public static func log(rows: Int, vectors: Int, _ strip: Target) {
    mapStrip(rows: rows, vectors: vectors, strip) { x in KernelInterface.log(x) }
  }

  @inlinable @inline(__always)
  public static func log1p(rows: Int, vectors: Int, _ strip: Target) {
    mapStrip(rows: rows, vectors: vectors, strip) { x in KernelInterface.log1p(x) }
  }

  @inlinable @inline(__always)
  public static func softplus(rows: Int, vectors: Int, _ strip: Target) {
    mapStrip(rows: rows, vectors: vectors, strip) { x in KernelInterface.softplus(x) }
  }
}
