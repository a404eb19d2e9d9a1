// Functions of whole rows of a matrix of panels: softmax and the losses. A row is walked panel by panel, a vector at a
// time; sums over a row add the vectors in ascending order lane by lane and then the lanes in a fixed order. Lanes
// beyond the last column take no part and are written as zeros.

/// One row of a matrix of panels: where its vectors lie, and how many columns count.
@frozen
public struct PanelRow {
  @usableFromInline let columns: Int
  @usableFromInline let panelStride: Int

  /// A row of `columns` elements, its panels `panelStride` floats apart.
  @inlinable @inline(__always)
  public init(columns: Int, panelStride: Int) {
    self.columns = columns
    self.panelStride = panelStride
  }

  /// Calls `body` with the offset of each vector and the number of its lanes that count.
  @inlinable @inline(__always)
  public func forEachVector(_ body: (_ offset: Int, _ lanes: Int) -> Void) {
    var column = 0
    while column < columns {
      body(column / panelWidth &* panelStride &+ column % panelWidth, columns &- column)
      column &+= vectorWidth
    }
  }

  /// Σ function(offset, lanes) over the row.
  @inlinable @inline(__always)
  public func sum(_ function: (_ offset: Int, _ lanes: Int) -> Vector) -> Float {
    var sum = Vector()
    forEachVector { offset, lanes in sum += firstLanes(function(offset, lanes), lanes) }
    return sumOfLanes(sum)
  }

  /// The greatest element of the row at `z`.
  @inlinable @inline(__always)
  public func maximum(_ z: Source) -> Float {
    var maximum = Vector(repeating: -.infinity)
    forEachVector { offset, lanes in
      let x = Vector(repeating: -.infinity).replacing(with: load(z + offset), where: lanesBelow(lanes))
      maximum = maximum.replacing(with: x, where: (x .> maximum) .| (maximum .!= maximum))
    }
    return maximumOfLanes(maximum)
  }

  /// The column of the greatest element of the row at `z`; the first of several.
  @inlinable @inline(__always)
  public func indexOfMaximum(_ z: Source) -> Int {
    let greatest = maximum(z)
    var column = 0
    while column < columns {
      if z[column / panelWidth &* panelStride &+ column % panelWidth] == greatest { return column }
      column &+= 1
    }
    return 0
  }
}

/// Replaces a row of logits z by softmax(z): aⱼ = e^(zⱼ − max z) / Σₖ e^(zₖ − max z).
@inlinable @inline(__always)
func softmaxRow(_ row: PanelRow, _ z: Target) {
  let greatest = Vector(repeating: row.maximum(z))
  let sum = row.sum { offset, lanes in
    let e = exp(load(z + offset) - greatest)
    store(firstLanes(e, lanes), z + offset)
    return e
  }
  let scale = Vector(repeating: 1 / sum)
  row.forEachVector { offset, _ in store(load(z + offset) * scale, z + offset) }
}

/// Replaces ∂C/∂a by ∂C/∂z for a = softmax(z): δⱼ = aⱼ (gⱼ − Σₖ gₖ aₖ).
@inlinable @inline(__always)
func softmaxDerivativeRow(_ row: PanelRow, _ delta: Target, _ a: Source) {
  let mean = Vector(repeating: row.sum { offset, _ in load(delta + offset) * load(a + offset) })
  row.forEachVector { offset, lanes in
    store(firstLanes(load(a + offset) * (load(delta + offset) - mean), lanes), delta + offset)
  }
}

/// The squared error of one row, scale · Σ (a − y)², and its derivative by the activations, 2 scale (a − y).
@inlinable @inline(__always)
func squaredErrorRow(
  _ row: PanelRow, scale: Float, activations a: Source, targets y: Source, delta: Target
) -> Float {
  let factor = Vector(repeating: 2 * scale)
  let sum = row.sum { offset, lanes in
    let difference = load(a + offset) - load(y + offset)
    store(firstLanes(factor * difference, lanes), delta + offset)
    return difference * difference
  }
  return scale * sum
}

/// The binary cross-entropy of one row of sigmoid outputs, from logits z, and its derivative by them.
///
///     −Σ [y ln σ(z) + (1 − y) ln(1 − σ(z))] = Σ [softplus(z) − y z],   δ = σ(z) − y
@inlinable @inline(__always)
func binaryCrossEntropyRow(
  _ row: PanelRow, logits z: Source, targets y: Source, delta: Target
) -> Float {
  row.sum { offset, lanes in
    let z = load(z + offset)
    let y = load(y + offset)
    store(firstLanes(sigmoid(z) - y, lanes), delta + offset)
    // softplus(z) − y z, in the form that loses no digits when the two nearly cancel: y = 1 gives softplus(−z).
    let positive = z.replacing(with: 0, where: z .< 0)
    return (positive - y * z) + log1p(exp(negativeMagnitude(z)))
  }
}

/// The cross-entropy of one row of softmax outputs, from logits z, and its derivative by them.
///
///     −Σ y ln a = Σ y (ln Σₖ e^(zₖ − max z) − (z − max z)),   δ = a − y,   for Σ y = 1
@inlinable @inline(__always)
func crossEntropyRow(
  _ row: PanelRow, logits z: Source, targets y: Source, delta: Target
) -> Float {
  let greatest = Vector(repeating: row.maximum(z))
  let sum = row.sum { offset, lanes in
    let e = exp(load(z + offset) - greatest)
    store(e, delta + offset)
    return e
  }
  let scale = Vector(repeating: 1 / sum)
  let logarithm = log(Vector(repeating: sum))
  return row.sum { offset, lanes in
    let y = load(y + offset)
    store(firstLanes(fma(load(delta + offset), scale, -y), lanes), delta + offset)
    // 0 · ∞ is not a contribution: classes of weight 0 are left out.
    return (y * (logarithm - (load(z + offset) - greatest))).replacing(with: 0, where: y .== 0)
  }
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func softmax(rows: Int, _ row: PanelRow, _ z: Target) {
    for r in 0..<rows { softmaxRow(row, z + r &* panelWidth) }
  }

  @inlinable @inline(__always)
  public static func softmaxDerivative(rows: Int, _ row: PanelRow, _ delta: Target, _ a: Source) {
    for r in 0..<rows { softmaxDerivativeRow(row, delta + r &* panelWidth, a + r &* panelWidth) }
  }

  @inlinable @inline(__always)
  public static func squaredError(
    rows: Int, _ row: PanelRow, scale: Float, activations: Source, targets: Source, delta: Target, losses: Target
  ) {
    for r in 0..<rows {
      let offset = r &* panelWidth
      losses[r] = squaredErrorRow(
        row, scale: scale, activations: activations + offset, targets: targets + offset, delta: delta + offset)
    }
  }

  @inlinable @inline(__always)
  public static func binaryCrossEntropy(
    rows: Int, _ row: PanelRow, logits: Source, targets: Source, delta: Target, losses: Target
  ) {
    for r in 0..<rows {
      let offset = r &* panelWidth
      losses[r] = binaryCrossEntropyRow(
        row, logits: logits + offset, targets: targets + offset, delta: delta + offset)
    }
  }

  @inlinable @inline(__always)
  public static func crossEntropy(
    rows: Int, _ row: PanelRow, logits: Source, targets: Source, delta: Target, losses: Target
  ) {
    for r in 0..<rows {
      let offset = r &* panelWidth
      losses[r] = crossEntropyRow(row, logits: logits + offset, targets: targets + offset, delta: delta + offset)
    }
  }

  @inlinable @inline(__always)
  public static func indexOfMaximum(
    rows: Int, _ row: PanelRow, _ z: Source, _ indices: UnsafeMutablePointer<Int32>
  ) {
    for r in 0..<rows { indices[r] = Int32(truncatingIfNeeded: row.indexOfMaximum(z + r &* panelWidth)) }
  }
}
