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
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func apply(_ function: ElementaryFunction, rows: Int, _ x: Target) {
    switch function {
    case .exp: mapStrip(rows: rows, vectors: 2, x, x) { KernelSource.exp($0) }
    case .log: mapStrip(rows: rows, vectors: 2, x, x) { KernelSource.log($0) }
    case .log1p: mapStrip(rows: rows, vectors: 2, x, x) { KernelSource.log1p($0) }
    case .softplus: mapStrip(rows: rows, vectors: 2, x, x) { KernelSource.softplus($0) }
    case .sigmoid: mapStrip(rows: rows, vectors: 2, x, x) { KernelSource.sigmoid($0) }
    case .tanh: mapStrip(rows: rows, vectors: 2, x, x) { KernelSource.tanh($0) }
    }
  }
}
