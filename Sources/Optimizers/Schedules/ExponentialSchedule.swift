import ConfigurationSchema
import Kernels

/// η is multiplied by γ with each epoch or step: η · γᵗ, as PyTorch's `ExponentialLR`.
struct ExponentialSchedule: ScheduleShape {
  /// γ
  let factor: Double

  static var standardUnit: Schedule.Unit? { .epoch }
  static var hasEnd: Bool { false }

  init(factor: Double) { self.factor = factor }

  init?(_ section: Section, _ surroundings: Schedule.Surroundings) {
    let factor = section.required(
      "factor", .number(.from(0, through: 1)), help: "what η is multiplied by with each epoch, or step if `by` says so")
    guard let factor else { return nil }
    self.init(factor: factor)
  }

  func learningRate(_ base: Double, _ position: SchedulePosition) -> Double { base * power(factor, position.time) }
}
