extension Domain<Int> {
  /// A whole number in a range. A bound of `Int.max` or `Int.min` is no bound in words: `1...Int.max` is "at least 1".
  public static func integer(in range: ClosedRange<Int>) -> Self {
    let bounds = bounds(of: range)
    let words = ["a whole number", bounds].compactMap { $0 }.joined(separator: " ")
    var schema: [String: JSONValue] = ["type": "integer"]
    if range.lowerBound > .min { schema["minimum"] = .integer(range.lowerBound) }
    if range.upperBound < .max { schema["maximum"] = .integer(range.upperBound) }
    return Self(
      words, schema: schema, placeholder: range.lowerBound,
      read: { value, place in
        let whole: Int?
        switch value {
        case .integer(let integer):
          whole = integer
        case .number(let number) where number.rounded() == number && abs(number) >= 0x1p63:
          // It is whole, so say what is wrong with it even where the range has no bound of its own.
          let limit = number > 0 ? "at most \(range.upperBound)" : "at least \(range.lowerBound)"
          place.report("must be \(limit), found \(value.summary)")
          return nil
        case .number(let number):
          whole = Int(exactly: number)
        default:
          whole = nil
        }
        guard let whole else {
          place.report("must be \(words), found \(value.summary)")
          return nil
        }
        guard range.contains(whole) else {
          place.report("must be \(bounds ?? "a whole number"), found \(whole)")
          return nil
        }
        return whole
      },
      write: { .integer($0) })
  }

  /// A range in words; nil if it has no bounds.
  fileprivate static func bounds(of range: ClosedRange<Int>) -> String? {
    switch (range.lowerBound, range.upperBound) {
    case (Int.min, Int.max): nil
    case (Int.min, let upper): "at most \(upper)"
    case (let lower, Int.max): "at least \(lower)"
    case (let lower, let upper): "from \(lower) to \(upper)"
    }
  }
}

extension Domain<[Int]> {
  /// A list of at least one whole number in a range, none twice.
  public static func integers(in range: ClosedRange<Int>) -> Self {
    let element = Domain<Int>.integer(in: range)
    let numbers = ["whole numbers", Domain<Int>.bounds(of: range)].compactMap(\.self).joined(separator: " ")
    let words = "a list of \(numbers), none twice"
    return Self(
      words,
      schema: [
        "type": "array", "items": .object(element.description.schema), "minItems": 1, "uniqueItems": true,
      ],
      placeholder: [element.placeholder],
      read: { value, place in
        guard case .array(let elements) = value, !elements.isEmpty else {
          place.report("must be \(words), found \(value.summary)")
          return nil
        }
        var numbers: [Int] = []
        var known: Set<Int> = []
        for (index, json) in elements.enumerated() {
          guard let number = element.read(json, place[index]) else { continue }
          if known.insert(number).inserted {
            numbers.append(number)
          } else {
            place[index].report("is in the list twice")
          }
        }
        return numbers.count == elements.count ? numbers : nil
      },
      write: { .array($0.map { .integer($0) }) })
  }
}

extension Domain<Double> {
  /// A number in a range.
  public static func number(_ range: NumberRange) -> Self {
    Self(
      range.descriptionWithNoun, schema: range.schema, placeholder: range.example,
      read: { value, place in
        let number: Double
        switch value {
        case .integer(let integer): number = Double(integer)
        case .number(let double): number = double
        default:
          place.report("must be \(range.descriptionWithNoun), found \(value.summary)")
          return nil
        }
        guard range.contains(number) else {
          place.report("must be \(range), found \(value.summary)")
          return nil
        }
        return number
      },
      write: { .number($0) })
  }

  /// A number in a range for arithmetic in Float, where a number may be too large, or so small that it would be 0.
  public static func float(_ range: NumberRange) -> Self {
    let number = Self.number(range)
    return Self(
      number.description, placeholder: number.placeholder,
      read: { value, place in
        guard let double = number.read(value, place) else { return nil }
        guard double == 0 || Float(double).isNormal else {
          place.report("must be a number that single precision can hold, found \(value.summary)")
          return nil
        }
        guard range.contains(Double(Float(double))) else {
          place.report(
            "must be \(range) in single precision, found \(value.summary), which is rounded to \(Float(double))")
          return nil
        }
        return double
      },
      write: number.write)
  }
}
