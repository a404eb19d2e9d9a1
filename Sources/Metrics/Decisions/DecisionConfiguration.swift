import ConfigurationSchema

/// The section `decision` of a configuration: how the outputs of the model become probabilities and classes.
public struct DecisionConfiguration: Sendable, Equatable {
  /// The ways to calibrate probabilities.
  public enum Calibration: String, Catalogue, Sendable {
    /// As the network says them.
    case none
    /// By one number for all logits.
    case temperature

    public var help: String {
      switch self {
      case .none: "probabilities are what the network says"
      case .temperature:
        "logits are divided by the temperature with which the log loss on the validation data is least (Guo and others, 2017)"
      }
    }
  }

  /// `calibration`; default none.
  public let calibration: Calibration
  /// `threshold`; nil for ½.
  public let threshold: ThresholdRule?
  /// Whether validation data are needed to fit something.
  public var needsValidation: Bool { calibration != .none || threshold?.isFitted == true }

  /// The section; nil after reporting issues.
  public init?(_ section: Section) {
    calibration = section.value(
      "calibration", .choice(), default: .none, help: "how probabilities are corrected, when training is over")
    threshold = section.optional(
      "threshold", .threshold, absence: "0.5",
      help:
        "of two classes the second is predicted where its probability is greater than this: a number, or what is made best "
        + "on the validation data, or what the two kinds of mistake cost there")
  }
}

/// How the threshold between two classes is found.
public enum ThresholdRule: Sendable, Equatable {
  /// A given one.
  case fixed(Double)
  /// Where the F₁ score of the second class is greatest.
  case f1
  /// Where the mean of both recalls is greatest.
  case balancedAccuracy
  /// Where mistakes cost least.
  case costs(falsePositive: Double, falseNegative: Double)

  /// Whether it is fitted to data.
  public var isFitted: Bool { if case .fixed = self { false } else { true } }
}

extension Domain<ThresholdRule> {
  /// A number, a name, or an object of costs.
  static var threshold: Self {
    let words =
      "a number from 0 to 1, 'f1', 'balancedAccuracy', or an object with the costs 'falsePositive' and 'falseNegative'"
    let cost: JSONValue = ["type": "number", "exclusiveMinimum": 0]
    return Self(
      words,
      schema: [
        "anyOf": [
          ["type": "number", "minimum": 0, "maximum": 1], ["enum": ["f1", "balancedAccuracy"]],
          [
            "type": "object", "properties": ["falsePositive": cost, "falseNegative": cost],
            "required": ["falsePositive", "falseNegative"], "additionalProperties": false,
          ],
        ]
      ],
      placeholder: .f1,
      read: { value, place in
        switch value {
        case .integer, .number:
          return Domain<Double>.float(.from(0, through: 1)).value(of: value, at: place).map { .fixed($0) }
        case .string("f1"): return .f1
        case .string("balancedAccuracy"): return .balancedAccuracy
        case .object(let members) where members.keys.sorted() == ["falseNegative", "falsePositive"]:
          func cost(_ key: String) -> Double? {
            members[key].flatMap { Domain<Double>.float(.positive).value(of: $0, at: place[key: key]) }
          }
          let (positive, negative) = (cost("falsePositive"), cost("falseNegative"))
          guard let positive, let negative else { return nil }
          return .costs(falsePositive: positive, falseNegative: negative)
        default:
          place.report("must be \(words), found \(value.summary)")
          return nil
        }
      },
      write: { rule in
        switch rule {
        case .fixed(let threshold): .number(threshold)
        case .f1: .string("f1")
        case .balancedAccuracy: .string("balancedAccuracy")
        case .costs(let positive, let negative):
          .object(["falsePositive": .number(positive), "falseNegative": .number(negative)])
        }
      })
  }
}
