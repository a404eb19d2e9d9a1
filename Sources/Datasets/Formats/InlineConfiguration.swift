import ConfigurationSchema
import Files

/// Samples that stand in the configuration itself:
/// `{ "format": "inline", "features": [[0, 0], [0, 1]], "targets": [[0], [1]] }`.
public struct InlineConfiguration: Sendable, Equatable {
  /// What there is to predict.
  public enum Targets: Sendable, Equatable {
    /// A row of numbers for each sample.
    case rows([[Double]])
    /// A string or a number for each sample: a label, or for regression the only target.
    case list([JSONValue])

    var count: Int {
      switch self {
      case .rows(let rows): rows.count
      case .list(let list): list.count
      }
    }
  }

  /// A row of numbers for each sample; all have the same length.
  public let features: [[Double]]
  /// As many as there are rows of features.
  public let targets: Targets
  /// How much each sample counts; nil if all count alike.
  public let weights: [Double]?

  /// The keys of the format; nil after reporting issues.
  public init?(_ section: Section) {
    let features = section.required("features", .rows, help: "the features, a list of numbers for each sample")
    let targets = section.required(
      "targets", .targets, help: "what there is to predict: a list of numbers for each sample, or a label or a number")
    weights = section.optional(
      "weights", .weights, absence: "all samples count alike", help: "how much each sample counts, a number from 0 on")
    guard let features, let targets else { return nil }
    if let weights, weights.count != features.count {
      section.report(
        "weights",
        "must have one entry for each of the \(counted(features.count, "row")) of features, found \(weights.count)")
    }
    guard features.count == targets.count else {
      section.report(
        "targets",
        "must have one entry for each of the \(counted(features.count, "row")) of features, found \(targets.count)")
      return nil
    }
    self.features = features
    self.targets = targets
  }
}

// MARK: - Reading the configuration

private let rowSchema: JSONValue = ["type": "array", "items": ["type": "number"], "minItems": 1]

extension Domain<[[Double]]> {
  /// Rows of numbers of one length, one a sample; the first mistake of each row is reported.
  fileprivate static var rows: Self {
    Self(
      "a list of rows of numbers", schema: ["type": "array", "items": rowSchema, "minItems": 1], placeholder: [[0]],
      read: { value, place in InlineConfiguration.elements(value, place).flatMap { rows($0, place) } },
      write: { .array($0.map { .array($0.map { .number($0) }) }) })
  }

  fileprivate static func rows(_ elements: [JSONValue], _ place: ConfigurationPlace) -> [[Double]]? {
    var rows: [[Double]] = []
    for (index, element) in elements.enumerated() {
      guard case .array(let cells) = element, !cells.isEmpty else {
        place[index].report("must be a list of numbers, found \(element.summary)")
        continue
      }
      let numbers = cells.map { InlineConfiguration.number($0) }
      if let bad = numbers.firstIndex(of: nil) {
        place[index][bad].report("must be a number of at most 3.4e38 in size, found \(cells[bad].summary)")
      } else if let first = rows.first, first.count != numbers.count {
        place[index].report(
          "must have \(counted(first.count, "number")) as the rows before it, found \(numbers.count)")
      } else {
        rows.append(numbers.compactMap { $0 })
      }
    }
    return rows.count == elements.count ? rows : nil
  }
}

extension Domain<[Double]> {
  /// A weight from 0 on for each sample.
  fileprivate static var weights: Self {
    let words = "a list of numbers from 0 on"
    return Self(
      words, schema: ["type": "array", "items": ["type": "number", "minimum": 0], "minItems": 1], placeholder: [1],
      read: { value, place in
        guard let elements = InlineConfiguration.elements(value, place) else { return nil }
        var weights: [Double] = []
        for (index, element) in elements.enumerated() {
          if let weight = InlineConfiguration.number(element), weight >= 0 {
            weights.append(weight)
          } else {
            place[index].report("must be a number from 0 on, found \(element.summary)")
          }
        }
        return weights.count == elements.count ? weights : nil
      },
      write: { .array($0.map { .number($0) }) })
  }
}

extension Domain<InlineConfiguration.Targets> {
  /// Rows of numbers, or a list of labels.
  fileprivate static var targets: Self {
    Self(
      "a list of rows of numbers, or a list of labels",
      schema: ["type": "array", "items": ["anyOf": [rowSchema, ["type": ["string", "number"]]]], "minItems": 1],
      placeholder: .rows([[0]]),
      read: { value, place in InlineConfiguration.elements(value, place).flatMap { targets($0, place) } },
      write: { targets in
        switch targets {
        case .rows(let rows): .array(rows.map { .array($0.map { .number($0) }) })
        case .list(let list): .array(list)
        }
      })
  }

  private static func targets(_ elements: [JSONValue], _ place: ConfigurationPlace) -> InlineConfiguration.Targets? {
    if case .array = elements[0] { return Domain<[[Double]]>.rows(elements, place).map { .rows($0) } }
    var isSound = true
    for (index, element) in elements.enumerated() {
      switch element {
      case .integer, .string: continue
      case .number where InlineConfiguration.number(element) != nil: continue
      default:
        place[index].report(
          "must be a label, a string or a number, as the first entry is, found \(element.summary)")
        isSound = false
      }
    }
    return isSound ? .list(elements) : nil
  }
}

extension InlineConfiguration {
  /// A list that has elements.
  fileprivate static func elements(_ value: JSONValue, _ place: ConfigurationPlace) -> [JSONValue]? {
    if case .array(let elements) = value, !elements.isEmpty { return elements }
    place.report("must be a list with one entry for each sample, found \(value.summary)")
    return nil
  }

  /// A number that is finite as Float.
  fileprivate static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let integer): Double(integer)
    case .number(let number) where Float(number).isFinite: number
    default: nil
    }
  }
}

// MARK: - Reading the data

extension InlineConfiguration: DataSource {
  func read(_ request: SourceRequest) throws(InputError) -> SourceTable {
    let place = request.part.keyPath
    let targets: SourceTable.Targets
    switch (self.targets, request.targets) {
    case (.rows(let rows), .values), (.rows(let rows), .labelsOrValues),
      (.rows(let rows), .labelsOrDistributions):
      targets = .values(rows.flatMap { $0.map { Float($0) } }, columns: rows[0].count)
    case (.rows, .labels):
      throw InputError(file: place, "'targets' are rows of numbers, but the loss takes a list of labels")
    case (.list(let list), .values):
      let numbers = list.compactMap { Self.number($0) }
      guard numbers.count == list.count else {
        throw InputError(file: place, "'targets' are labels, but the loss takes numbers")
      }
      targets = .values(numbers.map { Float($0) }, columns: 1)
    case (.list(let list), _):
      targets = .ofOneColumn(LabelColumn(list.map { Self.label($0) }), as: request.targets)
    }
    let targetColumns = if case .values(_, let columns) = targets { columns } else { 1 }
    return SourceTable(
      file: place, featureNames: features[0].indices.map { "x\($0)" },
      targetNames: (0..<targetColumns).map { "y\($0)" }, features: .floats(features.flatMap { $0.map { Float($0) } }),
      targets: targets, weights: weights.map { $0.map { Float($0) } }, rows: features.count)
  }

  private static func label(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    default: value.compactText
    }
  }
}
