import ConfigurationSchema

/// η changes along a straight line from one factor to another: η · (a + (f − a) t / T), as PyTorch's `LinearLR`.
struct LinearSchedule: ScheduleShape {
  /// a
  let startFactor: Double
  /// f
  let finalFactor: Double

  static var standardUnit: Schedule.Unit? { .step }
  static var hasEnd: Bool { true }

  init(startFactor: Double = 1, finalFactor: Double = 0) {
    self.startFactor = startFactor
    self.finalFactor = finalFactor
  }

  init?(_ section: Section, _ surroundings: Schedule.Surroundings) {
    let startFactor = section.value(
      "startFactor", .number(.from(0, through: 1)), default: 1, help: "what η is multiplied by at the start")
    self.init(startFactor: startFactor, finalFactor: section.finalFactor(default: 0))
  }

  func learningRate(_ base: Double, _ position: SchedulePosition) -> Double {
    base * (startFactor + (finalFactor - startFactor) * position.fraction)
  }
}
