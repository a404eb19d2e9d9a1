import ConfigurationSchema

/// The ways to scale targets that are numbers before a network learns them.
public enum TargetScalingKind: String, Catalogue, Sendable {
  /// As they are.
  case none
  /// To the mean 0 and the standard deviation 1.
  case standardize

  public var help: String {
    switch self {
    case .none: "as they are"
    case .standardize: "each column to the mean 0 and the standard deviation 1"
    }
  }
}

/// y' = (y − shift) · scale, target by target: what a network learns in place of y. Predictions are scaled back.
public struct TargetScaling: Sendable, Equatable {
  /// What is subtracted, one a target.
  public let shift: [Float]
  /// What the difference is multiplied by, one a target; positive.
  public let scale: [Float]

  /// A scaling with one shift and one scale a target.
  public init(shift: [Float], scale: [Float]) {
    precondition(shift.count == scale.count)
    self.shift = shift
    self.scale = scale
  }

  /// Fits a scaling to training samples: shift = μ and scale = 1/σ of each column, σ the population's deviation. A column that
  /// is constant keeps its unit. Sums are Double, over the rows in order.
  ///
  /// - Returns: nil where nothing is scaled: for `none`, and where the targets are classes.
  init?(_ kind: TargetScalingKind, fittedTo subset: Subset) {
    guard kind == .standardize, case .values(let values, let columns) = subset.table.targets else { return nil }
    var (shift, scale): ([Float], [Float]) = ([], [])
    for column in 0..<columns {
      func sum(_ term: (Double) -> Double) -> Double {
        subset.rows.reduce(0.0) { $0 + term(Double(values[Int($1) * columns + column])) }
      }
      let mean = sum { $0 } / Double(subset.count)
      let inverse = 1 / (sum { ($0 - mean) * ($0 - mean) } / Double(subset.count)).squareRoot()
      shift.append(Float(mean))
      scale.append(Float(inverse).isFinite ? Float(inverse) : 1)
    }
    self.init(shift: shift, scale: scale)
  }

  /// Replaces what a network says of one target by its prediction in the unit of the data.
  @inline(__always)
  public func undo(_ output: Float, target: Int) -> Float { output / scale[target] + shift[target] }
}
