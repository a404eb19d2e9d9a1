import Datasets
import Kernels
import NeuralNetworks

/// Memory that a thread has for itself.
final class WorkerMemory: @unchecked Sendable {
  private let scratchBuffer: FloatBuffer
  private let inputBuffer: FloatBuffer
  private let inputs: PanelMatrix
  /// The step whose samples are being gathered.
  private var step = -1
  /// For each panel of features, the rows that have been gathered.
  private var gathered: [Range<Int>]

  /// For partial sums of gradients.
  let scratch: FloatSlice

  init(scratch count: Int, samples: Int, features: Int) {
    scratchBuffer = FloatBuffer(count: count)
    scratch = scratchBuffer.all
    (inputBuffer, inputs) = Workspace.matrix(samples: samples, columns: features)
    gathered = .init(repeating: 0..<0, count: inputs.panels)
  }

  /// Says that the samples of another step may have the same number.
  func forgetInputs() { step = -1 }

  /// The features of the samples of a step, [samples, features], of which those in `rows` and `columns` have been gathered:
  /// the thread gathers what it needs when it first does.
  ///
  /// - Parameter columns: from the first of a panel; all unless given.
  func inputs(
    _ reader: SampleReader, _ kernels: Kernels, _ selection: SampleSelection, step: Int, rows: Range<Int>,
    columns: Range<Int>? = nil
  ) -> PanelMatrix {
    if step != self.step {
      for panel in gathered.indices { gathered[panel] = 0..<0 }
      self.step = step
    }
    let width = PanelMatrix.panelWidth
    let columns = columns ?? 0..<inputs.columns
    var panel = columns.lowerBound / width
    let end = PanelMatrix.panels(of: columns.upperBound)
    while panel < end {
      // Neighbours of which the same is known are gathered together.
      let known = gathered[panel]
      let first = panel
      repeat { panel += 1 } while panel < end && gathered[panel] == known
      guard !(known.lowerBound <= rows.lowerBound && rows.upperBound <= known.upperBound) else { continue }
      let columns = first * width..<min(panel * width, inputs.columns)
      func gather(_ rows: Range<Int>) {
        if !rows.isEmpty { reader.readInputs(kernels, selection, into: inputs, rows: rows, columns: columns) }
      }
      let all: Range<Int>
      if known.isEmpty || rows.upperBound < known.lowerBound || known.upperBound < rows.lowerBound {
        gather(rows)
        all = rows
      } else {
        all = min(rows.lowerBound, known.lowerBound)..<max(rows.upperBound, known.upperBound)
        gather(all.lowerBound..<known.lowerBound)
        gather(known.upperBound..<all.upperBound)
      }
      for panel in first..<panel { gathered[panel] = all }
    }
    return inputs
  }
}
