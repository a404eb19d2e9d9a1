import KernelSource

// MARK: - Functions of single elements

extension Kernels {
  /// Writes a = g(z) for some rows of a panel; `a` may be `z`.
  public func apply(_ function: ElementFunction, to z: PanelMatrix, into a: PanelMatrix, rows: Range<Int>, panel: Int) {
    check(z, a, rows, panel)
    functions.apply(
      function, rows: rows.count, vectors: z.vectors(ofPanel: panel), z.pointer(panel: panel, row: rows.lowerBound),
      a.pointer(panel: panel, row: rows.lowerBound))
  }

  /// Replaces δ = ∂C/∂a by ∂C/∂z = δ ∘ g'(z) for some rows of a panel.
  ///
  /// - Parameter kept: a, or z if `derivativeNeedsInput`.
  public func multiplyByDerivative(
    of function: ElementFunction, _ delta: PanelMatrix, kept: PanelMatrix, rows: Range<Int>, panel: Int
  ) {
    check(delta, kept, rows, panel)
    functions.multiplyByDerivative(
      of: function, rows: rows.count, vectors: kept.vectors(ofPanel: panel),
      delta.pointer(panel: panel, row: rows.lowerBound), kept: kept.pointer(panel: panel, row: rows.lowerBound))
  }

  /// Replaces every float of `x` by its function value. The count is a multiple of 32.
  public func apply(_ function: ElementaryFunction, to x: FloatSlice) {
    precondition(x.count % panelWidth == 0)
    functions.apply(function, rows: x.count / panelWidth, x.pointer)
  }

  /// Checks that a strip of two matrices of the same columns can be used.
  func check(_ x: PanelMatrix, _ y: PanelMatrix, _ rows: Range<Int>, _ panel: Int) {
    x.checkStrip(panel, rows)
    y.checkRows(rows)
    precondition(x.columns == y.columns, "shapes do not fit")
  }
}

// MARK: - Dropout and noise

/// Which elements dropout drops, or which noise they get, as far as it depends neither on the sample nor on the unit.
public struct RandomMask: Sendable {
  let counter: MaskCounter

  /// - Parameters:
  ///   - seed: the seed of the run.
  ///   - layer: the place of the layer, so that layers have masks of their own.
  ///   - epoch: from 0.
  public init(seed: UInt64, purpose: RandomPurpose, layer: UInt16, epoch: Int) {
    counter = MaskCounter(
      key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
      stream: UInt32(truncatingIfNeeded: epoch), purpose: UInt32(purpose.rawValue) | UInt32(layer) << 16)
  }
}

extension Kernels {
  /// Writes y = x · mask for some rows of a panel: 0 with the probability `rate`, else x / (1 − rate).
  ///
  /// The random number of an element is word ⌊unit / 16⌋ mod 2 of the Philox block that counts the epoch, the sample, the layer
  /// and 16 ⌊unit / 32⌋ + unit mod 16.
  ///
  /// - Parameters:
  ///   - y: may be `x`.
  ///   - rate: from 0 on and below 1.
  ///   - samples: which samples the rows are.
  public func dropout(
    _ x: PanelMatrix, into y: PanelMatrix, rate: Float, _ mask: RandomMask, _ samples: SampleSelection,
    rows: Range<Int>, panel: Int
  ) {
    check(x, y, rows, panel)
    precondition(rate >= 0 && rate < 1, "a rate is from 0 on and below 1")
    precondition(samples.first >= 0 && samples.first + rows.upperBound <= samples.order.count)
    functions.dropout(
      rows: rows.count, vectors: x.vectors(ofPanel: panel), x.pointer(panel: panel, row: rows.lowerBound),
      y.pointer(panel: panel, row: rows.lowerBound), counter: mask.counter,
      samples: samples.pointer(row: rows.lowerBound), panel: panel, dropped: UInt32((rate * 0x1p24).rounded()),
      scale: 1 / (1 - rate))
  }
}

extension Kernels {
  /// Writes y = x + σ ξ for some rows of a panel, with independent numbers ξ of the standard normal distribution.
  ///
  /// Two units 16 apart share words 0 and 1 of the Philox block that counts the epoch, the sample, the layer and
  /// 16 ⌊unit / 32⌋ + unit mod 16: with 23 bits of the one and 25 of the other, u in (0, 1] and an angle θ, ξ is √(−2 ln u) cos θ for
  /// the first and √(−2 ln u) sin θ for the second.
  ///
  /// - Parameters:
  ///   - y: may be `x`.
  ///   - standardDeviation: σ, at least 0.
  ///   - samples: which samples the rows are.
  public func gaussianNoise(
    _ x: PanelMatrix, into y: PanelMatrix, standardDeviation: Float, _ mask: RandomMask, _ samples: SampleSelection,
    rows: Range<Int>, panel: Int
  ) {
    check(x, y, rows, panel)
    precondition(standardDeviation >= 0, "a standard deviation is at least 0")
    precondition(samples.first >= 0 && samples.first + rows.upperBound <= samples.order.count)
    functions.gaussianNoise(
      rows: rows.count, vectors: x.vectors(ofPanel: panel), x.pointer(panel: panel, row: rows.lowerBound),
      y.pointer(panel: panel, row: rows.lowerBound), counter: mask.counter,
      samples: samples.pointer(row: rows.lowerBound), panel: panel, deviation: standardDeviation)
  }
}

/// ln x, the same bits as in the kernels.
func kernelLogarithm(_ x: Float) -> Float { KernelSource.log(Vector(repeating: x))[0] }
