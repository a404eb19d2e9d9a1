import Kernels
import Testing

@Suite struct PanelMatrixTests {
  @Test(arguments: [1, 16, 31, 32, 33, 64, 65])
  func panelsOfColumns(_ columns: Int) {
    let panels = columns < 33 ? 1 : columns < 65 ? 2 : 3
    #expect(PanelMatrix.panelWidth == 32)
    #expect(PanelMatrix.panels(of: columns) == panels)
    #expect(PanelMatrix.floats(rows: 5, columns: columns) == panels * 160)
    let matrix = OwnedMatrix(rows: 5, columns: columns)
    #expect(matrix.view.panels == panels)
    #expect((0..<panels).map { matrix.view.columns(ofPanel: $0).count }.reduce(0, +) == columns)
    #expect(matrix.view.columns(ofPanel: panels - 1) == (panels - 1) * 32..<columns)
  }

  @Test func noRowsNeedNoMemory() {
    #expect(PanelMatrix.floats(rows: 0, columns: 40) == 0)
    let buffer = FloatBuffer(count: 0)
    #expect(buffer.matrix(rows: 0, columns: 40).rows == 0)
  }

  @Test func elementsLieInPanels() {
    let (rows, columns, capacity) = (4, 70, 6)
    let buffer = FloatBuffer(count: 7 + PanelMatrix.floats(rows: capacity, columns: columns))
    let matrix = buffer.matrix(at: 7, rows: rows, columns: columns, capacity: capacity)
    #expect(matrix.rows == rows && matrix.columns == columns && matrix.capacity == capacity)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = Float(1 + row * columns + column)
        matrix[row, column] = value
        #expect(matrix[row, column] == value)
        #expect(buffer[7 + column / 32 * 32 * capacity + 32 * row + column % 32] == value)
      }
    }
    // Nothing else was written.
    #expect(buffer.all.array.count { $0 != 0 } == rows * columns)
  }

  @Test func slicesAreRowsOfAPanel() {
    let matrix = OwnedMatrix(rows: 5, columns: 40, capacity: 6) { row, column in Float(100 * row + column) }
    let slice = matrix.view.slice(panel: 1, rows: 2..<4)
    #expect(slice.count == 64)
    #expect(slice[0] == 232 && slice[7] == 239 && slice[32] == 332)
    #expect(matrix.view.slice(panel: 0, rows: 5..<5).count == 0)
    slice[1] = -1
    #expect(matrix[2, 33] == -1)
  }

  @Test func indicesAreChecked() async {
    await #expect(processExitsWith: .failure) {
      let buffer = FloatBuffer(count: 64)
      _ = buffer.matrix(rows: 2, columns: 3)[2, 0]
    }
    await #expect(processExitsWith: .failure) {
      let buffer = FloatBuffer(count: 64)
      _ = buffer.matrix(rows: 2, columns: 3)[0, 3]
    }
    await #expect(processExitsWith: .failure) {
      let buffer = FloatBuffer(count: 64)
      _ = buffer.matrix(rows: 2, columns: 3).slice(panel: 1, rows: 0..<1)
    }
  }
}
