// Copies chosen rows of a data set into a matrix of panels. Data sets are stored row by row in their compact form;
// bytes become floats here, and features are scaled here: x' = (x − shift) · scale.

/// Copies `columns` columns of the rows `indices` of a row-major table into the first rows at `target`.
///
/// - Parameters:
///   - shift, scale: one value a column, padded to whole vectors.
///   - read: the vector of sixteen elements at an index of the table.
///   - element: one element of the table, for the last columns that do not fill a vector.
@inlinable @inline(__always)
func gatherRows(
  count: Int, indices: UnsafePointer<Int32>, rowLength: Int, columns: Int, shift: Source, scale: Source,
  target: Target, panelStride: Int, read: (Int) -> Vector, element: (Int) -> Float
) {
  let whole = columns &- columns % vectorWidth
  // Blocks of rows: a row's panels lie far apart, in more pages than the processor can keep at hand for stores.
  var first = 0
  while first < count {
    let end = first &+ 16 < count ? first &+ 16 : count
    var column = 0
    while column < whole {
      let shift = load(shift + column)
      let scale = load(scale + column)
      let panel = target + (column / panelWidth &* panelStride &+ column % panelWidth)
      for r in first..<end {
        store((read(Int(indices[r]) &* rowLength &+ column) - shift) * scale, panel + r &* panelWidth)
      }
      column &+= vectorWidth
    }
    while column < columns {
      let panel = target + (column / panelWidth &* panelStride &+ column % panelWidth)
      for r in first..<end {
        panel[r &* panelWidth] = (element(Int(indices[r]) &* rowLength &+ column) - shift[column]) * scale[column]
      }
      column &+= 1
    }
    first = end
  }
}

/// Sixteen bytes as floats. Spelt lane by lane: the standard library's conversions are generic functions that may stay
/// out of line, where the linker would keep one copy for all instruction sets.
@inlinable @inline(__always)
func vector(of bytes: UnsafePointer<UInt8>) -> Vector {
  Vector(
    Float(bytes[0]), Float(bytes[1]), Float(bytes[2]), Float(bytes[3]), Float(bytes[4]), Float(bytes[5]),
    Float(bytes[6]), Float(bytes[7]), Float(bytes[8]), Float(bytes[9]), Float(bytes[10]), Float(bytes[11]),
    Float(bytes[12]), Float(bytes[13]), Float(bytes[14]), Float(bytes[15]))
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func gatherBytes(
    count: Int, indices: UnsafePointer<Int32>, source: UnsafePointer<UInt8>, rowLength: Int, columns: Int,
    shift: Source, scale: Source, target: Target, panelStride: Int
  ) {
    gatherRows(
      count: count, indices: indices, rowLength: rowLength, columns: columns, shift: shift, scale: scale,
      target: target, panelStride: panelStride,
      read: { index in vector(of: source + index) },
      element: { index in Float(source[index]) })
  }

  @inlinable @inline(__always)
  public static func gatherFloats(
    count: Int, indices: UnsafePointer<Int32>, source: Source, rowLength: Int, columns: Int, shift: Source,
    scale: Source, target: Target, panelStride: Int
  ) {
    gatherRows(
      count: count, indices: indices, rowLength: rowLength, columns: columns, shift: shift, scale: scale,
      target: target, panelStride: panelStride,
      read: { index in load(source + index) },
      element: { index in source[index] })
  }

  @inlinable @inline(__always)
  public static func gatherLabels(
    count: Int, indices: UnsafePointer<Int32>, source: UnsafePointer<Int32>, columns: Int, low: Float, high: Float,
    target: Target, panelStride: Int
  ) {
    for r in 0..<count {
      let label = Int(source[Int(indices[r])])
      let row = target + r &* panelWidth
      if columns == 1 {
        row[0] = label == 0 ? low : high
        continue
      }
      var column = 0
      while column < columns {
        store(
          firstLanes(Vector(repeating: low), columns &- column),
          row + (column / panelWidth &* panelStride &+ column % panelWidth))
        column &+= vectorWidth
      }
      row[label / panelWidth &* panelStride &+ label % panelWidth] = high
    }
  }
}
