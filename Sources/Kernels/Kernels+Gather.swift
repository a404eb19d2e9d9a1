import KernelSource
import ProcessorFeatures

// MARK: - From data sets into matrices

extension Kernels {
  /// Copies samples from a row-major table of bytes into `rows` of a matrix: x' = (x − shift) · scale.
  ///
  /// - Parameters:
  ///   - shift, scale: a value a column.
  ///   - columns: whole panels, but for the last column; all columns unless given.
  public func gather(
    _ table: [UInt8], _ selection: SampleSelection, shift: FloatSlice, scale: FloatSlice, into matrix: PanelMatrix,
    rows: Range<Int>, columns: Range<Int>? = nil
  ) {
    let columns = check(columns, of: matrix, shift, scale)
    withPointers(table, rowLength: matrix.columns, selection, matrix, rows) { indices, table in
      functions.gatherBytes(
        count: rows.count, indices: indices, source: table + columns.lowerBound, rowLength: matrix.columns,
        columns: columns.count, shift: shift.pointer + columns.lowerBound, scale: scale.pointer + columns.lowerBound,
        target: matrix.pointer(panel: columns.lowerBound / panelWidth, row: rows.lowerBound),
        panelStride: matrix.panelStride)
    }
  }

  /// The same from a table of floats.
  public func gather(
    _ table: [Float], _ selection: SampleSelection, shift: FloatSlice, scale: FloatSlice, into matrix: PanelMatrix,
    rows: Range<Int>, columns: Range<Int>? = nil
  ) {
    let columns = check(columns, of: matrix, shift, scale)
    withPointers(table, rowLength: matrix.columns, selection, matrix, rows) { indices, table in
      functions.gatherFloats(
        count: rows.count, indices: indices, source: table + columns.lowerBound, rowLength: matrix.columns,
        columns: columns.count, shift: shift.pointer + columns.lowerBound, scale: scale.pointer + columns.lowerBound,
        target: matrix.pointer(panel: columns.lowerBound / panelWidth, row: rows.lowerBound),
        panelStride: matrix.panelStride)
    }
  }

  /// Replaces x by x / √(1 + (x/3)²) in some rows of a matrix: it changes small numbers little, and leaves none beyond ±3.
  ///
  /// - Parameter columns: whole panels, but for the last column; all columns unless given.
  public func smoothClip(_ matrix: PanelMatrix, rows: Range<Int>, columns: Range<Int>? = nil) {
    matrix.checkRows(rows)
    let columns = columns ?? 0..<matrix.columns
    precondition(
      columns.lowerBound >= 0 && columns.lowerBound % panelWidth == 0 && columns.upperBound <= matrix.columns)
    for panel in columns.lowerBound / panelWidth..<PanelMatrix.panels(of: columns.upperBound) {
      functions.apply(.smoothClip, rows: rows.count, matrix.pointer(panel: panel, row: rows.lowerBound))
    }
  }

  private func check(
    _ columns: Range<Int>?, of matrix: PanelMatrix, _ shift: FloatSlice, _ scale: FloatSlice
  ) -> Range<Int> {
    let columns = columns ?? 0..<matrix.columns
    precondition(
      columns.lowerBound >= 0 && columns.lowerBound % panelWidth == 0 && columns.upperBound <= matrix.columns
        && (columns.upperBound % panelWidth == 0 || columns.upperBound == matrix.columns), "not whole panels")
    precondition(shift.count >= matrix.columns && scale.count >= matrix.columns)
    return columns
  }

  /// Has samples of a row-major table fetched that will be gathered soon: they lie far apart, in memory or in a cache that
  /// others use too.
  public func fetch(_ table: [UInt8], columns: Int, _ selection: SampleSelection, rows: Range<Int>) {
    fetchRows(table, columns, selection, rows)
  }

  /// As above, from a table of floats.
  public func fetch(_ table: [Float], columns: Int, _ selection: SampleSelection, rows: Range<Int>) {
    fetchRows(table, columns, selection, rows)
  }

  // Generic in private alone: a generic function for callers in other modules counts a reference to the order.
  @inline(__always)
  private func fetchRows<Element: BitwiseCopyable>(
    _ table: [Element], _ columns: Int, _ selection: SampleSelection, _ rows: Range<Int>
  ) {
    table.withUnsafeBytes { bytes in
      let rowBytes = columns * MemoryLayout<Element>.stride
      for r in rows {
        let place = selection.sample(ofRow: r) * rowBytes
        precondition(place >= 0 && place + rowBytes <= bytes.count, "sample out of range")
        processorPrefetch(bytes.baseAddress! + place, rowBytes)
      }
    }
  }

  /// Writes the labels of samples into `rows` of a matrix: `low` or `high` for 0 or 1 if it has one column, else `high` in the
  /// label's column and `low` in the others.
  public func gather(
    labels: [Int32], low: Float = 0, high: Float = 1, _ selection: SampleSelection, into matrix: PanelMatrix,
    rows: Range<Int>
  ) {
    withPointers(labels, rowLength: 1, selection, matrix, rows) { indices, labels in
      for r in 0..<rows.count {
        let label = Int(labels[Int(indices[r])])
        precondition(label >= 0 && label < max(matrix.columns, 2), "label out of range")
      }
      functions.gatherLabels(
        count: rows.count, indices: indices, source: labels, columns: matrix.columns, low: low, high: high,
        target: matrix.pointer(panel: 0, row: rows.lowerBound), panelStride: matrix.panelStride)
    }
  }

  /// Checks that the samples exist, and calls `body` with the first index of `rows` and the table.
  @inline(__always)
  private func withPointers<Element>(
    _ table: [Element], rowLength: Int, _ selection: SampleSelection, _ matrix: PanelMatrix, _ rows: Range<Int>,
    _ body: (UnsafePointer<Int32>, UnsafePointer<Element>) -> Void
  ) {
    check(selection, samples: table.count / rowLength, matrix, rows)
    table.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { return }
      body(selection.pointer(row: rows.lowerBound), table)
    }
  }

  private func check(_ selection: SampleSelection, samples: Int, _ matrix: PanelMatrix, _ rows: Range<Int>) {
    matrix.checkRows(rows)
    precondition(selection.first >= 0 && selection.first + rows.upperBound <= selection.order.count)
    for r in rows {
      let sample = selection.sample(ofRow: r)
      precondition(sample >= 0 && sample < samples, "sample out of range")
    }
  }
}
