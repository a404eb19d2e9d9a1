/// Lists and objects.
extension ObjectReader {
  /// Required strings: a string, which counts as a list of one, or a list of at least one; nil after reporting an
  /// issue.
  public func strings(_ key: String) -> [String]? {
    requiredValue(key).flatMap { strings($0, key) }
  }

  /// Strings as for `strings(_:)`; nil if the key is absent or after reporting an issue.
  public func optionalStrings(_ key: String) -> [String]? {
    value(key).flatMap { strings($0, key) }
  }

  private func strings(_ value: JSONValue, _ key: String) -> [String]? {
    switch value {
    case .string(let string):
      return [string]
    case .array(let elements) where !elements.isEmpty:
      var strings: [String] = []
      for (index, element) in elements.enumerated() {
        if case .string(let string) = element {
          strings.append(string)
        } else {
          issues.report(
            path.appending(key: key).appending(index: index), "must be a string, found \(element.summary)")
        }
      }
      return strings.count == elements.count ? strings : nil
    default:
      report(key, "must be a string or a list of strings, found \(value.summary)")
      return nil
    }
  }

  /// A reader of a required object; nil after reporting an issue.
  public func object(_ key: String) -> ObjectReader? {
    requiredValue(key).flatMap { object($0, key) }
  }

  /// A reader of an object; nil if the key is absent or after reporting an issue.
  public func optionalObject(_ key: String) -> ObjectReader? {
    value(key).flatMap { object($0, key) }
  }

  private func object(_ value: JSONValue, _ key: String) -> ObjectReader? {
    let reader = ObjectReader(value, path: path.appending(key: key), issues: issues)
    if case .object = value { return reader }
    return nil
  }

  /// Readers of a required list of objects, at least one; nil after reporting an issue with the list.
  ///
  /// An element that is not an object is reported and still has its reader, which is silent from then on, so that the
  /// index of a reader is the index in the list.
  public func objects(_ key: String) -> [ObjectReader]? {
    guard let value = requiredValue(key) else { return nil }
    guard case .array(let elements) = value, !elements.isEmpty else {
      report(key, "must be a list of at least one object, found \(value.summary)")
      return nil
    }
    return elements.enumerated().map { index, element in
      ObjectReader(element, path: path.appending(key: key).appending(index: index), issues: issues)
    }
  }
}
