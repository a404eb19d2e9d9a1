import Kernels
import Testing

@testable import DataParallel
@testable import NeuralNetworks

@Suite struct PassesTests {
  private func stages(
    _ widths: [Int], norms: Set<TrainingBench.Norm> = [], dropout: Float = 0, hidden: ActivationKind = .relu
  ) -> [Stage] {
    TrainingBench(widths: widths, hidden: hidden, norms: norms, dropout: dropout).network.training.stages
  }

  /// Passes as a text: the stages of each, and how it is divided.
  private func passes(_ stages: [Stage], workers: Int) -> [String] {
    Pass.passes(of: stages, workers: workers).map {
      "\($0.stages.lowerBound)..<\($0.stages.upperBound) \($0.division)"
    }
  }

  // MARK: Dense networks

  /// The first layer by panels, all else by rows; the parameters are a pass of the plan. Panels are cut into blocks of rows
  /// where the workers cannot share them evenly.
  @Test(arguments: [1, 2, 3, 4, 7, 16, 40]) func denseNetworks(workers: Int) {
    for (widths, panels) in [([70, 45, 33, 5], 2), ([784, 128, 10], 4), ([5, 200, 64, 3], 7)] {
      for (dropout, hidden) in [(0, .tanh), (0.5, .relu), (0.5, .silu)] as [(Float, ActivationKind)] {
        let stages = stages(widths, dropout: dropout, hidden: hidden)
        #expect(
          passes(stages, workers: workers)
            == ["0..<1 \(panels % workers == 0 ? "panels" : "panelsAndRows")", "1..<\(stages.count) rows"])
      }
    }
    for widths in [[70, 32, 33, 5], [5, 3], [1, 1]] {
      let stages = stages(widths)
      #expect(passes(stages, workers: workers) == ["0..<\(stages.count) rows"])
    }
    // A softmax on the loss of squares works on whole rows, which is no wall.
    let brier = TrainingBench(widths: [70, 64, 5], loss: .squaredError).network.training.stages
    #expect(passes(brier, workers: workers).count == 2)
  }

  /// A layer of two panels and one of one: product and activation, product, loss; δ of the first layer.
  @Test func stagesOfADenseNetwork() {
    let stages = stages([70, 45, 5])
    #expect(stages.map(\.panels) == [2, 1, 1, 2])
    #expect(stages.map(\.readsFeatures) == [true, false, false, false])
    #expect(stages.map(\.readsAllPanels) == [true, true, true, true])
    #expect(stages.map(\.readsTargets) == [false, false, true, false])
    #expect(stages.map(\.readsAllRows) == [false, false, false, false])
  }

  // MARK: Batch normalization

  /// Product · statistics · normalization and activation · product · loss · δ and derivative · sums · δ.
  @Test func wallsOfStatistics() {
    let stages = stages([5, 64, 3], norms: [.preActivations])
    #expect(stages.map(\.panels) == [2, 2, 2, 1, 1, 2, 2, 2])
    #expect(stages.map(\.readsAllRows) == [false, true, false, false, false, false, true, false])
    // Panels that divide evenly: the first layer takes its statistics and its normalization into the same pass.
    for workers in [1, 2] {
      #expect(passes(stages, workers: workers) == ["0..<3 panels", "3..<6 rows", "6..<8 panels"])
    }
    for workers in [3, 4, 7, 16] {
      #expect(
        passes(stages, workers: workers)
          == ["0..<1 panelsAndRows", "1..<2 panels", "2..<6 rows", "6..<7 panels", "7..<8 rows"])
    }
  }

  /// The features are there already: no wall before their statistics, and no δ behind their sums.
  @Test func normalizationOfFeatures() {
    let stages = stages([70, 5], norms: [.features])
    #expect(stages.map(\.panels) == [3, 3, 1, 1, 3, 3])
    #expect(stages.map(\.readsFeatures) == [true, true, false, false, false, true])
    for workers in [1, 3] {
      #expect(passes(stages, workers: workers) == ["0..<2 panels", "2..<5 rows", "5..<6 panels"])
    }
    #expect(passes(stages, workers: 2) == ["0..<1 panels", "1..<5 rows", "5..<6 panels"])
  }

  /// Behind an activation of one panel: with one worker all that goes panel by panel is one pass.
  @Test func normalizationOfActivations() {
    let stages = stages([70, 20, 5], norms: [.activations], dropout: 0.5)
    // Product and activation · statistics · normalization and dropout · product · loss · δ and dropout · sums · δ and derivative.
    #expect(stages.map(\.panels) == [1, 1, 1, 1, 1, 1, 1, 1])
    #expect(passes(stages, workers: 1) == ["0..<1 rows", "1..<3 panels", "3..<6 rows", "6..<8 panels"])
    #expect(
      passes(stages, workers: 2) == ["0..<1 rows", "1..<2 panels", "2..<6 rows", "6..<7 panels", "7..<8 rows"])
  }

  // MARK: The rule

  /// What is wrong with passes: a stage that needs what other units of its pass make, a stage that is left out, or a wall
  /// without a need.
  private func problems(_ passes: [Pass], of stages: [Stage], workers: Int) -> [String] {
    var problems: [String] = []
    if passes.flatMap({ Array($0.stages) }) != Array(stages.indices) { problems.append("not all stages in order") }
    /// Whether a stage may come behind the first of a pass.
    func mayFollow(_ stage: Stage, _ first: Stage, _ division: Pass.Division) -> Bool {
      switch division {
      // A unit has all panels of some rows.
      case .rows: !stage.readsAllRows
      // A unit has all rows of one panel.
      case .panels: !stage.readsAllPanels && stage.panels == first.panels
      case .panelsAndRows: !stage.readsAllPanels && !stage.readsAllRows && stage.panels == first.panels
      }
    }
    for (index, pass) in passes.enumerated() {
      let first = stages[pass.stages.lowerBound]
      if first.readsAllRows && pass.division != .panels { problems.append("\(pass.stages) cannot be divided so") }
      for stage in pass.stages.dropFirst() where !mayFollow(stages[stage], first, pass.division) {
        problems.append("stage \(stage) needs what other units of \(pass.stages) make")
      }
      guard index + 1 < passes.count else { continue }
      let next = stages[pass.stages.upperBound]
      // The first layer is divided by panels so that its weights stay where they are; panels that do not divide evenly
      // are left as soon as possible.
      let isChosen = pass.division != .rows && (first.panels % workers != 0 || index == 0)
      if mayFollow(next, first, pass.division) && !isChosen {
        problems.append("no wall is needed after \(pass.stages)")
      }
    }
    return problems
  }

  private static let networks: [(widths: [Int], norms: Set<TrainingBench.Norm>, dropout: Float)] = [
    ([70, 45, 33, 5], [], 0), ([70, 45, 33, 5], [.preActivations], 0.5),
    ([70, 45, 33, 5], [.features, .activations], 0),
    ([33, 128, 128, 10], [.features, .preActivations, .activations], 0.5), ([1, 1, 1], [.activations], 0),
  ]

  @Test(arguments: networks.indices, [1, 2, 3, 4, 7, 16]) func theRuleHolds(index: Int, workers: Int) {
    let (widths, norms, dropout) = Self.networks[index]
    let stages = stages(widths, norms: norms, dropout: dropout)
    #expect(problems(Pass.passes(of: stages, workers: workers), of: stages, workers: workers) == [])
  }

  /// Passes that are joined or cut at any place break the rule.
  @Test(arguments: [1, 3]) func otherPassesAreNoticed(workers: Int) {
    let stages = stages([70, 45, 33, 5], norms: [.preActivations])
    let passes = Pass.passes(of: stages, workers: workers)
    #expect(passes.count == (workers == 1 ? 7 : 9), "\(passes.map(\.stages))")
    for index in 1..<passes.count {
      // A stage by itself could go with the next by panels too.
      for division in [Pass.Division.rows, .panels, .panelsAndRows]
      where division == .rows || passes[index - 1].stages.count > 1 {
        var joined = passes
        joined[index - 1...index] = [
          Pass(
            passes[index - 1].stages.lowerBound..<passes[index].stages.upperBound, of: stages, division: division)
        ]
        #expect(problems(joined, of: stages, workers: workers) != [], "\(index), \(division)")
      }
    }
    for (index, pass) in passes.enumerated() where pass.division == .rows && pass.stages.count > 1 {
      var cut = passes
      let middle = pass.stages.lowerBound + 1
      cut[index...index] = [
        Pass(pass.stages.lowerBound..<middle, of: stages, division: .rows),
        Pass(middle..<pass.stages.upperBound, of: stages, division: .rows),
      ]
      #expect(problems(cut, of: stages, workers: workers) != [])
    }
    #expect(problems(Array(passes.dropLast()), of: stages, workers: workers) != [])
  }

  /// What a pass reads of the samples.
  @Test func whatIsRead() {
    let dense = Pass.passes(of: stages([70, 45, 5]), workers: 2)
    #expect(dense.map(\.readsFeatures) == [true, false] && dense.map(\.readsTargets) == [false, true])
    #expect(dense[0].readsAllFeatures)
    let norm = Pass.passes(of: stages([70, 5], norms: [.features]), workers: 3)
    #expect(norm.map(\.readsFeatures) == [true, false, true] && norm.map(\.readsAllFeatures) == [false, false, false])
    let uneven = Pass.passes(of: stages([70, 5], norms: [.features]), workers: 2)
    #expect(uneven.map(\.readsFeatures) == [true, true, true] && uneven.map(\.readsTargets) == [false, true, false])
  }
}
