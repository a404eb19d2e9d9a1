import Testing

@testable import ConfigurationSchema

@Suite struct JSONValueTests {
  @Test func literals() {
    let value: JSONValue = ["a": [1, 2.5, true, "x"], "b": [:]]
    #expect(
      value
        == .object(["a": .array([.integer(1), .number(2.5), .bool(true), .string("x")]), "b": .object([:])]))
  }

  @Test(arguments: [
    (JSONValue.null, "null"), (.bool(true), "true or false"), (.integer(1), "a number"), (.number(0.5), "a number"),
    (.string(""), "a string"), (.array([]), "a list"), (.object([:]), "an object"),
  ])
  func kindName(value: JSONValue, name: String) {
    #expect(value.kindName == name)
  }

  @Test(arguments: [
    (JSONValue.null, "null"), (.bool(true), "true"), (.integer(-1), "-1"), (.number(2.5), "2.5"),
    (.number(.infinity), "inf"), (.string("ten"), "'ten'"), (.string(""), "''"), (.array([]), "an empty list"),
    (.array([.null]), "a list"), (.object([:]), "an object"), (.string("a\nb\u{1B}"), "'a\\nb\\u001b'"),
  ])
  func summary(value: JSONValue, text: String) {
    #expect(value.summary == text)
  }

  @Test func summaryCutsLongStrings() {
    let forty = String(repeating: "x", count: 40)
    #expect(JSONValue.string(forty).summary == "'\(forty)'")
    #expect(JSONValue.string(forty + "x").summary == "'\(String(repeating: "x", count: 37))...'")
    #expect(JSONValue.string(String(repeating: "\n", count: 1000)).summary.count == 42)
  }

  @Test func wholeNumbersDifferFromOthers() {
    #expect(JSONValue.integer(1) != .bool(true))
    #expect(JSONValue.integer(1) != .string("1"))
  }
}
