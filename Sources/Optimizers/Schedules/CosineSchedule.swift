import ConfigurationSchema
import Kernels

/// η falls along half a cosine (Loshchilov and Hutter, 2017), from 1 to a final factor f:
///
///     η · (f + (1 − f) (1 + cos(π t / T)) / 2)
///
/// PyTorch's `CosineAnnealingLR` with `eta_min` = f η gives the same up to T; this one stays there.
struct CosineSchedule: ScheduleShape {
  /// f
  let finalFactor: Double

  static var standardUnit: Schedule.Unit? { .step }
  static var hasEnd: Bool { true }

  init(finalFactor: Double = 0) { self.finalFactor = finalFactor }

  init?(_ section: Section, _ surroundings: Schedule.Surroundings) {
    self.init(finalFactor: section.finalFactor(default: 0))
  }

  func learningRate(_ base: Double, _ position: SchedulePosition) -> Double {
    base * annealed(from: 1, to: finalFactor, position.fraction)
  }
}

/// The way from one number to another along half a cosine.
func annealed(from start: Double, to end: Double, _ fraction: Double) -> Double {
  end + (start - end) * ((1 + cosineOfPi(fraction)) / 2)
}
