import ConfigurationSchema
import Kernels

/// η is multiplied by γ every so many epochs or steps: η · γ^⌊t / every⌋, as PyTorch's `StepLR`.
struct StepSchedule: ScheduleShape {
  let every: Int
  /// γ
  let factor: Double

  static var standardUnit: Schedule.Unit? { .epoch }
  static var hasEnd: Bool { false }

  init(every: Int, factor: Double) {
    self.every = every
    self.factor = factor
  }

  init?(_ section: Section, _ surroundings: Schedule.Surroundings) {
    let every = section.required(
      "every", .integer(in: 1...1_000_000_000),
      help: "after how many epochs, or steps if `by` says so, η is multiplied by the factor")
    let factor = section.value(
      "factor", .number(.from(0, through: 1)), default: 0.1, help: "what η is multiplied by")
    guard let every else { return nil }
    self.init(every: every, factor: factor)
  }

  func learningRate(_ base: Double, _ position: SchedulePosition) -> Double {
    base * power(factor, position.time / every)
  }
}
