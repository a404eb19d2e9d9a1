import KernelSource

/// The moments of some samples in scratch memory: means, sums of squared differences, and a number of rows.
private struct Moments {
  let mean: Target

  init(_ place: Target) { mean = place }

  var squares: Target { mean + panelWidth }
  var count: Float {
    get { mean[2 * panelWidth] }
    nonmutating set { mean[2 * panelWidth] = newValue }
  }
}

// MARK: - Normalization by the statistics of a mini-batch

extension Kernels {
  /// Floats of scratch memory that statistics need: for each partial sum two values a column, and a number of rows.
  public static var statisticsScratch: Int { 3 * panelWidth * 34 }

  /// The mean μ and 1 / √(σ² + ε) of the columns of one panel over all rows of the mini-batch, and a step of their running
  /// statistics.
  ///
  /// Within a gradient shard sums are chains over its rows; shards are joined along their tree. σ² is the population's
  /// variance; the running variance takes the unbiased one, where there is more than one row.
  ///
  /// - Parameters:
  ///   - x: [rows, columns]
  ///   - mean, inverseDeviation: receive 32 values each, at the panel's place.
  ///   - runningMean, runningVariance: are moved by `momentum` of the way.
  ///   - scratch: `statisticsScratch` floats.
  public func batchStatistics(
    _ x: PanelMatrix, _ shards: GradientShards, epsilon: Float, momentum: Float, mean: FloatSlice,
    inverseDeviation: FloatSlice, runningMean: FloatSlice, runningVariance: FloatSlice, scratch: FloatSlice, panel: Int
  ) {
    x.checkStrip(panel, 0..<shards.rows)
    precondition(scratch.count >= Self.statisticsScratch)
    // Finished subtrees wait on a stack, as in `GradientShards.sum`.
    var depth = 0
    func level(_ index: Int) -> Moments { Moments(scratch.pointer + 3 * panelWidth * index) }
    func join() {
      let (left, right) = (level(depth - 2), level(depth - 1))
      functions.joinMoments(
        mean: left.mean, squares: left.squares, count: left.count, otherMean: right.mean,
        otherSquares: right.squares, otherCount: right.count)
      left.count += right.count
      depth -= 1
    }
    for index in 0..<shards.count {
      let shard = shards.shard(index)
      let moments = level(depth)
      functions.moments(
        rows: shard.count, x.pointer(panel: panel, row: shard.lowerBound), mean: moments.mean,
        squares: moments.squares)
      moments.count = Float(shard.count)
      depth += 1
      for _ in 0..<(~index).trailingZeroBitCount { join() }
    }
    while depth > 1 { join() }

    let range = panel * panelWidth..<(panel + 1) * panelWidth
    let all = level(0)
    let rows = Float(shards.rows)
    mean[range].pointer.update(from: all.mean, count: panelWidth)
    functions.moveAverage(runningMean[range].pointer, all.mean, factor: 1, weight: momentum)
    functions.moveAverage(
      runningVariance[range].pointer, all.squares, factor: 1 / max(rows - 1, 1), weight: momentum)
    // Columns that do not count stay 0 in the parameters, whatever stands in those of x.
    for column in range.lowerBound + x.columns(ofPanel: panel).count..<range.upperBound {
      (runningMean[column], runningVariance[column]) = (0, 0)
    }
    for column in 0..<panelWidth { all.squares[column] /= rows }
    functions.inverseDeviation(all.squares, epsilon: epsilon, inverseDeviation[range].pointer)
  }

  /// Writes y = γ (x − μ) / √(σ² + ε) + β for some rows of a panel.
  ///
  /// - Parameters:
  ///   - y: may be `x`.
  ///   - mean, inverseDeviation, scale, shift: a value a column.
  public func normalize(
    _ x: PanelMatrix, into y: PanelMatrix, mean: FloatSlice, inverseDeviation: FloatSlice, scale: FloatSlice,
    shift: FloatSlice, rows: Range<Int>, panel: Int
  ) {
    check(x, y, rows, panel)
    let range = panel * panelWidth..<(panel + 1) * panelWidth
    functions.normalize(
      rows: rows.count, vectors: x.vectors(ofPanel: panel), x.pointer(panel: panel, row: rows.lowerBound),
      y.pointer(panel: panel, row: rows.lowerBound), mean: mean[range].pointer,
      inverseDeviation: inverseDeviation[range].pointer, scale: scale[range].pointer, shift: shift[range].pointer)
  }

  /// The same with a variance instead of 1 / √(σ² + ε).
  ///
  /// - Parameter scratch: 32 floats.
  public func normalize(
    _ x: PanelMatrix, into y: PanelMatrix, mean: FloatSlice, variance: FloatSlice, epsilon: Float, scale: FloatSlice,
    shift: FloatSlice, scratch: FloatSlice, rows: Range<Int>, panel: Int
  ) {
    check(x, y, rows, panel)
    precondition(scratch.count >= panelWidth)
    let range = panel * panelWidth..<(panel + 1) * panelWidth
    functions.inverseDeviation(variance[range].pointer, epsilon: epsilon, scratch.pointer)
    functions.normalize(
      rows: rows.count, vectors: x.vectors(ofPanel: panel), x.pointer(panel: panel, row: rows.lowerBound),
      y.pointer(panel: panel, row: rows.lowerBound), mean: mean[range].pointer, inverseDeviation: scratch.pointer,
      scale: scale[range].pointer, shift: shift[range].pointer)
  }

  /// Σ δ and Σ δ x̂ of the columns of one panel over all rows of the mini-batch, with x̂ = (x − μ) / √(σ² + ε): chains over
  /// the rows of a shard, added along the tree of shards.
  ///
  /// - Parameters:
  ///   - sums, products: receive 32 values each, at the panel's place.
  ///   - scratch: `statisticsScratch` floats.
  public func normalizationSums(
    _ x: PanelMatrix, _ delta: PanelMatrix, _ shards: GradientShards, mean: FloatSlice, inverseDeviation: FloatSlice,
    sums: FloatSlice, products: FloatSlice, scratch: FloatSlice, panel: Int
  ) {
    check(x, delta, 0..<shards.rows, panel)
    let range = panel * panelWidth..<(panel + 1) * panelWidth
    let sum = shards.sum(self, length: 2 * panelWidth, scratch: scratch) { shard, result in
      functions.normalizationSums(
        rows: shard.count, x.pointer(panel: panel, row: shard.lowerBound),
        delta.pointer(panel: panel, row: shard.lowerBound), mean: mean[range].pointer,
        inverseDeviation: inverseDeviation[range].pointer, sums: result.pointer, products: result.pointer + panelWidth)
    }
    sums[range].copy(sum[0..<panelWidth])
    products[range].copy(sum[panelWidth..<2 * panelWidth])
  }

  /// Replaces δ = ∂C/∂y by ∂C/∂x = γ / √(σ² + ε) · (δ − Σδ/n − x̂ Σδx̂/n) for some rows of a panel.
  ///
  /// - Parameter samples: n, the rows of the mini-batch.
  public func normalizationDerivative(
    _ x: PanelMatrix, _ delta: PanelMatrix, samples: Int, mean: FloatSlice, inverseDeviation: FloatSlice,
    scale: FloatSlice, sums: FloatSlice, products: FloatSlice, rows: Range<Int>, panel: Int
  ) {
    check(x, delta, rows, panel)
    let range = panel * panelWidth..<(panel + 1) * panelWidth
    functions.normalizationDerivative(
      rows: rows.count, vectors: x.vectors(ofPanel: panel), x.pointer(panel: panel, row: rows.lowerBound),
      delta.pointer(panel: panel, row: rows.lowerBound), samples: Float(samples), mean: mean[range].pointer,
      inverseDeviation: inverseDeviation[range].pointer, scale: scale[range].pointer, sums: sums[range].pointer,
      products: products[range].pointer)
  }
}
