/// Sections inside a section.
extension Section {
  /// A section that has to be there; nil after reporting an issue.
  public func object<Result>(
    _ key: String, help: String, role: KeyRole = .arithmetic, _ declaration: (Section) -> Result?
  ) -> Result? {
    if isDescribing { return describe(key, help, role, .required, declaration) }
    return requiredValue(key).flatMap { object($0, key, role, declaration) }
  }

  /// A section that may be left out, which means the same as `standard`, an object.
  public func object<Result>(
    _ key: String, default standard: JSONValue, help: String, role: KeyRole = .arithmetic,
    _ declaration: (Section) -> Result?
  ) -> Result? {
    if isDescribing { return describe(key, help, role, .standard(standard), declaration) }
    return object(presentValue(key) ?? standard, key, role, declaration)
  }

  /// A section that may be left out; nil if it is absent or after reporting an issue.
  public func optionalObject<Result>(
    _ key: String, absence: String = "none", help: String, role: KeyRole = .arithmetic,
    _ declaration: (Section) -> Result?
  ) -> Result? {
    if isDescribing { return describe(key, help, role, .depends(absence), declaration) }
    return presentValue(key).flatMap { object($0, key, role, declaration) }
  }

  /// A required list of at least one section.
  ///
  /// - Returns: What the declaration made of each element, nil for one with issues; nil after reporting an issue with the
  ///   list.
  public func list<Result>(
    _ key: String, help: String, role: KeyRole = .arithmetic, _ declaration: (Section) -> Result?
  ) -> [Result?]? {
    if isDescribing {
      let (result, element) = describe(path.appending(key: key).appending(index: 0), declaration)
      _ = record(
        KeyDescription(name: key, help: help, role: role, presence: .required, content: .list(element)))
      return [result]
    }
    guard let value = requiredValue(key) else { return nil }
    guard case .array(let elements) = value, !elements.isEmpty else {
      report(key, "must be a list of at least one object, found \(value.summary)")
      return nil
    }
    var resolved: [JSONValue] = []
    let results = elements.enumerated().map { index, element in
      let (result, json) = read(element, at: path.appending(key: key).appending(index: index), declaration)
      resolved.append(json)
      return result
    }
    answer(key, .array(resolved), role)
    return results
  }

  /// Sections by names that a person chooses, such as those of columns. It may be left out, which means none.
  ///
  /// - Parameter name: what stands for a name in descriptions: `COLUMN`.
  /// - Returns: What the declaration made of each member without issues.
  public func map<Result>(
    _ key: String, name: String, help: String, role: KeyRole = .arithmetic, _ declaration: (Section) -> Result?
  ) -> [String: Result] {
    if isDescribing {
      let (_, element) = describe(path.appending(key: key).appending(key: name), declaration)
      _ = record(
        KeyDescription(
          name: key, help: help, role: role, presence: .depends("none"), content: .map(element, name: name)))
      return [:]
    }
    guard let value = presentValue(key) else { return [:] }
    guard case .object(let members) = value else {
      report(key, "must be an object, found \(value.summary)")
      return [:]
    }
    var resolved: [String: JSONValue] = [:]
    var results: [String: Result] = [:]
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      let (result, json) = read(member, at: path.appending(key: key).appending(key: name), declaration)
      resolved[name] = json
      results[name] = result
    }
    answer(key, .object(resolved), role)
    return results
  }

  /// A section that is chosen by a name, its selector, and for which the name alone may stand: `"crossEntropy"` is
  /// `{ "type": "crossEntropy" }`. In the resolved configuration the name stands alone if it says everything.
  ///
  /// - Parameters:
  ///   - standard: the name if the key is left out; nil if it has to be there.
  ///   - declaration: reads what else the section has.
  public func named<Kind: Catalogue, Result>(
    _ key: String, of kinds: Kind.Type, by selector: String = "type", default standard: Kind? = nil, help: String,
    role: KeyRole = .arithmetic, _ declaration: (Kind, Section) -> Result?
  ) -> Result? {
    let domain = Domain.choice(of: kinds)
    let path = path.appending(key: key)
    func body(_ section: Section) -> Result? {
      section.variants(selector, of: kinds, help: help) { declaration($0, section) }
    }
    if isDescribing {
      let (result, section) = describe(path, body)
      _ = record(
        KeyDescription(
          name: key, help: help, role: role,
          presence: standard.map { .standard(.string($0.rawValue)) } ?? .required,
          content: .named(section, selector: selector, domain.description)))
      return result
    }
    guard let value = standard == nil ? requiredValue(key) : presentValue(key) ?? standard.map({ .string($0.rawValue) })
    else { return nil }
    let members: [String: JSONValue]
    if case .object(let object) = value {
      members = object
    } else {
      guard domain.read(value, ConfigurationPlace(path: path, issues: issues)) != nil else { return nil }
      members = [selector: value]
    }
    let section = Section(members, path: path, context)
    let result = body(section)
    section.finish()
    answer(key, section.hasOwnValues ? section.resolved : section.resolved.member(selector) ?? .null, role)
    return result
  }

  /// A section that may be left out, and for which the value of one of its keys may stand alone: `"a.csv"` is
  /// `{ "path": "a.csv" }`. In the resolved configuration the value stands alone if the section has no other keys.
  ///
  /// - Parameters:
  ///   - main: the key whose value may stand alone. It has to be there.
  ///   - domain: its values; the section has the role of that key.
  ///   - declaration: reads what else the section has; its first argument is the value.
  /// - Returns: nil if it is absent or after reporting an issue.
  public func optionalObject<Result>(
    _ key: String, orOnly main: String, _ domain: Domain<String>, mainHelp: String, absence: String = "none",
    help: String, _ declaration: (String, Section) -> Result?
  ) -> Result? {
    let path = path.appending(key: key)
    func body(_ section: Section) -> Result? {
      let value = section.required(main, domain, help: mainHelp)
      let result = declaration(value ?? domain.placeholder, section)
      return value == nil ? nil : result
    }
    if isDescribing {
      let (result, section) = describe(path, body)
      _ = record(
        KeyDescription(
          name: key, help: help, role: domain.role, presence: .depends(absence),
          content: .named(section, selector: main, domain.description)))
      return result
    }
    let members: [String: JSONValue]
    switch presentValue(key) {
    case nil: return nil
    case .object(let object)?: members = object
    case .string(let text)?:
      guard domain.read(.string(text), ConfigurationPlace(path: path, issues: issues)) != nil else { return nil }
      members = [main: .string(text)]
    case let other?:
      report(key, "must be \(domain.description.words) or an object, found \(other.summary)")
      return nil
    }
    let section = Section(members, path: path, context)
    let result = body(section)
    section.finish()
    answer(key, members.count == 1 ? section.answered(main) ?? .null : section.resolved, domain.role)
    return result
  }

  // MARK: One section

  private func object<Result>(
    _ value: JSONValue, _ key: String, _ role: KeyRole, _ declaration: (Section) -> Result?
  ) -> Result? {
    let (result, resolved) = read(value, at: path.appending(key: key), declaration)
    answer(key, resolved, role)
    return result
  }

  private func read<Result>(
    _ value: JSONValue, at path: ConfigurationPath, _ declaration: (Section) -> Result?
  ) -> (result: Result?, resolved: JSONValue) {
    guard case .object(let members) = value else {
      issues.report(path, "must be an object, found \(value.summary)")
      return (nil, .null)
    }
    let section = Section(members, path: path, context)
    let result = declaration(section)
    section.finish()
    return (result, section.resolved)
  }

  private func describe<Result>(
    _ key: String, _ help: String, _ role: KeyRole, _ presence: KeyDescription.Presence,
    _ declaration: (Section) -> Result?
  ) -> Result? {
    let (result, section) = describe(path.appending(key: key), declaration)
    _ = record(KeyDescription(name: key, help: help, role: role, presence: presence, content: .section(section)))
    return result
  }

  private func describe<Result>(
    _ path: ConfigurationPath, _ declaration: (Section) -> Result?
  ) -> (result: Result?, description: SectionDescription) {
    let section = Section(nil, path: path, context)
    return (declaration(section), section.description)
  }
}
