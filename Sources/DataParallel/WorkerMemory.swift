import Datasets
import Kernels
import NeuralNetworks

/// Memory that a thread has for itself, on cache lines that it shares with no other thread.
@safe final class WorkerMemory: @unchecked Sendable {
  private let scratchBuffer: FloatBuffer
  private let inputBuffer: FloatBuffer
  private let inputs: PanelMatrix
  /// For each panel of features, the rows that have been gathered; after the panels, the step that they are samples of.
  private let gathered: UnsafeMutableBufferPointer<Range<Int>>

  /// For partial sums of gradients.
  let scratch: FloatSlice

  /// To use an object is to count a reference to it, which writes to its first cache line: so its neighbours keep away.
  private let padding: (SIMD16<Int>, SIMD16<Int>) = (.zero, .zero)

  init(scratch count: Int, samples: Int, features: Int) {
    scratchBuffer = FloatBuffer(count: count)
    scratch = scratchBuffer.all
    (inputBuffer, inputs) = Workspace.matrix(samples: samples, columns: features)
    let size = inputs.panels + 1
    let start = UnsafeMutableRawPointer.allocate(
      byteCount: size * MemoryLayout<Range<Int>>.stride + 128, alignment: 128)
    unsafe gathered = .init(start: start.bindMemory(to: Range<Int>.self, capacity: size), count: size)
    unsafe gathered.initialize(repeating: 0..<0)
    forgetInputs()
  }

  deinit { unsafe gathered.deallocate() }

  /// Says that the samples of another step may have the same number.
  func forgetInputs() { unsafe gathered[inputs.panels] = -1 ..< -1 }

  /// The features of the samples of a step, [samples, features], of which those in `rows` and `columns` have been gathered:
  /// the thread gathers what it needs when it first does.
  ///
  /// - Parameter columns: from the first of a panel; all unless given.
  func inputs(
    _ reader: SampleReader, _ kernels: Kernels, _ selection: SampleSelection, step: Int, rows: Range<Int>,
    columns: Range<Int>? = nil
  ) -> PanelMatrix {
    let gathered = unsafe gathered
    if unsafe gathered[inputs.panels] != step..<step {
      unsafe gathered.update(repeating: 0..<0)
      unsafe gathered[inputs.panels] = step..<step
    }
    let width = PanelMatrix.panelWidth
    let columns = columns ?? 0..<inputs.columns
    var panel = columns.lowerBound / width
    let end = PanelMatrix.panels(of: columns.upperBound)
    while panel < end {
      // Neighbours of which the same is known are gathered together.
      let known = unsafe gathered[panel]
      let first = panel
      repeat { panel += 1 } while unsafe panel < end && gathered[panel] == known
      guard !(known.lowerBound <= rows.lowerBound && rows.upperBound <= known.upperBound) else { continue }
      let columns = first * width..<min(panel * width, inputs.columns)
      let all: Range<Int>
      if known.isEmpty || rows.upperBound < known.lowerBound || known.upperBound < rows.lowerBound {
        reader.readInputs(kernels, selection, into: inputs, rows: rows, columns: columns)
        all = rows
      } else {
        all = min(rows.lowerBound, known.lowerBound)..<max(rows.upperBound, known.upperBound)
        for rows in [all.lowerBound..<known.lowerBound, known.upperBound..<all.upperBound] where !rows.isEmpty {
          reader.readInputs(kernels, selection, into: inputs, rows: rows, columns: columns)
        }
      }
      for panel in first..<panel { unsafe gathered[panel] = all }
    }
    return inputs
  }
}
