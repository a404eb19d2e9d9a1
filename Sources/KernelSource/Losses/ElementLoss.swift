/// A loss that is a sum over the outputs of a sample: C = scale · Σⱼ c(xⱼ, yⱼ), where x are outputs or logits.
///
/// A new one is one file with its formula, one case here and a line in the `switch` below.
@frozen
public enum ElementLoss: Sendable, Equatable {
  /// See `AbsoluteError`.
  case absoluteError
  /// See `Huber`; δ is positive.
  case huber(delta: Float)
  /// See `Poisson`.
  case poisson
}

/// The formula of such a loss, with its derivative. A type, as `VectorFunction` says.
public protocol LossFormula {
  /// c(x, y)
  func cost(_ x: Vector, _ y: Vector) -> Vector
  /// ∂c/∂x
  func derivative(_ x: Vector, _ y: Vector) -> Vector
}

/// Writes scale · Σ c and scale · ∂c/∂x for some rows.
@_transparent @usableFromInline
func sumElements<F: LossFormula>(
  rows: Int, _ row: PanelRow, scale: Float, _ outputs: Source, _ targets: Source, _ delta: Target, _ losses: Target,
  _ formula: F
) {
  for r in 0..<rows {
    let start = r &* panelWidth
    var sum = Vector()
    var v = row.vectors
    while v.next() {
      let place = start &+ v.offset
      let (x, y) = (load(outputs + place), load(targets + place))
      store(firstLanes(formula.derivative(x, y) * scale, v.lanes), delta + place)
      sum += firstLanes(formula.cost(x, y), v.lanes)
    }
    losses[r] = scale * sumOfLanes(sum)
  }
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func elementLoss(
    _ loss: ElementLoss, rows: Int, _ row: PanelRow, scale: Float, outputs: Source, targets: Source, delta: Target,
    losses: Target
  ) {
    switch loss {
    case .absoluteError: sumElements(rows: rows, row, scale: scale, outputs, targets, delta, losses, AbsoluteError())
    case .huber(let threshold):
      sumElements(rows: rows, row, scale: scale, outputs, targets, delta, losses, Huber(threshold))
    case .poisson: sumElements(rows: rows, row, scale: scale, outputs, targets, delta, losses, Poisson())
    }
  }
}
