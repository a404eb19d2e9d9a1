/// The unit of arithmetic: sixteen outputs at a time. Lanes are always different outputs, never parts of one sum, so
/// a processor that needs one, two or four registers for a vector computes the same bits.
///
/// Compare a vector with a vector: before Swift 6.3 the comparison with a number is a loop over the lanes.
public typealias Vector = SIMD16<Float>

/// Floats in a `Vector`.
@inlinable
public var vectorWidth: Int { @inline(__always) get { 16 } }

/// Columns of a panel. All matrices are stored as panels, `[columns / 32][rows][32]`: the elements that a matrix
/// product loads as vectors are adjacent, those that it broadcasts lie at constant distances, and nothing has to be
/// rearranged before a product.
@inlinable
public var panelWidth: Int { @inline(__always) get { 32 } }

/// Where kernels read.
public typealias Source = UnsafePointer<Float>

/// Where kernels write.
public typealias Target = UnsafeMutablePointer<Float>

/// The vector at `pointer`, which need not be aligned.
@inlinable @inline(__always)
public func load(_ pointer: Source) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

/// Stores `vector` at `pointer`, which need not be aligned.
@inlinable @inline(__always)
public func store(_ vector: Vector, _ pointer: Target) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
}

/// a · b + c, rounded once.
@inlinable @inline(__always)
public func fma(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector { c.addingProduct(a, b) }

/// The sum of the sixteen lanes in a fixed order: halves are added until one lane is left.
@inlinable @inline(__always)
public func sumOfLanes(_ x: Vector) -> Float {
  let eight = x.lowHalf + x.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

/// The greatest of the sixteen lanes, which are not NaN.
@_transparent
public func maximumOfLanes(_ x: Vector) -> Float {
  let (low8, high8) = (x.lowHalf, x.highHalf)
  let eight = low8.replacing(with: high8, where: high8 .> low8)
  let (low4, high4) = (eight.lowHalf, eight.highHalf)
  let four = low4.replacing(with: high4, where: high4 .> low4)
  let first = four[2] > four[0] ? four[2] : four[0]
  let second = four[3] > four[1] ? four[3] : four[1]
  return second > first ? second : first
}

/// The lanes of `x` below `count`; zero in the others.
@inlinable @inline(__always)
public func firstLanes(_ x: Vector, _ count: Int) -> Vector {
  Vector().replacing(with: x, where: lanesBelow(count))
}

/// A mask of the lanes below `count`.
@inlinable @inline(__always)
public func lanesBelow(_ count: Int) -> SIMDMask<SIMD16<Int32>> {
  SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    .< SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: count))
}
