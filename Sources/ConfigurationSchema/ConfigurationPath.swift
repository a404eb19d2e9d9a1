/// Where a value stands in a configuration, in the notation that messages and `--set` share:
/// `network.layers[0].units`.
public struct ConfigurationPath: Sendable, Hashable, CustomStringConvertible {
  /// One step down the tree.
  public enum Component: Sendable, Hashable {
    /// Into an object.
    case key(String)
    /// Into a list, counted from 0.
    case index(Int)
  }

  /// The steps from the root, outermost first.
  public let components: [Component]

  /// The path of the whole configuration, which has no steps.
  public static let root = ConfigurationPath(components: [])

  init(components: [Component]) {
    self.components = components
  }

  /// The path of a member of the object at this path.
  public func appending(key: String) -> Self {
    Self(components: components + [.key(key)])
  }

  /// The path of an element of the list at this path, counted from 0.
  public func appending(index: Int) -> Self {
    Self(components: components + [.index(index)])
  }

  /// Reads the notation that `description` writes, as a person types it after `--set`.
  ///
  /// Nil if a key is empty or contains white space, a quote or a bracket out of place, if an index is not a whole
  /// number, or if the path is deeper than any file may be nested.
  public init?(parsing text: String) {
    var components: [Component] = []
    var rest = Substring(text)
    while !rest.isEmpty {
      if rest.first == "[" {
        let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard let index = Int(digits), rest[digits.endIndex...].first == "]" else { return nil }
        components.append(.index(index))
        rest = rest[digits.endIndex...].dropFirst()
      } else {
        // A dot separates a key from what is before it; there is nothing before the first.
        if !components.isEmpty {
          guard rest.first == "." else { return nil }
          rest = rest.dropFirst()
        }
        let key = rest.prefix { $0 != "." && $0 != "[" }
        guard Self.isPlain(key) else { return nil }
        components.append(.key(String(key)))
        rest = rest[key.endIndex...]
      }
    }
    guard !components.isEmpty, components.count <= JSONScanner.maximumDepth else { return nil }
    self.init(components: components)
  }

  /// The path in words: `network.layers[0].units`, or "the configuration" for the root. A key that would be misread
  /// in this notation stands in brackets and quotes, as in `class["a.b"]`; of one that is absurdly long, only its beginning.
  public var description: String {
    guard !components.isEmpty else { return "the configuration" }
    var result = ""
    for component in components {
      switch component {
      case .index(let index): result += "[\(index)]"
      case .key(let key) where key.utf8.count > Self.longestKey:
        result += "[\(JSONValue.string(key.prefix(60) + "…").compactText)]"
      case .key(let key) where !Self.isPlain(key[...]): result += "[\(JSONValue.string(key).compactText)]"
      case .key(let key): result += result.isEmpty ? key : "." + key
      }
    }
    return result
  }

  /// Keys of more bytes are cut off in messages.
  private static let longestKey = 400

  private static func isPlain(_ key: Substring) -> Bool {
    let misread: Set<Character> = [".", "[", "]", "\"", "'", "\\"]
    return !key.isEmpty
      && !key.contains { character in
        misread.contains(character) || character.isWhitespace
          || character.unicodeScalars.contains { $0.properties.generalCategory == .control }
      }
  }
}
