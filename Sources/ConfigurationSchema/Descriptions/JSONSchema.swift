extension SectionDescription {
  /// The section as a JSON Schema of draft 2020-12, for editors and other programs.
  ///
  /// It says what the declaration says of each value. What depends on several keys, or on the data, it does not know.
  public func schema(title: String, help: String) -> JSONValue {
    .object(
      schema.merging([
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string(title),
        "description": .string(help),
      ]) { $1 })
  }

  /// The keywords of the whole section, which allow no other key.
  fileprivate var schema: [String: JSONValue] {
    var keywords = members
    keywords["type"] = "object"
    // `additionalProperties` does not see the keys of variants.
    let hasVariants = items.contains { if case .variants = $0 { true } else { false } }
    keywords[hasVariants ? "unevaluatedProperties" : "additionalProperties"] = false
    return keywords
  }

  /// The keywords that say which keys there are.
  private var members: [String: JSONValue] {
    var properties: [String: JSONValue] = [:]
    var required: [JSONValue] = []
    var conditions: [JSONValue] = []
    func add(_ key: KeyDescription) {
      properties[key.name] = .object(key.schema)
      if key.presence == .required { required.append(.string(key.name)) }
    }
    for item in items {
      switch item {
      case .key(let key): add(key)
      case .variants(let variants):
        if let selector = variants.selector { add(selector) }
        conditions += variants.schemas
      }
    }
    var keywords: [String: JSONValue] = ["properties": .object(properties)]
    if !required.isEmpty { keywords["required"] = .array(required) }
    if !conditions.isEmpty { keywords["allOf"] = .array(conditions) }
    return keywords
  }

  /// The keywords of a section that is one of several variants.
  fileprivate var variant: JSONValue { .object(members) }
}

extension VariantsDescription {
  /// What holds for the variants: of those with a selector one condition each, of the others exactly one.
  fileprivate var schemas: [JSONValue] {
    guard let selector else { return [["oneOf": .array(cases.map { $0.section.variant })]] }
    return cases.filter { !$0.section.items.isEmpty }.map { variant in
      var condition: [String: JSONValue] = [
        "properties": .object([selector.name: ["const": .string(variant.name)]])
      ]
      if variant.name != standardCase { condition["required"] = .array([.string(selector.name)]) }
      return ["if": .object(condition), "then": variant.section.variant]
    }
  }
}

extension KeyDescription {
  fileprivate var schema: [String: JSONValue] {
    var keywords: [String: JSONValue]
    var words = help
    switch content {
    case .value(let domain):
      keywords = domain.schema
      words += domain.meanings
    case .section(let section):
      keywords = section.schema
    case .list(let element):
      keywords = ["type": "array", "items": .object(element.schema), "minItems": 1]
    case .map(let element, _):
      keywords = ["type": "object", "additionalProperties": .object(element.schema)]
    case .named(let section, _, let domain):
      words += domain.meanings
      keywords = ["anyOf": [.object(domain.schema), .object(section.schema)]]
    }
    switch presence {
    case .required: break
    case .standard(let value): keywords["default"] = value
    case .depends(let absence): words += ". Default: \(absence)"
    }
    keywords["description"] = .string(words)
    return keywords
  }
}

extension DomainDescription {
  /// What the names mean, to follow the help of a key; nothing where there are none.
  fileprivate var meanings: String {
    choices.isEmpty ? "" : ": " + choices.map { "`\($0.name)`: \($0.help)" }.joined(separator: "; ")
  }
}
