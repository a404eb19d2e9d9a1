/// The accumulators of one register tile: some rows of a product's result, one or two vectors wide.
///
/// A tile is built from `Row`s by `Stack`, so that its size is a type and every accumulator ends in a register of its
/// own: `Stack<Row, Row>` has two rows.
public protocol TileAccumulators {
  /// Rows of the tile.
  static var rows: Int { get }

  /// Starts from the values at `c`, whose rows are `stride` floats apart.
  init(from c: Source, stride: Int)

  /// Adds the outer product of `rows` scalars at `a`, `stride` floats apart, and a row of B: one k of the product.
  mutating func addProduct(_ a: Source, stride: Int, _ b: Source)

  /// Stores the rows, a panel's width apart.
  func store(to c: Target)

  /// Takes the rows for sums of gradients, and a step of the weights at `w`, whose rows are a panel's width apart.
  func step(_ w: Target, _ descent: GradientDescent)
}

/// One row, a full panel (two vectors) wide.
@frozen
public struct WideRow: TileAccumulators {
  @usableFromInline var low: Vector
  @usableFromInline var high: Vector

  @inlinable public static var rows: Int { @inline(__always) get { 1 } }

  @inlinable @inline(__always)
  public init(from c: Source, stride: Int) {
    low = load(c)
    high = load(c + vectorWidth)
  }

  @inlinable @inline(__always)
  public mutating func addProduct(_ a: Source, stride: Int, _ b: Source) {
    let x = Vector(repeating: a.pointee)
    low = fma(x, load(b), low)
    high = fma(x, load(b + vectorWidth), high)
  }

  @inlinable @inline(__always)
  public func store(to c: Target) {
    KernelSource.store(low, c)
    KernelSource.store(high, c + vectorWidth)
  }

  @inlinable @inline(__always)
  public func step(_ w: Target, _ descent: GradientDescent) {
    KernelSource.store(descent.step(load(w), low), w)
    KernelSource.store(descent.step(load(w + vectorWidth), high), w + vectorWidth)
  }
}

/// One row, half a panel (one vector) wide.
@frozen
public struct NarrowRow: TileAccumulators {
  @usableFromInline var sum: Vector

  @inlinable public static var rows: Int { @inline(__always) get { 1 } }

  @inlinable @inline(__always)
  public init(from c: Source, stride: Int) { sum = load(c) }

  @inlinable @inline(__always)
  public mutating func addProduct(_ a: Source, stride: Int, _ b: Source) {
    sum = fma(Vector(repeating: a.pointee), load(b), sum)
  }

  @inlinable @inline(__always)
  public func store(to c: Target) { KernelSource.store(sum, c) }

  @inlinable @inline(__always)
  public func step(_ w: Target, _ descent: GradientDescent) { KernelSource.store(descent.step(load(w), sum), w) }
}

/// The rows of `Upper` and, below them, those of `Lower`.
@frozen
public struct Stack<Upper: TileAccumulators, Lower: TileAccumulators>: TileAccumulators {
  @usableFromInline var upper: Upper
  @usableFromInline var lower: Lower

  @inlinable public static var rows: Int { @inline(__always) get { Upper.rows + Lower.rows } }

  @inlinable @inline(__always)
  public init(from c: Source, stride: Int) {
    upper = Upper(from: c, stride: stride)
    lower = Lower(from: c + Upper.rows * stride, stride: stride)
  }

  @inlinable @inline(__always)
  public mutating func addProduct(_ a: Source, stride: Int, _ b: Source) {
    upper.addProduct(a, stride: stride, b)
    lower.addProduct(a + Upper.rows * stride, stride: stride, b)
  }

  @inlinable @inline(__always)
  public func store(to c: Target) {
    upper.store(to: c)
    lower.store(to: c + panelWidth * Upper.rows)
  }

  @inlinable @inline(__always)
  public func step(_ w: Target, _ descent: GradientDescent) {
    upper.step(w, descent)
    lower.step(w + panelWidth * Upper.rows, descent)
  }
}

/// Tiles of two to twelve rows.
public typealias Rows2<R: TileAccumulators> = Stack<R, R>
/// Three rows.
public typealias Rows3<R: TileAccumulators> = Stack<Rows2<R>, R>
/// Four rows.
public typealias Rows4<R: TileAccumulators> = Stack<Rows2<R>, Rows2<R>>
/// Five rows.
public typealias Rows5<R: TileAccumulators> = Stack<Rows4<R>, R>
/// Six rows.
public typealias Rows6<R: TileAccumulators> = Stack<Rows4<R>, Rows2<R>>
/// Seven rows.
public typealias Rows7<R: TileAccumulators> = Stack<Rows4<R>, Rows3<R>>
/// Eight rows.
public typealias Rows8<R: TileAccumulators> = Stack<Rows4<R>, Rows4<R>>
/// Nine rows.
public typealias Rows9<R: TileAccumulators> = Stack<Rows8<R>, R>
/// Ten rows.
public typealias Rows10<R: TileAccumulators> = Stack<Rows8<R>, Rows2<R>>
/// Eleven rows.
public typealias Rows11<R: TileAccumulators> = Stack<Rows8<R>, Rows3<R>>
/// Twelve rows.
public typealias Rows12<R: TileAccumulators> = Stack<Rows8<R>, Rows4<R>>

/// The operands of one tile: a few rows of C = initial + A B, with B one panel (or half of one).
@frozen
public struct TileOperands {
  /// First row and first k of A. The distances of rows and of k are arguments of the micro-kernel.
  public var a: Source
  /// Length of a segment: adjacent k of A.
  public var segment: Int
  /// Distance of adjacent segments of A.
  public var segmentStride: Int
  /// First k of B; the next k lies a panel's width further on.
  public var b: Source
  /// How many k.
  public var depth: Int
  /// Where the chains start from.
  public var initial: Source
  /// Distance of adjacent rows of `initial`; 0 when all rows start from the same values, as from a bias.
  public var initialStride: Int
  /// First row of C, or of the weights that C is the gradient of.
  public var c: Target

  /// The operands, one by one.
  @inlinable @inline(__always)
  public init(
    a: Source, segment: Int, segmentStride: Int, b: Source, depth: Int, initial: Source, initialStride: Int, c: Target
  ) {
    self.a = a
    self.segment = segment
    self.segmentStride = segmentStride
    self.b = b
    self.depth = depth
    self.initial = initial
    self.initialStride = initialStride
    self.c = c
  }
}

/// The micro-kernel: each element of the tile is one chain of fused multiply-adds over k ascending.
///
/// `rowStride` and `depthStride` are arguments beside `operands` so that callers pass literals: the address of every
/// broadcast is then a constant offset.
///
/// - Parameter descent: with it the tile is not stored: C are weights, which take this step along it.
@inlinable @inline(__always)
public func multiplyTile<T: TileAccumulators>(
  _: T.Type, _ operands: TileOperands, rowStride: Int, depthStride: Int, _ descent: GradientDescent?
) {
  var tile = T(from: operands.initial, stride: operands.initialStride)
  var a = operands.a
  var b = operands.b
  var remaining = operands.depth
  while remaining > 0 {
    var k = remaining < operands.segment ? remaining : operands.segment
    remaining &-= k
    var x = a
    repeat {
      tile.addProduct(x, stride: rowStride, b)
      x += depthStride
      b += panelWidth
      k &-= 1
    } while k > 0
    a += operands.segmentStride
  }
  if let descent {
    tile.step(operands.c, descent)
  } else {
    tile.store(to: operands.c)
  }
}

/// A tile of one to six rows of the kind R.
@_transparent
public func multiplyLowTile<R: TileAccumulators>(
  _: R.Type, rows: Int, _ operands: TileOperands, rowStride: Int, depthStride: Int, _ descent: GradientDescent? = nil
) {
  switch rows {
  case 6: multiplyTile(Rows6<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  case 5: multiplyTile(Rows5<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  case 4: multiplyTile(Rows4<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  case 3: multiplyTile(Rows3<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  case 2: multiplyTile(Rows2<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  default: multiplyTile(R.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  }
}

/// A tile of one to twelve rows of the kind R. Transparent, because its callers are too large for `@inline(__always)`.
@_transparent
public func multiplyHighTile<R: TileAccumulators>(
  _: R.Type, rows: Int, _ operands: TileOperands, rowStride: Int, depthStride: Int, _ descent: GradientDescent? = nil
) {
  switch rows {
  case 12: multiplyTile(Rows12<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  case 11: multiplyTile(Rows11<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  case 10: multiplyTile(Rows10<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  case 9: multiplyTile(Rows9<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  case 8: multiplyTile(Rows8<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  case 7: multiplyTile(Rows7<R>.self, operands, rowStride: rowStride, depthStride: depthStride, descent)
  default: multiplyLowTile(R.self, rows: rows, operands, rowStride: rowStride, depthStride: depthStride, descent)
  }
}
