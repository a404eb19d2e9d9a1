import ConfigurationSchema
import Kernels

/// η falls as a power of the time that is left, from 1 to a final factor f: η · (f + (1 − f) (1 − t / T)ᵖ).
///
/// PyTorch's `PolynomialLR` with f = 0.
struct PolynomialSchedule: ScheduleShape {
  /// p
  let exponent: Double
  /// f
  let finalFactor: Double

  static var standardUnit: Schedule.Unit? { .step }
  static var hasEnd: Bool { true }

  init(exponent: Double = 1, finalFactor: Double = 0) {
    self.exponent = exponent
    self.finalFactor = finalFactor
  }

  init?(_ section: Section, _ surroundings: Schedule.Surroundings) {
    let exponent = section.value(
      "power", .number(.positive), default: 1, help: "p, the power of the part of the time that is left")
    self.init(exponent: exponent, finalFactor: section.finalFactor(default: 0))
  }

  func learningRate(_ base: Double, _ position: SchedulePosition) -> Double {
    base * (finalFactor + (1 - finalFactor) * power(1 - position.fraction, exponent))
  }
}
