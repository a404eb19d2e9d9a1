import Testing

@testable import ConfigurationSchema

private enum Activation: String, CaseIterable { case identity, sigmoid, relu }

@Suite struct ObjectReaderScalarsTests {
  @Test func stringsAreRead() throws {
    let reading = try Reading(#"{"a": "x", "b": ""}"#)
    #expect(reading.reader.string("a") == "x")
    #expect(reading.reader.string("b", default: "y") == "")
    #expect(reading.reader.string("c", default: "y") == "y")
    #expect(reading.reader.optionalString("a") == "x")
    #expect(reading.reader.optionalString("c") == nil)
    reading.reader.finish()
    #expect(reading.messages.isEmpty)
  }

  @Test func wrongStringsAreReported() throws {
    let reading = try Reading(#"{"a": 1, "b": null, "c": {}}"#)
    #expect(reading.reader.string("a") == nil)
    #expect(reading.reader.string("b", default: "y") == "y")
    #expect(reading.reader.optionalString("c") == nil)
    #expect(reading.reader.string("d") == nil)
    #expect(
      reading.messages == [
        "a: must be a string, found 1", "b: must be a string, found null", "c: must be a string, found an object",
        "d: is required",
      ])
  }

  @Test func integersAreRead() throws {
    let reading = try Reading(#"{"a": 3, "b": 3.0, "c": 9223372036854775807, "d": 1e3, "e": -0.0}"#)
    #expect(reading.reader.integer("a", in: 3...3) == 3)
    #expect(reading.reader.integer("b", in: 1...Int.max) == 3)
    #expect(reading.reader.integer("c", in: 0...Int.max) == .max)
    #expect(reading.reader.integer("d", in: 0...1000) == 1000)
    #expect(reading.reader.integer("e", in: 0...1) == 0)
    #expect(reading.reader.integer("f", in: 0...1, default: 1) == 1)
    #expect(reading.reader.integer("a", in: 0...5, default: 1) == 3)
    reading.reader.finish()
    #expect(reading.messages.isEmpty)
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
  func wrongIntegersAreReported(text: String, range: ClosedRange<Int>, message: String) throws {
    let reading = try Reading("{\"k\": \(text)}")
    #expect(reading.reader.integer("k", in: range) == nil)
    #expect(reading.reader.integer("k", in: range, default: 4) == 4)
    #expect(reading.messages == ["k: \(message)", "k: \(message)"])
  }

  @Test func numbersThatAreNotFiniteNeverTrap() {
    let issues = IssueCollector()
    let reader = ObjectReader(
      .object(["a": .number(.infinity), "b": .number(.nan)]), path: .root, issues: issues)
    #expect(reader.integer("a", in: 0...Int.max) == nil)
    #expect(reader.integer("b", in: 0...Int.max) == nil)
    #expect(reader.number("a", .any) == nil)
    #expect(
      issues.issues.map(\.description) == [
        "a: must be at most 9223372036854775807, found inf", "b: must be a whole number at least 0, found nan",
        "a: must be any finite number, found inf",
      ])
  }

  @Test func numbersAreRead() throws {
    let reading = try Reading(#"{"a": 0.5, "b": 2}"#)
    #expect(reading.reader.number("a", .fraction) == 0.5)
    #expect(reading.reader.number("b", .positive) == 2)
    #expect(reading.reader.number("b", .positive, default: 3) == 2)
    #expect(reading.reader.number("c", .positive, default: 3) == 3)
    reading.reader.finish()
    #expect(reading.messages.isEmpty)
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
  func wrongNumbersAreReported(text: String, range: NumberRange, message: String) throws {
    let reading = try Reading("{\"k\": \(text)}")
    #expect(reading.reader.number("k", range) == nil)
    #expect(reading.reader.number("k", range, default: 4) == 4)
    #expect(reading.messages == ["k: \(message)", "k: \(message)"])
  }

  @Test func truthValues() throws {
    let reading = try Reading(#"{"a": true, "b": false, "c": 1, "d": "yes", "e": null}"#)
    #expect(reading.reader.bool("a", default: false))
    #expect(!reading.reader.bool("b", default: true))
    #expect(reading.reader.bool("c", default: true))
    #expect(!reading.reader.bool("d", default: false))
    #expect(reading.reader.bool("e", default: true))
    #expect(reading.reader.bool("f", default: true))
    #expect(
      reading.messages == [
        "c: must be true or false, found 1", "d: must be true or false, found 'yes'",
        "e: must be true or false, found null",
      ])
  }

  @Test func choices() throws {
    let reading = try Reading(#"{"a": "relu", "b": "reluu", "c": "step", "d": 3, "e": "ReLU"}"#)
    let reader = reading.reader
    #expect(reader.choice("a", of: Activation.self) == .relu)
    #expect(reader.choice("b", of: Activation.self) == nil)
    #expect(reader.choice("c", of: Activation.self, default: .sigmoid) == .sigmoid)
    #expect(reader.choice("d", of: Activation.self) == nil)
    #expect(reader.choice("e", of: Activation.self) == nil)
    #expect(reader.choice("f", of: Activation.self) == nil)
    #expect(reader.choice("g", of: Activation.self, default: .identity) == .identity)
    reader.finish()
    #expect(
      reading.messages == [
        "b: unknown value 'reluu'; did you mean 'relu'? allowed: identity, sigmoid, relu",
        "c: unknown value 'step'; allowed: identity, sigmoid, relu",
        "d: must be one of identity, sigmoid, relu, found 3",
        "e: unknown value 'ReLU'; did you mean 'relu'? allowed: identity, sigmoid, relu",
        "f: is required",
      ])
  }
}
