import ConfigurationSchema

/// The ways to scale features before they enter the network.
public enum ScalingKind: String, Catalogue, Sendable {
  /// Unchanged; bytes are divided by 255.
  case none
  /// To the mean 0 and the standard deviation 1.
  case standardize
  /// To the range from 0 to 1.
  case minMax
  /// By median and quartiles, with outliers brought smoothly near the others.
  case robust

  public var help: String {
    switch self {
    case .none: "as they are; bytes are divided by 255"
    case .standardize: "to the mean 0 and the standard deviation 1"
    case .minMax: "to the range from 0 to 1"
    case .robust:
      "x' = (x − median) / (the distance of the quartiles), then x' / √(1 + (x'/3)²), which leaves nothing beyond ±3: for data with "
        + "outliers"
    }
  }
}

/// x' = (x − shift) · scale, feature by feature, on the stored value x: the division of bytes by 255 is part of `scale`.
public struct Scaling: Sendable, Equatable {
  /// What is subtracted, one a feature.
  public let shift: [Float]
  /// What the difference is multiplied by, one a feature.
  public let scale: [Float]
  /// Whether x' is clipped smoothly afterwards: x' / √(1 + (x'/3)²).
  public let clipsSmoothly: Bool

  /// A scaling with one shift and one scale a feature.
  public init(shift: [Float], scale: [Float], clipsSmoothly: Bool = false) {
    precondition(shift.count == scale.count)
    self.shift = shift
    self.scale = scale
    self.clipsSmoothly = clipsSmoothly
  }

  /// Fits a scaling to some rows, the training rows.
  ///
  /// - `standardize`: shift = μ = Σx/n, scale = 1/σ with σ² = Σ(x − μ)²/n, the population's variance.
  /// - `minMax`: shift = min x, scale = 1/(max x − min x).
  /// - `robust`: shift = q₅₀, scale = 1/(q₇₅ − q₂₅), or 2/(max x − min x) where these quartiles are equal (Holzmüller, Grinsztajn
  ///   and Steinwart, 2024). Between two values a quantile lies on the line from one to the other, as NumPy's.
  /// - A feature that is constant, or varies by less than the inverse of the largest Float, is shifted by its minimum and
  ///   keeps its unit.
  ///
  /// Sums are Double, over the rows in order, so they are the same everywhere; shift and scale are rounded to Float
  /// once, at the end. `subset` has at least one row.
  public init(_ kind: ScalingKind, fittedTo subset: Subset) {
    let columns = subset.table.columns
    // The scale of a feature that is not scaled.
    let unit: Float = if case .bytes = subset.table.features { 1 / 255 } else { 1 }
    let centers: [(center: Double, spread: Double, minimum: Double)]
    switch kind {
    case .none:
      self.init(shift: .init(repeating: 0, count: columns), scale: .init(repeating: unit, count: columns))
      return
    case .standardize:
      centers = FeatureStatistics(of: subset).columns.map { ($0.mean, $0.isVaried ? $0.deviation : 0, $0.minimum) }
    case .minMax:
      centers = FeatureStatistics(of: subset).columns.map { ($0.minimum, $0.maximum - $0.minimum, $0.minimum) }
    case .robust: centers = Quartiles.of(subset).map { ($0.median, $0.spread, $0.minimum) }
    }
    var (shift, scale): ([Float], [Float]) = ([], [])
    for (center, spread, minimum) in centers {
      let isVaried = spread > 0 && Float(1 / spread).isFinite
      shift.append(Float(isVaried ? center : minimum))
      scale.append(isVaried ? Float(1 / spread) : unit)
    }
    self.init(shift: shift, scale: scale, clipsSmoothly: kind == .robust)
  }
}
