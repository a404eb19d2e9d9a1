// Layer normalization of the rows of a matrix of panels. Sums over a row are those of `PanelRow`: in a fixed order that knows neither
// workers nor the width of vectors; lanes beyond the last column take no part and are written as zeros.

extension PanelRow {
  /// The mean and the variance of the population of the row at `x`.
  @_transparent @usableFromInline
  func moments(_ x: Source) -> (mean: Vector, variance: Vector) {
    let count = Float(columns)
    var sum = Vector()
    var v = vectors
    while v.next() { sum += firstLanes(load(x + v.offset), v.lanes) }
    let mean = Vector(repeating: sumOfLanes(sum) / count)
    var squares = Vector()
    v = vectors
    while v.next() {
      let difference = firstLanes(load(x + v.offset) - mean, v.lanes)
      squares = fma(difference, difference, squares)
    }
    return (mean, Vector(repeating: sumOfLanes(squares) / count))
  }
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func layerNormalization(
    rows: Int, _ row: PanelRow, epsilon: Float, _ x: Source, _ y: Target, scale: Source, shift: Source
  ) {
    for r in 0..<rows {
      let x = x + r &* panelWidth
      let y = y + r &* panelWidth
      let (mean, variance) = row.moments(x)
      let inverse = 1 / squareRoot(variance + Vector(repeating: epsilon))
      var v = row.vectors
      while v.next() {
        let normalized = (load(x + v.offset) - mean) * inverse
        store(firstLanes(fma(normalized, load(scale + v.place), load(shift + v.place)), v.lanes), y + v.offset)
      }
    }
  }

  @inlinable @inline(__always)
  public static func layerNormalizationDerivative(
    rows: Int, _ row: PanelRow, epsilon: Float, _ x: Source, delta: Source, scale: Source, products: Target,
    inputDelta: Target?
  ) {
    for r in 0..<rows {
      let x = x + r &* panelWidth
      let delta = delta + r &* panelWidth
      let products = products + r &* panelWidth
      let (mean, variance) = row.moments(x)
      let inverse = 1 / squareRoot(variance + Vector(repeating: epsilon))
      var sum = Vector()
      var productSum = Vector()
      var v = row.vectors
      while v.next() {
        let normalized = (load(x + v.offset) - mean) * inverse
        let d = load(delta + v.offset)
        let factor = load(scale + v.place)
        store(firstLanes(d * normalized, v.lanes), products + v.offset)
        sum += firstLanes(d * factor, v.lanes)
        productSum += firstLanes(d * factor * normalized, v.lanes)
      }
      guard let inputDelta else { continue }
      let result = inputDelta + r &* panelWidth
      let count = Float(row.columns)
      let meanDelta = Vector(repeating: sumOfLanes(sum) / count)
      let meanProduct = Vector(repeating: sumOfLanes(productSum) / count)
      v = row.vectors
      while v.next() {
        let normalized = (load(x + v.offset) - mean) * inverse
        let centered = load(delta + v.offset) * load(scale + v.place) - meanDelta
        store(firstLanes(inverse * fma(-normalized, meanProduct, centered), v.lanes), result + v.offset)
      }
    }
  }
}
