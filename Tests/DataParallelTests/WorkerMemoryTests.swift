import Datasets
import Kernels
import Testing

@testable import DataParallel

@Suite struct WorkerMemoryTests {
  private static let samples = 20
  private static let features = 70
  private static let order = (0..<Int32(40)).map { $0 * 7 % 53 }
  private let bench = TrainingBench(widths: [features, 5], samples: 53)

  /// A value of x; none is 0 or 1, so that it shows what was gathered.
  private func value(_ row: Int, _ column: Int, first: Int) -> Float {
    bench.features[Int(Self.order[first + row]) * Self.features + column]
  }

  /// Which of the values of `inputs` are those of the samples from `first` on: [panel][row].
  private func gathered(_ inputs: PanelMatrix, first: Int) -> [[Bool]] {
    (0..<inputs.panels).map { panel in
      (0..<Self.samples).map { row in
        inputs.columns(ofPanel: panel).allSatisfy { inputs[row, $0] == value(row, $0, first: first) }
      }
    }
  }

  private func expected(_ rows: [Range<Int>]) -> [[Bool]] {
    rows.map { rows in (0..<Self.samples).map { rows.contains($0) } }
  }

  /// Requests one after another, and what has been gathered after each: no less than was asked for, and no more.
  @Test func gathersWhatIsNeeded() {
    let memory = WorkerMemory(scratch: 1, samples: Self.samples, features: Self.features)
    let reader = SampleReader(bench.table, scaling: bench.scaling)
    func request(_ rows: Range<Int>, _ columns: Range<Int>?, step: Int = 3, first: Int = 0) -> [[Bool]] {
      let selection = SampleSelection(order: Self.order, first: first)
      return gathered(
        memory.inputs(reader, .best, selection, step: step, rows: rows, columns: columns), first: first)
    }
    #expect(request(4..<7, 32..<64) == expected([0..<0, 4..<7, 0..<0]))
    #expect(request(5..<6, 32..<64) == expected([0..<0, 4..<7, 0..<0]))
    #expect(request(7..<9, 32..<70) == expected([0..<0, 4..<9, 7..<9]))
    #expect(request(2..<10, 0..<64) == expected([2..<10, 2..<10, 7..<9]))
    #expect(request(0..<20, 64..<70) == expected([2..<10, 2..<10, 0..<20]))
    #expect(request(0..<20, nil) == expected([0..<20, 0..<20, 0..<20]))
    // Samples of another step.
    #expect(request(1..<3, nil, step: 4, first: 20) == expected([1..<3, 1..<3, 1..<3]))
    // The same number, but of another epoch.
    memory.forgetInputs()
    #expect(request(0..<2, 0..<32, step: 4, first: 10) == expected([0..<2, 0..<0, 0..<0]))
  }

  /// Rows that do not touch those at hand are gathered alone, and the others again when they are asked for.
  @Test func gathersRowsApart() {
    let memory = WorkerMemory(scratch: 1, samples: Self.samples, features: Self.features)
    let reader = SampleReader(bench.table, scaling: bench.scaling)
    let selection = SampleSelection(order: Self.order, first: 0)
    for rows in [0..<3, 10..<12, 1..<2, 5..<11, 0..<20] {
      let inputs = memory.inputs(reader, .best, selection, step: 0, rows: rows)
      #expect(gathered(inputs, first: 0).allSatisfy { panel in rows.allSatisfy { panel[$0] } }, "\(rows)")
    }
  }
}
