/// A function of single elements, a = g(z), with its derivative.
///
/// A new function is one file with its formula, one case here and a line in each `switch` below, which stand apart from the
/// loops so that none chooses anew for each vector.
@frozen
public enum ElementFunction: Sendable, Equatable {
  /// g(z) = z
  case identity
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

  /// Whether the derivative is computed from z; else it is computed from a, and z need not be kept.
  @inlinable
  public var derivativeNeedsInput: Bool {
    switch self {
    case .identity, .relu, .leakyRelu, .sigmoid, .tanh: false
    case .silu: true
    }
  }
}

/// Writes function(x) for each element x of a strip.
@inlinable @inline(__always)
func mapStrip(rows: Int, vectors: Int, _ source: Source, _ target: Target, _ function: (Vector) -> Vector) {
  var place = 0
  for _ in 0..<rows {
    for v in 0..<vectors {
      let element = place &+ v &* vectorWidth
      store(function(load(source + element)), target + element)
    }
    place &+= panelWidth
  }
}

/// Replaces each element δ of a strip by function(δ, x) with the element x of another.
@inlinable @inline(__always)
func combineStrips(rows: Int, vectors: Int, _ delta: Target, _ x: Source, _ function: (Vector, Vector) -> Vector) {
  var place = 0
  for _ in 0..<rows {
    for v in 0..<vectors {
      let element = place &+ v &* vectorWidth
      store(function(load(delta + element), load(x + element)), delta + element)
    }
    place &+= panelWidth
  }
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func apply(_ function: ElementFunction, rows: Int, vectors: Int, _ z: Source, _ a: Target) {
    switch function {
    case .identity: mapStrip(rows: rows, vectors: vectors, z, a) { $0 }
    case .relu: mapStrip(rows: rows, vectors: vectors, z, a) { ReLU.value($0) }
    case .leakyRelu(let slope): mapStrip(rows: rows, vectors: vectors, z, a) { LeakyReLU.value($0, slope) }
    case .sigmoid: mapStrip(rows: rows, vectors: vectors, z, a) { Sigmoid.value($0) }
    case .tanh: mapStrip(rows: rows, vectors: vectors, z, a) { Tanh.value($0) }
    case .silu: mapStrip(rows: rows, vectors: vectors, z, a) { SiLU.value($0) }
    }
  }

  @inlinable @inline(__always)
  public static func multiplyByDerivative(
    of function: ElementFunction, rows: Int, vectors: Int, _ delta: Target, kept x: Source
  ) {
    switch function {
    case .identity: break
    case .relu: combineStrips(rows: rows, vectors: vectors, delta, x) { ReLU.delta($0, $1) }
    case .leakyRelu(let slope):
      combineStrips(rows: rows, vectors: vectors, delta, x) { LeakyReLU.delta($0, $1, slope) }
    case .sigmoid: combineStrips(rows: rows, vectors: vectors, delta, x) { Sigmoid.delta($0, $1) }
    case .tanh: combineStrips(rows: rows, vectors: vectors, delta, x) { Tanh.delta($0, $1) }
    case .silu: combineStrips(rows: rows, vectors: vectors, delta, x) { SiLU.delta($0, $1) }
    }
  }
}
