/// What a section of a configuration may hold: the keys that its declaration asks for, in that order.
public struct SectionDescription: Sendable, Equatable {
  /// Something that a declaration asks for.
  public enum Item: Sendable, Equatable {
    /// A key.
    case key(KeyDescription)
    /// A choice of further keys.
    case variants(VariantsDescription)
  }

  /// What the declaration asks for, in that order.
  public internal(set) var items: [Item] = []

  /// All keys, those of every variant among them.
  public var allKeys: [KeyDescription] {
    items.flatMap { item in
      switch item {
      case .key(let key): [key]
      case .variants(let variants): [variants.selector].compactMap(\.self) + variants.cases.flatMap(\.section.allKeys)
      }
    }
  }
}

/// A key of a section.
public struct KeyDescription: Sendable, Equatable {
  /// Whether a key may be left out.
  public enum Presence: Sendable, Equatable {
    /// It has to be there.
    case required
    /// It may be left out, which means the same as a value.
    case standard(JSONValue)
    /// It may be left out; what that means depends on other things and is said in words.
    case depends(String)
  }

  /// What stands behind a key.
  public enum Content: Sendable, Equatable {
    /// A value.
    case value(DomainDescription)
    /// A section.
    case section(SectionDescription)
    /// A list of at least one section.
    case list(SectionDescription)
    /// Sections by names that a person chooses; `name` stands for one of them.
    case map(SectionDescription, name: String)
    /// A section, or instead of it the value that one of its keys would have: a name that chooses further keys, or a path.
    case named(SectionDescription, selector: String, DomainDescription)
  }

  /// The key.
  public let name: String
  /// What it is for, as a phrase without a full stop.
  public let help: String
  /// What it means to a run that goes on.
  public let role: KeyRole
  /// Whether it may be left out.
  public let presence: Presence
  /// What stands behind it.
  public let content: Content
}

/// A choice of further keys of the same section: by the value of a key, or by which one of some keys is there.
public struct VariantsDescription: Sendable, Equatable {
  /// One of the choices.
  public struct Case: Sendable, Equatable {
    /// The value of the selector, or else the key whose presence means this case.
    public let name: String
    /// The keys of this case.
    public let section: SectionDescription
  }

  /// The key whose value makes the choice; nil if one of the keys that name the cases has to be there.
  public let selector: KeyDescription?
  /// All cases.
  public let cases: [Case]

  /// The name of the case that holds where the selector is left out.
  public var standardCase: String? {
    if case .standard(.string(let name)) = selector?.presence { name } else { nil }
  }
}

// MARK: - Looking up

extension SectionDescription {
  /// The sections that can stand at a path below this one, whatever variants are chosen.
  func sections(at path: some Sequence<ConfigurationPath.Component>) -> [SectionDescription] {
    var sections = [self]
    var (lists, maps): ([SectionDescription], [SectionDescription]) = ([], [])
    for component in path {
      switch component {
      case .key where !maps.isEmpty:
        (sections, lists, maps) = (maps, [], [])
      case .key(let name):
        let contents = sections.flatMap(\.allKeys).filter { $0.name == name }.map(\.content)
        sections = contents.compactMap(\.section)
        lists = contents.compactMap { if case .list(let element) = $0 { element } else { nil } }
        maps = contents.compactMap { if case .map(let element, _) = $0 { element } else { nil } }
      case .index:
        sections = lists
        lists = []
      }
    }
    return sections
  }

  /// Where a key can stand: the paths of the sections that have it, elements of lists as `[]`, "" for this one.
  func places(of key: String, at path: String = "") -> [String] {
    var places: [String] = allKeys.contains { $0.name == key } ? [path] : []
    for member in allKeys {
      let inner = path.isEmpty ? member.name : "\(path).\(member.name)"
      let found =
        switch member.content {
        case .list(let element): element.places(of: key, at: inner + "[]")
        case .map(let element, let name): element.places(of: key, at: "\(inner).\(name)")
        default: member.content.section?.places(of: key, at: inner) ?? []
        }
      for place in found where !places.contains(place) { places.append(place) }
    }
    return places
  }
}

extension KeyDescription.Content {
  /// The section, if there is one behind the key itself.
  var section: SectionDescription? {
    switch self {
    case .section(let section), .named(let section, _, _): section
    case .value, .list, .map: nil
    }
  }
}
