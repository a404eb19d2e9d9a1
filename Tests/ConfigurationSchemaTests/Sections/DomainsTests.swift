import Testing

@testable import ConfigurationSchema

@Suite struct DomainsTests {
  /// What is said about one value.
  private func message(_ text: String, _ domain: Domain<some Any>) throws -> String? {
    let reading = try Reading("{\"k\": \(text)}") { $0.required("k", domain) }
    #expect((reading.result == nil) == (reading.messages.count == 1))
    return reading.messages.first
  }

  // MARK: Strings

  @Test func strings() throws {
    #expect(try Reading(#"{"k": "x"}"#) { $0.required("k", .string) }.result == "x")
    #expect(try message(#""""#, .string) == nil)
    for (text, found) in [("1", "1"), ("null", "null"), ("{}", "an object")] {
      #expect(try message(text, Domain<String>.string) == "k: must be a string, found \(found)")
    }
  }

  @Test func listsOfStrings() throws {
    let reading = try Reading(#"{"a": "x", "b": ["x", "y"], "c": ["z"]}"#) { section in
      ["a", "b", "c"].map { section.required($0, .strings) }
    }
    #expect(reading.result == [["x"], ["x", "y"], ["z"]] && reading.messages == [])
    #expect(reading.resolved == ["a": "x", "b": ["x", "y"], "c": "z"])
    #expect(try message("1", .strings) == "k: must be a string or a list of strings, found 1")
    #expect(try message("[]", .strings) == "k: must be a string or a list of strings, found an empty list")
    let wrong = try Reading(#"{"k": ["x", 2, null]}"#) { $0.required("k", .strings) }
    #expect(wrong.result == nil)
    #expect(wrong.messages == ["k[1]: must be a string, found 2", "k[2]: must be a string, found null"])
  }

  /// The answer is the path as it was written; the resolved configuration has it absolute.
  @Test func paths() throws {
    let reading = try Reading(#"{"a": "b/../c", "d": "/e"}"#) { [$0.required("a", .path), $0.required("d", .path)] }
    #expect(reading.result == ["b/../c", "/e"])
    #expect(reading.resolved == ["a": "/home/x/c", "d": "/e"])
    #expect(try message(#""""#, .path) == "k: must not be empty")
    #expect(try message("7", Domain<String>.path) == "k: must be a string, found 7")
  }

  // MARK: Whole numbers

  @Test func integers() throws {
    let reading = try Reading(#"{"a": 3, "b": 3.0, "c": 9223372036854775807, "d": 1e3, "e": -0.0}"#) { section in
      [
        section.required("a", .integer(in: 3...3)), section.required("b", .integer(in: 1...Int.max)),
        section.required("c", .integer(in: 0...Int.max)), section.required("d", .integer(in: 0...1000)),
        section.required("e", .integer(in: 0...1)),
      ]
    }
    #expect(reading.result == [3, 3, .max, 1000, 0] && reading.messages == [])
    #expect(reading.resolved == ["a": 3, "b": 3, "c": .integer(.max), "d": 1000, "e": 0])
  }

  @Test(arguments: [
    ("\"ten\"", 1...Int.max, "must be a whole number at least 1, found 'ten'"),
    ("2.5", 1...Int.max, "must be a whole number at least 1, found 2.5"),
    ("null", 1...10, "must be a whole number from 1 to 10, found null"),
    ("true", Int.min...Int.max, "must be a whole number, found true"),
    ("[1]", Int.min...5, "must be a whole number at most 5, found a list"),
    ("0", 1...Int.max, "must be at least 1, found 0"),
    ("11", 1...10, "must be from 1 to 10, found 11"),
    ("6", Int.min...5, "must be at most 5, found 6"),
    ("99999999999999999999", 1...Int.max, "must be at most 9223372036854775807, found 1e20"),
    ("9223372036854775808", 1...9, "must be at most 9, found 9.223372036854776e18"),
    ("-1e300", 1...9, "must be at least 1, found -1e300"),
  ])
  func wrongIntegers(text: String, range: ClosedRange<Int>, expected: String) throws {
    #expect(try message(text, .integer(in: range)) == "k: \(expected)")
  }

  @Test func listsOfIntegers() throws {
    let reading = try Reading(#"{"a": [3, 1.0], "b": [5]}"#) { section in
      [section.required("a", .integers(in: 0...9)), section.required("b", .integers(in: 5...Int.max))]
    }
    #expect(reading.result == [[3, 1], [5]] && reading.messages == [])
    #expect(reading.resolved == ["a": [3, 1], "b": [5]])
    #expect(
      try message("[]", .integers(in: 1...3))
        == "k: must be a list of whole numbers from 1 to 3, none twice, found an empty list")
    #expect(
      try message("7", .integers(in: Int.min...Int.max)) == "k: must be a list of whole numbers, none twice, found 7")
    #expect(try message("[2, 2.0]", .integers(in: 0...3)) == "k[1]: is in the list twice")
    #expect(try message("[1, 4]", .integers(in: 0...3)) == "k[1]: must be from 0 to 3, found 4")
    #expect(try message("[1.5]", .integers(in: 0...3)) == "k[0]: must be a whole number from 0 to 3, found 1.5")
  }

  @Test func numbersThatAreNotFiniteNeverTrap() {
    let reading = Reading(.object(["a": .number(.infinity), "b": .number(.nan)])) { section in
      [section.required("a", .integer(in: 0...Int.max)), section.required("b", .integer(in: 0...Int.max))].map {
        $0.map(Double.init)
      } + [section.required("a", .number(.any))]
    }
    #expect(reading.result == [nil, nil, nil])
    #expect(
      reading.messages == [
        "a: must be at most 9223372036854775807, found inf", "b: must be a whole number at least 0, found nan",
        "a: must be any finite number, found inf",
      ])
  }

  // MARK: Numbers

  @Test func numbers() throws {
    let reading = try Reading(#"{"a": 0.5, "b": 2}"#) {
      [$0.required("a", .number(.fraction)), $0.required("b", .number(.positive))]
    }
    #expect(reading.result == [0.5, 2] && reading.messages == [])
    #expect(reading.resolved == ["a": 0.5, "b": .number(2)])
  }

  @Test(arguments: [
    ("-1", NumberRange.positive, "must be greater than 0, found -1"),
    ("0", .positive, "must be greater than 0, found 0"),
    ("1", .fraction, "must be strictly between 0 and 1, found 1"),
    ("1.5", .from(0, through: 1), "must be from 0 to 1, found 1.5"),
    ("null", .any, "must be a number, found null"),
    ("\"0.1\"", .positive, "must be a number greater than 0, found '0.1'"),
    ("false", .fraction, "must be a number strictly between 0 and 1, found false"),
    ("{}", .any, "must be a number, found an object"),
  ])
  func wrongNumbers(text: String, range: NumberRange, expected: String) throws {
    #expect(try message(text, .number(range)) == "k: \(expected)")
    #expect(try message(text, .float(range)) == "k: \(expected)")
  }

  /// What rounds to 0 or to ∞ as a Float, or loses digits below the least normal one.
  @Test(arguments: ["1e-60", "1e-40", "1e60", "-1e39"]) func numbersBeyondFloats(text: String) throws {
    #expect(try message(text, .number(.any)) == nil)
    #expect(try message(text, .float(.any)) == "k: must be a number that single precision can hold, found \(text)")
    for text in ["0", "3e38", "1.2e-38"] { #expect(try message(text, .float(.any)) == nil) }
  }

  // MARK: The rest

  @Test func truthValues() throws {
    let reading = try Reading(#"{"a": true, "b": false}"#) { [$0.required("a", .bool), $0.required("b", .bool)] }
    #expect(reading.result == [true, false])
    for (text, found) in [("1", "1"), ("\"yes\"", "'yes'"), ("null", "null")] {
      #expect(try message(text, Domain<Bool>.bool) == "k: must be true or false, found \(found)")
    }
  }

  @Test(arguments: [
    ("\"reluu\"", "unknown value 'reluu'; did you mean 'relu'? allowed: identity, sigmoid, relu"),
    ("\"step\"", "unknown value 'step'; allowed: identity, sigmoid, relu"),
    ("3", "must be one of identity, sigmoid, relu, found 3"),
    ("\"ReLU\"", "unknown value 'ReLU'; did you mean 'relu'? allowed: identity, sigmoid, relu"),
  ])
  func choices(text: String, expected: String) throws {
    #expect(try message(text, .choice(of: Activation.self)) == "k: \(expected)")
    #expect(try Reading(#"{"k": "relu"}"#) { $0.required("k", .choice(of: Activation.self)) }.result == .relu)
  }

  @Test func listsOfChoices() throws {
    func read(_ text: String) throws -> Reading<[Activation]> {
      try Reading("{\"k\": \(text)}") { $0.required("k", .choices(of: Activation.self)) }
    }
    let reading = try read(#"["relu", "sigmoid"]"#)
    #expect(reading.result == [.relu, .sigmoid] && reading.messages == [])
    #expect(reading.resolved == ["k": ["relu", "sigmoid"]])
    #expect(try read("[]").result == [])
    let wrong = try read(#"["relu", "step", "relu", 1]"#)
    #expect(wrong.result == nil)
    #expect(
      wrong.messages == [
        "k[1]: unknown value 'step'; allowed: identity, sigmoid, relu", "k[2]: is in the list twice",
        "k[3]: must be one of identity, sigmoid, relu, found 1",
      ])
    #expect(
      try read(#""relu""#).messages == [
        "k: must be a list of names, found 'relu'; allowed: identity, sigmoid, relu"
      ])
  }

  /// What a declaration is answered when it is only described must not surprise it.
  @Test(arguments: [
    NumberRange.any, .positive, .nonNegative, .fraction, .atLeast(3), .greaterThan(-1), .from(2, through: 4),
    .from(0, below: 1),
  ]) func placeholders(range: NumberRange) {
    #expect(range.contains(Domain.number(range).placeholder))
    #expect(Domain.integer(in: 3...9).placeholder == 3)
  }
}
