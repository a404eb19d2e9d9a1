extension JSONValue {
  /// Puts a value at a path, as `--set KEY=VALUE` does.
  ///
  /// Objects that are missing on the way are made; elements of lists are not, because their number means something.
  /// If that fails, an issue names the path where the way ends, and the tree stays as it was.
  public mutating func override(_ path: ConfigurationPath, with value: JSONValue, issues: IssueCollector) {
    if let result = replacing(path.components[...], with: value, at: .root, issues: issues) {
      self = result
    }
  }

  private func replacing(
    _ steps: ArraySlice<ConfigurationPath.Component>, with value: JSONValue, at path: ConfigurationPath,
    issues: IssueCollector
  ) -> JSONValue? {
    guard let step = steps.first else { return value }
    switch (step, self) {
    case (.key(let key), .object(var members)):
      let keyPath = path.appending(key: key)
      if members[key] == nil, case .index(let index) = steps.dropFirst().first {
        issues.report(keyPath, "is not there, so it has no element \(index)")
        return nil
      }
      let member = members[key] ?? .object([:])
      guard let result = member.replacing(steps.dropFirst(), with: value, at: keyPath, issues: issues) else {
        return nil
      }
      members[key] = result
      return .object(members)

    case (.index(let index), .array(var elements)):
      guard elements.indices.contains(index) else {
        issues.report(path, "has no element \(index): \(Self.countText(elements.count))")
        return nil
      }
      let element = elements[index]
      let elementPath = path.appending(index: index)
      guard let result = element.replacing(steps.dropFirst(), with: value, at: elementPath, issues: issues) else {
        return nil
      }
      elements[index] = result
      return .array(elements)

    case (.key(let key), .array):
      issues.report(path, "is a list, so it has no key '\(key)'; name an element, as in '\(path.appending(index: 0))'")
      return nil
    case (.key(let key), _):
      issues.report(path, "is \(summary), so it has no key '\(key)'")
      return nil
    case (.index(let index), _):
      issues.report(path, "is \(summary), so it has no element \(index)")
      return nil
    }
  }

  private static func countText(_ count: Int) -> String {
    switch count {
    case 0: "it is empty"
    case 1: "there is 1 element, number 0"
    default: "there are \(count) elements, numbered from 0 to \(count - 1)"
    }
  }
}
