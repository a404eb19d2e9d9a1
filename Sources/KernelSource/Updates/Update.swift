/// What a step does to each parameter, given the sum of its gradient over the mini-batch, and to what the optimizer remembers of
/// it: a rule with the coefficients of one step.
///
/// A new rule is one file with its formula, one case here and a line in each of the two `switch` below.
@frozen
public enum Update: Sendable {
  /// Plain descent, which a product may take at once; see `GradientDescent`.
  case gradientDescent(GradientDescent)
  /// See `DescentStep`.
  case descent(GradientTerms, DescentStep)
  /// See `MomentumStep`.
  case momentum(GradientTerms, MomentumStep)
  /// See `NesterovStep`.
  case nesterov(GradientTerms, NesterovStep)
  /// See `AdamStep`.
  case adam(GradientTerms, AdamStep)
  /// See `NadamStep`.
  case nadam(GradientTerms, NadamStep)
  /// See `RMSPropStep`.
  case rmsprop(GradientTerms, RMSPropStep)
  /// See `RMSPropMomentumStep`.
  case rmspropMomentum(GradientTerms, RMSPropMomentumStep)
  /// See `AdagradStep`.
  case adagrad(GradientTerms, AdagradStep)

  /// How many vectors it takes beside parameters and gradient.
  @inlinable
  public var slots: Int {
    switch self {
    case .gradientDescent: 0
    case .descent: DescentStep.slots
    case .momentum: MomentumStep.slots
    case .nesterov: NesterovStep.slots
    case .adam: AdamStep.slots
    case .nadam: NadamStep.slots
    case .rmsprop: RMSPropStep.slots
    case .rmspropMomentum: RMSPropMomentumStep.slots
    case .adagrad: AdagradStep.slots
    }
  }
}

/// How a rule changes a vector of weights along a gradient, and what it remembers in up to two slots.
public protocol StepFormula: Sendable {
  /// How many slots it takes.
  static var slots: Int { get }

  /// The weights after the step; replaces the slots that it takes.
  func step(_ weights: Vector, _ gradient: Vector, _ first: inout Vector, _ second: inout Vector) -> Vector
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func update(
    count: Int, _ w: Target, gradientSum g: Source, slots: (Target, Target), _ update: Update
  ) {
    switch update {
    case .gradientDescent(let descent):
      var i = 0
      while i < count {
        store(descent.step(load(w + i), load(g + i)), w + i)
        i &+= vectorWidth
      }
    case .descent(let terms, let step): take(step, terms, count: count, w, g, slots)
    case .momentum(let terms, let step): take(step, terms, count: count, w, g, slots)
    case .nesterov(let terms, let step): take(step, terms, count: count, w, g, slots)
    case .adam(let terms, let step): take(step, terms, count: count, w, g, slots)
    case .nadam(let terms, let step): take(step, terms, count: count, w, g, slots)
    case .rmsprop(let terms, let step): take(step, terms, count: count, w, g, slots)
    case .rmspropMomentum(let terms, let step): take(step, terms, count: count, w, g, slots)
    case .adagrad(let terms, let step): take(step, terms, count: count, w, g, slots)
    }
  }

  /// The step of all weights; plain terms have a loop of their own.
  @inlinable @inline(__always)
  static func take<Formula: StepFormula>(
    _ formula: Formula, _ terms: GradientTerms, count: Int, _ w: Target, _ g: Source, _ slots: (Target, Target)
  ) {
    var i = 0
    if terms.arePlain {
      while i < count {
        let weights = load(w + i)
        take(formula, weights, terms.plainGradient(weights, load(g + i)), w, slots, i)
        i &+= vectorWidth
      }
    } else {
      let decay = Vector(repeating: terms.decay)
      while i < count {
        let weights = load(w + i)
        take(formula, weights * decay, terms.gradient(weights, load(g + i)), w, slots, i)
        i &+= vectorWidth
      }
    }
  }

  /// The step of one vector of weights.
  @inlinable @inline(__always)
  static func take<Formula: StepFormula>(
    _ formula: Formula, _ weights: Vector, _ gradient: Vector, _ w: Target, _ slots: (Target, Target), _ i: Int
  ) {
    var first = Formula.slots > 0 ? load(slots.0 + i) : Vector()
    var second = Formula.slots > 1 ? load(slots.1 + i) : Vector()
    store(formula.step(weights, gradient, &first, &second), w + i)
    if Formula.slots > 0 { store(first, slots.0 + i) }
    if Formula.slots > 1 { store(second, slots.1 + i) }
  }
}
