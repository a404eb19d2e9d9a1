import ConfigurationSchema

/// The ways to scale features before they enter the network.
public enum ScalingKind: String, Catalogue, Sendable {
  /// Unchanged; bytes are divided by 255.
  case none
  /// To the mean 0 and the standard deviation 1.
  case standardize
  /// To the range from 0 to 1.
  case minMax

  public var help: String {
    switch self {
    case .none: "as they are; bytes are divided by 255"
    case .standardize: "to the mean 0 and the standard deviation 1"
    case .minMax: "to the range from 0 to 1"
    }
  }
}

/// x' = (x − shift) · scale, feature by feature, on the stored value x: the division of bytes by 255 is part of `scale`.
public struct Scaling: Sendable, Equatable {
  /// What is subtracted, one a feature.
  public let shift: [Float]
  /// What the difference is multiplied by, one a feature.
  public let scale: [Float]

  /// A scaling with one shift and one scale a feature.
  public init(shift: [Float], scale: [Float]) {
    precondition(shift.count == scale.count)
    self.shift = shift
    self.scale = scale
  }

  /// Fits a scaling to some rows, the training rows.
  ///
  /// - `standardize`: shift = μ = Σx/n, scale = 1/σ with σ² = Σ(x − μ)²/n, the population's variance.
  /// - `minMax`: shift = min x, scale = 1/(max x − min x).
  /// - A feature that is constant, or varies by less than the inverse of the largest Float, is shifted by its minimum and
  ///   keeps its unit.
  ///
  /// Sums are Double, over the rows in order, so they are the same everywhere; shift and scale are rounded to Float
  /// once, at the end. `subset` has at least one row.
  public init(_ kind: ScalingKind, fittedTo subset: Subset) {
    switch subset.table.features {
    case .bytes(let bytes): self.init(kind, bytes, of: subset, unit: 1 / 255)
    case .floats(let floats): self.init(kind, floats, of: subset, unit: 1)
    }
  }

  /// - Parameter unit: the scale of a feature that is not scaled.
  private init<Element: ScalableElement>(
    _ kind: ScalingKind, _ features: [Element], of subset: Subset, unit: Float
  ) {
    let columns = subset.table.columns
    guard kind != .none else {
      self.init(shift: .init(repeating: 0, count: columns), scale: .init(repeating: unit, count: columns))
      return
    }
    let statistics = FeatureStatistics(features, of: subset)
    var shift: [Float] = []
    var scale: [Float] = []
    for column in 0..<columns {
      let range = statistics.maximum[column] - statistics.minimum[column]
      let spread = kind == .minMax ? range : statistics.deviation[column]
      let isVaried = range > 0 && Float(1 / spread).isFinite
      let isCentered = kind == .standardize && isVaried
      shift.append(Float(isCentered ? statistics.mean[column] : statistics.minimum[column]))
      scale.append(isVaried ? Float(1 / spread) : unit)
    }
    self.init(shift: shift, scale: scale)
  }
}

/// What a feature is stored as.
private protocol ScalableElement {
  var double: Double { get }
}

extension UInt8: ScalableElement {
  fileprivate var double: Double { Double(self) }
}

extension Float: ScalableElement {
  fileprivate var double: Double { Double(self) }
}

/// Mean, population standard deviation, minimum and maximum of each feature.
private struct FeatureStatistics {
  let mean: [Double]
  let deviation: [Double]
  let minimum: [Double]
  let maximum: [Double]

  init<Element: ScalableElement>(_ features: [Element], of subset: Subset) {
    let columns = subset.table.columns
    let count = Double(subset.count)
    var sums = [Double](repeating: 0, count: columns)
    var squares = sums
    var minimum = [Double](repeating: .infinity, count: columns)
    var maximum = [Double](repeating: -.infinity, count: columns)

    var sum = sums.mutableSpan
    var least = minimum.mutableSpan
    var greatest = maximum.mutableSpan
    for row in subset.rows {
      let cells = features.span.extracting(Int(row) * columns..<(Int(row) + 1) * columns)
      // All spans have `columns` elements; checks of the index would keep the compiler from using vectors.
      for column in 0..<columns {
        let x = unsafe cells[unchecked: column].double
        unsafe sum[unchecked: column] += x
        let (low, high) = unsafe (least[unchecked: column], greatest[unchecked: column])
        unsafe least[unchecked: column] = x < low ? x : low
        unsafe greatest[unchecked: column] = x > high ? x : high
      }
    }
    for column in 0..<columns { sum[column] /= count }
    let mean = sums

    var square = squares.mutableSpan
    let center = mean.span
    for row in subset.rows {
      let cells = features.span.extracting(Int(row) * columns..<(Int(row) + 1) * columns)
      for column in 0..<columns {
        let difference = unsafe cells[unchecked: column].double - center[unchecked: column]
        unsafe square[unchecked: column] += difference * difference
      }
    }
    self.mean = mean
    deviation = squares.map { ($0 / count).squareRoot() }
    self.minimum = minimum
    self.maximum = maximum
  }
}
