import ConfigurationSchema

/// One cycle (Smith and Topin, 2019): η rises along half a cosine from a start factor a to 1 in a part r of the T steps, and
/// falls along another to a final factor f.
///
/// `learningRate` is the greatest η. The steps and the defaults are those of PyTorch's `OneCycleLR`: 1 is reached at r T − 1
/// and f at T − 1, a = 1/25 and f = a / 10⁴. Momentum is left as it is.
struct OneCycleSchedule: ScheduleShape {
  /// a
  let startFactor: Double
  /// f
  let finalFactor: Double
  /// r
  let risingPart: Double

  static var standardUnit: Schedule.Unit? { .step }
  static var hasEnd: Bool { true }

  init(startFactor: Double = 0.04, finalFactor: Double = 4e-6, risingPart: Double = 0.3) {
    self.startFactor = startFactor
    self.finalFactor = finalFactor
    self.risingPart = risingPart
  }

  init?(_ section: Section, _ surroundings: Schedule.Surroundings) {
    let startFactor = section.value(
      "startFactor", .number(.from(0, through: 1)), default: 0.04, help: "what η is multiplied by at the start")
    let finalFactor = section.finalFactor(default: 4e-6)
    let risingPart = section.value(
      "risingPart", .number(.from(0, through: 1)), default: 0.3, help: "the part of the schedule in which η rises")
    self.init(startFactor: startFactor, finalFactor: finalFactor, risingPart: risingPart)
  }

  func learningRate(_ base: Double, _ position: SchedulePosition) -> Double {
    let (time, last) = (Double(position.time), position.total - 1)
    let top = risingPart * position.total - 1
    if time >= last { return base * finalFactor }
    return time <= top
      ? base * annealed(from: startFactor, to: 1, top > 0 ? time / top : 1)
      : base * annealed(from: 1, to: finalFactor, (time - top) / (last - top))
  }
}
