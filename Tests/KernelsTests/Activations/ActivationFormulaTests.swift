import Foundation
import Kernels
import Testing

/// All activations against PyTorch in double precision, at their kinks and far out as well.
@Suite struct ActivationFormulaTests {
  private struct Table: Decodable {
    let inputs: [Double]
    let values: [Double]
    let derivatives: [Double]
  }

  private static let tables: [String: Table] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "Expected/activations.json")
    guard let data = try? Data(contentsOf: file) else { return [:] }
    return (try? JSONDecoder().decode([String: Table].self, from: data)) ?? [:]
  }()

  private static func name(_ function: ElementFunction) -> String {
    if case .leakyRelu = function { "leakyRelu" } else { "\(function)" }
  }

  private static let functions = ElementFunction.all.filter { $0 != .identity && $0 != .leakyRelu(slope: 0.01) }

  /// Whether values agree to 10⁻⁶ of themselves, and derivatives to 2·10⁻⁶ or, as those from a lose digits where a is near
  /// its limits, to 1.2·10⁻⁷.
  private static func agrees(
    _ function: ElementFunction, _ kernels: Kernels, change: (inout [Double], inout [Double]) -> Void = { _, _ in }
  ) -> Bool {
    guard let table = tables[name(function)] else { return false }
    var (values, derivatives) = (table.values, table.derivatives)
    change(&values, &derivatives)
    let z = table.inputs.map { Float($0) }
    let a = activated(function, [z], by: kernels)
    let kept = function.derivativeNeedsInput ? [z] : a
    let slopes = differentiated(function, delta: [z.map { _ in 1 }], kept: kept, by: kernels)
    return z.indices.allSatisfy { i in
      abs(Double(a[0][i]) - values[i]) <= 1e-6 * abs(values[i]) + 1e-37
        && abs(Double(slopes[0][i]) - derivatives[i]) <= max(2e-6 * abs(derivatives[i]), 1.2e-7)
    }
  }

  @Test(arguments: functions, InstructionSet.available)
  func sameAsPyTorch(_ function: ElementFunction, _ set: InstructionSet) {
    #expect(Self.agrees(function, Kernels(set)!))
  }

  @Test(arguments: functions) func otherNumbersAreNoticed(_ function: ElementFunction) {
    #expect(!Self.agrees(function, .best) { values, _ in values[9] *= 1 + 3e-6 })
    #expect(!Self.agrees(function, .best) { _, derivatives in derivatives[0] += 1e-5 })
    #expect(!Self.agrees(function, .best) { _, derivatives in derivatives[2] += 1e-5 })
  }
}
