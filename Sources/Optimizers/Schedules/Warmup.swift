import ConfigurationSchema

/// The start of a run in which η grows along a straight line: `{ "epochs": 1 }` or `{ "steps": 100 }`.
///
/// In step s of W, counted from 0, η is multiplied by (s + 1) / (W + 1): it is small at once, and whole in the step after
/// the last. PyTorch's `LinearLR` with `start_factor` 1 / (W + 1) and `total_iters` W gives the same.
enum Warmup: Sendable, Equatable {
  case epochs(Int)
  case steps(Int)

  private enum Key: String, CaseIterable {
    case epochs, steps
  }

  /// The section; nil after reporting issues.
  init?(_ section: Section) {
    let warmup = section.alternatives(of: Key.self) { key -> Self? in
      let count = section.required(key.rawValue, .integer(in: 1...1_000_000_000), help: "how long it takes")
      return count.map { key == .epochs ? .epochs($0) : .steps($0) }
    }
    guard let warmup else { return nil }
    self = warmup
  }

  /// W
  func steps(perEpoch: Int) -> Int {
    switch self {
    case .epochs(let epochs):
      let (steps, overflows) = epochs.multipliedReportingOverflow(by: perEpoch)
      return overflows ? Int.max / 2 : steps
    case .steps(let steps): return steps
    }
  }
}
