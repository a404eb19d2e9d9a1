extension SectionDescription {
  /// The role of the value at a path in a resolved configuration. What stands inside a section that changes no bit changes
  /// none.
  ///
  /// - Parameters:
  ///   - path: the place, below this section.
  ///   - document: the section in the configuration, which says what variants are chosen.
  /// - Returns: nil if there is no such key.
  public func role(of path: ConfigurationPath, in document: JSONValue) -> KeyRole? {
    role(of: path.components[...], in: document)
  }

  private func role(of path: ArraySlice<ConfigurationPath.Component>, in document: JSONValue) -> KeyRole? {
    guard case .key(let name)? = path.first, let key = key(name, in: document) else { return nil }
    let rest = path.dropFirst()
    if rest.isEmpty || key.role == .changesNoBit { return key.role }
    let value = document.member(name) ?? .null
    switch (key.content, rest.first) {
    // The parts of a value have its role.
    case (.value, _): return key.role
    case (.section(let section), _), (.named(let section, _, _), _): return section.role(of: rest, in: value)
    case (.list(let element), .index(let index)?):
      guard case .array(let elements) = value, elements.indices.contains(index) else { return nil }
      return rest.count == 1 ? key.role : element.role(of: rest.dropFirst(), in: elements[index])
    case (.list, _): return nil
    case (.map(let element, _), .key(let name)?):
      return rest.count == 1 ? key.role : element.role(of: rest.dropFirst(), in: value.member(name) ?? .null)
    case (.map, _): return nil
    }
  }

  /// The key of this name with the variants that a document chooses.
  private func key(_ name: String, in document: JSONValue) -> KeyDescription? {
    for item in items {
      switch item {
      case .key(let key):
        if key.name == name { return key }
      case .variants(let variants):
        if let selector = variants.selector, selector.name == name { return selector }
        if let key = variants.chosen(in: document)?.key(name, in: document) { return key }
      }
    }
    return nil
  }
}

extension VariantsDescription {
  /// The keys of the case that a document chooses.
  private func chosenName(in document: JSONValue) -> String? {
    guard let selector else { return cases.first { document.member($0.name) != nil }?.name }
    if case .string(let name)? = document.member(selector.name) { return name }
    return standardCase
  }

  fileprivate func chosen(in document: JSONValue) -> SectionDescription? {
    let name = chosenName(in: document)
    return cases.first { $0.name == name }?.section
  }
}

extension JSONValue {
  /// A member of an object; nil if there is none or this is something else.
  func member(_ key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }
}
