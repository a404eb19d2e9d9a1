import ConfigurationSchema

/// How much the samples of each class count in the loss: `classWeights`.
public enum ClassWeights: Sendable, Equatable {
  /// As much as makes all classes count alike: n / (K nₖ) for the nₖ of n samples of a class, one of K.
  case balanced
  /// A weight for each class by its name.
  case named([String: Double])

  /// The weight of each class.
  ///
  /// - Parameters:
  ///   - classes: their names.
  ///   - totals: how many training samples each has, or the sum of the weights of those.
  /// - Returns: nil after reporting a class without a weight, or a weight without a class.
  public func values(
    of classes: [String], totals: [Double], at path: ConfigurationPath, _ issues: IssueCollector
  ) -> [Float]? {
    switch self {
    case .balanced:
      let all = totals.reduce(0, +)
      return totals.map { $0 > 0 ? Float(all / (Double(classes.count) * $0)) : 0 }
    case .named(let weights):
      for name in weights.keys.sorted() where !classes.contains(name) {
        let advice = nearest(to: name, among: classes).map { "; did you mean '\($0)'?" } ?? ""
        issues.report(path.appending(key: name), "is no class of the training data\(advice)")
      }
      let missing = classes.filter { weights[$0] == nil }
      if !missing.isEmpty {
        issues.report(
          path,
          "must have a weight for each class; there is none for "
            + missing.prefix(5).map { "'\($0)'" }.joined(separator: ", ") + (missing.count > 5 ? ", …" : ""))
      }
      return issues.issues.isEmpty ? classes.map { Float(weights[$0] ?? 1) } : nil
    }
  }
}

extension Domain<ClassWeights> {
  /// `"balanced"`, or an object of weights by the names of classes.
  static var classWeights: Self {
    let words = "\"balanced\", or an object with a weight from 0 on for each class"
    return Self(
      words,
      schema: [
        "anyOf": [
          ["const": "balanced"],
          ["type": "object", "additionalProperties": ["type": "number", "minimum": 0], "minProperties": 1],
        ]
      ],
      placeholder: .balanced,
      read: { value, place in
        switch value {
        case .string("balanced"): return .balanced
        case .object(let members) where !members.isEmpty:
          var weights: [String: Double] = [:]
          for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            if let weight = Domain<Double>.float(.nonNegative).value(of: member, at: place[key: name]) {
              weights[name] = weight
            }
          }
          guard weights.count == members.count else { return nil }
          if weights.values.allSatisfy({ $0 == 0 }) {
            place.report("must not all be 0")
            return nil
          }
          return .named(weights)
        default:
          place.report("must be \(words), found \(value.summary)")
          return nil
        }
      },
      write: { weights in
        switch weights {
        case .balanced: .string("balanced")
        case .named(let weights): .object(weights.mapValues { .number($0) })
        }
      })
  }
}
