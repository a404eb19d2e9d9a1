/// Choices which select further keys of the same section.
extension Section {
  /// A key that has to be there and whose value chooses further keys of this section.
  ///
  /// - Parameter body: reads the keys of a variant from this section. It is run for the chosen one when reading, and for every
  ///   one when describing.
  /// - Returns: What `body` made; nil after reporting an issue.
  public func variants<Kind: Catalogue, Result>(
    _ key: String, of kinds: Kind.Type, help: String, role: KeyRole = .arithmetic, _ body: (Kind) -> Result?
  ) -> Result? {
    variants(key, kinds, nil, help, role, body)
  }

  /// The same for a key that may be left out.
  public func variants<Kind: Catalogue, Result>(
    _ key: String, of kinds: Kind.Type, default standard: Kind, help: String, role: KeyRole = .arithmetic,
    _ body: (Kind) -> Result?
  ) -> Result? {
    variants(key, kinds, standard, help, role, body)
  }

  private func variants<Kind: Catalogue, Result>(
    _ key: String, _ kinds: Kind.Type, _ standard: Kind?, _ help: String, _ role: KeyRole, _ body: (Kind) -> Result?
  ) -> Result? {
    let domain = Domain.choice(of: kinds)
    if isDescribing {
      let selector = KeyDescription(
        name: key, help: help, role: role, presence: standard.map { .standard(.string($0.rawValue)) } ?? .required,
        content: .value(domain.description))
      return describe(selector, Array(kinds.allCases), body)
    }
    // Where the name is wrong it is not known which keys are right.
    let kind: Kind?
    if let standard, members?[key] == nil {
      kind = standard
      readKeys.insert(key)
      answer(key, .string(standard.rawValue), role)
    } else {
      let value = presentValue(key, isSelector: true)
      if value == nil, members != nil { report(key, "is required") }
      kind = value.flatMap { read($0, key, domain, role) }
    }
    guard let kind else {
      isUndetermined = true
      return nil
    }
    return body(kind)
  }

  /// A choice by presence: exactly one of the keys that are the raw values of `Key` has to be there.
  ///
  /// - Parameters:
  ///   - words: what is said after "must have" if none is there; by default a list of the keys.
  ///   - body: reads the key, and what else it brings, from this section.
  /// - Returns: What `body` made; nil after reporting an issue.
  public func alternatives<Key: RawRepresentable<String> & CaseIterable, Result>(
    of keys: Key.Type, orElse words: String? = nil, _ body: (Key) -> Result?
  ) -> Result? {
    if isDescribing { return describe(nil, Array(keys.allCases), body) }
    let present = keys.allCases.filter { members?[$0.rawValue] != nil }
    if present.count == 1 { return body(present[0]) }
    isUndetermined = true
    guard members != nil else { return nil }
    let all = "one of \(listed(keys.allCases.map(\.rawValue), "and"))"
    if present.isEmpty {
      issues.report(path, "must have \(words ?? all + ", found none of them")")
    } else {
      issues.report(path, "must have \(all), found \(present.map { "'\($0.rawValue)'" }.joined(separator: " and "))")
    }
    return nil
  }

  private func describe<Kind: RawRepresentable<String>, Result>(
    _ selector: KeyDescription?, _ kinds: [Kind], _ body: (Kind) -> Result?
  ) -> Result? {
    let outside = description
    var first: Result?
    let cases = kinds.map { kind in
      description = SectionDescription()
      let result = body(kind)
      if first == nil { first = result }
      return VariantsDescription.Case(name: kind.rawValue, section: description)
    }
    description = outside
    description.items.append(.variants(VariantsDescription(selector: selector, cases: cases)))
    return first
  }
}

/// Names in a sentence: "'a', 'b' and 'c'".
func listed(_ names: [String], _ conjunction: String) -> String {
  let quoted = names.map { "'\($0)'" }
  guard quoted.count > 1 else { return quoted.first ?? "" }
  return quoted.dropLast().joined(separator: ", ") + " \(conjunction) " + quoted[quoted.count - 1]
}
