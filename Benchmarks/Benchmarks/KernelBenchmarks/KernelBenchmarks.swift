import Benchmark
import Kernels
import Workloads

/// The matrix products of a step, panel by panel, at the shapes that the workloads produce: as GFLOP/s and as a share of the peak
/// of fused multiply-adds, which is measured before.
let benchmarks: @Sendable () -> Void = {
  let rate = BenchmarkMetric.custom("GFLOP/s", polarity: .prefersLarger, useScalingFactor: false)
  let share = BenchmarkMetric.custom("% of peak", polarity: .prefersLarger, useScalingFactor: false)
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, rate, share], warmupIterations: 10, scalingFactor: .kilo, maxDuration: .seconds(1))
  let kernels = Kernels.best
  let peak = peak(.best, threads: 1)

  func measure(_ name: String, operations: Int, _ product: @escaping @Sendable () -> Void) {
    Benchmark(name) { benchmark in
      let start = ContinuousClock.now
      for _ in benchmark.scaledIterations { product() }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let found = Double(operations * benchmark.scaledIterations.count) / seconds
      benchmark.measurement(rate, Int((found / 1e9).rounded()))
      if peak > 0 { benchmark.measurement(share, Int((100 * found / peak).rounded())) }
    }
  }

  for workload in Workload.allCases {
    let rows = workload.batchSize
    for (layer, (inputs, units)) in zip(workload.widths, workload.widths.dropFirst()).enumerated() {
      let product = Product(kernels, rows: rows, depth: inputs, columns: units)
      let operations = 2 * rows * inputs * min(units, 32)
      let name = "\(workload.rawValue) layer \(layer), \(rows) × \(inputs) × \(min(units, 32)),"
      measure("\(name) forward", operations: operations) { product.forward() }
      measure("\(name) weight gradient", operations: operations) { product.weightGradient() }
    }
  }
}

/// The operands of a layer's products.
final class Product: @unchecked Sendable {
  private let kernels: Kernels
  private let buffers: [FloatBuffer]
  private let x: PanelMatrix
  private let w: PanelMatrix
  private let z: PanelMatrix
  private let gradient: FloatSlice

  init(_ kernels: Kernels, rows: Int, depth: Int, columns: Int) {
    self.kernels = kernels
    func buffer(_ rows: Int, _ columns: Int) -> FloatBuffer {
      FloatBuffer((0..<PanelMatrix.floats(rows: rows, columns: columns)).map { Float($0 % 7) - 3 })
    }
    let buffers = [
      buffer(rows + 1, depth), buffer(depth, columns), buffer(rows + 1, columns), buffer(depth, 32),
    ]
    self.buffers = buffers
    x = buffers[0].matrix(rows: rows, columns: depth, capacity: rows + 1)
    w = buffers[1].matrix(rows: depth, columns: columns)
    z = buffers[2].matrix(rows: rows, columns: columns, capacity: rows + 1)
    gradient = buffers[3].all
  }

  func forward() { kernels.multiply(x, w, bias: nil, into: z, rows: 0..<x.rows, panel: 0) }

  func weightGradient() {
    kernels.multiplyTransposed(x, columns: 0..<x.columns, z, panel: 0, rows: 0..<x.rows, into: gradient)
  }
}
