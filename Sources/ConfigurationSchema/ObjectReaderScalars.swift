/// Strings, numbers and choices.
extension ObjectReader {
  // MARK: Strings

  /// A required string; nil after reporting an issue.
  public func string(_ key: String) -> String? {
    requiredValue(key).flatMap { string($0, key) }
  }

  /// A string, or the default if the key is absent or after reporting an issue.
  public func string(_ key: String, default defaultValue: String) -> String {
    optionalString(key) ?? defaultValue
  }

  /// A string; nil if the key is absent or after reporting an issue.
  public func optionalString(_ key: String) -> String? {
    value(key).flatMap { string($0, key) }
  }

  private func string(_ value: JSONValue, _ key: String) -> String? {
    if case .string(let string) = value { return string }
    report(key, "must be a string, found \(value.summary)")
    return nil
  }

  // MARK: Whole numbers

  /// A required whole number in a range; nil after reporting an issue. A bound of `Int.max` or `Int.min` is no bound
  /// in messages: `1...Int.max` is "at least 1".
  public func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
    requiredValue(key).flatMap { integer($0, key, in: range) }
  }

  /// A whole number in a range, or the default if the key is absent or after reporting an issue.
  public func integer(_ key: String, in range: ClosedRange<Int>, default defaultValue: Int) -> Int {
    value(key).flatMap { integer($0, key, in: range) } ?? defaultValue
  }

  private func integer(_ value: JSONValue, _ key: String, in range: ClosedRange<Int>) -> Int? {
    let bounds: String? =
      switch (range.lowerBound, range.upperBound) {
      case (Int.min, Int.max): nil
      case (Int.min, let upper): "at most \(upper)"
      case (let lower, Int.max): "at least \(lower)"
      case (let lower, let upper): "from \(lower) to \(upper)"
      }
    let whole: Int?
    switch value {
    case .integer(let integer):
      whole = integer
    case .number(let number) where number.rounded() == number && abs(number) >= 0x1p63:
      // It is whole, so say what is wrong with it even where the range has no bound of its own.
      let limit = number > 0 ? "at most \(range.upperBound)" : "at least \(range.lowerBound)"
      report(key, "must be \(limit), found \(value.summary)")
      return nil
    case .number(let number):
      whole = Int(exactly: number)
    default:
      whole = nil
    }
    guard let whole else {
      let words = ["must be a whole number", bounds].compactMap { $0 }.joined(separator: " ")
      report(key, "\(words), found \(value.summary)")
      return nil
    }
    guard range.contains(whole) else {
      report(key, "must be \(bounds ?? "a whole number"), found \(whole)")
      return nil
    }
    return whole
  }

  // MARK: Numbers

  /// A required number in a range; nil after reporting an issue.
  public func number(_ key: String, _ range: NumberRange) -> Double? {
    requiredValue(key).flatMap { number($0, key, range) }
  }

  /// A number in a range, or the default if the key is absent or after reporting an issue.
  public func number(_ key: String, _ range: NumberRange, default defaultValue: Double) -> Double {
    value(key).flatMap { number($0, key, range) } ?? defaultValue
  }

  private func number(_ value: JSONValue, _ key: String, _ range: NumberRange) -> Double? {
    let number: Double
    switch value {
    case .integer(let integer): number = Double(integer)
    case .number(let double): number = double
    default:
      report(key, "must be \(range.descriptionWithNoun), found \(value.summary)")
      return nil
    }
    guard range.contains(number) else {
      report(key, "must be \(range), found \(value.summary)")
      return nil
    }
    return number
  }

  // MARK: Truth values

  /// A truth value, or the default if the key is absent or after reporting an issue.
  public func bool(_ key: String, default defaultValue: Bool) -> Bool {
    guard let value = value(key) else { return defaultValue }
    if case .bool(let bool) = value { return bool }
    report(key, "must be true or false, found \(value.summary)")
    return defaultValue
  }

  // MARK: Choices

  /// A required name from a catalogue; nil after reporting an issue, with the nearest name and all of them.
  public func choice<E: RawRepresentable & CaseIterable>(_ key: String, of type: E.Type) -> E?
  where E.RawValue == String {
    requiredValue(key).flatMap { choice($0, key, of: type) }
  }

  /// A name from a catalogue, or the default if the key is absent or after reporting an issue.
  public func choice<E: RawRepresentable & CaseIterable>(
    _ key: String, of type: E.Type, default defaultValue: E
  ) -> E where E.RawValue == String {
    value(key).flatMap { choice($0, key, of: type) } ?? defaultValue
  }

  private func choice<E: RawRepresentable & CaseIterable>(_ value: JSONValue, _ key: String, of type: E.Type) -> E?
  where E.RawValue == String {
    let names = type.allCases.map(\.rawValue)
    let list = names.joined(separator: ", ")
    guard case .string(let name) = value else {
      report(key, "must be one of \(list), found \(value.summary)")
      return nil
    }
    if let choice = type.allCases.first(where: { $0.rawValue == name }) { return choice }
    let suggestion = nearest(to: name, among: names).map { " did you mean '\($0)'?" } ?? ""
    report(key, "unknown value \(value.summary);\(suggestion) allowed: \(list)")
    return nil
  }
}
