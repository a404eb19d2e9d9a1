/// The functions of C that a model may need, each the counterpart of one of the kernels, operation by operation.
///
/// What the kernels do to sixteen numbers at a time is done to one. `fma` is `fmaf`, and no other product is part of a sum: compilers may
/// replace `a * b + c` by a fused multiply-add, which rounds once and not twice, and options tell them so (`-ffp-contract=fast`, which makes clang
/// pass over `#pragma STDC FP_CONTRACT`; gcc knows no such pragma). So a product that may be added to something is `$product`.
enum CFunction: CaseIterable {
  case fusedMultiplyAdd, product, bits, float, magnitude, limited, withSign, powerOfTwo
  case reducedExponential, exp, expm1, log, log1p, gaussian, normalTail
  case sigmoid, tanh, softplus, smoothClip
  case relu, leakyRelu, silu, elu, selu, gelu, mish, softsign, hardSigmoid
  case dense, batchNorm, sumOfLanes, layerNorm, softmax

  /// The functions that its text calls.
  var needs: [CFunction] {
    switch self {
    case .fusedMultiplyAdd, .product, .bits, .float, .relu, .sumOfLanes: []
    case .magnitude, .withSign: [.bits, .float]
    case .limited: [.magnitude]
    case .powerOfTwo: [.float]
    case .reducedExponential: [.bits, .fusedMultiplyAdd]
    case .exp: [.reducedExponential, .powerOfTwo, .product]
    case .expm1: [.reducedExponential, .powerOfTwo, .fusedMultiplyAdd]
    case .log: [.bits, .float, .product, .fusedMultiplyAdd]
    case .log1p: [.log]
    case .gaussian: [.exp, .fusedMultiplyAdd]
    case .normalTail: [.fusedMultiplyAdd]
    case .sigmoid: [.exp, .magnitude]
    case .tanh: [.exp, .magnitude, .withSign, .fusedMultiplyAdd]
    case .softplus: [.exp, .log1p, .magnitude]
    case .smoothClip: [.limited, .withSign, .fusedMultiplyAdd]
    case .leakyRelu: [.product]
    case .silu: [.sigmoid, .product]
    case .elu: [.expm1]
    case .selu: [.expm1, .product]
    case .gelu: [.limited, .gaussian, .normalTail, .fusedMultiplyAdd]
    case .mish: [.exp, .magnitude, .product, .fusedMultiplyAdd]
    case .softsign: [.limited, .withSign]
    case .hardSigmoid: [.fusedMultiplyAdd]
    case .dense, .batchNorm: [.fusedMultiplyAdd]
    case .layerNorm: [.sumOfLanes, .fusedMultiplyAdd]
    case .softmax: [.exp, .sumOfLanes, .product]
    }
  }

  /// The definition, a template of `CText.named`.
  var text: String {
    switch self {
    case .fusedMultiplyAdd: CFunctionTexts.fusedMultiplyAdd
    case .product: CFunctionTexts.product
    case .bits: CFunctionTexts.bits
    case .float: CFunctionTexts.float
    case .magnitude: CFunctionTexts.magnitude
    case .limited: CFunctionTexts.limited
    case .withSign: CFunctionTexts.withSign
    case .powerOfTwo: CFunctionTexts.powerOfTwo
    case .reducedExponential: CFunctionTexts.reducedExponential
    case .exp: CFunctionTexts.exp
    case .expm1: CFunctionTexts.expm1
    case .log: CFunctionTexts.log
    case .log1p: CFunctionTexts.log1p
    case .gaussian: CFunctionTexts.gaussian
    case .normalTail: CFunctionTexts.normalTail
    case .sigmoid: CFunctionTexts.sigmoid
    case .tanh: CFunctionTexts.tanh
    case .softplus: CFunctionTexts.softplus
    case .smoothClip: CFunctionTexts.smoothClip
    case .relu: CFunctionTexts.relu
    case .leakyRelu: CFunctionTexts.leakyRelu
    case .silu: CFunctionTexts.silu
    case .elu: CFunctionTexts.elu
    case .selu: CFunctionTexts.selu
    case .gelu: CFunctionTexts.gelu
    case .mish: CFunctionTexts.mish
    case .softsign: CFunctionTexts.softsign
    case .hardSigmoid: CFunctionTexts.hardSigmoid
    case .dense: CFunctionTexts.dense
    case .batchNorm: CFunctionTexts.batchNorm
    case .sumOfLanes: CFunctionTexts.sumOfLanes
    case .layerNorm: CFunctionTexts.layerNorm
    case .softmax: CFunctionTexts.softmax
    }
  }

  /// The definitions of some functions and of those that they need, each once and after what it calls.
  static func texts(_ functions: Set<CFunction>) -> String {
    var all = functions
    var open = Array(functions)
    while let next = open.popLast() {
      for need in next.needs where all.insert(need).inserted { open.append(need) }
    }
    // A function stands behind those that it needs in the list of cases.
    return allCases.filter(all.contains).map(\.text).joined(separator: "\n")
  }
}

/// The definitions. Constants are the literals of the kernels, in hexadecimal.
enum CFunctionTexts {
  static func constant(_ value: Float) -> String { CText.literal(value) }

  /// `p = fma(p, x, c)` for each coefficient, as lines.
  static func polynomial(_ x: String, _ coefficients: Float...) -> String {
    coefficients.map { "  p = @FMAF(p, \(x), \(constant($0)));" }.joined(separator: "\n")
  }
}
