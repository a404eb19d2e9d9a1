import Foundation

// MARK: Strings

extension Domain<String> {
  /// Any string.
  public static var string: Self {
    Self("a string", schema: ["type": "string"], placeholder: "", read: string(_:_:)) { .string($0) }
  }

  /// The place of a file or a folder, as it was written; the resolved configuration has it as an absolute path.
  public static var path: Self {
    Self(
      DomainDescription(words: "a path", schema: ["type": "string", "minLength": 1]), placeholder: "", role: .path,
      read: { value, place in
        guard let path = string(value, place) else { return nil }
        if path.isEmpty { place.report("must not be empty") }
        return path.isEmpty ? nil : path
      },
      write: { .string(Section.resolve($0, in: $1).path) })
  }

  private static func string(_ value: JSONValue, _ place: ConfigurationPlace) -> String? {
    if case .string(let string) = value { return string }
    place.report("must be a string, found \(value.summary)")
    return nil
  }
}

extension Domain<[String]> {
  /// A string, which counts as a list of one, or a list of at least one string.
  public static var strings: Self {
    Self(
      "a string or a list of strings",
      schema: [
        "anyOf": [
          ["type": "string"], ["type": "array", "items": ["type": "string"], "minItems": 1],
        ]
      ],
      placeholder: [""],
      read: { value, place in
        switch value {
        case .string(let string): return [string]
        case .array(let elements) where !elements.isEmpty:
          let strings = elements.enumerated().map { Domain<String>.string.read($1, place[$0]) }
          return strings.contains(nil) ? nil : strings.compactMap(\.self)
        default:
          place.report("must be a string or a list of strings, found \(value.summary)")
          return nil
        }
      },
      write: { $0.count == 1 ? .string($0[0]) : .array($0.map { .string($0) }) })
  }
}

// MARK: Truth values

extension Domain<Bool> {
  /// `true` or `false`.
  public static var bool: Self {
    Self(
      "true or false", schema: ["type": "boolean"], placeholder: false,
      read: { value, place in
        if case .bool(let bool) = value { return bool }
        place.report("must be true or false, found \(value.summary)")
        return nil
      },
      write: { .bool($0) })
  }
}

// MARK: Anything

extension Domain<JSONValue> {
  /// Whatever stands there.
  public static var anything: Self {
    Self("any value", schema: [:], placeholder: .null, read: { value, _ in value }, write: { $0 })
  }
}

// MARK: Choices

extension Domain where Value: Catalogue {
  /// A name from a catalogue. A wrong one is answered with the nearest name and all of them.
  public static func choice(of catalogue: Value.Type = Value.self) -> Self {
    let names = catalogue.allCases.map(\.rawValue)
    let list = names.joined(separator: ", ")
    return Self(
      DomainDescription(
        words: "one of \(list)", schema: ["type": "string", "enum": .array(names.map { .string($0) })],
        choices: catalogue.allCases.map { .init(name: $0.rawValue, help: $0.help) }),
      placeholder: catalogue.allCases.first!,
      read: { value, place in
        guard case .string(let name) = value else {
          place.report("must be one of \(list), found \(value.summary)")
          return nil
        }
        if let choice = catalogue.allCases.first(where: { $0.rawValue == name }) { return choice }
        let suggestion = nearest(to: name, among: names).map { " did you mean '\($0)'?" } ?? ""
        place.report("unknown value \(value.summary);\(suggestion) allowed: \(list)")
        return nil
      },
      write: { value, _ in .string(value.rawValue) })
  }
}

extension Domain {
  /// A list of names from a catalogue, none twice.
  public static func choices<Kind: Catalogue>(of catalogue: Kind.Type) -> Self where Value == [Kind] {
    let choice = Domain<Kind>.choice(of: catalogue)
    let names = catalogue.allCases.map(\.rawValue)
    return Self(
      DomainDescription(
        words: "a list of \(names.joined(separator: ", "))",
        schema: [
          "type": "array", "uniqueItems": true,
          "items": ["type": "string", "enum": .array(names.map { .string($0) })],
        ],
        choices: catalogue.allCases.map { .init(name: $0.rawValue, help: $0.help) }, isList: true),
      placeholder: [],
      read: { value, place in
        guard case .array(let elements) = value else {
          place.report("must be a list of names, found \(value.summary); allowed: \(names.joined(separator: ", "))")
          return nil
        }
        var kinds: [Kind] = []
        for (index, element) in elements.enumerated() {
          guard let kind = choice.read(element, place[index]) else { continue }
          if kinds.contains(where: { $0.rawValue == kind.rawValue }) {
            place[index].report("is in the list twice")
          } else {
            kinds.append(kind)
          }
        }
        return kinds.count == elements.count ? kinds : nil
      },
      write: { kinds, _ in .array(kinds.map { .string($0.rawValue) }) })
  }
}
