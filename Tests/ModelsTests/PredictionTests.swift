import Files
import Foundation
import Kernels
import Testing

@testable import Models

/// Outputs against those that NumPy computes in float64; see `Expected/predictions.py`.
@Suite struct PredictionTests {
  /// The greatest difference, relative to numbers beyond 1.
  private func difference(_ outputs: [[Float]], _ expected: [[Double]]) -> Double {
    guard outputs.map(\.count) == expected.map(\.count) else { return .infinity }
    return zip(outputs.joined(), expected.joined()).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? .infinity
  }

  @Test func outputsAreThoseOfNumPy() throws {
    for expected in try ExpectedModel.all() {
      let model = try Model(expected.file.data, file: expected.name)
      let found = difference(try model.predict(expected.rows), expected.outputs)
      #expect(found < 3e-6, "\(expected.name): \(found)")
    }
  }

  /// The comparison notices one parameter, the scaling, and the order of features.
  @Test func differencesAreNoticed() throws {
    let expected = try ExpectedModel.named("softmax")
    var file = expected.file
    var values = file.tensors[1].values
    values[3] += 0.001
    file.tensors[1] = .init(name: file.tensors[1].name, shape: file.tensors[1].shape, values: values)
    #expect(difference(try Model(file.data, file: "m").predict(expected.rows), expected.outputs) > 3e-6)
    let model = try Model(expected.file.data, file: "m")
    #expect(difference(try model.predict(expected.rows.map { $0.reversed() }), expected.outputs) > 1e-3)
    #expect(difference(try model.predict(expected.rows.map { $0.map { 2 * $0 } }), expected.outputs) > 1e-3)
    #expect(difference([], expected.outputs) == .infinity)
  }

  /// XOR by hand: the outputs are those of the truth table.
  @Test func exclusiveOr() throws {
    let model = try Model(ExpectedModel.named("xor").file.data, file: "m")
    let outputs = try model.predict([[0, 0], [0, 1], [1, 0], [1, 1]])
    #expect(outputs.map { $0[0] > 0.5 } == [false, true, true, false])
  }

  /// A row has the same bits alone, among others, and with every instruction set.
  @Test func rowsDoNotSeeEachOther() throws {
    for expected in try ExpectedModel.all() {
      let model = try Model(expected.file.data, file: expected.name)
      let rows = expected.rows + expected.rows.reversed()
      let outputs = try model.predict(rows)
      #expect(outputs.count == rows.count)
      for (row, output) in zip(rows, outputs) {
        #expect(try model.predict([row])[0].map(\.bitPattern) == output.map(\.bitPattern), "\(expected.name)")
      }
      for set in InstructionSet.available {
        let kernels = try #require(Kernels(set))
        #expect(try model.predict(rows, kernels: kernels) == outputs, "\(expected.name), \(set)")
      }
    }
  }

  @Test func rowsOfAnotherWidth() throws {
    let model = try Model(ExpectedModel.named("xor").file.data, file: "m")
    #expect(try model.predict([]) == [])
    let error = #expect(throws: InputError.self) { try model.predict([[0, 1], [1]]) }
    #expect(error?.description == "rows:2: has 1 feature, and the model needs 2")
    #expect(throws: InputError.self) { try model.predict([[0, 1, 2]]) }
  }
}
