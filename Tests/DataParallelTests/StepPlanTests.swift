import Kernels
import NeuralNetworks
import Testing

@testable import DataParallel

@Suite struct StepPlanTests {
  static let networks: [[Int]] = [
    [1, 1], [3, 1], [2, 2, 1], [70, 45, 33, 5], [784, 128, 10], [33, 200, 64], [5, 32, 32],
  ]

  private func bench(_ widths: [Int], shardRows: Int = 16) -> TrainingBench {
    TrainingBench(widths: widths, output: .identity, loss: .squaredError, shardRows: shardRows)
  }

  /// What is wrong with a division of a step: nothing, if each stage of each row and panel is done once, and each parameter
  /// and each sum too.
  private func problems(
    _ bench: TrainingBench, units: [WorkUnit], owned: [[Range<Int>]], rows: Int, workers: Int, splitsTree: Bool = false
  ) -> [String] {
    let program = bench.network.training
    let programPasses = Pass.passes(of: program.stages, workers: workers)
    let shards = GradientShards(rows: rows, shardRows: bench.shardRows).count
    var problems: [String] = []
    var end = 0
    for (pass, ranges) in owned.enumerated() {
      for range in ranges {
        if range.lowerBound != end { problems.append("pass \(pass): units from \(end) on are nobody's") }
        end = range.upperBound
      }
      let start = ranges[0].lowerBound
      for unit in units[start..<max(end, start)] {
        let home: Int =
          switch unit {
          case .rows(let pass, _), .panel(let pass, _, _): programPasses.firstIndex(of: pass) ?? -1
          case .gradient, .leaf, .loss: programPasses.count
          case .join, .norm: programPasses.count + 1
          case .update: programPasses.count + 2
          }
        if home != pass { problems.append("\(unit) in pass \(pass)") }
      }
    }
    if end != units.count { problems.append("units without an owner") }

    var stages = program.stages.map { [[Int]](repeating: .init(repeating: 0, count: rows), count: $0.panels) }
    func parameters() -> [[[Int]]] {
      program.groups.map { [[Int]](repeating: .init(repeating: 0, count: $0.rows), count: $0.panels) }
    }
    var (gradients, joins, updates) = (parameters(), parameters(), parameters())
    var leaves = (0..<shards).map { _ in parameters() }
    func count(_ unit: ParameterUnit, _ visits: inout [[[Int]]]) {
      if unit.rows.lowerBound % PanelMatrix.panelWidth != 0 { problems.append("a block begins inside a panel") }
      for row in unit.rows { visits[unit.group][unit.panel][row] += 1 }
    }
    var (losses, norms) = (0, 0)
    for unit in units {
      switch unit {
      case .rows(let pass, let rows):
        for stage in pass.stages {
          for panel in stages[stage].indices { for row in rows { stages[stage][panel][row] += 1 } }
        }
      case .panel(let pass, let panel, let rows):
        for stage in pass.stages { for row in rows { stages[stage][panel][row] += 1 } }
      case .gradient(let unit): count(unit, &gradients)
      case .leaf(let unit, let shard): count(unit, &leaves[shard])
      case .join(let unit): count(unit, &joins)
      case .update(let unit): count(unit, &updates)
      case .loss: losses += 1
      case .norm: norms += 1
      }
    }
    if stages.joined().joined().contains(where: { $0 != 1 }) { problems.append("stages: \(stages)") }
    func expect(_ visits: [[[Int]]], _ count: Int, _ name: String) {
      if visits.joined().joined().contains(where: { $0 != count }) { problems.append("\(name): \(visits)") }
    }
    let isClipped = bench.clipping != nil
    expect(gradients, splitsTree ? 0 : 1, "gradients")
    for leaves in leaves { expect(leaves, splitsTree ? 1 : 0, "leaves") }
    expect(joins, splitsTree ? 1 : 0, "joins")
    expect(updates, isClipped ? 1 : 0, "updates")
    if losses != 1 { problems.append("the loss is summed \(losses) times") }
    if norms != (isClipped ? 1 : 0) { problems.append("the norm is taken \(norms) times") }
    return problems
  }

  @Test(arguments: networks, [1, 2, 3, 4, 7, 16, 40]) func everythingIsDoneOnce(widths: [Int], workers: Int) {
    let bench = bench(widths)
    for rows in [1, 2, 3, 5, 12, 31, 32, 33, 119, 128, 600] {
      for tileRows in [6, 12] {
        let plan = bench.plan(workers: workers, rows: rows, tileRows: tileRows, splitsTree: false)
        #expect(
          plan.passes == (widths[1] > PanelMatrix.panelWidth ? 3 : 2) && plan.owned.allSatisfy { $0.count == workers })
        #expect(zip(plan.owned, plan.unitsOfPass).allSatisfy { $0.reduce(0) { $0 + $1.count } == $1 && $1 > 0 })
        #expect(problems(bench, units: plan.units, owned: plan.owned, rows: rows, workers: workers) == [])
      }
    }
  }

  /// The same with statistics of the mini-batch, with a tree of shards that is divided, and with clipping.
  @Test(arguments: networks, [1, 2, 3, 4, 7, 16]) func everythingIsDoneOnceWithMorePasses(widths: [Int], workers: Int) {
    for (norms, clipping, splitsTree) in [
      ([.preActivations], nil, false), ([.features, .activations], nil, true), ([], nil, true), ([], 1, false),
      ([.activations], 1, true),
    ] as [(Set<TrainingBench.Norm>, Double?, Bool)] {
      var bench = bench(widths)
      (bench.norms, bench.clipping, bench.dropout) = (norms, clipping, 0.5)
      for rows in [1, 16, 33, 128] {
        let plan = bench.plan(workers: workers, rows: rows, splitsTree: splitsTree)
        #expect(plan.splitsTree == (splitsTree && clipping == nil))
        #expect(
          plan.passes - plan.gradientPass == (clipping != nil ? 3 : splitsTree ? 2 : 1), "passes of the parameters")
        #expect(
          problems(
            bench, units: plan.units, owned: plan.owned, rows: rows, workers: workers, splitsTree: plan.splitsTree)
            == [])
      }
    }
  }

  @Test func scratchSuffices() {
    for rows in [1, 5, 128, 600] {
      for workers in [1, 2, 16] {
        let plan = bench([784, 128, 10], shardRows: 5).plan(workers: workers, rows: rows)
        let shards = GradientShards(rows: rows, shardRows: 5)
        for case .gradient(let unit) in plan.units {
          #expect(plan.scratch >= shards.partialSums * unit.rows.count * PanelMatrix.panelWidth)
        }
        #expect(plan.scratch >= Kernels.statisticsScratch)
      }
    }
  }

  /// Gradients that are kept lie apart from each other, in the memory that there is.
  @Test(arguments: [1, 2, 7]) func keptGradientsLieApart(workers: Int) {
    var bench = bench([70, 45, 33, 5])
    (bench.norms, bench.clipping) = ([.preActivations], 1)
    let groups = bench.network.training.groups
    func expectApart(_ ranges: [Range<Int>], _ plan: StepPlan) {
      let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
      #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
      #expect(sorted[0].lowerBound >= 0 && sorted.last!.upperBound <= plan.keptFloats)
    }
    let clipped = bench.plan(workers: workers)
    var ranges: [Range<Int>] = []
    for case .gradient(let unit) in clipped.units {
      ranges.append(unit.place..<unit.place + StepPlan.floats(of: unit, groups))
    }
    expectApart(ranges, clipped)

    bench.clipping = nil
    let (split, shards) = (bench.plan(workers: workers, rows: 40, splitsTree: true), 3)
    ranges = []
    for case .leaf(let unit, let shard) in split.units {
      let floats = StepPlan.floats(of: unit, groups)
      ranges.append(unit.place * shards + shard * floats..<unit.place * shards + (shard + 1) * floats)
    }
    expectApart(ranges, split)
    #expect(bench.plan(workers: workers, splitsTree: false).keptFloats == 0)
  }

  /// Workers up to the rows all have rows, and none has more than twice its share and one tile.
  @Test func rowsAreShared() {
    for workers in [1, 2, 3, 8] {
      let plan = bench([70, 45, 5], shardRows: 96).plan(workers: workers, rows: 96)
      let rows = plan.owned[1].map { range in
        plan.units[range].reduce(0) { sum, unit in if case .rows(_, let rows) = unit { sum + rows.count } else { sum } }
      }
      #expect(rows.allSatisfy { $0 > 0 && $0 <= 2 * 96 / workers + 12 }, "\(rows)")
    }
  }

  /// What a worker gathers first covers its units of the first pass, and shrinks where the samples are divided.
  @Test(arguments: networks, [1, 2, 3, 4, 7, 16, 40]) func inputRowsCoverTheFirstPass(widths: [Int], workers: Int) {
    let plan = bench(widths, shardRows: 128).plan(workers: workers, rows: 128)
    #expect(plan.inputRows.count == workers)
    for (owned, gathered) in zip(plan.owned[0], plan.inputRows) {
      let rows = plan.units[owned].flatMap { unit -> [Int] in
        switch unit {
        case .panel(_, _, let rows), .rows(_, let rows): Array(rows)
        default: []
        }
      }
      #expect(gathered == (rows.isEmpty ? 0..<0 : rows.min()!..<rows.max()! + 1))
    }
    if widths == [784, 128, 10] {
      #expect(plan.inputRows.map(\.count).max() == (workers <= 4 ? 128 : [7: 73, 16: 32, 40: 13][workers]))
    }
  }

  /// A unit that is missing, doubled or without an owner is noticed.
  @Test(arguments: [false, true], [nil, 1.0]) func mistakesAreNoticed(splitsTree: Bool, clipping: Double?) {
    var bench = bench([70, 45, 33, 5])
    (bench.norms, bench.clipping) = ([.preActivations], clipping)
    let plan = bench.plan(workers: 3, rows: 33, splitsTree: splitsTree)
    func problems(_ units: [WorkUnit], _ owned: [[Range<Int>]]? = nil) -> [String] {
      self.problems(
        bench, units: units, owned: owned ?? plan.owned, rows: 33, workers: 3, splitsTree: plan.splitsTree)
    }
    #expect(problems(plan.units) == [])
    for index in plan.units.indices {
      var units = plan.units
      units[index] = index == 0 ? plan.units[1] : plan.units[0]
      #expect(problems(units) != [])
    }
    for pass in plan.owned.indices {
      for change in [{ $0.dropLast() }, { $0.dropFirst() }] as [(Range<Int>) -> Range<Int>] {
        var owned = plan.owned
        guard let worker = owned[pass].firstIndex(where: { !$0.isEmpty }) else { continue }
        owned[pass][worker] = change(owned[pass][worker])
        #expect(problems(plan.units, owned) != [])
      }
    }
  }

  @Test func divisionIsCompleteAndEven() {
    for count in 0...40 {
      for parts in 1...9 {
        let even = divideEvenly(count, into: parts)
        #expect(even.flatMap(Array.init) == Array(0..<count))
        #expect(even.allSatisfy { $0.count == count / parts || $0.count == count / parts + 1 })
        let ranges = divide((0..<count).map { $0 % 5 + 1 }, among: parts)
        #expect(ranges.count == parts && ranges.flatMap(Array.init) == Array(0..<count))
      }
    }
    #expect(divide([4, 4, 4, 4], among: 2) == [0..<2, 2..<4])
    #expect(divide([9, 1, 1, 1], among: 2) == [0..<1, 1..<4])
  }
}
