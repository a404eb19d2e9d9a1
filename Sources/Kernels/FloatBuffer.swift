import KernelSource

/// Owns a contiguous buffer of floats, aligned to a cache line and zero at first.
///
/// Workers write to disjoint parts of one buffer at the same time; who writes where is laid down by the plan of a
/// step, not by this type. Hence `@unchecked Sendable`.
public final class FloatBuffer: @unchecked Sendable {
  /// Number of floats.
  public let count: Int
  let pointer: Target

  /// `count` zeros.
  public init(count: Int) {
    precondition(count >= 0)
    self.count = count
    // Kernels read whole vectors; the spare ones keep a last, partial vector inside the buffer.
    let capacity = count + 2 * vectorWidth
    pointer = UnsafeMutableRawPointer.allocate(byteCount: capacity * MemoryLayout<Float>.stride, alignment: 64)
      .bindMemory(to: Float.self, capacity: capacity)
    pointer.initialize(repeating: 0, count: capacity)
  }

  /// A copy of `values`.
  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: values.count) }
    }
  }

  deinit { pointer.deallocate() }

  /// The float at `index`.
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count)
      return pointer[index]
    }
    set {
      precondition(index >= 0 && index < count)
      pointer[index] = newValue
    }
  }

  /// Copies all of `other`, which has as many floats.
  public func copy(_ other: FloatBuffer) {
    precondition(count == other.count)
    pointer.update(from: other.pointer, count: count)
  }

  // MARK: Views

  /// A view of `range`.
  public func slice(_ range: Range<Int>) -> FloatSlice {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return FloatSlice(pointer: pointer + range.lowerBound, count: range.count)
  }

  /// A view of all.
  public var all: FloatSlice { slice(0..<count) }

  /// The floats from `offset` on as a matrix of panels.
  ///
  /// - Parameter capacity: rows that a panel has room for; `rows` unless given.
  public func matrix(at offset: Int = 0, rows: Int, columns: Int, capacity: Int? = nil) -> PanelMatrix {
    let capacity = capacity ?? rows
    precondition(rows >= 0 && columns > 0 && capacity >= rows && offset >= 0)
    precondition(offset + PanelMatrix.floats(rows: capacity, columns: columns) <= count)
    return PanelMatrix(base: pointer + offset, rows: rows, columns: columns, capacity: capacity)
  }
}

/// A view of a part of a `FloatBuffer`.
///
/// Views do not keep their buffer alive: counting references in the middle of a step would cost more than a small
/// step's arithmetic. Whoever hands out a view keeps the buffer: `Parameters`, `Workspace` and the coordinator do.
public struct FloatSlice: @unchecked Sendable {
  let pointer: Target
  /// Number of floats.
  public let count: Int

  /// The floats of `range`, counted from the start of this slice.
  public subscript(range: Range<Int>) -> FloatSlice {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return FloatSlice(pointer: pointer + range.lowerBound, count: range.count)
  }

  /// The float at `index`.
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count)
      return pointer[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count)
      pointer[index] = newValue
    }
  }

  /// Copies all of `other`, which has as many floats.
  public func copy(_ other: FloatSlice) {
    precondition(count == other.count)
    pointer.update(from: other.pointer, count: count)
  }

  /// The floats.
  public var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
