import Foundation
import Kernels
import Testing

@Suite struct ElementaryFunctionsTests {
  /// The greatest error of each function in ulps, measured over every `Float` of its domain and rounded up.
  private static func bound(_ function: ElementaryFunction) -> Double {
    switch function {
    case .exp: 1.02
    case .log: 0.83
    case .log1p: 1.26
    case .softplus: 2
    case .sigmoid: 2.41
    case .tanh: 1.34
    case .expm1: 1.2
    case .normalDistribution: 6
    case .smoothClip: 2.2
    }
  }

  /// The function by the system's library in double precision.
  private static func exact(_ function: ElementaryFunction, _ x: Double) -> Double {
    switch function {
    case .exp: exp(x)
    case .log: log(x)
    case .log1p: log1p(x)
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: tanh(x)
    case .expm1: expm1(x)
    case .normalDistribution: erfc(-x * 0.5.squareRoot()) / 2
    case .smoothClip: x.isInfinite ? (x < 0 ? -3 : 3) : x / (1 + x * x / 9).squareRoot()
    }
  }

  // MARK: Known values

  private struct Table: Decodable {
    let inputs: [UInt32]
    let outputs: [Double]
    let limitInputs: [UInt32]
    let limitOutputs: [String]
  }

  private static func table(_ function: ElementaryFunction) throws -> Table {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Expected/elementary_functions.json")
    let tables = try JSONDecoder().decode([String: Table].self, from: Data(contentsOf: file))
    return try #require(tables["\(function)"])
  }

  @Test(arguments: ElementaryFunction.allCases, InstructionSet.available)
  func tabulatedValues(_ function: ElementaryFunction, _ set: InstructionSet) throws {
    let table = try Self.table(function)
    #expect(table.inputs.count >= 59 && table.inputs.count == table.outputs.count)
    let results = portable(function, table.inputs.map { Float(bitPattern: $0) }, by: Kernels(set)!)
    for (i, input) in table.inputs.enumerated() {
      let x = Float(bitPattern: input)
      guard x.isNaN || function.domain.contains(x) else { continue }
      #expect(ulpError(results[i], table.outputs[i]) <= Self.bound(function), "\(x)")
    }
  }

  @Test(arguments: ElementaryFunction.allCases, InstructionSet.available)
  func limits(_ function: ElementaryFunction, _ set: InstructionSet) throws {
    let table = try Self.table(function)
    let results = portable(function, table.limitInputs.map { Float(bitPattern: $0) }, by: Kernels(set)!)
    for (i, input) in table.limitInputs.enumerated() {
      let x = Float(bitPattern: input)
      guard x.isNaN || function.domain.contains(x) else { continue }
      let limit = try #require(Float(table.limitOutputs[i]))
      #expect(bitsAgree(results[i], limit), "\(x)")
    }
  }

  @Test func oddAndExactAtZero() {
    #expect(portable(.tanh, -0.0).bitPattern == Float(-0.0).bitPattern)
    #expect(portable(.tanh, 0).bitPattern == 0)
    #expect(portable(.exp, [0, -0.0]) == [1, 1])
    #expect(portable(.log, 1).bitPattern == 0)
    #expect(portable(.log1p, 0).bitPattern == 0)
    #expect(portable(.sigmoid, [0, -0.0]) == [0.5, 0.5])
    var numbers = Numbers(1)
    let x = numbers.table(1_000) { $0.anyFloat() }.filter { !$0.isNaN }
    #expect(firstDifference(portable(.tanh, x.map { -$0 }), portable(.tanh, x).map { -$0 }) == nil)
  }

  @Test func smoothClippingIsOddAndLeavesNothingBeyondThree() {
    let results = portable(.smoothClip, Self.sweep)
    #expect(zip(Self.sweep, results).allSatisfy { $0.isNaN || abs($1) <= min(abs($0).nextUp, 3) })
    let opposite = portable(.smoothClip, Self.sweep.map { -$0 })
    #expect(firstDifference(opposite.map { -$0 }, results) == nil)
  }

  // MARK: Sweeps

  /// Bit patterns all over the range, and a denser sweep where the functions are not trivial.
  private static let sweep: [Float] = {
    let all = stride(from: 0, to: 1 << 32, by: 65_537).map { Float(bitPattern: UInt32($0)) }
    let middle = stride(from: Float(0x1p-8).bitPattern, to: Float(128).bitPattern, by: 4_099)
      .map { Float(bitPattern: $0) }
    return all + middle + middle.map { -$0 }
  }()

  @Test(arguments: ElementaryFunction.allCases)
  func sweptValuesAreWithinTheBound(_ function: ElementaryFunction) {
    let inputs = Self.sweep.filter { $0.isNaN || function.domain.contains($0) }
    let results = portable(function, inputs)
    var worst = (error: 0.0, x: Float(0))
    for (x, result) in zip(inputs, results) {
      let error = ulpError(result, Self.exact(function, Double(x)))
      if error > worst.error { worst = (error, x) }
    }
    #expect(worst.error <= Self.bound(function), "\(worst.x)")
    // The bound is not an empty one.
    #expect(worst.error > 0.6 * Self.bound(function))
  }

  @Test(arguments: ElementaryFunction.allCases, InstructionSet.available)
  func bitsDoNotDependOnTheInstructions(_ function: ElementaryFunction, _ set: InstructionSet) {
    var numbers = Numbers(2)
    let inputs =
      smallNumbers + largeNumbers + numbers.table(4_000) { $0.anyFloat() }
      + numbers.table(4_000) { $0.ordinary() * 20 }
    let results = portable(function, inputs, by: Kernels(set)!)
    #expect(firstDifference(results, portable(function, inputs)) == nil)
    // A value does not depend on the lane.
    let moved = portable(function, [0.25] + inputs, by: Kernels(set)!)
    #expect(firstDifference(Array(moved.dropFirst()), results) == nil)
  }

  // MARK: Errors in ulps

  /// |result − exact| in spacings of floats at `exact`; infinities count as 2¹²⁸.
  private func ulpError(_ result: Float, _ exact: Double) -> Double {
    if result.isNaN || exact.isNaN { return result.isNaN && exact.isNaN ? 0 : .infinity }
    func limited(_ x: Double) -> Double { max(-0x1p128, min(x, 0x1p128)) }
    let rounded = Float(exact)
    let ulp = rounded.isFinite ? rounded.ulp : Float.greatestFiniteMagnitude.ulp
    return abs(limited(Double(result)) - limited(exact)) / Double(ulp)
  }

  @Test func errorsAreMeasured() {
    #expect(ulpError(1, 1) == 0)
    #expect(ulpError(Float(1).nextUp, 1) == 1)
    #expect(ulpError(3, 3 + 0x1p-23) == 0.5)
    #expect(ulpError(.leastNonzeroMagnitude, 0) == 1)
    #expect(ulpError(0, 0x1p-150) == 0.5)
    #expect(ulpError(.infinity, .infinity) == 0)
    #expect(ulpError(.infinity, 1e300) == 0)
    #expect(ulpError(.greatestFiniteMagnitude, .infinity) == 1)
    #expect(ulpError(.infinity, 1) > 1e30)
    #expect(ulpError(-.infinity, .infinity) > 1e6)
    #expect(ulpError(.nan, 1) == .infinity)
    #expect(ulpError(1, .nan) == .infinity)
    #expect(ulpError(.nan, .nan) == 0)
  }
}
