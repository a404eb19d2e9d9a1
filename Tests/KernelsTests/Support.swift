import Kernels

/// The kernels of every instruction set of this processor.
let allKernels = InstructionSet.available.map { Kernels($0)! }

// MARK: - Comparison

/// Whether two floats have the same bits; any NaN agrees with any NaN.
func bitsAgree(_ a: Float, _ b: Float) -> Bool {
  a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
}

/// The first index at which the bits differ, or the shorter length; nil if there is none.
func firstDifference(_ a: [Float], _ b: [Float]) -> Int? {
  var i = 0
  while i < min(a.count, b.count) {
    if !bitsAgree(a[i], b[i]) { return i }
    i += 1
  }
  return a.count == b.count ? nil : i
}

/// What a kernel may leave in the unused columns of a vector whose other columns it writes.
enum Padding {
  case anything
  case zeros
}

/// The first difference between the memory of `matrix` and what it should be, as text; nil if there is none.
///
/// The elements of `rows` and `panels` should be `expected(row, column)`; all other memory should be what `before` holds,
/// to the bit, but for the unused columns of a written vector, and for an unused second vector if that should be cleared.
func difference(
  _ matrix: OwnedMatrix, before: [Float], rows: Range<Int>, panels: Range<Int>, padding: Padding = .anything,
  clearsUnusedHalf: Bool = false, expected: (_ row: Int, _ column: Int) -> Float
) -> String? {
  let view = matrix.view
  let now = matrix.memory
  let written = (view.columns + 15) / 16 * 16
  var index = 0
  while index < now.count {
    let lane = index % 32
    let row = index / 32 % view.capacity
    let panel = index / 32 / view.capacity
    let column = panel * 32 + lane
    let agrees: Bool
    if clearsUnusedHalf && rows.contains(row) && panels.contains(panel) && column >= written {
      agrees = now[index].bitPattern == 0
    } else if !rows.contains(row) || !panels.contains(panel) || column >= written {
      agrees = now[index].bitPattern == before[index].bitPattern
    } else if column < view.columns {
      agrees = bitsAgree(now[index], expected(row, column))
    } else {
      agrees = padding == .anything || now[index].bitPattern == 0
    }
    if !agrees { return "(\(row), \(column)) is \(now[index])" }
    index += 1
  }
  return nil
}

// MARK: - Matrices

/// Finite and so large that it shows wherever it takes part.
let poison = Float(bitPattern: 0x7ACE_D00D)
/// Not a number, with bits that no arithmetic makes.
let poisonNaN = Float(bitPattern: 0x7FC0_BEEF)

/// A matrix and the memory it lies in, because a view does not keep its buffer.
final class OwnedMatrix {
  let buffer: FloatBuffer
  let view: PanelMatrix

  /// All memory holds `poison`.
  init(rows: Int, columns: Int, capacity: Int? = nil, poison: Float = poison) {
    let count = PanelMatrix.floats(rows: capacity ?? rows, columns: columns)
    buffer = FloatBuffer([Float](repeating: poison, count: count))
    view = buffer.matrix(rows: rows, columns: columns, capacity: capacity)
  }

  /// All memory but the elements holds `poison`.
  convenience init(
    rows: Int, columns: Int, capacity: Int? = nil, poison: Float = poison,
    _ value: (_ row: Int, _ column: Int) -> Float
  ) {
    self.init(rows: rows, columns: columns, capacity: capacity, poison: poison)
    for row in 0..<rows {
      for column in 0..<columns { view[row, column] = value(row, column) }
    }
  }

  /// Another matrix with the same memory.
  init(copying other: OwnedMatrix) {
    buffer = FloatBuffer(count: other.buffer.count)
    buffer.copy(other.buffer)
    view = buffer.matrix(rows: other.view.rows, columns: other.view.columns, capacity: other.view.capacity)
  }

  var memory: [Float] { buffer.all.array }

  subscript(row: Int, column: Int) -> Float { view[row, column] }
}

/// The function's values by the portable kernels, sixteen at a time or one, as other tests' references need them.
func portable(_ function: ElementaryFunction, _ x: [Float], by kernels: Kernels = allKernels[0]) -> [Float] {
  let buffer = FloatBuffer(x + [Float](repeating: 1, count: (32 - x.count % 32) % 32))
  kernels.apply(function, to: buffer.all)
  return Array(buffer.all.array.prefix(x.count))
}

func portable(_ function: ElementaryFunction, _ x: Float) -> Float { portable(function, [x])[0] }

// MARK: - Numbers

/// ±0, subnormal and the smallest normal numbers, ±1.
let smallNumbers: [Float] = [
  0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude.nextDown,
  -.leastNormalMagnitude.nextDown, .leastNormalMagnitude, -.leastNormalMagnitude, 1e-20, -1e-20, 1, -1,
]
/// The greatest numbers, infinities and NaN.
let largeNumbers: [Float] = [
  .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e30, -1e30, .infinity, -.infinity, .nan, -.nan,
]

/// A source of pseudo-random numbers for test data (SplitMix64), apart from the one under test.
struct Numbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int(bits() % UInt64(count)) }

  /// A number in [-1, 1).
  mutating func ordinary() -> Float { Float(Int32(truncatingIfNeeded: bits())) * 0x1p-31 }

  /// One of `special` once in `interval` calls, else a number in [-1, 1).
  mutating func mixed(_ special: [Float], every interval: Int) -> Float {
    below(interval) == 0 ? special[below(special.count)] : ordinary()
  }

  /// Any bit pattern: subnormal, infinite and NaN too.
  mutating func anyFloat() -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: bits())) }

  /// Row-major numbers.
  mutating func table(_ count: Int, _ next: (inout Numbers) -> Float = { $0.ordinary() }) -> [Float] {
    (0..<count).map { _ in next(&self) }
  }
}
