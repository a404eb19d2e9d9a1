import Kernels
import NeuralNetworks
import Optimizers

/// Memory for gradients that are not used where they are summed: those of the leaves of the tree of gradient shards, or those
/// of all parameters with the sums of their squares.
@safe final class KeptGradients: @unchecked Sendable {
  private let buffer: FloatBuffer
  private let floats: FloatSlice
  private let tiles: GradientTiles
  /// The sum of the squares of each tile, and then the factor by which the gradient is clipped.
  private let squares: UnsafeMutableBufferPointer<Double>

  init(floats count: Int, _ tiles: GradientTiles) {
    buffer = FloatBuffer(count: count)
    floats = buffer.all
    self.tiles = tiles
    unsafe squares = .allocate(capacity: tiles.count + 1)
    unsafe squares.initialize(repeating: 0)
  }

  deinit { unsafe squares.deallocate() }

  /// The gradient of a unit that has been kept.
  @inline(__always)
  func gradient(_ gradient: Int, of unit: ParameterUnit) -> FloatSlice {
    floats[range(gradient, of: unit, at: unit.place)]
  }

  /// Where a gradient of a unit lies in its memory: that of its own rows, then one row for each that goes with them.
  @inline(__always)
  private func range(_ gradient: Int, of unit: ParameterUnit, at place: Int) -> Range<Int> {
    let width = PanelMatrix.panelWidth
    if gradient == 0 { return place..<place + unit.rows.count * width }
    let first = place + (unit.rows.count + gradient - 1) * width
    return first..<first + width
  }

  // MARK: The gradient of all parameters

  /// Keeps the gradient of a unit, and sums its squares tile by tile.
  @inline(__always)
  func keep(_ sum: FloatSlice, _ gradient: Int, of unit: ParameterUnit, _ group: GradientGroup) {
    let memory = self.gradient(gradient, of: unit)
    memory.copy(sum[0..<memory.count])
    let width = PanelMatrix.panelWidth
    tiles.forEach(gradient, of: unit, group) { tile, rows in
      unsafe squares[tile] = Kernels.sumOfSquares(memory[rows.lowerBound * width..<rows.upperBound * width])
    }
  }

  /// Finds the factor that clips the gradient, from the squares of all tiles in their order.
  func clip(_ clipping: Clipping, divisor: Double) {
    var sum = 0.0
    for tile in 0..<tiles.count { unsafe sum += squares[tile] }
    unsafe squares[tiles.count] = Double(clipping.factor(squares: sum, divisor: divisor))
  }

  /// The factor that clips the gradient.
  var factor: Float { unsafe Float(squares[tiles.count]) }

  // MARK: Leaves of the tree of gradient shards

  /// The sum of a gradient over one of `count` shards.
  @inline(__always)
  func leaf(
    _ shard: Int, of count: Int, _ gradient: Int, of unit: ParameterUnit, _ group: GradientGroup
  ) -> FloatSlice {
    let length = (unit.rows.count + group.count(rows: unit.rows) - 1) * PanelMatrix.panelWidth
    return floats[range(gradient, of: unit, at: unit.place * count + shard * length)]
  }
}
