import Kernels
import NeuralNetworks

/// The forward pass over mini-batches that computes the running statistics of a network anew, for parameters that no step
/// was made with: the cumulative means of the statistics of all mini-batches, as PyTorch's `update_bn` computes them.
///
/// Each mini-batch counts alike, or each group where they have several. The passes are those of a step, so that what a unit computes does not depend on who does it.
final class StatisticsPass: PhasedWork, @unchecked Sendable {
  /// The passes of a mini-batch of some rows, with the units of each.
  private struct Division {
    let shards: GradientShards
    /// For each pass and worker, its units.
    let units: [[PlainList<WorkUnit>]]

    init(_ stages: [Stage], rows: Int, shardRows: Int, workers: Int, tileRows: Int) {
      shards = GradientShards(rows: rows, shardRows: shardRows)
      units = Pass.passes(of: stages, workers: workers).map { pass in
        let all = StepPlan.units(of: pass, stages, rows: rows, workers: workers, tileRows: tileRows).map(\.unit)
        return divideEvenly(all.count, into: workers).map { PlainList(Array(all[$0])) }
      }
    }
  }

  private let program: Program
  private let inputs: StepInputs
  private let context: Context
  private let steps: Int
  private let passes: Int
  private let whole: Division
  private let last: Division
  private let memory: [ThreadMemory]

  /// - Parameters:
  ///   - step: what all mini-batches have in common.
  ///   - rows: of a mini-batch, and of the last one.
  init(
    _ program: Program, _ tables: Tables, _ step: StepContext, inputs: StepInputs, steps: Int,
    rows: (whole: Int, last: Int), shardRows: Int, workers: Int, memory: [ThreadMemory]
  ) {
    self.program = program
    self.inputs = inputs
    self.steps = steps
    self.memory = memory
    context = Context(tables, step)
    let stages = Self.stages(of: program)
    let tileRows = context.kernels.tileRows
    whole = Division(stages, rows: rows.whole, shardRows: shardRows, workers: workers, tileRows: tileRows)
    last = Division(stages, rows: rows.last, shardRows: shardRows, workers: workers, tileRows: tileRows)
    passes = whole.units.count
  }

  /// The stages up to the last statistics of mini-batches; none if there are no statistics.
  private static func stages(of program: Program) -> [Stage] {
    let forward = program.stages.prefix { !$0.readsTargets }
    return Array(forward[..<((forward.lastIndex { $0.readsAllRows } ?? -1) + 1)])
  }

  var phases: Int { steps * passes }

  private func division(_ phase: Int) -> Division { phase / passes == steps - 1 ? last : whole }

  func units(phase: Int) -> Int { division(phase).units[phase % passes].reduce(0) { $0 + $1.view.count } }

  func units(phase: Int, owner: Int) -> Int { division(phase).units[phase % passes][owner].view.count }

  func perform(phase: Int, owner: Int, unit: Int, worker: Int) {
    let division = division(phase)
    let step = phase / passes
    var context = context
    context.scratch = memory[worker].scratch
    context.step.samples = inputs.samples(step: step)
    context.step.shards = division.shards
    context.step.statisticsSeen = (step, whole.shards.rows)
    inputs.perform(division.units[phase % passes][owner].view[unit], of: program, step, &context, thread: worker)
  }
}

extension StepInputs {
  /// Performs the stages of a unit of work that is not one of parameters, with the features and targets that it reads.
  @inline(__always)
  func perform(_ unit: WorkUnit, of program: Program, _ step: Int, _ context: inout Context, thread: Int) {
    switch unit {
    case .rows(let pass, let rows):
      if pass.readsFeatures { context.features = features(thread: thread, step: step, rows: rows) }
      if pass.readsTargets {
        readTargets(step: step, rows: rows, into: context.targets)
        if isWeighted { readWeights(step: step, rows: rows, into: context.weights) }
      }
      program.perform(stages: pass.stages, context, rows: rows)
    case .panel(let pass, let panel, let rows):
      if pass.readsFeatures {
        context.features = features(
          thread: thread, step: step, rows: rows, columns: pass.readsAllFeatures ? nil : columns(ofPanel: panel))
      }
      program.perform(stages: pass.stages, context, rows: rows, panel: panel)
    default: preconditionFailure("a unit of parameters reads no samples for its stages")
    }
  }
}
