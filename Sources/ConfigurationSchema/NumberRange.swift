/// The numbers that a key allows, with the words for a message.
///
/// Swift's own ranges cannot leave out their lower bound, which most hyperparameters need: a learning rate is greater
/// than 0. A number that is not finite is in no range.
public struct NumberRange: Sendable, Equatable, CustomStringConvertible {
  private enum Bound: Sendable, Equatable {
    case included(Double)
    case excluded(Double)
  }

  private let lower: Bound?
  private let upper: Bound?

  /// The range as it reads after "must be": "greater than 0", "from 0 to 1".
  public let description: String

  /// Every finite number.
  public static let any = Self(lower: nil, upper: nil, description: "any finite number")
  /// Greater than 0.
  public static let positive = greaterThan(0)
  /// At least 0.
  public static let nonNegative = atLeast(0)
  /// Between 0 and 1, which are left out.
  public static let fraction = Self(
    lower: .excluded(0), upper: .excluded(1), description: "strictly between 0 and 1")

  /// The bound and everything above.
  public static func atLeast(_ bound: Double) -> Self {
    Self(lower: .included(bound), upper: nil, description: "at least \(text(bound))")
  }

  /// Everything above the bound.
  public static func greaterThan(_ bound: Double) -> Self {
    Self(lower: .excluded(bound), upper: nil, description: "greater than \(text(bound))")
  }

  /// Both bounds and everything between.
  public static func from(_ lower: Double, through upper: Double) -> Self {
    Self(
      lower: .included(lower), upper: .included(upper), description: "from \(text(lower)) to \(text(upper))")
  }

  /// The lower bound and everything from there to the upper bound, which is left out, as for a momentum.
  public static func from(_ lower: Double, below upper: Double) -> Self {
    Self(
      lower: .included(lower), upper: .excluded(upper),
      description: "at least \(text(lower)) and less than \(text(upper))")
  }

  /// Whether the number is finite and in the range.
  public func contains(_ number: Double) -> Bool {
    guard number.isFinite else { return false }
    let isHighEnough =
      switch lower {
      case .included(let bound): number >= bound
      case .excluded(let bound): number > bound
      case nil: true
      }
    let isLowEnough =
      switch upper {
      case .included(let bound): number <= bound
      case .excluded(let bound): number < bound
      case nil: true
      }
    return isHighEnough && isLowEnough
  }

  /// What to say after "must be" to someone who wrote no number at all: "a number greater than 0".
  var descriptionWithNoun: String {
    isUnbounded ? "a number" : "a number \(description)"
  }

  /// The keywords of JSON Schema that say the same.
  var schema: [String: JSONValue] {
    var keywords: [String: JSONValue] = ["type": "number"]
    switch lower {
    case .included(let bound): keywords["minimum"] = .number(bound)
    case .excluded(let bound): keywords["exclusiveMinimum"] = .number(bound)
    case nil: break
    }
    switch upper {
    case .included(let bound): keywords["maximum"] = .number(bound)
    case .excluded(let bound): keywords["exclusiveMaximum"] = .number(bound)
    case nil: break
    }
    return keywords
  }

  /// A number of the range.
  var example: Double {
    switch (lower, upper) {
    case (.included(let bound), _), (nil, .included(let bound)): bound
    case (.excluded(let lower), .included(let upper)), (.excluded(let lower), .excluded(let upper)): (lower + upper) / 2
    case (.excluded(let bound), nil): bound + 1
    case (nil, .excluded(let bound)): bound - 1
    case (nil, nil): 0
    }
  }

  private var isUnbounded: Bool {
    if case (nil, nil) = (lower, upper) { true } else { false }
  }

  private static func text(_ bound: Double) -> String {
    JSONValue.number(bound).compactText
  }
}
