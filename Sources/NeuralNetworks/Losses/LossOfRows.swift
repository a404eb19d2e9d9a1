import Kernels

/// The cost of whole rows, and δ by the outputs or by the logits.
struct LossOfRows: Sendable {
  let kind: LossKind
  /// See `Loss.delta`.
  let threshold: Float
  /// a or z, [samples, outputs]
  let outputs: Matrix
  /// δ, [samples, outputs]
  let delta: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>) {
    let (kernels, outputs, delta) = (context.kernels, context[outputs], context[delta])
    let mean = 1 / Float(outputs.columns)
    switch kind {
    case .squaredError: squaredError(context, scale: 1, rows)
    case .halfSquaredError: squaredError(context, scale: 0.5, rows)
    case .meanSquaredError: squaredError(context, scale: mean, rows)
    case .meanAbsoluteError: elementLoss(.absoluteError, context, scale: mean, rows)
    case .huber: elementLoss(.huber(delta: threshold), context, scale: mean, rows)
    case .poisson: elementLoss(.poisson, context, scale: 1, rows)
    case .binaryCrossEntropy:
      kernels.binaryCrossEntropy(
        logits: outputs, targets: context.targets, delta: delta, losses: context.losses, rows: rows)
    case .crossEntropy:
      kernels.crossEntropy(
        logits: outputs, targets: context.targets, delta: delta, losses: context.losses, rows: rows)
    case .hinge:
      kernels.hinge(outputs: outputs, targets: context.targets, delta: delta, losses: context.losses, rows: rows)
    }
  }

  @inline(__always)
  private func squaredError(_ context: Context, scale: Float, _ rows: Range<Int>) {
    context.kernels.squaredError(
      outputs: context[outputs], targets: context.targets, scale: scale, delta: context[delta],
      losses: context.losses, rows: rows)
  }

  @inline(__always)
  private func elementLoss(_ loss: ElementLoss, _ context: Context, scale: Float, _ rows: Range<Int>) {
    context.kernels.elementLoss(
      loss, outputs: context[outputs], targets: context.targets, scale: scale, delta: context[delta],
      losses: context.losses, rows: rows)
  }
}

/// Multiplies δ and the cost of each sample by its weight, which makes the sums over a mini-batch weighted ones.
struct RowWeights: Sendable {
  let delta: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>) {
    context.kernels.multiplyRows(context[delta], context.losses, by: context.weights, rows: rows)
  }
}
