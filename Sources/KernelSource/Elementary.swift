// The elementary functions over whole strips: for single numbers of other rooms, and for tests of their accuracy.

/// The elementary functions of the kernels.
@frozen
public enum ElementaryFunction: CaseIterable, Sendable {
  /// eˣ
  case exp
  /// ln x
  case log
  /// ln(1 + x), x ≥ 0
  case log1p
  /// ln(1 + eˣ)
  case softplus
  /// 1 / (1 + e⁻ˣ)
  case sigmoid
  /// tanh x
  case tanh
  /// eˣ − 1, x ≤ 0
  case expm1
  /// Φ(x), the distribution function of the standard normal distribution
  case normalDistribution
  /// x / √(1 + (x/3)²)
  case smoothClip

  /// The numbers that it is made for.
  public var domain: ClosedRange<Float> {
    switch self {
    case .log1p: 0...(.infinity)
    case .expm1: -.infinity...0
    default: -.infinity...(.infinity)
    }
  }
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func apply(_ function: ElementaryFunction, rows: Int, _ x: Target) {
    switch function {
    case .exp: mapStrip(rows: rows, vectors: 2, x, x, Exponential())
    case .log: mapStrip(rows: rows, vectors: 2, x, x, Logarithm())
    case .log1p: mapStrip(rows: rows, vectors: 2, x, x, LogarithmOfOnePlus())
    case .softplus: mapStrip(rows: rows, vectors: 2, x, x, Softplus())
    case .sigmoid: mapStrip(rows: rows, vectors: 2, x, x, Sigmoid())
    case .tanh: mapStrip(rows: rows, vectors: 2, x, x, Tanh())
    case .expm1: mapStrip(rows: rows, vectors: 2, x, x, ExponentialMinusOne())
    case .normalDistribution: mapStrip(rows: rows, vectors: 2, x, x, NormalDistribution())
    case .smoothClip: mapStrip(rows: rows, vectors: 2, x, x, SmoothClip())
    }
  }
}

/// eˣ
@frozen @usableFromInline
struct Exponential: VectorFunction {
  @_transparent @usableFromInline
  init() {}

  @_transparent @usableFromInline
  func value(_ x: Vector) -> Vector { KernelSource.exp(x) }
}

/// ln x
@frozen @usableFromInline
struct Logarithm: VectorFunction {
  @_transparent @usableFromInline
  init() {}

  @_transparent @usableFromInline
  func value(_ x: Vector) -> Vector { KernelSource.log(x) }
}

/// ln(1 + x)
@frozen @usableFromInline
struct LogarithmOfOnePlus: VectorFunction {
  @_transparent @usableFromInline
  init() {}

  @_transparent @usableFromInline
  func value(_ x: Vector) -> Vector { KernelSource.log1p(x) }
}

/// eˣ − 1
@frozen @usableFromInline
struct ExponentialMinusOne: VectorFunction {
  @_transparent @usableFromInline
  init() {}

  @_transparent @usableFromInline
  func value(_ x: Vector) -> Vector { KernelSource.expm1(x) }
}

/// Φ(x)
@frozen @usableFromInline
struct NormalDistribution: VectorFunction {
  @_transparent @usableFromInline
  init() {}

  @_transparent @usableFromInline
  func value(_ x: Vector) -> Vector { KernelSource.normalDistribution(x) }
}

/// x / √(1 + (x/3)²)
@frozen @usableFromInline
struct SmoothClip: VectorFunction {
  @_transparent @usableFromInline
  init() {}

  @_transparent @usableFromInline
  func value(_ x: Vector) -> Vector { KernelSource.smoothClip(x) }
}
