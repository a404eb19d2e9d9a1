import ConfigurationSchema

/// The `dataset` of a configuration: where the samples come from, and how they are divided and scaled.
public struct DatasetConfiguration: Sendable, Equatable {
  /// The samples to train on.
  public let train: SourceConfiguration
  /// The samples that tell after each epoch how well the network does.
  public let validation: PartConfiguration?
  /// The samples that tell at the end how well the network does.
  public let test: PartConfiguration?
  /// How features are scaled.
  public let scaling: ScalingKind

  /// Reads the object; nil after reporting issues.
  public init?(reading reader: ObjectReader) {
    let train = reader.object("train").flatMap { SourceConfiguration(reading: $0) }
    validation = reader.optionalObject("validation").flatMap { PartConfiguration(reading: $0) }
    test = reader.optionalObject("test").flatMap { PartConfiguration(reading: $0) }
    scaling = reader.choice("scaling", of: ScalingKind.self, default: .none)
    if case .fraction(let validation) = validation, case .fraction(let test) = test, validation + test >= 1 {
      reader.issues.report(
        reader.path.appending(key: "test").appending(key: "fraction"),
        "must leave samples to train on: with the \(validation) of validation, less than 1, found \(test)")
    }
    reader.finish()
    guard let train else { return nil }
    self.train = train
  }

  /// The configuration with every default filled in.
  public var json: JSONValue {
    var members: [String: JSONValue] = ["train": train.json, "scaling": .string(scaling.rawValue)]
    members["validation"] = validation?.json
    members["test"] = test?.json
    return .object(members)
  }
}

/// Where the samples for validation or for the test come from.
public enum PartConfiguration: Sendable, Equatable {
  /// A share of the training source, strictly between 0 and 1; what is taken is not trained on.
  case fraction(Double)
  /// A source of its own.
  case source(SourceConfiguration)

  /// Reads an object with a `fraction` or a `format`; nil after reporting issues.
  public init?(reading reader: ObjectReader) {
    if reader.contains("fraction") {
      let fraction = reader.number("fraction", .fraction)
      reader.finish()
      guard let fraction else { return nil }
      self = .fraction(fraction)
    } else if reader.contains("format") {
      guard let source = SourceConfiguration(reading: reader) else { return nil }
      self = .source(source)
    } else {
      reader.issues.report(reader.path, "must have a 'fraction' of the training source or a 'format' of its own")
      reader.finish()
      return nil
    }
  }

  /// The configuration with every default filled in.
  public var json: JSONValue {
    switch self {
    case .fraction(let fraction): .object(["fraction": .number(fraction)])
    case .source(let source): source.json
    }
  }
}
