import KernelSource

/// A view of a matrix of floats in panels of 32 columns, `[columns / 32][capacity][32]`.
///
/// Element (r, c) lies at `(c / 32) · 32 · capacity + 32 r + c % 32`. The unused columns of the last panel, and the
/// rows beyond `rows`, are part of the matrix's memory and hold zeros or values that nobody reads. Like every view, it
/// does not keep the buffer alive.
public struct PanelMatrix: @unchecked Sendable {
  /// Columns of a panel.
  @inlinable
  public static var panelWidth: Int { 32 }

  let base: Target
  /// Rows that may be used.
  public let rows: Int
  /// Columns that count.
  public let columns: Int
  /// Rows that a panel has room for.
  public let capacity: Int

  /// Floats of memory of a matrix.
  public static func floats(rows: Int, columns: Int) -> Int { panels(of: columns) * rows * panelWidth }

  /// Panels of a matrix of `columns` columns.
  public static func panels(of columns: Int) -> Int { (columns + panelWidth - 1) / panelWidth }

  /// Number of panels.
  public var panels: Int { Self.panels(of: columns) }

  /// The columns of panel `panel`.
  public func columns(ofPanel panel: Int) -> Range<Int> {
    panel * Self.panelWidth..<min((panel + 1) * Self.panelWidth, columns)
  }

  /// The element in a row and a column.
  public subscript(row: Int, column: Int) -> Float {
    get { base[index(row, column)] }
    nonmutating set { base[index(row, column)] = newValue }
  }

  private func index(_ row: Int, _ column: Int) -> Int {
    precondition(row >= 0 && row < rows && column >= 0 && column < columns)
    return column / Self.panelWidth * panelStride + row * Self.panelWidth + column % Self.panelWidth
  }

  /// The memory of some rows of a panel, in one piece.
  public func slice(panel: Int, rows: Range<Int>) -> FloatSlice {
    checkStrip(panel, rows)
    return FloatSlice(
      pointer: pointer(panel: panel, row: rows.lowerBound), count: rows.count * Self.panelWidth)
  }

  /// A view of some rows, which are rows from 0 on there.
  public func rows(_ range: Range<Int>) -> PanelMatrix {
    checkRows(range)
    return PanelMatrix(
      base: base + range.lowerBound * Self.panelWidth, rows: range.count, columns: columns, capacity: capacity)
  }

  // MARK: For the kernels

  var panelStride: Int { capacity * Self.panelWidth }

  /// Vectors of panel `panel` that are in use.
  func vectors(ofPanel panel: Int) -> Int {
    columns - panel * Self.panelWidth > vectorWidth ? 2 : 1
  }

  /// Where a row of a panel starts.
  func pointer(panel: Int, row: Int) -> Target {
    base + (panel * panelStride + row * Self.panelWidth)
  }

  func checkRows(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows out of range")
  }

  func checkStrip(_ panel: Int, _ range: Range<Int>) {
    checkRows(range)
    precondition(panel >= 0 && panel * Self.panelWidth < columns, "panel out of range")
  }
}
