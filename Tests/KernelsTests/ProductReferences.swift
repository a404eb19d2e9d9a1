import Kernels

/// Operands of a product A B and its elements, each by one chain of fused multiply-adds.
///
/// One pair of operands serves every smaller shape: C[r, j] depends on row r of A and column j of B alone, and a chain
/// passes through the values of the shorter ones.
struct ProductReference {
  let depths: [Int]
  private let columns: Int
  private let a: [Float]
  private let b: [Float]
  private let bias: [Float]?
  private let chains: [Int: [Float]]

  init(
    rows: Int, columns: Int, depths: [Int], bias: Bool, seed: UInt64,
    next: (inout Numbers) -> Float = { $0.mixed([0, -0.0], every: 20) }
  ) {
    var numbers = Numbers(seed)
    let deepest = depths.max()!
    let a = numbers.table(rows * deepest, next)
    let b = numbers.table(deepest * columns, next)
    let bias = bias ? numbers.table((columns + 31) / 32 * 32, next) : nil
    var chains = Dictionary(uniqueKeysWithValues: depths.map { ($0, [Float](repeating: 0, count: rows * columns)) })
    for r in 0..<rows {
      for j in 0..<columns {
        var chain = bias?[j] ?? 0
        for k in 0..<deepest {
          chain = chain.addingProduct(a[r * deepest + k], b[k * columns + j])
          if depths.contains(k + 1) { chains[k + 1]![r * columns + j] = chain }
        }
      }
    }
    (self.depths, self.columns, self.a, self.b, self.bias, self.chains) = (depths, columns, a, b, bias, chains)
  }

  private var deepest: Int { depths.max()! }
  private var rows: Int { a.count / deepest }

  func left(depth: Int, capacity: Int) -> OwnedMatrix {
    OwnedMatrix(rows: rows, columns: depth, capacity: capacity, poison: poisonNaN) { r, k in a[r * deepest + k] }
  }

  func right(depth: Int, columns: Int) -> OwnedMatrix {
    OwnedMatrix(rows: depth, columns: columns, poison: poisonNaN) { k, j in b[k * self.columns + j] }
  }

  /// The first difference of the kernels' product from the chains; nil if all instruction sets agree with them.
  func multiplied(_ a: OwnedMatrix, _ b: OwnedMatrix, rows: Range<Int>, panels: Range<Int>? = nil) -> String? {
    let panels = panels ?? 0..<b.view.panels
    let depth = a.view.columns
    let chain = chains[depth]!
    let biasBuffer = bias.map { FloatBuffer($0) }
    return withExtendedLifetime((a, b, biasBuffer)) {
      for kernels in allKernels {
        let c = OwnedMatrix(rows: max(rows.upperBound, 1), columns: b.view.columns, capacity: rows.upperBound + 1)
        let before = c.memory
        for panel in panels {
          kernels.multiply(a.view, b.view, bias: biasBuffer?.all, into: c.view, rows: rows, panel: panel)
        }
        let found = difference(c, before: before, rows: rows, panels: panels) { row, column in
          chain[row * columns + column]
        }
        if let found { return "\(kernels.instructionSet): \(found)" }
      }
      return nil
    }
  }
}

/// Operands of a product Aᵀ B over rows from `first` on, and its elements, each by one chain from zero.
struct TransposedProductReference {
  let depths: [Int]
  private let m: Int
  private let n: Int
  private let rows: Int
  private let a: [Float]
  private let b: [Float]
  private var chains: [Int: [Float]] = [:]

  init(
    m: Int, n: Int, first: Int = 0, depths: [Int], seed: UInt64,
    next: (inout Numbers) -> Float = { $0.mixed([0, -0.0], every: 20) }
  ) {
    var numbers = Numbers(seed)
    (self.depths, self.m, self.n) = (depths, m, n)
    rows = first + depths.max()!
    a = numbers.table(rows * m, next)
    b = numbers.table(rows * n, next)
    for depth in depths { chains[depth] = [Float](repeating: 0, count: m * n) }
    for i in 0..<m {
      for j in 0..<n {
        var chain: Float = 0
        for r in first..<rows {
          chain = chain.addingProduct(a[r * m + i], b[r * n + j])
          if depths.contains(r + 1 - first) { chains[r + 1 - first]![i * n + j] = chain }
        }
      }
    }
  }

  func left(columns: Int) -> OwnedMatrix {
    OwnedMatrix(rows: rows, columns: columns, capacity: rows + 2, poison: poisonNaN) { r, i in a[r * m + i] }
  }

  func right(columns: Int) -> OwnedMatrix {
    OwnedMatrix(rows: rows, columns: columns, poison: poisonNaN) { r, j in b[r * n + j] }
  }

  /// The first difference of the kernels' product from the chains; nil if all instruction sets agree with them.
  func multiplied(
    _ a: OwnedMatrix, columns: Range<Int>, _ b: OwnedMatrix, panel: Int, rows: Range<Int>
  ) -> String? {
    let chain = chains[rows.count]!
    let width = b.view.columns(ofPanel: panel).count
    for kernels in allKernels {
      // The slice for the result is a matrix of one panel, with a row to spare.
      let c = OwnedMatrix(rows: columns.count, columns: width, capacity: columns.count + 1)
      let before = c.memory
      withExtendedLifetime((a, b)) {
        kernels.multiplyTransposed(
          a.view, columns: columns, b.view, panel: panel, rows: rows,
          into: c.buffer.slice(0..<columns.count * PanelMatrix.panelWidth))
      }
      let found = difference(
        c, before: before, rows: 0..<columns.count, panels: 0..<1, clearsUnusedHalf: true
      ) { row, column in
        chain[(columns.lowerBound + row) * n + panel * 32 + column]
      }
      if let found { return "\(kernels.instructionSet): \(found)" }
      if let found = stepped(kernels, a, columns: columns, b, panel: panel, rows: rows) {
        return "\(kernels.instructionSet), with a step of gradient descent: \(found)"
      }
    }
    return nil
  }

  /// The same where the product is the gradient of weights, which take a step along it.
  private func stepped(
    _ kernels: Kernels, _ a: OwnedMatrix, columns: Range<Int>, _ b: OwnedMatrix, panel: Int, rows: Range<Int>
  ) -> String? {
    let chain = chains[rows.count]!
    let width = b.view.columns(ofPanel: panel).count
    var numbers = Numbers(7)
    let w = numbers.table(columns.count * width) { $0.ordinary() }
    let weights = OwnedMatrix(rows: columns.count, columns: width, capacity: columns.count + 1) { w[$0 * width + $1] }
    let before = weights.memory
    let scratch = FloatBuffer(count: columns.count * PanelMatrix.panelWidth)
    let (scale, l2, rate) = (0.3, 0.01, 0.7) as (Float, Float, Float)
    withExtendedLifetime((a, b, scratch)) {
      kernels.multiplyTransposed(
        a.view, columns: columns, b.view, panel: panel, rows: rows, into: scratch.all,
        taking: (
          weights.buffer.slice(0..<columns.count * PanelMatrix.panelWidth),
          GradientDescent(scale: scale, l2: l2, learningRate: rate)
        ))
    }
    return difference(weights, before: before, rows: 0..<columns.count, panels: 0..<1) { row, column in
      let sum = chain[(columns.lowerBound + row) * n + panel * 32 + column]
      let weight = w[row * width + column]
      return weight.addingProduct(-rate, (sum * scale).addingProduct(l2, weight))
    }
  }
}
