/// A place where two documents differ.
public struct JSONDifference: Sendable, Equatable {
  /// The place.
  public let path: ConfigurationPath
  /// What stands there in the first document; nil if nothing does.
  public let first: JSONValue?
  /// What stands there in the second document; nil if nothing does.
  public let second: JSONValue?

  /// What a message says stands in the first document.
  public var firstText: String { first?.summary ?? "absent" }
  /// What a message says stands in the second document.
  public var secondText: String { second?.summary ?? "absent" }
}

extension JSONValue {
  /// Where this document and `other` differ, in the order of their keys: members and elements one by one, lists of different
  /// lengths as a whole.
  public func differences(from other: JSONValue, at path: ConfigurationPath = .root) -> [JSONDifference] {
    switch (self, other) {
    case (.object(let members), .object(let others)):
      return Set(members.keys).union(others.keys).sorted().flatMap { key -> [JSONDifference] in
        let path = path.appending(key: key)
        guard let member = members[key], let other = others[key] else {
          return [JSONDifference(path: path, first: members[key], second: others[key])]
        }
        return member.differences(from: other, at: path)
      }
    case (.array(let elements), .array(let others)) where elements.count == others.count:
      return elements.indices.flatMap { elements[$0].differences(from: others[$0], at: path.appending(index: $0)) }
    // A number without a fraction may be of either kind, as it was written or read.
    case (.integer(let integer), .number(let number)), (.number(let number), .integer(let integer)):
      return Double(integer) == number ? [] : [JSONDifference(path: path, first: self, second: other)]
    default:
      return self == other ? [] : [JSONDifference(path: path, first: self, second: other)]
    }
  }
}
