import Foundation
import Kernels
import NeuralNetworks
import Optimizers
import Testing

@testable import DataParallel

/// Clipping by the norm of the gradient of all parameters.
@Suite struct KeptGradientsTests {
  private static let bench = TrainingBench(
    widths: [200, 45, 33, 5], norms: [.preActivations], rate: 0.5, l2: 0, clipping: 1)

  private func trained(_ bench: TrainingBench, steps: Int = 1) -> Coordinator {
    let coordinator = bench.coordinator()
    _ = coordinator.train(steps: 0..<steps, of: bench.epoch(0))
    return coordinator
  }

  // MARK: The effect

  /// A bound that no gradient reaches changes no bit.
  @Test func aWideBoundChangesNothing() {
    var bench = Self.bench
    bench.clipping = 1e6
    let clipped = bench.trained()
    bench.clipping = nil
    #expect(bench.trained() == clipped)
    bench.clipping = 1e-3
    #expect(bench.trained() != clipped)
  }

  /// One step is as long as the bound says, and goes where the step without a bound goes.
  @Test func theStepHasTheLengthOfTheBound() {
    var bench = Self.bench
    /// The step of what is trained, over η.
    func gradient(_ clipping: Double?) -> [Double] {
      bench.clipping = clipping
      let (before, after) = (bench.initial, trained(bench).parameters)
      return after.layout.blocks.indices.filter { after.layout.blocks[$0].isTrained }.flatMap { block in
        zip(before[block], after.values(block: block)).map { (Double($0) - Double($1)) / bench.rate }
      }
    }
    func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let free = gradient(nil)
    let length = norm(free)
    #expect(length > 0.1)
    for factor in [0.5, 0.25, 0.9] {
      let clipped = gradient(factor * length)
      #expect(abs(norm(clipped) / (factor * length) - 1) < 1e-4)
      #expect(zip(clipped, free).allSatisfy { abs($0 - factor * $1) < 1e-5 })
    }
    #expect(norm(gradient(1.1 * length)) / length == 1)
  }

  // MARK: The norm

  /// The squares of the gradient that a coordinator has kept: of each tile, and of each unit in the order of the parameters.
  private func squares(_ coordinator: Coordinator, workers: Int) throws -> (tiles: [Double], units: [Double]) {
    let (plans, kept) = (try #require(coordinator.plans[workers]), try #require(coordinator.kept))
    let groups = coordinator.network.training.groups
    var tiles = [Double?](repeating: nil, count: plans.tiles.count)
    var units: [(ParameterUnit, Double)] = []
    for owner in 0..<workers {
      for index in 0..<plans.whole.owned(plans.whole.gradientPass, owner).count {
        guard case .gradient(let unit) = plans.whole.unit(plans.whole.gradientPass, owner, index) else { continue }
        let group = groups[unit.group]
        for gradient in 0..<group.count(rows: unit.rows) {
          let values = kept.gradient(gradient, of: unit)
          units.append((unit, Kernels.sumOfSquares(values)))
          plans.tiles.forEach(gradient, of: unit, group) { tile, rows in
            #expect(tiles[tile] == nil, "a tile belongs to one unit")
            let width = PanelMatrix.panelWidth
            tiles[tile] = Kernels.sumOfSquares(values[rows.lowerBound * width..<rows.upperBound * width])
          }
        }
      }
    }
    units.sort {
      ($0.0.group, $0.0.panel, $0.0.rows.lowerBound) < ($1.0.group, $1.0.panel, $1.0.rows.lowerBound)
    }
    #expect(!tiles.contains(nil))
    return (tiles.compactMap(\.self), units.map(\.1))
  }

  private static let workerCounts = [1, 2, 3, 4, 7, 8, 16]

  /// The squares of all tiles have the same bits for any number of workers, and so has their sum.
  @Test func tilesDoNotDependOnWorkers() throws {
    var bench = Self.bench
    var sums: [(tiles: [Double], units: [Double])] = []
    for workers in Self.workerCounts {
      (bench.execution, bench.threadLimit) = (.workers(.fixed(workers)), 1 + workers % 3)
      let coordinator = trained(bench)
      sums.append(try squares(coordinator, workers: workers))
      let factor = Clipping(norm: 1).factor(squares: sums.last!.tiles.reduce(0, +), divisor: Double(bench.batchSize))
      #expect(coordinator.kept?.factor == factor && factor < 1)
    }
    for other in sums.dropFirst() { #expect(other.tiles.map(\.bitPattern) == sums[0].tiles.map(\.bitPattern)) }
    // What units of work would come to depends on how many there are.
    #expect(Set(sums.map { $0.units.count }).count > 1)
    #expect(Set(sums.map { $0.units.reduce(0, +).bitPattern }).count > 1)
    let sum: Double = sums[0].tiles.reduce(0, +)
    for other in sums {
      let ofUnits: Double = other.units.reduce(0, +)
      #expect(abs(ofUnits / sum - 1) < 1e-12)
    }
  }

  /// The norm is that of all gradients, taken one after another in Double.
  @Test(arguments: [1, 7]) func theNormIsThatOfAllGradients(workers: Int) throws {
    var bench = Self.bench
    (bench.execution, bench.threadLimit) = (.workers(.fixed(workers)), 2)
    let coordinator = trained(bench)
    let kept = try #require(coordinator.kept)
    let plan = try #require(coordinator.plans[workers]).whole
    let groups = coordinator.network.training.groups
    var (squares, count) = (0.0, 0)
    for owner in 0..<workers {
      for index in 0..<plan.owned(plan.gradientPass, owner).count {
        guard case .gradient(let unit) = plan.unit(plan.gradientPass, owner, index) else { continue }
        for gradient in 0..<groups[unit.group].count(rows: unit.rows) {
          for value in kept.gradient(gradient, of: unit).array { squares += Double(value) * Double(value) }
          let columns = min(groups[unit.group].columns - unit.panel * PanelMatrix.panelWidth, PanelMatrix.panelWidth)
          count += (gradient == 0 ? unit.rows.count : 1) * columns
        }
      }
    }
    #expect(count == coordinator.network.layout.trainedCount, "no gradient is missing")
    let norm = squares.squareRoot() / Double(bench.batchSize)
    #expect(abs(Double(kept.factor) * (norm + 1e-6) - 1) < 1e-7)
    // Without the last bias it would be another.
    #expect(norm > 1 && abs(Double(kept.factor) * (norm * 0.9999 + 1e-6) - 1) > 1e-7)
  }

  /// A gradient that is not a number is not hidden by the factor.
  @Test func faultsAreNotHidden() {
    var bench = Self.bench
    (bench.norms, bench.hidden, bench.rate) = ([], .silu, 1e38)
    let coordinator = trained(bench, steps: 3)
    #expect(coordinator.parameters.values.contains { !$0.isFinite })
    #expect(Clipping(norm: 1).factor(squares: .nan, divisor: Double(1)).isNaN)
  }

  // MARK: Tiles

  /// Tiles are numbered one after another, group by group, panel by panel.
  @Test func tilesAreNumbered() {
    let groups = Self.bench.network.training.groups
    let tiles = GradientTiles(groups)
    var found: [Int] = []
    var place = 0
    for (index, group) in groups.enumerated() {
      for panel in 0..<group.panels {
        for first in stride(from: 0, to: group.rows, by: 64) {
          let unit = ParameterUnit(group: index, panel: panel, rows: first..<min(first + 64, group.rows), place: place)
          place += StepPlan.floats(of: unit, groups)
          for gradient in 0..<group.count(rows: unit.rows) {
            tiles.forEach(gradient, of: unit, group) { tile, rows in
              found.append(tile)
              #expect(rows.count > 0 && rows.count <= 32 && rows.upperBound <= max(unit.rows.count, 1))
            }
          }
        }
      }
    }
    #expect(found.sorted() == Array(0..<tiles.count))
  }
}
