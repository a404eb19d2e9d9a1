/// What a step does to each parameter, given the sum of its gradient over the mini-batch, and to what the optimizer remembers of
/// it: a rule with the coefficients of one step.
///
/// A new rule is one file with its formula, one case here and a line in the `switch` below.
@frozen
public enum Update: Sendable {
  /// See `GradientDescent`.
  case gradientDescent(GradientDescent)
  /// See `AdamStep`.
  case adam(AdamStep)

  /// How many vectors it takes beside parameters and gradient.
  @inlinable
  public var slots: Int {
    switch self {
    case .gradientDescent: 0
    case .adam: 2
    }
  }
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func update(
    count: Int, _ w: Target, gradientSum g: Source, slots: (Target, Target), _ update: Update
  ) {
    var i = 0
    switch update {
    case .gradientDescent(let descent):
      while i < count {
        store(descent.step(load(w + i), load(g + i)), w + i)
        i &+= vectorWidth
      }
    case .adam(let adam):
      while i < count {
        var (first, second) = (load(slots.0 + i), load(slots.1 + i))
        store(adam.step(load(w + i), load(g + i), &first, &second), w + i)
        store(first, slots.0 + i)
        store(second, slots.1 + i)
        i &+= vectorWidth
      }
    }
  }
}
