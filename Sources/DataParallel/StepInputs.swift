import Datasets
import Kernels
import NeuralNetworks

/// The features and targets of the samples of a step: the one owner of what comes from the data set.
///
/// Features are not gathered once for all: each thread gathers for itself what it needs when it first does, so that no
/// feature moves from one core to another.
final class StepInputs: Sendable {
  private let kernels: Kernels
  private let reader: SampleReader
  private let batchSize: Int
  /// The samples of the epoch; step s takes those from s · `batchSize` on.
  private let order: SampleOrder
  private let threads: [GatheredFeatures]

  /// - Parameter threads: the memory of each thread.
  init(_ kernels: Kernels, _ reader: SampleReader, order: SampleOrder, batchSize: Int, threads: [GatheredFeatures]) {
    self.kernels = kernels
    self.reader = reader
    self.order = order
    self.batchSize = batchSize
    self.threads = threads
    for thread in threads { thread.forget() }
  }

  /// The samples of a step.
  func samples(step: Int) -> SampleSelection { order.selection(from: step * batchSize) }

  /// The features of the samples of a step, [samples, features], of which those in `rows` and `columns` have been gathered.
  ///
  /// - Parameter columns: from the first of a panel; all unless given.
  func features(thread: Int, step: Int, rows: Range<Int>, columns: Range<Int>? = nil) -> PanelMatrix {
    threads[thread].gather(reader, kernels, samples(step: step), step: step, rows: rows, columns: columns)
  }

  /// The features of one panel.
  func columns(ofPanel panel: Int) -> Range<Int> { threads[0].columns(ofPanel: panel) }

  /// Reads the targets of `rows` of a step.
  func readTargets(step: Int, rows: Range<Int>, into targets: PanelMatrix) {
    reader.readTargets(kernels, samples(step: step), into: targets, rows: rows)
  }

  /// Whether samples have weights.
  var isWeighted: Bool { reader.isWeighted }

  /// Reads the weights of `rows` of a step.
  func readWeights(step: Int, rows: Range<Int>, into weights: FloatSlice) {
    reader.readWeights(samples(step: step), into: weights, rows: rows)
  }

  /// The sum of the weights of the samples of a step; their number where they have none.
  func weightSum(step: Int, rows: Int) -> Double { reader.weightSum(of: samples(step: step), rows: rows) }

  /// Whether it pays to have samples fetched ahead.
  var isLarge: Bool { reader.isLarge }

  /// Has the features of samples of a step fetched that will be gathered soon.
  func fetch(step: Int, rows: Range<Int>) { reader.fetchInputs(kernels, samples(step: step), rows: rows) }
}

/// The features that one thread has gathered, on cache lines that it shares with no other thread.
@safe final class GatheredFeatures: @unchecked Sendable {
  private let buffer: FloatBuffer
  private let features: PanelMatrix
  /// For each panel of features, the rows that have been gathered; after the panels, the step that they are samples of.
  private let gathered: UnsafeMutableBufferPointer<Range<Int>>

  /// To use an object is to count a reference to it, which writes to its first cache line: so its neighbours keep away.
  private let padding: (SIMD16<Int>, SIMD16<Int>) = (.zero, .zero)

  /// Room for `samples` samples.
  init(samples: Int, features columns: Int) {
    (buffer, features) = Workspace.matrix(samples: samples, columns: columns)
    let size = features.panels + 1
    let start = UnsafeMutableRawPointer.allocate(
      byteCount: size * MemoryLayout<Range<Int>>.stride + 128, alignment: 128)
    unsafe gathered = .init(start: start.bindMemory(to: Range<Int>.self, capacity: size), count: size)
    unsafe gathered.initialize(repeating: 0..<0)
    forget()
  }

  deinit { unsafe gathered.deallocate() }

  /// The features of one panel.
  func columns(ofPanel panel: Int) -> Range<Int> { features.columns(ofPanel: panel) }

  /// Says that the samples of another step may have the same number.
  func forget() { unsafe gathered[features.panels] = -1 ..< -1 }

  /// The features of the samples of a step, of which those in `rows` and `columns` have been gathered.
  func gather(
    _ reader: SampleReader, _ kernels: Kernels, _ selection: SampleSelection, step: Int, rows: Range<Int>,
    columns: Range<Int>?
  ) -> PanelMatrix {
    let gathered = unsafe gathered
    if unsafe gathered[features.panels] != step..<step {
      unsafe gathered.update(repeating: 0..<0)
      unsafe gathered[features.panels] = step..<step
    }
    let width = PanelMatrix.panelWidth
    let columns = columns ?? 0..<features.columns
    var panel = columns.lowerBound / width
    let end = PanelMatrix.panels(of: columns.upperBound)
    while panel < end {
      // Neighbours of which the same is known are gathered together.
      let known = unsafe gathered[panel]
      let first = panel
      repeat { panel += 1 } while unsafe panel < end && gathered[panel] == known
      guard !(known.lowerBound <= rows.lowerBound && rows.upperBound <= known.upperBound) else { continue }
      let columns = first * width..<min(panel * width, features.columns)
      let all: Range<Int>
      if known.isEmpty || rows.upperBound < known.lowerBound || known.upperBound < rows.lowerBound {
        reader.readInputs(kernels, selection, into: features, rows: rows, columns: columns)
        all = rows
      } else {
        all = min(rows.lowerBound, known.lowerBound)..<max(rows.upperBound, known.upperBound)
        for rows in [all.lowerBound..<known.lowerBound, known.upperBound..<all.upperBound] where !rows.isEmpty {
          reader.readInputs(kernels, selection, into: features, rows: rows, columns: columns)
        }
      }
      for panel in first..<panel { unsafe gathered[panel] = all }
    }
    return features
  }
}
