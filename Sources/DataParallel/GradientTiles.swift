import Kernels
import NeuralNetworks

/// Fixed tiles of parameters, by which the squares of their gradients are summed: 32 rows of one panel of a block.
///
/// Units of work consist of whole tiles, but their number depends on the number of workers; so a norm is a sum of sums of
/// tiles, in the order of the tiles.
struct GradientTiles: Sendable {
  /// Number of tiles.
  let count: Int
  private let starts: PlainList<Int>
  private static let rows = PanelMatrix.panelWidth

  init(_ groups: [GradientGroup]) {
    var starts: [Int] = []
    var count = 0
    for group in groups {
      starts.append(count)
      count += group.panels * Self.tilesOfPanel(group)
    }
    self.starts = PlainList(starts)
    self.count = count
  }

  /// Tiles of one panel: those of the block's rows, then one for each block that goes with it.
  private static func tilesOfPanel(_ group: GradientGroup) -> Int {
    (group.rows + rows - 1) / rows + group.count(rows: 0..<1) - 1
  }

  /// Calls `body` with each tile of a gradient of a unit, and the rows of the unit that it consists of.
  @inline(__always)
  func forEach(
    _ gradient: Int, of unit: ParameterUnit, _ group: GradientGroup, _ body: (_ tile: Int, _ rows: Range<Int>) -> Void
  ) {
    let first = starts.view[unit.group] + unit.panel * Self.tilesOfPanel(group)
    if gradient > 0 {
      body(first + (group.rows + Self.rows - 1) / Self.rows + gradient - 1, 0..<1)
      return
    }
    var row = 0
    while row < unit.rows.count {
      body(first + (unit.rows.lowerBound + row) / Self.rows, row..<min(row + Self.rows, unit.rows.count))
      row += Self.rows
    }
  }
}
