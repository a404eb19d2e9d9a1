import Testing

@testable import Datasets

@Suite struct SampleSchemaTests {
  /// Ten samples of two features; those of `heldOut` can be given other values.
  private func table(heldOut: [Int32] = [], replacement: Float = 0) -> Table {
    var features = (0..<20).map { Float($0 * $0 % 23) }
    for row in heldOut {
      features[2 * Int(row)] = replacement
      features[2 * Int(row) + 1] = -replacement
    }
    return Table(
      file: "a.csv", featureNames: ["b", "a"], targetNames: ["y"], features: .floats(features),
      targets: .labels((0..<10).map { $0 % 2 }, classes: ["no", "yes"]), rows: 10)
  }

  private let folds: [[Int32]] = [[0, 5], [1, 6], [2, 7], [3, 8], [4, 9]]

  private func others(_ fold: [Int32]) -> [Int32] { (0..<10).filter { !fold.contains($0) } }

  @Test(arguments: [ScalingKind.standardize, .minMax])
  func heldOutRowsDoNotMatter(kind: ScalingKind) {
    for fold in folds {
      let rows = others(fold)
      let schema = SampleSchema(fittedTo: Subset(table: table(), rows: rows), scaling: kind)
      for replacement in [0, 1000, .nan] as [Float] {
        let changed = table(heldOut: fold, replacement: replacement)
        #expect(SampleSchema(fittedTo: Subset(table: changed, rows: rows), scaling: kind) == schema)
      }
      // The fold itself does matter where it is among the rows: the check above can fail.
      let changed = table(heldOut: fold, replacement: 1000)
      #expect(
        SampleSchema(fittedTo: Subset(changed), scaling: kind) != SampleSchema(fittedTo: Subset(table()), scaling: kind)
      )
      #expect(SampleSchema(fittedTo: Subset(changed), scaling: kind) != schema)
    }
  }

  @Test func foldsAreFittedByThemselves() {
    let schemas = folds.map { SampleSchema(fittedTo: Subset(table: table(), rows: others($0)), scaling: .standardize) }
    for (index, schema) in schemas.enumerated() {
      #expect(schemas.firstIndex(of: schema) == index)
    }
  }

  @Test func namesAndClassesAreThoseOfTheTable() {
    let schema = SampleSchema(fittedTo: Subset(table: table(), rows: [0]), scaling: .none)
    #expect(schema.featureNames == ["b", "a"])
    #expect(schema.targetNames == ["y"])
    #expect(schema.classes == ["no", "yes"])
    #expect(schema.scaling == Scaling(shift: [0, 0], scale: [1, 1]))
  }

  @Test func numbersHaveNoClasses() throws {
    let data = try load(
      #"{"train": {"format": "inline", "features": [[1], [3]], "targets": [[1, 2], [3, 4]]}, "scaling": "minMax"}"#,
      targets: .values)
    #expect(data.schema.classes == nil)
    #expect(data.schema.targetNames.count == 2)
    #expect(data.targetColumns == 2)
    #expect(data.schema.scaling == Scaling(shift: [1], scale: [0.5]))
  }
}
