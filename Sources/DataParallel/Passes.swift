import NeuralNetworks

/// A part of a program that workers go through without meeting: no unit of work needs what other units of the pass make.
struct Pass: Sendable, Equatable {
  /// How a pass may be divided into units of work.
  enum Division: Sendable {
    /// A unit computes all panels of some rows.
    case rows
    /// A unit computes one panel of all rows.
    case panels
    /// A unit computes one panel of some rows.
    case panelsAndRows
  }

  let stages: Range<Int>
  let division: Division
  /// Whether a stage reads features of samples, and those of all panels.
  let readsFeatures: Bool
  let readsAllFeatures: Bool
  /// Whether a stage reads targets.
  let readsTargets: Bool

  init(_ range: Range<Int>, of stages: [Stage], division: Division) {
    self.stages = range
    self.division = division
    readsFeatures = stages[range].contains { $0.readsFeatures }
    readsAllFeatures = stages[range].contains { $0.readsFeatures && $0.readsAllPanels }
    readsTargets = stages[range].contains { $0.readsTargets }
  }

  /// Cuts a program into passes.
  ///
  /// One rule makes a wall: a unit of work needs what other units of the mini-batch made. Rows go through as many stages as
  /// there are, so that activations stay in the second cache of their worker, until a stage needs all rows of a panel, such as
  /// statistics of the mini-batch; that one is divided by panels, and with it the stages that go panel by panel, where that
  /// divides them evenly.
  ///
  /// The first stage, where it has several panels, is a pass of its own and divided by panels: the first layer is the largest
  /// of many networks, and its weights and inputs never move from one core to another this way. A first stage of one panel
  /// could only be divided by rows; it goes with the others, which saves a meeting of all workers.
  static func passes(of stages: [Stage], workers: Int) -> [Pass] {
    var passes: [Pass] = []
    var start = 0
    while start < stages.count {
      let stage = stages[start]
      let isFirstLayer = start == 0 && stage.readsFeatures && stage.panels > 1
      let isEven = stage.panels % workers == 0
      var end = start + 1
      let division: Division
      if stage.readsAllRows || isFirstLayer {
        division = stage.readsAllRows || isEven ? .panels : .panelsAndRows
        while isEven && end < stages.count && !stages[end].readsAllPanels && stages[end].panels == stage.panels {
          end += 1
        }
      } else {
        division = .rows
        while end < stages.count && !stages[end].readsAllRows { end += 1 }
      }
      passes.append(Pass(start..<end, of: stages, division: division))
      start = end
    }
    return passes
  }
}
