import Kernels
import Testing

@Suite struct NormalizationTests {
  private static let columnCounts = [1, 2, 15, 16, 17, 31, 32, 33, 48, 49, 64, 70]
  private static let (epsilon, momentum): (Float, Float) = (1e-3, 0.3)

  /// A mini-batch of some columns with all that belongs to it, in memory whose unused parts would show in a sum.
  private struct Bench {
    let kernels: Kernels
    let shards: GradientShards
    let columns: Int
    let x: OwnedMatrix
    let delta: OwnedMatrix
    /// In this order: mean, inverse deviation, running mean, running variance, scale, shift, sums, products.
    let vectors: [FloatBuffer]
    let scratch = FloatBuffer(count: Kernels.statisticsScratch)

    init(_ kernels: Kernels, rows: Int, shardRows: Int, columns: Int) {
      var numbers = Numbers(UInt64(rows * 100 + columns))
      self.kernels = kernels
      self.columns = columns
      shards = GradientShards(rows: rows, shardRows: shardRows)
      // Columns of very different means and deviations, so that another order has other bits.
      x = OwnedMatrix(rows: rows + 2, columns: columns, capacity: rows + 3) { _, c in
        numbers.ordinary() * Float(1 << (c % 11)) + Float(c % 7) * 3
      }
      delta = OwnedMatrix(rows: rows + 1, columns: columns, poison: 2) { r, c in
        numbers.ordinary() * Float(1 << (r % 9))
      }
      vectors = (0..<8).map { _ in FloatBuffer(numbers.table((columns + 31) / 32 * 32) { $0.ordinary() + 2 }) }
    }

    func vector(_ index: Int) -> FloatSlice { vectors[index].all }

    /// Statistics, forward into `y`, sums, backward, panel by panel from the last, all rows in two parts.
    func run() -> OwnedMatrix {
      let y = OwnedMatrix(rows: shards.rows + 1, columns: columns, poison: poisonNaN)
      for panel in (0..<x.view.panels).reversed() {
        kernels.batchStatistics(
          x.view, shards, epsilon: NormalizationTests.epsilon, momentum: NormalizationTests.momentum,
          mean: vector(0), inverseDeviation: vector(1), runningMean: vector(2), runningVariance: vector(3),
          scratch: scratch.all, panel: panel)
        kernels.normalizationSums(
          x.view, delta.view, shards, mean: vector(0), inverseDeviation: vector(1), sums: vector(6),
          products: vector(7), scratch: scratch.all, panel: panel)
        for rows in [shards.rows / 2..<shards.rows, 0..<shards.rows / 2] {
          kernels.normalize(
            x.view, into: y.view, mean: vector(0), inverseDeviation: vector(1), scale: vector(4), shift: vector(5),
            rows: rows, panel: panel)
          kernels.normalizationDerivative(
            x.view, delta.view, samples: shards.rows, mean: vector(0), inverseDeviation: vector(1), scale: vector(4),
            sums: vector(6), products: vector(7), rows: rows, panel: panel)
        }
      }
      return y
    }

    func reference(column: Int) -> NormalizationReference {
      NormalizationReference(
        epsilon: NormalizationTests.epsilon, momentum: NormalizationTests.momentum,
        x: (0..<shards.rows).map { x[$0, column] }, shards: shards)
    }
  }

  /// The first difference of everything that is computed from the reference; nil if there is none.
  ///
  /// - Parameter reference: the reference of a column, to be replaced by a wrong one.
  private func mismatch(
    _ kernels: Kernels, rows: Int, shardRows: Int, columns: Int,
    reference: (Bench, Int) -> NormalizationReference = { $0.reference(column: $1) }
  ) -> String? {
    let bench = Bench(kernels, rows: rows, shardRows: shardRows, columns: columns)
    let before = bench.vectors.map(\.all.array)
    let (x, delta) = (bench.x.memory, OwnedMatrix(copying: bench.delta))
    return withExtendedLifetime((bench, delta)) {
      let y = bench.run()
      let references = (0..<columns).map { reference(bench, $0) }
      let derivatives = (0..<columns).map { c in
        references[c].derivative((0..<rows).map { delta[$0, c] }, scale: before[4][c])
      }
      for (c, reference) in references.enumerated() {
        let sums = reference.sums((0..<rows).map { delta[$0, c] })
        let expected = [
          reference.mean, reference.inverseDeviation, reference.movedMean(before[2][c]),
          reference.movedVariance(before[3][c]), before[4][c], before[5][c], sums[0], sums[1],
        ]
        for (index, value) in expected.enumerated() where !bitsAgree(bench.vectors[index][c], value) {
          return "vector \(index), column \(c): \(bench.vectors[index][c]), not \(value)"
        }
      }
      if let index = firstDifference(bench.x.memory, x) { return "the input was changed at \(index)" }
      let panels = 0..<bench.x.view.panels
      let unwritten = [Float](repeating: poisonNaN, count: y.memory.count)
      let forward = difference(y, before: unwritten, rows: 0..<rows, panels: panels) { r, c in
        NormalizationReference.normalized(
          bench.x[r, c], mean: references[c].mean, inverseDeviation: references[c].inverseDeviation,
          scale: before[4][c], shift: before[5][c])
      }
      if let forward { return "forward \(forward)" }
      return difference(bench.delta, before: delta.memory, rows: 0..<rows, panels: panels) { derivatives[$1][$0] }
        .map { "backward \($0)" }
    }
  }

  @Test(arguments: InstructionSet.available, 1...7) func allKernels(_ set: InstructionSet, shardRows: Int) {
    for columns in Self.columnCounts {
      #expect(mismatch(Kernels(set)!, rows: 23, shardRows: shardRows, columns: columns) == nil, "\(columns)")
    }
    for rows in 1...40 {
      #expect(mismatch(Kernels(set)!, rows: rows, shardRows: shardRows, columns: 17) == nil, "\(rows) rows")
    }
  }

  /// Other shards, other sums, another ε and other statistics have other bits.
  @Test func anotherReferenceIsNoticed() {
    func isNoticed(_ change: (NormalizationReference) -> NormalizationReference) -> Bool {
      mismatch(.best, rows: 23, shardRows: 4, columns: 33) { bench, c in change(bench.reference(column: c)) } != nil
    }
    func other(
      _ reference: NormalizationReference, epsilon: Float? = nil, momentum: Float? = nil, shardRows: Int = 4,
      x: ([Float]) -> [Float] = { $0 }
    ) -> NormalizationReference {
      NormalizationReference(
        epsilon: epsilon ?? reference.epsilon, momentum: momentum ?? reference.momentum, x: x(reference.x),
        shards: GradientShards(rows: reference.x.count, shardRows: shardRows))
    }
    #expect(!isNoticed { other($0) })
    #expect(isNoticed { other($0, shardRows: 3) })
    #expect(isNoticed { other($0, shardRows: 23) })
    #expect(isNoticed { other($0, epsilon: 2 * Self.epsilon) })
    #expect(isNoticed { other($0, momentum: Self.momentum.nextUp) })
    #expect(isNoticed { other($0) { $0.reversed() } })
  }

  /// The columns that do not count keep their 0 in vectors of parameters, whatever their inputs are.
  @Test(arguments: InstructionSet.available, [1, 16, 17, 33]) func unusedColumns(_ set: InstructionSet, columns: Int) {
    let bench = Bench(Kernels(set)!, rows: 9, shardRows: 4, columns: columns)
    for vector in bench.vectors {
      for column in columns..<vector.count { vector[column] = 0 }
    }
    withExtendedLifetime(bench) { _ = bench.run() }
    for vector in bench.vectors[2...5] {
      #expect((columns..<vector.count).allSatisfy { vector[$0].bitPattern == 0 })
      #expect((0..<columns).allSatisfy { vector[$0] != 0 })
    }
  }

  // MARK: In place, and with the variance

  @Test(arguments: InstructionSet.available) func inPlaceAndByVariance(_ set: InstructionSet) {
    let kernels = Kernels(set)!
    for columns in Self.columnCounts {
      let bench = Bench(kernels, rows: 6, shardRows: 6, columns: columns)
      let variance = (0..<columns).map { Float($0 % 5) + 0.25 }
      let variances = FloatBuffer(variance + [Float](repeating: 1, count: bench.vectors[0].count - columns))
      let x = OwnedMatrix(copying: bench.x)
      let before = x.memory
      let scratch = FloatBuffer(count: 32)
      withExtendedLifetime((bench, variances, scratch)) {
        for panel in 0..<x.view.panels {
          kernels.normalize(
            x.view, into: x.view, mean: bench.vector(0), variance: variances.all, epsilon: Self.epsilon,
            scale: bench.vector(4), shift: bench.vector(5), scratch: scratch.all, rows: 1..<5, panel: panel)
        }
      }
      func expected(_ row: Int, _ column: Int, epsilon: Float) -> Float {
        NormalizationReference.normalized(
          bench.x[row, column], mean: bench.vectors[0][column],
          inverseDeviation: 1 / (variance[column] + epsilon).squareRoot(), scale: bench.vectors[4][column],
          shift: bench.vectors[5][column])
      }
      let panels = 0..<x.view.panels
      let found = difference(x, before: before, rows: 1..<5, panels: panels) { expected($0, $1, epsilon: Self.epsilon) }
      #expect(found == nil, "\(columns) columns")
      #expect(difference(x, before: before, rows: 1..<5, panels: panels) { expected($0, $1, epsilon: 0) } != nil)
    }
  }

  // MARK: Against the equations

  /// Two passes in Double, and what a column without variance is.
  @Test func followsTheEquations() {
    let bench = Bench(.best, rows: 40, shardRows: 7, columns: 20)
    for r in 0..<40 { bench.x.view[r, 3] = 5 }
    let y = withExtendedLifetime(bench) { bench.run() }
    for c in 0..<20 {
      let x = (0..<40).map { Double(bench.x[$0, c]) }
      let mean = x.reduce(0, +) / 40
      let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40
      let inverse = 1 / (variance + Double(Self.epsilon)).squareRoot()
      #expect(abs(Double(bench.vectors[0][c]) - mean) <= 1e-6 * (abs(mean) + variance.squareRoot()))
      #expect(abs(Double(bench.vectors[1][c]) / inverse - 1) <= 1e-6)
      let (scale, shift) = (Double(bench.vectors[4][c]), Double(bench.vectors[5][c]))
      for r in 0..<40 { #expect(abs(Double(y[r, c]) - (scale * (x[r] - mean) * inverse + shift)) <= 1e-5) }
    }
    #expect(bench.vectors[0][3] == 5 && (0..<40).allSatisfy { y[$0, 3] == bench.vectors[5][3] })
  }

  @Test func shapesAreChecked() async {
    await #expect(processExitsWith: .failure) {
      let (x, y, v) = (OwnedMatrix(rows: 2, columns: 4), OwnedMatrix(rows: 2, columns: 5), FloatBuffer(count: 32))
      Kernels.best.normalize(
        x.view, into: y.view, mean: v.all, inverseDeviation: v.all, scale: v.all, shift: v.all, rows: 0..<2, panel: 0)
    }
    // The vectors have no second panel.
    await #expect(processExitsWith: .failure) {
      let (x, v) = (OwnedMatrix(rows: 2, columns: 40), FloatBuffer(count: 32))
      Kernels.best.normalize(
        x.view, into: x.view, mean: v.all, inverseDeviation: v.all, scale: v.all, shift: v.all, rows: 0..<2, panel: 1)
    }
    await #expect(processExitsWith: .failure) {
      let (x, v, scratch) = (OwnedMatrix(rows: 2, columns: 4), FloatBuffer(count: 32), FloatBuffer(count: 100))
      Kernels.best.batchStatistics(
        x.view, GradientShards(rows: 2, shardRows: 1), epsilon: 1, momentum: 0, mean: v.all, inverseDeviation: v.all,
        runningMean: v.all, runningVariance: v.all, scratch: scratch.all, panel: 0)
    }
  }
}
