import Foundation
import Kernels
import Testing

@Suite struct ElementFunctionTests {
  /// A function of single elements: by the kernels, in place, and as one expression of an element and of what a derivative
  /// is computed from.
  struct Function: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let apply: @Sendable (Kernels, _ x: PanelMatrix, _ kept: PanelMatrix, Range<Int>, _ panel: Int) -> Void
    let reference: @Sendable (_ x: Float, _ kept: Float) -> Float

    /// g by its formula.
    static func value(_ function: ElementFunction, _ reference: @escaping @Sendable (Float) -> Float) -> Function {
      Function(
        testDescription: "\(function)",
        apply: { kernels, x, _, rows, panel in kernels.apply(function, to: x, into: x, rows: rows, panel: panel) },
        reference: { x, _ in reference(x) })
    }

    /// δ g' by its formula of δ and of a or z.
    static func derivative(
      _ function: ElementFunction, _ reference: @escaping @Sendable (_ delta: Float, _ kept: Float) -> Float
    ) -> Function {
      Function(
        testDescription: "\(function)'",
        apply: { kernels, x, kept, rows, panel in
          kernels.multiplyByDerivative(of: function, x, kept: kept, rows: rows, panel: panel)
        },
        reference: reference)
    }

    static let changing: [Function] = [
      value(.scale(0.3)) { $0 * 0.3 },
      derivative(.scale(0.3)) { delta, _ in delta * 0.3 },
      value(.relu) { $0 < 0 ? 0 : $0 },
      derivative(.relu) { delta, a in a > 0 ? delta : 0 },
      value(.leakyRelu(slope: 0.01)) { $0 < 0 ? $0 * 0.01 : $0 },
      derivative(.leakyRelu(slope: 0.3)) { delta, a in a > 0 ? delta : delta * 0.3 },
      value(.sigmoid) { portable(.sigmoid, $0) },
      derivative(.sigmoid) { delta, a in delta * (a * (1 - a)) },
      value(.tanh) { portable(.tanh, $0) },
      derivative(.tanh) { delta, a in delta * Float(1).addingProduct(-a, a) },
      value(.silu) { $0 * portable(.sigmoid, $0) },
      derivative(.silu) { delta, z in
        let s = portable(.sigmoid, z)
        return delta * (s * Float(1).addingProduct(z, 1 - s))
      },
      value(.elu) { $0 < 0 ? portable(.expm1, $0) : $0 },
      derivative(.elu) { delta, a in a > 0 ? delta : delta * (a + 1) },
      value(.selu) { $0 < 0 ? portable(.expm1, $0) * 1.758_099_341 : $0 * 1.050_700_987 },
      derivative(.selu) { delta, a in delta * (a > 0 ? 1.050_700_987 : a + 1.758_099_341) },
      value(.gelu) { z in
        let t = limited(z, 15)
        return (z < 0 ? 0 : z).addingProduct(0 - t, portable(.normalDistribution, -t))
      },
      derivative(.gelu) { delta, z in
        let slope = geluSlope(limited(z, 15))
        return delta * (z < 0 ? slope : 1 - slope)
      },
      value(.mish) { z in
        let (_, n, d) = mishParts(z)
        return (z < -110 ? -110 : z) * (n / d)
      },
      derivative(.mish) { delta, z in
        let t = limited(z, 110)
        let (e, n, d) = mishParts(z < 0 ? -t : t)
        let r = 1 / d
        return delta * (n.addingProduct(t * 4 * (z < 0 ? -e : e * e) * (e + 1), r) * r)
      },
      value(.softplus) { portable(.softplus, $0) },
      derivative(.softplus) { delta, a in delta * (0 - portable(.expm1, 0 - a)) },
      value(.softsign) { z in
        let t = limited(z, 0x1p127)
        return Float(sign: z.sign, exponent: 0, significand: 1) * (t / (t + 1))
      },
      derivative(.softsign) { delta, z in
        let r = 1 / (1 + abs(z))
        return delta * (r * r)
      },
      value(.hardSigmoid) { z in
        let line = Float(0.5).addingProduct(z, 1 / 6)
        return line < 0 ? 0 : line > 1 ? 1 : line
      },
      derivative(.hardSigmoid) { delta, a in a > 0 && a < 1 ? delta * (1 / 6) : 0 },
    ]

    /// |z|, but not more than `limit`.
    private static func limited(_ z: Float, _ limit: Float) -> Float { abs(z) > limit ? limit : abs(z) }

    /// g'(−t) of gelu: e^(−½ t²) (R(t) − t/√(2π)).
    private static func geluSlope(_ t: Float) -> Float {
      let square = t * t
      let e = portable(.exp, square * -0.5)
      let gaussian = e.addingProduct(e * -0.5, (-square).addingProduct(t, t))
      let reciprocal = 1 / (t + 2.5)
      let k = (t - 2.5) * reciprocal
      let coefficients: [Float] = [
        -1.577_111_834_19e-4, -3.116_277_221_12e-4, 6.844_286_108_39e-4, 2.523_941_686_38e-3, -1.600_837_800_65e-3,
        -1.638_619_042_93e-2, 9.235_876_612_37e-3, 0.131_986_975_67, -0.433_692_008_257, 0.706_656_634_81,
      ]
      let p = coefficients.dropFirst().reduce(coefficients[0]) { $1.addingProduct($0, k) }
      return gaussian * (p * reciprocal).addingProduct(t, -0.398_942_280)
    }

    /// e^−|z|, and n and d of tanh(ln(1 + eᶻ)) = n / d.
    private static func mishParts(_ z: Float) -> (e: Float, n: Float, d: Float) {
      let e = portable(.exp, -abs(z))
      let n = z < 0 ? e * (e + 2) : Float(1).addingProduct(e, 2)
      return (e, n, z < 0 ? n + 2 : n.addingProduct(e * 2, e))
    }

    static let all = changing + [value(.identity) { $0 }, derivative(.identity) { delta, _ in delta }]
  }

  /// Rows 2 to 7 of one panel, all other memory as before; the number of columns decides which vectors are in use.
  private func mismatch(
    _ function: Function, _ kernels: Kernels, columns: Int, panel: Int, next: (inout Numbers) -> Float
  ) -> String? {
    var numbers = Numbers(UInt64(columns))
    let rows = 2..<8
    let x = OwnedMatrix(rows: 9, columns: columns, capacity: 11) { _, _ in next(&numbers) }
    let kept = OwnedMatrix(rows: 8, columns: columns, poison: poisonNaN) { _, _ in next(&numbers) }
    let original = OwnedMatrix(copying: x)
    return withExtendedLifetime((x, kept)) {
      function.apply(kernels, x.view, kept.view, rows, panel)
      return difference(x, before: original.memory, rows: rows, panels: panel..<panel + 1) { r, c in
        function.reference(original[r, c], kept[r, c])
      }
    }
  }

  @Test(arguments: Function.all, InstructionSet.available)
  func ordinaryNumbers(_ function: Function, _ set: InstructionSet) {
    for columns in [1, 15, 16, 17, 31, 32, 33, 48, 49, 70] {
      for panel in 0..<PanelMatrix.panels(of: columns) {
        let found = mismatch(function, Kernels(set)!, columns: columns, panel: panel) {
          $0.mixed([0, -0.0], every: 8) * 4
        }
        #expect(found == nil, "\(columns) columns, panel \(panel)")
      }
    }
  }

  @Test(arguments: Function.all, InstructionSet.available)
  func specialNumbers(_ function: Function, _ set: InstructionSet) {
    let special = smallNumbers + largeNumbers
    for columns in [32, 49] {
      #expect(mismatch(function, Kernels(set)!, columns: columns, panel: 0) { $0.mixed(special, every: 2) } == nil)
      #expect(mismatch(function, Kernels(set)!, columns: columns, panel: 0) { $0.anyFloat() } == nil)
    }
  }

  @Test(arguments: Function.all)
  func aWrongBitIsNoticed(_ function: Function) {
    let wrong = Function(testDescription: "wrong", apply: function.apply) { x, kept in
      let y = function.reference(x, kept)
      return x < -0.875 ? y.nextUp : y
    }
    #expect(mismatch(wrong, .best, columns: 20, panel: 0) { $0.ordinary() } != nil)
  }

  @Test(arguments: Function.all, InstructionSet.available)
  func noRowsChangeNothing(_ function: Function, _ set: InstructionSet) {
    let x = OwnedMatrix(rows: 3, columns: 20) { r, c in Float(r - c) }
    let a = OwnedMatrix(copying: x)
    withExtendedLifetime((x, a)) { function.apply(Kernels(set)!, x.view, a.view, 2..<2, 0) }
    #expect(x.memory == a.memory)
  }

  @Test func derivativesAtZeroActivation() {
    for kernels in allKernels {
      let a = OwnedMatrix(rows: 1, columns: 3) { _, c in [0, -0.0, .leastNonzeroMagnitude][c] }
      let delta = OwnedMatrix(rows: 1, columns: 3) { _, _ in 8 }
      withExtendedLifetime((a, delta)) {
        kernels.multiplyByDerivative(of: .relu, delta.view, kept: a.view, rows: 0..<1, panel: 0)
      }
      #expect((0..<3).map { delta[0, $0] } == [0, 0, 8])
    }
  }

  // MARK: Into another matrix

  /// The same values elsewhere; the input stays.
  @Test(arguments: ElementFunction.all, InstructionSet.available)
  func resultsMayLieElsewhere(_ function: ElementFunction, _ set: InstructionSet) {
    var numbers = Numbers(9)
    for columns in [1, 17, 33, 70] {
      let z = OwnedMatrix(rows: 6, columns: columns, capacity: 7) { _, _ in numbers.mixed(smallNumbers, every: 5) * 3 }
      let inPlace = OwnedMatrix(copying: z)
      let before = z.memory
      let a = OwnedMatrix(rows: 5, columns: columns, poison: poisonNaN)
      let unwritten = a.memory
      withExtendedLifetime((z, inPlace)) {
        for panel in 0..<z.view.panels {
          Kernels(set)!.apply(function, to: z.view, into: a.view, rows: 1..<4, panel: panel)
          Kernels(set)!.apply(function, to: inPlace.view, into: inPlace.view, rows: 1..<4, panel: panel)
        }
      }
      #expect(firstDifference(z.memory, before) == nil)
      let found = difference(a, before: unwritten, rows: 1..<4, panels: 0..<a.view.panels) { inPlace[$0, $1] }
      #expect(found == nil, "\(columns) columns")
    }
  }

  // MARK: Against the equations, in double precision

  /// g(z)
  private static func exact(_ function: ElementFunction, _ z: Double) -> Double {
    switch function {
    case .identity: z
    case .scale(let factor): Double(factor) * z
    case .relu: max(z, 0)
    case .leakyRelu(let slope): z > 0 ? z : Double(slope) * z
    case .sigmoid: 1 / (1 + exp(-z))
    case .tanh: Foundation.tanh(z)
    case .silu: z / (1 + exp(-z))
    case .elu: z > 0 ? z : expm1(z)
    case .selu: 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * expm1(z))
    case .gelu: z * erfc(-z * 0.5.squareRoot()) / 2
    case .mish: z * Foundation.tanh(log1p(exp(z)))
    case .softplus: log1p(exp(z))
    case .softsign: z / (1 + abs(z))
    case .hardSigmoid: min(max(z / 6 + 0.5, 0), 1)
    case .exponential: exp(z)
    }
  }

  /// Whether g agrees with `exact`, and g' with the central differences of `primitive`, away from the kink at 0.
  private func follows(
    _ exact: (Double) -> Double, slopesOf primitive: (Double) -> Double, _ function: ElementFunction, _ kernels: Kernels
  ) -> Bool {
    let z = (0..<160).map { (Float($0) - 79.5) / 8 }
    let a = activated(function, [z], by: kernels)
    let kept = function.derivativeNeedsInput ? [z] : a
    let slopes = differentiated(function, delta: [z.map { _ in 2 }], kept: kept, by: kernels)
    return z.indices.allSatisfy { i in
      let x = Double(z[i])
      let slope = (primitive(x + 1e-5) - primitive(x - 1e-5)) / 1e-5
      return abs(Double(a[0][i]) - exact(x)) <= 5e-7 * max(abs(exact(x)), 1)
        && abs(Double(slopes[0][i]) - slope) <= 2e-6
    }
  }

  @Test(arguments: ElementFunction.all, InstructionSet.available)
  func valuesAndDerivatives(_ function: ElementFunction, _ set: InstructionSet) {
    let exact = { Self.exact(function, $0) }
    #expect(follows(exact, slopesOf: exact, function, Kernels(set)!))
  }

  @Test(arguments: ElementFunction.all) func otherEquationsAreNoticed(_ function: ElementFunction) {
    let exact = { Self.exact(function, $0) }
    #expect(!follows({ exact($0) + 2e-5 }, slopesOf: exact, function, .best))
    #expect(!follows(exact, slopesOf: { exact($0) + 3e-6 * $0 }, function, .best))
  }

  /// The derivative of a function that is not monotonic needs z, and so does one with long tails.
  @Test func whatDerivativesNeed() {
    #expect(ElementFunction.all.filter(\.derivativeNeedsInput) == [.silu, .gelu, .mish, .softsign])
  }
}
