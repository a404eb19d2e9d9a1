/// How targets become the numbers that a network learns.
public struct TargetEncoding: Sendable, Equatable {
  /// What stands for a class that is not that of the sample, and for the one that is.
  public let low: Float
  public let high: Float
  /// Of targets that are numbers, column by column: y' = (y − shift) · scale; empty for y itself.
  public let shift: [Float]
  public let scale: [Float]

  /// Targets as they are: 0 and 1 for classes.
  public static let plain = TargetEncoding(low: 0, high: 1, shift: [], scale: [])

  /// An encoding by its parts.
  public init(low: Float, high: Float, shift: [Float], scale: [Float]) {
    precondition(shift.count == scale.count, "each column has a shift and a scale")
    self.low = low
    self.high = high
    self.shift = shift
    self.scale = scale
  }

  /// Smoothed targets, y · scale + offset, of `columns` columns.
  public init(smoothing scale: Float, offset: Float, columns: Int) {
    self.init(
      low: offset, high: scale + offset, shift: [Float](repeating: -offset / scale, count: columns),
      scale: [Float](repeating: scale, count: columns))
  }
}
