import ConfigurationSchema
import Files
import Foundation
import Kernels
import Testing

@testable import Datasets

/// Targets of several columns that are classes, probabilities in one column, and weights of samples.
@Suite struct DistributionsTests {
  private func table(
    _ text: String, target: String, _ kind: TargetKind, columns: String = "{}"
  ) throws -> Table {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appending(path: "a.csv"))
    let issues = IssueCollector()
    let value = try JSONValue(
      parsing: Data(
        #"{"train": {"format": "csv", "path": "a.csv", "target": \#(target)}, "columns": \#(columns)}"#.utf8), file: "c"
    )
    let configuration = Section.read(value, relativeTo: folder, issues: issues) { DatasetConfiguration($0) }.result
    try issues.throwIfAny(file: "c")
    return try configuration!.read(relativeTo: folder, targets: kind, seed: 1).training
  }

  private func message(_ text: String, _ target: String, _ kind: TargetKind, columns: String = "{}") throws -> String? {
    do {
      _ = try table(text, target: target, kind, columns: columns)
      return nil
    } catch let error as InputError {
      return error.line.map { "line \($0): \(error.message)" } ?? error.message
    }
  }

  private let abc = #"["a", "b", "c"]"#

  /// The classes are the columns, in their order.
  @Test func oneHotColumnsAreLabels() throws {
    let text = "x,a,b,c\n1,0,1,0\n2,1,0,0\n3,0,0,1.0\n"
    guard case .labels(let labels, let classes) = try table(text, target: abc, .labelsOrDistributions).targets else {
      Issue.record("no labels")
      return
    }
    #expect(labels == [1, 0, 2] && classes == ["a", "b", "c"])
    let turned = try table(text, target: #"["c", "b", "a"]"#, .labelsOrDistributions)
    guard case .labels([1, 2, 0], ["c", "b", "a"]) = turned.targets else {
      Issue.record("the order of the columns is lost")
      return
    }
  }

  @Test func probabilities() throws {
    let table = try table("x,a,b,c\n1,0.25,0.5,0.25\n2,1,0,0\n", target: abc, .labelsOrDistributions)
    guard case .distributions(let values, let classes) = table.targets else {
      Issue.record("no probabilities")
      return
    }
    #expect(values == [0.25, 0.5, 0.25, 1, 0, 0] && classes == ["a", "b", "c"])
    let schema = SampleSchema(fittedTo: Subset(table), scaling: .none)
    #expect(schema.classes == classes)
  }

  @Test(arguments: [
    (
      "x,a,b,c\n1,0.5,0.5,0.25\n",
      "the targets of sample 1, the probabilities of 'a', 'b' and 'c', have the sum 1.25, which must be 1"
    ),
    (
      "x,a,b,c\n1,1,0,0\n2,1.5,-0.5,0\n",
      "the target 'a' of sample 2 is 1.5; as the probability of a class it must be from 0 to 1"
    ),
    (
      "x,a,b,c\n1,0,0,0\n",
      "the targets of sample 1, the probabilities of 'a', 'b' and 'c', have the sum 0.0, which must be 1"
    ),
    // Decimals that were rounded.
    ("x,a,b,c\n1,0.333,0.333,0.333\n", nil),
  ]) func sums(text: String, expected: String?) throws {
    #expect(try message(text, abc, .labelsOrDistributions) == expected)
  }

  /// Numbers from 0 to 1 are probabilities where a loss takes them, unless all are 0 or 1.
  @Test func probabilitiesInOneColumn() throws {
    guard case .values([0.1, 0.9], 1) = try table("x,y\n1,0.1\n2,0.9\n", target: #""y""#, .labelsOrValues).targets
    else {
      Issue.record("probabilities are taken for classes")
      return
    }
    for text in ["x,y\n1,0\n2,1\n", "x,y\n1,0.1\n2,1.5\n", "x,y\n1,0.1\n2,no\n"] {
      guard case .labels(_, let classes) = try table(text, target: #""y""#, .labelsOrValues).targets else {
        Issue.record("classes are taken for probabilities: \(text)")
        continue
      }
      #expect(classes.count == 2)
    }
    guard case .labels = try table("x,y\n1,0.1\n2,0.9\n", target: #""y""#, .labels).targets else {
      Issue.record("a loss of classes has none")
      return
    }
  }

  // MARK: Weights

  private let weighted = "x,w,y\n1,0.5,u\n2,0,v\n3,2,u\n"

  @Test func aColumnOfWeightsIsNoFeature() throws {
    let table = try table(weighted, target: #""y""#, .labels, columns: #"{"w": {"kind": "weight"}}"#)
    #expect(table.featureNames == ["x"] && table.weights == [0.5, 0, 2])
    let plain = try self.table(weighted, target: #""y""#, .labels)
    #expect(plain.featureNames == ["x", "w"] && plain.weights == nil)
    // Times the weight of the class.
    let reader = SampleReader(
      table, scaling: Scaling(shift: [0], scale: [1]), classWeights: [3, 5])
    let order = SampleOrder([2, 0, 1])
    let weights = FloatBuffer(count: 3)
    reader.readWeights(order.selection(from: 0), into: weights.all, rows: 0..<3)
    #expect((0..<3).map { weights[$0] } == [6, 1.5, 0] && reader.isWeighted)
    #expect(reader.weightSum(of: order.selection(from: 0), rows: 2) == 7.5)
    let plainReader = SampleReader(plain, scaling: Scaling(shift: [0, 0], scale: [1, 1]))
    #expect(!plainReader.isWeighted && plainReader.weightSum(of: order.selection(from: 0), rows: 2) == 2)
  }

  @Test(arguments: [
    (
      #"{"w": {"kind": "weight"}}"#, "x,w,y\n1,-1,u\n2,1,v\n",
      "line 2: column 'w' holds -1.0; the weight of a sample must not be negative"
    ),
    (#"{"w": {"kind": "weight"}}"#, "x,w,y\n1,1,u\n2,,v\n", "line 3: column 'w' is empty; every cell needs a number"),
    (
      #"{"v": {"kind": "weight"}}"#, "x,w,y\n1,1,u\n",
      "line 1: there is no column 'v'. The columns are 'x', 'w' and 'y'"
    ),
    (
      #"{"y": {"kind": "weight"}}"#, "x,w,y\n1,1,u\n",
      "line 1: the column 'y' has the weights of samples; it cannot be a feature or a target too"
    ),
  ]) func wrongWeights(columns: String, text: String, expected: String) throws {
    #expect(try message(text, #""y""#, .labels, columns: columns) == expected)
  }

  @Test(arguments: [
    (#"{"w": {"kind": "weigth"}}"#, "columns.w.kind: unknown value 'weigth'; did you mean 'weight'? allowed: weight"),
    (#"{"w": {}}"#, "columns.w.kind: is required"),
    (#"{"w": {"kind": "weight", "scale": 2}}"#, "columns.w.scale: unknown key; allowed: kind"),
    (
      #"{"w": {"kind": "weight"}, "v": {"kind": "weight"}}"#,
      "columns: must name one column of weights at most, found 'v' and 'w'"
    ),
    (#"["w"]"#, "columns: must be an object, found a list"),
  ]) func wrongColumns(columns: String, expected: String) throws {
    do {
      _ = try table(weighted, target: #""y""#, .labels, columns: columns)
      Issue.record("no error")
    } catch let error as ConfigurationError {
      #expect(error.issues.map(\.description) == [expected])
    }
  }

  /// Smoothed and scaled targets.
  @Test func encodings() throws {
    let labels = try table("x,y\n1,0\n2,1\n", target: #""y""#, .labels)
    let selection = SampleOrder([0, 1])
    func read(_ table: Table, _ encoding: TargetEncoding, columns: Int) -> [[Float]] {
      let buffer = FloatBuffer(count: PanelMatrix.floats(rows: 2, columns: columns))
      let matrix = buffer.matrix(rows: 2, columns: columns)
      SampleReader(table, scaling: Scaling(shift: [0], scale: [1]), targets: encoding).readTargets(
        .best, selection.selection(from: 0), into: matrix, rows: 0..<2)
      return (0..<2).map { row in (0..<columns).map { matrix[row, $0] } }
    }
    let smooth = TargetEncoding(smoothing: 0.75, offset: 0.125, columns: 2)
    #expect(read(labels, .plain, columns: 2) == [[1, 0], [0, 1]])
    #expect(read(labels, smooth, columns: 2) == [[0.875, 0.125], [0.125, 0.875]])
    #expect(read(labels, smooth, columns: 1) == [[0.125], [0.875]])
    let values = try table("x,a,b\n1,0.5,1\n2,0,0.25\n", target: #"["a", "b"]"#, .values)
    #expect(read(values, smooth, columns: 2) == [[0.5, 0.875], [0.125, 0.3125]])
  }
}
