import Kernels
import Testing

@testable import Datasets

@Suite struct SampleReaderTests {
  private let buffer = FloatBuffer(
    count: PanelMatrix.floats(rows: 4, columns: 40) + PanelMatrix.floats(rows: 4, columns: 3))

  private func table(_ features: FeatureStorage, _ targets: Targets, rows: Int, columns: Int) -> Table {
    Table(
      file: "test", featureNames: (0..<columns).map { "x\($0)" }, targetNames: ["y"], features: features,
      targets: targets, rows: rows)
  }

  /// The inputs and targets of `rows` of a mini-batch of four samples.
  private func read(
    _ table: Table, _ scaling: Scaling, order: [Int32], first: Int = 0, rows: Range<Int>, outputs: Int
  ) -> (inputs: [[Float]], targets: [[Float]]) {
    let inputs = buffer.matrix(rows: 4, columns: table.columns)
    let targets = buffer.matrix(
      at: PanelMatrix.floats(rows: 4, columns: 40), rows: 4, columns: outputs)
    let reader = SampleReader(table, scaling: scaling)
    let order = SampleOrder(order)
    let selection = order.selection(from: first)
    reader.readInputs(.best, selection, into: inputs, rows: rows)
    reader.readTargets(.best, selection, into: targets, rows: rows)
    withExtendedLifetime(order) {}
    return (
      rows.map { row in (0..<table.columns).map { inputs[row, $0] } },
      rows.map { row in (0..<outputs).map { targets[row, $0] } }
    )
  }

  @Test func floatsAndValues() {
    let table = table(.floats([1, 2, 3, 4, 5, 6]), .values([10, 20, 30], columns: 1), rows: 3, columns: 2)
    let scaling = Scaling(shift: [1, 0], scale: [2, 10])
    let (inputs, targets) = read(table, scaling, order: [2, 0, 1], rows: 0..<3, outputs: 1)
    #expect(inputs == [[8, 60], [0, 20], [4, 40]])
    #expect(targets == [[30], [10], [20]])
  }

  /// Only the rows and the panels that are read are clipped: x / √(1 + (x/3)²) of 0, ±4 and 10⁹.
  @Test func smoothClipping() {
    let table = table(.floats([1, 5, -3, 1e9]), .values([0, 0, 0, 0], columns: 1), rows: 4, columns: 1)
    let scaling = Scaling(shift: [1], scale: [1], clipsSmoothly: true)
    let inputs = read(table, scaling, order: [0, 1, 2, 3], rows: 0..<4, outputs: 1).inputs.map { $0[0] }
    #expect(inputs == [0, 2.4, -2.4, 3])

    let wide = Table(
      file: "test", featureNames: (0..<40).map { "x\($0)" }, targetNames: ["y"],
      features: .floats([Float](repeating: 4, count: 80)), targets: .values([0, 0], columns: 1), rows: 2)
    let matrix = buffer.matrix(rows: 4, columns: 40)
    for row in 0..<4 { for column in 0..<40 { matrix[row, column] = 9 } }
    let reader = SampleReader(
      wide,
      scaling: Scaling(
        shift: .init(repeating: 0, count: 40), scale: .init(repeating: 1, count: 40), clipsSmoothly: true))
    let order = SampleOrder([0, 1, 0, 1])
    reader.readInputs(.best, order.selection(from: 0), into: matrix, rows: 1..<3, columns: 32..<40)
    #expect((0..<4).map { matrix[$0, 31] } == [9, 9, 9, 9])
    #expect((0..<4).map { matrix[$0, 39] } == [9, 2.4, 2.4, 9])
  }

  @Test func bytesAndLabels() {
    let table = table(
      .bytes([0, 51, 255, 102]), .labels([1, 2], classes: ["a", "b", "c"]), rows: 2, columns: 2)
    let scaling = Scaling(shift: [0, 51], scale: [1, 2])
    let (inputs, targets) = read(table, scaling, order: [1, 0, 1], rows: 0..<3, outputs: 3)
    #expect(inputs == [[255, 102], [0, 0], [255, 102]])
    #expect(targets == [[0, 0, 1], [0, 1, 0], [0, 0, 1]])
  }

  @Test func twoClassesInOneColumn() {
    let table = table(.floats([1, 2, 3]), .labels([0, 1, 0], classes: ["a", "b"]), rows: 3, columns: 1)
    let (_, targets) = read(table, Scaling(shift: [0], scale: [1]), order: [0, 1, 2], rows: 0..<3, outputs: 1)
    #expect(targets == [[0], [1], [0]])
  }

  /// A mini-batch begins at `first` of the order, and a worker reads its rows alone.
  @Test func someRowsOfALaterBatch() {
    let table = table(
      .floats((0..<6).map { Float($0) }), .values((0..<6).map { Float(-$0) }, columns: 1), rows: 6, columns: 1)
    let (inputs, targets) = read(
      table, Scaling(shift: [0], scale: [1]), order: [5, 4, 3, 2, 1, 0], first: 2, rows: 1..<3, outputs: 1)
    #expect(inputs == [[2], [1]])
    #expect(targets == [[-2], [-1]])
    #expect(buffer.matrix(rows: 4, columns: 1)[0, 0] == 0 && buffer.matrix(rows: 4, columns: 1)[3, 0] == 0)
  }

  /// Features in a second panel, where the matrix is no longer row-major.
  @Test func manyColumns() {
    let features = (0..<80).map { Float($0) }
    let table = table(.floats(features), .values([0, 0], columns: 1), rows: 2, columns: 40)
    let scaling = Scaling(shift: .init(repeating: 0, count: 40), scale: .init(repeating: 1, count: 40))
    let (inputs, _) = read(table, scaling, order: [1, 0], rows: 0..<2, outputs: 1)
    #expect(inputs == [Array(features[40...]), Array(features[..<40])])
    #expect(inputs != [Array(features[..<40]), Array(features[40...])])
  }
}
