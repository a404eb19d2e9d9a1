import Datasets
import Kernels
import NeuralNetworks
import Testing

@testable import DataParallel

@Suite struct StepInputsTests {
  private static let samples = 20
  private static let features = 70
  private static let order = (0..<Int32(40)).map { $0 * 7 % 53 }
  private let bench = TrainingBench(widths: [features, 5], samples: 53)
  private let order = SampleOrder(order)

  private var reader: SampleReader { SampleReader(bench.table, scaling: bench.scaling) }

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
    let memory = GatheredFeatures(samples: Self.samples, features: Self.features)
    let reader = reader
    func request(_ rows: Range<Int>, _ columns: Range<Int>?, step: Int = 3, first: Int = 0) -> [[Bool]] {
      gathered(
        memory.gather(reader, .best, order.selection(from: first), step: step, rows: rows, columns: columns),
        first: first)
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
    memory.forget()
    #expect(request(0..<2, 0..<32, step: 4, first: 10) == expected([0..<2, 0..<0, 0..<0]))
  }

  /// Rows that do not touch those at hand are gathered alone, and the others again when they are asked for.
  @Test func gathersRowsApart() {
    let memory = GatheredFeatures(samples: Self.samples, features: Self.features)
    let reader = reader
    for rows in [0..<3, 10..<12, 1..<2, 5..<11, 0..<20] {
      let inputs = memory.gather(reader, .best, order.selection(from: 0), step: 0, rows: rows, columns: nil)
      #expect(gathered(inputs, first: 0).allSatisfy { panel in rows.allSatisfy { panel[$0] } }, "\(rows)")
    }
  }

  /// Step s has the samples from s times the batch size on, and each thread memory of its own.
  @Test func samplesOfSteps() {
    let memory = (0..<2).map { _ in GatheredFeatures(samples: 10, features: Self.features) }
    let inputs = StepInputs(.best, reader, order: order, batchSize: 10, threads: memory)
    func features(thread: Int, step: Int, _ rows: Range<Int>) -> [Float] {
      let features = inputs.features(thread: thread, step: step, rows: rows)
      return rows.flatMap { row in (0..<Self.features).map { features[row, $0] } }
    }
    func expected(step: Int, _ rows: Range<Int>) -> [Float] {
      rows.flatMap { row in (0..<Self.features).map { value(row, $0, first: step * 10) } }
    }
    #expect(features(thread: 0, step: 1, 0..<10) == expected(step: 1, 0..<10))
    #expect(features(thread: 1, step: 3, 2..<10) == expected(step: 3, 2..<10))
    // What the first thread has gathered is still there, though the second is elsewhere.
    #expect(features(thread: 0, step: 1, 3..<4) == expected(step: 1, 3..<4))
    #expect(features(thread: 0, step: 2, 3..<4) == expected(step: 2, 3..<4))
    #expect(expected(step: 2, 3..<4) != expected(step: 1, 3..<4))
    #expect(inputs.columns(ofPanel: 0) == 0..<32 && inputs.columns(ofPanel: 2) == 64..<70)
  }

  /// Memory that comes from another epoch is not taken for that of this one.
  @Test func anotherEpochBeginsWithNothing() {
    let memory = GatheredFeatures(samples: 10, features: Self.features)
    func first(_ order: SampleOrder) -> Float {
      StepInputs(.best, reader, order: order, batchSize: 10, threads: [memory])
        .features(thread: 0, step: 0, rows: 0..<10)[0, 0]
    }
    let other = SampleOrder(Self.order.reversed())
    #expect(first(order) == bench.features[Int(Self.order[0]) * Self.features])
    #expect(first(other) == bench.features[Int(Self.order[39]) * Self.features])
    #expect(first(order) != first(other))
  }

  /// The targets of the rows that are asked for, and no others.
  @Test func targetsOfSteps() {
    let inputs = StepInputs(
      .best, reader, order: order, batchSize: 10, threads: [GatheredFeatures(samples: 10, features: Self.features)])
    let (buffer, targets) = Workspace.matrix(samples: 10, columns: 5)
    inputs.readTargets(step: 2, rows: 3..<7, into: targets)
    for row in 0..<10 {
      let label = bench.labels[Int(Self.order[20 + row])]
      #expect((0..<5).map { targets[row, $0] } == (0..<5).map { (3..<7).contains(row) && $0 == label ? 1 : 0 })
    }
    withExtendedLifetime(buffer) {}
  }
}
