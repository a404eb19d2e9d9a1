// Functions of whole rows of a matrix of panels: softmax and the losses. A row is walked panel by panel, a vector at a
// time; sums over a row add the vectors in ascending order lane by lane and then the lanes in a fixed order. Lanes
// beyond the last column take no part and are written as zeros.

/// One row of a matrix of panels: how many columns count, and where its vectors lie.
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

  /// The vectors of the row: `var v = row.vectors; while v.next() { … v.offset … v.lanes … }`.
  ///
  /// A loop, not a function that takes a closure: what a closure calls may stay out of line.
  @inlinable @inline(__always)
  var vectors: Vectors { Vectors(row: self) }

  @frozen
  @usableFromInline
  struct Vectors {
    @usableFromInline let row: PanelRow
    @usableFromInline var column: Int
    /// Offset of the vector from the start of the row.
    @usableFromInline var offset = 0
    /// The lanes that count are those below this number.
    @usableFromInline var lanes = 0
    /// The column of its first lane, which is the place of its values in a vector with a value a column.
    @inlinable @inline(__always)
    var place: Int { row.columns &- lanes }

    @inlinable @inline(__always)
    init(row: PanelRow) {
      self.row = row
      column = 0
    }

    /// Goes to the next vector; false if there is none.
    @inlinable @inline(__always)
    mutating func next() -> Bool {
      guard column < row.columns else { return false }
      offset = column / panelWidth &* row.panelStride &+ column % panelWidth
      lanes = row.columns &- column
      column &+= vectorWidth
      return true
    }
  }

  /// The greatest element of the row at `z`, whose elements are not NaN.
  @_transparent @usableFromInline
  func maximum(_ z: Source) -> Float {
    let least = Vector(repeating: -.infinity)
    var maximum = least
    var v = vectors
    while v.next() {
      let x = least.replacing(with: load(z + v.offset), where: lanesBelow(v.lanes))
      maximum = maximum.replacing(with: x, where: x .> maximum)
    }
    return maximumOfLanes(maximum)
  }
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func softmax(rows: Int, _ row: PanelRow, _ z: Target) {
    for r in 0..<rows {
      let z = z + r &* panelWidth
      let sum = Vector(repeating: 1 / exponentials(row, z, greatest: row.maximum(z), into: z))
      var v = row.vectors
      while v.next() { store(firstLanes(load(z + v.offset) * sum, v.lanes), z + v.offset) }
    }
  }

  @inlinable @inline(__always)
  public static func softmaxDerivative(rows: Int, _ row: PanelRow, _ delta: Target, _ a: Source) {
    for r in 0..<rows {
      let delta = delta + r &* panelWidth
      let a = a + r &* panelWidth
      var sum = Vector()
      var v = row.vectors
      while v.next() { sum += firstLanes(load(delta + v.offset) * load(a + v.offset), v.lanes) }
      let mean = Vector(repeating: sumOfLanes(sum))
      v = row.vectors
      while v.next() {
        store(firstLanes(load(a + v.offset) * (load(delta + v.offset) - mean), v.lanes), delta + v.offset)
      }
    }
  }

  @inlinable @inline(__always)
  public static func squaredError(
    rows: Int, _ row: PanelRow, scale: Float, activations: Source, targets: Source, delta: Target, losses: Target
  ) {
    for r in 0..<rows {
      let start = r &* panelWidth
      var sum = Vector()
      var v = row.vectors
      while v.next() {
        let place = start &+ v.offset
        let difference = firstLanes(load(activations + place) - load(targets + place), v.lanes)
        store(difference * (2 * scale), delta + place)
        sum += difference * difference
      }
      losses[r] = scale * sumOfLanes(sum)
    }
  }

  @inlinable @inline(__always)
  public static func binaryCrossEntropy(
    rows: Int, _ row: PanelRow, logits: Source, targets: Source, delta: Target, losses: Target
  ) {
    for r in 0..<rows {
      let start = r &* panelWidth
      var sum = Vector()
      var v = row.vectors
      while v.next() {
        let place = start &+ v.offset
        let z = load(logits + place)
        let y = load(targets + place)
        store(firstLanes(KernelSource.sigmoid(z) - y, v.lanes), delta + place)
        // softplus(z) − y z: the two large terms cancel before the small one is added.
        let large = z.replacing(with: 0, where: z .< Vector()) - y * z
        sum += firstLanes(large + KernelSource.log1p(KernelSource.exp(negativeMagnitude(z))), v.lanes)
      }
      losses[r] = sumOfLanes(sum)
    }
  }

  @inlinable @inline(__always)
  public static func crossEntropy(
    rows: Int, _ row: PanelRow, logits: Source, targets: Source, delta: Target, losses: Target,
    scratch: (Target, Target)
  ) {
    var first = 0
    while first < rows {
      let start = first &* panelWidth
      let count = rows &- first < vectorWidth ? rows &- first : vectorWidth
      if count == vectorWidth && row.columns <= vectorWidth {
        crossEntropyByColumns(row.columns, logits + start, targets + start, delta + start, losses + first, scratch)
      } else {
        crossEntropyByRows(count, row, logits + start, targets + start, delta + start, losses + first)
      }
      first &+= count
    }
  }

  /// At most sixteen rows, one after another but for their logarithms and quotients, which are computed together.
  @_transparent @usableFromInline
  static func crossEntropyByRows(
    _ rows: Int, _ row: PanelRow, _ logits: Source, _ targets: Source, _ delta: Target, _ losses: Target
  ) {
    var maxima = Vector()
    var sums = Vector(repeating: 1)
    for r in 0..<rows {
      let start = r &* panelWidth
      maxima[r] = row.maximum(logits + start)
      sums[r] = exponentials(row, logits + start, greatest: maxima[r], into: delta + start)
    }
    let logarithms = KernelSource.log(sums)
    let scales = 1 / sums
    for r in 0..<rows {
      let start = r &* panelWidth
      let greatest = Vector(repeating: maxima[r])
      let scale = Vector(repeating: scales[r])
      let logarithm = Vector(repeating: logarithms[r])
      var loss = Vector()
      var v = row.vectors
      while v.next() {
        let place = start &+ v.offset
        let y = load(targets + place)
        store(firstLanes(fma(load(delta + place), scale, -y), v.lanes), delta + place)
        loss += firstLanes(weightedCost(y, logarithm - (load(logits + place) - greatest)), v.lanes)
      }
      losses[r] = sumOfLanes(loss)
    }
  }

  /// Sixteen rows of up to sixteen columns, with a row in each lane: nothing is added across lanes. The operations on every
  /// element are those of `crossEntropyByRows`, in the same order, and so are the bits.
  @_transparent @usableFromInline
  static func crossEntropyByColumns(
    _ columns: Int, _ logits: Source, _ targets: Source, _ delta: Target, _ losses: Target, _ scratch: (Target, Target)
  ) {
    // Columns of z, then of z − max z and of the costs; columns of y; and in `delta` those of the exponentials, then of δ.
    let (z, y) = scratch
    transposeBlock(rows: vectorWidth, logits, z, targetStride: vectorWidth)
    transposeBlock(rows: vectorWidth, targets, y, targetStride: vectorWidth)
    var greatest = load(z)
    for j in 1..<columns {
      let column = load(z + j &* vectorWidth)
      greatest = greatest.replacing(with: column, where: column .> greatest)
    }
    for j in 0..<columns {
      let column = load(z + j &* vectorWidth) - greatest
      store(column, z + j &* vectorWidth)
      store(KernelSource.exp(column), delta + j &* panelWidth)
    }
    for j in columns..<vectorWidth {
      store(Vector(), z + j &* vectorWidth)
      store(Vector(), delta + j &* panelWidth)
    }
    let sums = sumOfColumns(delta, stride: panelWidth)
    let logarithms = KernelSource.log(sums)
    let scales = 1 / sums
    for j in 0..<columns {
      let weight = load(y + j &* vectorWidth)
      store(fma(load(delta + j &* panelWidth), scales, -weight), delta + j &* panelWidth)
      store(weightedCost(weight, logarithms - load(z + j &* vectorWidth)), z + j &* vectorWidth)
    }
    store(sumOfColumns(z, stride: vectorWidth), losses)
    transposeBlock(rows: vectorWidth, Source(delta), delta)
  }

  /// y · cost; 0 · ∞ is not a contribution: classes of weight 0 are left out.
  @_transparent @usableFromInline
  static func weightedCost(_ y: Vector, _ cost: Vector) -> Vector {
    (y * cost).replacing(with: 0, where: y .== Vector())
  }

  /// Writes e^(zⱼ − max z) for one row, zeros in the unused lanes, and returns the sum.
  @_transparent @usableFromInline
  static func exponentials(_ row: PanelRow, _ z: Source, greatest: Float, into e: Target) -> Float {
    let greatest = Vector(repeating: greatest)
    var sum = Vector()
    var v = row.vectors
    while v.next() {
      let power = firstLanes(KernelSource.exp(load(z + v.offset) - greatest), v.lanes)
      store(power, e + v.offset)
      sum += power
    }
    return sumOfLanes(sum)
  }

  /// The sum of sixteen columns that lie `stride` apart, in the order of `sumOfLanes`.
  @_transparent @usableFromInline
  static func sumOfColumns(_ x: Target, stride: Int) -> Vector {
    let even = pair(x, 0, stride) + pair(x, 4, stride) + (pair(x, 2, stride) + pair(x, 6, stride))
    let odd = pair(x, 1, stride) + pair(x, 5, stride) + (pair(x, 3, stride) + pair(x, 7, stride))
    return even + odd
  }

  /// The sum of columns `column` and `column` + 8.
  @_transparent @usableFromInline
  static func pair(_ x: Target, _ column: Int, _ stride: Int) -> Vector {
    load(x + column &* stride) + load(x + (column &+ 8) &* stride)
  }
}
