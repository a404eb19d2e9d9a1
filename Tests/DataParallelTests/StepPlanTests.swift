import Kernels
import NeuralNetworks
import Testing

@testable import DataParallel

@Suite struct StepPlanTests {
  static let networks: [[Int]] = [
    [1, 1], [3, 1], [2, 2, 1], [70, 45, 33, 5], [784, 128, 10], [33, 200, 64], [5, 32, 32],
  ]

  private func network(_ widths: [Int]) -> Network {
    TrainingBench(widths: widths, output: .identity, loss: .squaredError).network
  }

  private func phaseOf(_ unit: WorkUnit) -> Int {
    switch unit {
    case .firstLayer: 0
    case .samples: 1
    case .parameters, .loss: 2
    }
  }

  /// What is wrong with a division of a step: nothing, if each row and each parameter is done once.
  private func problems(units: [WorkUnit], owned: [[Range<Int>]], rows: Int, network: Network) -> [String] {
    var problems: [String] = []
    var end = 0
    let dividesFirstLayer = PanelMatrix.panels(of: network.layers[0].units) > 1
    for (phase, ranges) in zip(dividesFirstLayer ? 0... : 1..., owned) {
      for range in ranges {
        if range.lowerBound != end { problems.append("phase \(phase): units from \(end) on are nobody's") }
        end = range.upperBound
      }
      let start = ranges[0].lowerBound
      if units[start..<max(end, start)].contains(where: { phaseOf($0) != phase }) {
        problems.append("a unit of another phase in phase \(phase)")
      }
    }
    if end != units.count { problems.append("units without an owner") }

    var visits = [Int](repeating: 0, count: rows)
    var parameters = network.layers.map { layer in
      [[Int]](repeating: .init(repeating: 0, count: layer.inputs), count: PanelMatrix.panels(of: layer.units))
    }
    var losses = 0
    var firstLayer = [[Int]](
      repeating: .init(repeating: 0, count: rows), count: PanelMatrix.panels(of: network.layers[0].units))
    for unit in units {
      switch unit {
      case .firstLayer(let panel, let range): for row in range { firstLayer[panel][row] += 1 }
      case .samples(let range, let from):
        if from != (dividesFirstLayer ? 1 : 0) { problems.append("samples from layer \(from)") }
        for row in range { visits[row] += 1 }
        if from == 0 { for panel in firstLayer.indices { for row in range { firstLayer[panel][row] += 1 } } }
      case .parameters(let layer, let panel, let inputs):
        if inputs.lowerBound % PanelMatrix.panelWidth != 0 { problems.append("a block begins inside a panel") }
        for input in inputs { parameters[layer][panel][input] += 1 }
      case .loss: losses += 1
      }
    }
    if firstLayer.joined().contains(where: { $0 != 1 }) { problems.append("first layer: \(firstLayer)") }
    if visits.contains(where: { $0 != 1 }) { problems.append("rows: \(visits)") }
    if parameters.joined().joined().contains(where: { $0 != 1 }) { problems.append("parameters: \(parameters)") }
    if losses != 1 { problems.append("the loss is summed \(losses) times") }
    return problems
  }

  @Test(arguments: networks, [1, 2, 3, 4, 7, 16, 40]) func everythingIsDoneOnce(widths: [Int], workers: Int) {
    let network = network(widths)
    for rows in [1, 2, 3, 5, 12, 31, 32, 33, 119, 128, 600] {
      for tileRows in [6, 12] {
        let plan = StepPlan(
          network, shards: GradientShards(rows: rows, shardRows: 16), workers: workers, tileRows: tileRows)
        #expect(plan.rows == rows)
        #expect(
          plan.phases == (widths[1] > PanelMatrix.panelWidth ? 3 : 2) && plan.owned.allSatisfy { $0.count == workers })
        #expect(problems(units: plan.units, owned: plan.owned, rows: rows, network: network) == [])
      }
    }
  }

  @Test func scratchSuffices() {
    let network = network([784, 128, 10])
    for rows in [1, 5, 128, 600] {
      for workers in [1, 2, 16] {
        let shards = GradientShards(rows: rows, shardRows: 5)
        let plan = StepPlan(network, shards: shards, workers: workers, tileRows: 12)
        for case .parameters(_, _, let inputs) in plan.units {
          #expect(plan.scratch >= shards.partialSums * inputs.count * PanelMatrix.panelWidth)
        }
      }
    }
  }

  /// Workers up to the rows all have rows, and none has more than twice its share and one tile.
  @Test func rowsAreShared() {
    for workers in [1, 2, 3, 8] {
      let plan = StepPlan(
        network([70, 45, 5]), shards: GradientShards(rows: 96, shardRows: 96), workers: workers, tileRows: 12)
      let rows = plan.owned[1].map { range in
        plan.units[range].reduce(0) { sum, unit in
          if case .samples(let rows, _) = unit { sum + rows.count } else { sum }
        }
      }
      #expect(rows.allSatisfy { $0 > 0 && $0 <= 2 * 96 / workers + 12 }, "\(rows)")
    }
  }

  /// What a worker gathers first covers its units of the first layer, and shrinks where the samples are divided.
  @Test(arguments: networks, [1, 2, 3, 4, 7, 16, 40]) func inputRowsCoverTheFirstLayer(widths: [Int], workers: Int) {
    let plan = StepPlan(
      network(widths), shards: GradientShards(rows: 128, shardRows: 128), workers: workers, tileRows: 12)
    #expect(plan.inputRows.count == workers)
    for (owned, gathered) in zip(plan.owned[0], plan.inputRows) {
      let rows = plan.units[owned].flatMap { unit -> [Int] in
        switch unit {
        case .firstLayer(_, let rows), .samples(let rows, from: 0): Array(rows)
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
  @Test func mistakesAreNoticed() {
    let network = network([70, 45, 33, 5])
    let plan = StepPlan(network, shards: GradientShards(rows: 33, shardRows: 16), workers: 3, tileRows: 12)
    func problems(_ units: [WorkUnit], _ owned: [[Range<Int>]]? = nil) -> [String] {
      self.problems(units: units, owned: owned ?? plan.owned, rows: 33, network: network)
    }
    #expect(problems(plan.units) == [])
    for index in plan.units.indices {
      var units = plan.units
      units[index] = index == 0 ? plan.units[1] : plan.units[0]
      #expect(problems(units) != [])
    }
    var owned = plan.owned
    owned[1][2] = owned[1][2].dropLast()
    #expect(problems(plan.units, owned) != [])
    owned = plan.owned
    owned[0][1] = owned[0][1].dropFirst()
    #expect(problems(plan.units, owned) != [])
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
