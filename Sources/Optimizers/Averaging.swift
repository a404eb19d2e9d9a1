import ConfigurationSchema

/// The average of the parameters over the steps of a run, which generalizes better than the last ones: the section
/// `optimizer.averaging`.
///
///     ā = ā + weight · (w − ā)
///
/// The average has no influence on training. It is what is evaluated, and what becomes the model; statistics of batch
/// normalization are computed anew for it. Formulas as of PyTorch's `torch.optim.swa_utils`.
public enum Averaging: Sendable, Equatable {
  /// The exponential moving average: after each step with the weight 1 − decay, after the first with 1.
  case ema(decay: Double)
  /// Stochastic weight averaging (Izmailov and others, 2018): the mean of the parameters after each epoch from this one on,
  /// counted from 1.
  case swa(from: Int)

  private enum Kind: String, Catalogue {
    case ema, swa

    var help: String {
      switch self {
      case .ema: "the exponential moving average over the steps"
      case .swa: "the mean over the ends of epochs"
      }
    }
  }

  /// The section; nil after reporting issues.
  init?(_ section: Section) {
    let averaging = section.variants("type", of: Kind.self, help: "what the average is") { kind -> Self? in
      switch kind {
      case .ema:
        .ema(
          decay: section.value(
            "decay", .number(.from(0, below: 1)), default: 0.999,
            help: "the weight of the past: the average reaches back about 1 / (1 − decay) steps"))
      case .swa:
        section.required(
          "from", .integer(in: 1...1_000_000_000), help: "the first epoch whose parameters are averaged, from 1"
        ).map { .swa(from: $0) }
      }
    }
    guard let averaging else { return nil }
    self = averaging
  }

  /// The weight of the parameters after a step, counted from 0; nil if steps are not averaged.
  public func weight(step: Int) -> Float? {
    guard case .ema(let decay) = self else { return nil }
    return step == 0 ? 1 : Float(1 - decay)
  }

  /// The weight of the parameters after an epoch, counted from 1; nil if they are not averaged.
  public func weight(epoch: Int) -> Float? {
    guard case .swa(let first) = self, epoch >= first else { return nil }
    return 1 / Float(epoch - first + 1)
  }

  /// Whether there is an average after so many whole epochs and steps.
  public func hasBegun(epochs: Int, steps: Int) -> Bool {
    switch self {
    case .ema: steps > 0
    case .swa(let first): epochs >= first
    }
  }
}
