import Testing

@testable import ConfigurationSchema

@Suite struct JSONDifferenceTests {
  /// The differences of two documents, a line each.
  private func differences(_ first: String, _ second: String) throws -> [String] {
    try parse(first).differences(from: parse(second)).map { difference in
      "\(difference.path): \(difference.first?.summary ?? "nothing"), \(difference.second?.summary ?? "nothing")"
    }
  }

  @Test(arguments: [
    "null", "true", "1", "0.5", "\"a\"", "[]", "{}", #"{"a": [1, {"b": null}], "c": "d"}"#,
  ]) func equalDocumentsHaveNone(text: String) throws {
    #expect(try differences(text, text) == [])
    #expect(try differences(#"{"in": \#(text)}"#, #"{"in": "other"}"#).count == 1)
  }

  @Test func places() throws {
    let first = #"{"a": 1, "b": {"c": [1, {"d": true}], "e": "x"}, "f": null}"#
    let second = #"{"f": null, "b": {"e": "y", "c": [1, {"d": false}]}, "a": 2}"#
    let found = try differences(first, second)
    #expect(found == ["a: 1, 2", "b.c[1].d: true, false", "b.e: 'x', 'y'"])
  }

  @Test func missingMembers() throws {
    #expect(
      try differences(#"{"a": 1, "b": null}"#, #"{"c": {"d": 2}, "a": 1}"#) == [
        "b: null, nothing", "c: nothing, an object",
      ])
    // A member that is null is there.
    #expect(try differences(#"{"a": null}"#, "{}") == ["a: null, nothing"])
  }

  @Test func listsOfOtherLengthsAreWholes() throws {
    #expect(try differences(#"{"a": [1, 2]}"#, #"{"a": [1, 2, 3]}"#) == ["a: a list, a list"])
    #expect(try differences(#"{"a": [1, 2]}"#, #"{"a": [3, 4]}"#) == ["a[0]: 1, 3", "a[1]: 2, 4"])
  }

  @Test func otherKinds() throws {
    #expect(try differences(#"{"a": []}"#, #"{"a": {}}"#) == ["a: an empty list, an object"])
    #expect(try differences("1", "\"1\"").count == 1)
    #expect(try differences("0", "false").count == 1)
    #expect(try differences("[null]", "[0]") == ["[0]: null, 0"])
  }

  /// 2 and 2.0 are one number; it depends on who wrote it which of the two it is.
  @Test func numbersAreComparedByValue() {
    for (integer, number, isEqual) in [(2, 2.0, true), (2, 2.5, false), (0, -0.0, true), (-3, -3.0, true)] {
      #expect(JSONValue.integer(integer).differences(from: .number(number)).isEmpty == isEqual)
      #expect(JSONValue.number(number).differences(from: .integer(integer)).isEmpty == isEqual)
    }
    #expect(JSONValue.number(0.1).differences(from: .number(0.1 + 1e-18)).isEmpty)
    #expect(JSONValue.number(0.1).differences(from: .number(0.1.nextUp)).count == 1)
  }

  /// In either direction the same places differ, with the values exchanged.
  @Test func theDirectionExchangesTheValues() throws {
    let (first, second) = (try parse(#"{"a": [1], "b": 2}"#), try parse(#"{"a": [3], "c": 4}"#))
    let (there, back) = (first.differences(from: second), second.differences(from: first))
    #expect(there.map(\.path) == back.map(\.path) && there.count == 3)
    #expect(there.map(\.first) == back.map(\.second) && there.map(\.second) == back.map(\.first))
  }
}
