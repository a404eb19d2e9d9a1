/// A function of single elements, a = g(z), with its derivative.
///
/// A new function is one file with its formula, one case here and a line in each `switch` below, which stand apart from the
/// loops so that none chooses anew for each vector.
@frozen
public enum ElementFunction: Sendable, Equatable {
  /// g(z) = z
  case identity
  /// See `Scale`.
  case scale(Float)
  /// See `ReLU`.
  case relu
  /// See `LeakyReLU`; the slope is not negative.
  case leakyRelu(slope: Float)
  /// See `Sigmoid`.
  case sigmoid
  /// See `Tanh`.
  case tanh
  /// See `SiLU`.
  case silu
  /// See `ELU`.
  case elu
  /// See `SELU`.
  case selu
  /// See `GELU`.
  case gelu
  /// See `Mish`.
  case mish
  /// See `Softplus`.
  case softplus
  /// See `Softsign`.
  case softsign
  /// See `HardSigmoid`.
  case hardSigmoid
  /// See `Exponential`.
  case exponential

  /// Whether the derivative is computed from z; else it is computed from a, and z need not be kept.
  @inlinable
  public var derivativeNeedsInput: Bool {
    switch self {
    case .identity, .scale, .relu, .leakyRelu, .sigmoid, .tanh, .elu, .selu, .softplus, .hardSigmoid, .exponential:
      false
    case .silu, .gelu, .mish, .softsign: true
    }
  }
}

/// The formula of a function of vectors of elements.
///
/// A type and not a closure: what a closure calls may stay out of line, where the linker would keep one copy for all instruction
/// sets.
public protocol VectorFunction {
  /// g(z)
  func value(_ z: Vector) -> Vector
}

/// The formula of an activation, with its derivative.
public protocol ActivationFormula: VectorFunction {
  /// δ g'(z), from a = g(z) or, if the derivative needs it, from z.
  func delta(_ delta: Vector, _ x: Vector) -> Vector
}

/// Writes function(x) for each element x of a strip.
@_transparent @usableFromInline
func mapStrip<F: VectorFunction>(rows: Int, vectors: Int, _ source: Source, _ target: Target, _ function: F) {
  var place = 0
  for _ in 0..<rows {
    for v in 0..<vectors {
      let element = place &+ v &* vectorWidth
      store(function.value(load(source + element)), target + element)
    }
    place &+= panelWidth
  }
}

/// Replaces each element δ of a strip by δ g'(z), where x is the element of another strip that the derivative takes.
@_transparent @usableFromInline
func combineStrips<F: ActivationFormula>(rows: Int, vectors: Int, _ delta: Target, _ x: Source, _ function: F) {
  var place = 0
  for _ in 0..<rows {
    for v in 0..<vectors {
      let element = place &+ v &* vectorWidth
      store(function.delta(load(delta + element), load(x + element)), delta + element)
    }
    place &+= panelWidth
  }
}

/// z itself.
@frozen
public struct Identity: VectorFunction {
  @_transparent
  public init() {}

  @_transparent
  public func value(_ z: Vector) -> Vector { z }
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func apply(_ function: ElementFunction, rows: Int, vectors: Int, _ z: Source, _ a: Target) {
    switch function {
    case .identity: mapStrip(rows: rows, vectors: vectors, z, a, Identity())
    case .scale(let factor): mapStrip(rows: rows, vectors: vectors, z, a, Scale(factor))
    case .relu: mapStrip(rows: rows, vectors: vectors, z, a, ReLU())
    case .leakyRelu(let slope): mapStrip(rows: rows, vectors: vectors, z, a, LeakyReLU(slope))
    case .sigmoid: mapStrip(rows: rows, vectors: vectors, z, a, Sigmoid())
    case .tanh: mapStrip(rows: rows, vectors: vectors, z, a, Tanh())
    case .silu: mapStrip(rows: rows, vectors: vectors, z, a, SiLU())
    case .elu: mapStrip(rows: rows, vectors: vectors, z, a, ELU())
    case .selu: mapStrip(rows: rows, vectors: vectors, z, a, SELU())
    case .gelu: mapStrip(rows: rows, vectors: vectors, z, a, GELU())
    case .mish: mapStrip(rows: rows, vectors: vectors, z, a, Mish())
    case .softplus: mapStrip(rows: rows, vectors: vectors, z, a, Softplus())
    case .softsign: mapStrip(rows: rows, vectors: vectors, z, a, Softsign())
    case .hardSigmoid: mapStrip(rows: rows, vectors: vectors, z, a, HardSigmoid())
    case .exponential: mapStrip(rows: rows, vectors: vectors, z, a, Exponential())
    }
  }

  @inlinable @inline(__always)
  public static func multiplyByDerivative(
    of function: ElementFunction, rows: Int, vectors: Int, _ delta: Target, kept x: Source
  ) {
    switch function {
    case .identity: break
    case .scale(let factor): combineStrips(rows: rows, vectors: vectors, delta, x, Scale(factor))
    case .relu: combineStrips(rows: rows, vectors: vectors, delta, x, ReLU())
    case .leakyRelu(let slope): combineStrips(rows: rows, vectors: vectors, delta, x, LeakyReLU(slope))
    case .sigmoid: combineStrips(rows: rows, vectors: vectors, delta, x, Sigmoid())
    case .tanh: combineStrips(rows: rows, vectors: vectors, delta, x, Tanh())
    case .silu: combineStrips(rows: rows, vectors: vectors, delta, x, SiLU())
    case .elu: combineStrips(rows: rows, vectors: vectors, delta, x, ELU())
    case .selu: combineStrips(rows: rows, vectors: vectors, delta, x, SELU())
    case .gelu: combineStrips(rows: rows, vectors: vectors, delta, x, GELU())
    case .mish: combineStrips(rows: rows, vectors: vectors, delta, x, Mish())
    case .softplus: combineStrips(rows: rows, vectors: vectors, delta, x, Softplus())
    case .softsign: combineStrips(rows: rows, vectors: vectors, delta, x, Softsign())
    case .hardSigmoid: combineStrips(rows: rows, vectors: vectors, delta, x, HardSigmoid())
    case .exponential: combineStrips(rows: rows, vectors: vectors, delta, x, Exponential())
    }
  }
}
