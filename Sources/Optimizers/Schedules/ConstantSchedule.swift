import ConfigurationSchema

/// η stays as it is.
struct ConstantSchedule: ScheduleShape {
  init() {}

  static var standardUnit: Schedule.Unit? { nil }
  static var hasEnd: Bool { false }

  init?(_ section: Section, _ surroundings: Schedule.Surroundings) {}

  func learningRate(_ base: Double, _ position: SchedulePosition) -> Double { base }
}
