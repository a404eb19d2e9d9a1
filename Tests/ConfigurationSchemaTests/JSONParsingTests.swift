import Foundation
import Synchronization
import Testing

@testable import ConfigurationSchema

@Suite struct JSONParsingTests {
  @Test(arguments: [
    ("null", JSONValue.null), ("true", .bool(true)), ("false", .bool(false)), ("1", .integer(1)),
    ("1.0", .integer(1)), ("0", .integer(0)), ("-0", .number(-0.0)), ("1e3", .integer(1000)), ("0.1", .number(0.1)),
    ("1e-7", .number(1e-7)), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9007199254740993", .integer(9_007_199_254_740_993)), ("9223372036854775808", .number(0x1p63)),
    ("99999999999999999999", .number(1e20)), ("1e17", .integer(100_000_000_000_000_000)),
    ("5e-324", .number(.leastNonzeroMagnitude)),
    ("0e-400", .integer(0)), ("0.0e400", .integer(0)), ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
    ("\"\"", .string("")), ("\"a\\n\\u00e9\\ud83d\\ude00\\/\"", .string("a\né😀/")), ("[]", .array([])),
    ("{}", .object([:])), (" [ 1 , true ] ", .array([.integer(1), .bool(true)])),
    ("{\"a\":{\"b\":[null]}}", .object(["a": .object(["b": .array([.null])])])),
  ])
  func values(text: String, value: JSONValue) throws {
    #expect(try parse(text) == value)
  }

  @Test func negativeZeroKeepsItsSign() throws {
    guard case .number(let zero) = try parse("-0.0") else {
      Issue.record("-0.0 must be a number")
      return
    }
    #expect(zero == 0 && zero.sign == .minus)
  }

  @Test func subnormalNumbersAreRead() throws {
    for number in [Double.leastNonzeroMagnitude * 3, .leastNormalMagnitude.nextDown, .leastNormalMagnitude / 1000] {
      #expect(try parse(number.description) == .number(number))
    }
  }

  @Test func byteOrderMarkIsSkipped() throws {
    #expect(try parse("\u{FEFF}{}") == .object([:]))
    #expect(parsingError("\u{FEFF}!")?.issues.first?.location?.column == 1)
  }

  @Test func slicesOfDataAreRead() throws {
    #expect(try JSONValue(parsing: Data("xx[1]".utf8).dropFirst(2), file: "") == .array([.integer(1)]))
  }

  @Test func syntaxErrorHasFileLineAndColumn() throws {
    let error = try #require(parsingError("{\n  \"a\": 1,\n  \"é\" 2\n}"))
    #expect(error.description == "test.json: line 3, column 7: found '2', expected ':' after the key")
    #expect(error.issues.count == 1)
    #expect(error.issues[0].path == .root)
  }

  @Test func repeatedKeysAreAllReported() throws {
    let error = try #require(
      parsingError("{\"layers\": [{\"units\": 1,\n\"units\": 2, \"un\\u0069ts\": 3}],\n\"b\": 1, \"b\": 2}"))
    #expect(
      error.issues.map(\.description) == [
        "layers[0].units: is written twice, on line 1 and on line 2",
        "layers[0].units: is written twice, on line 1 and on line 2",
        "b: is written twice, both on line 3",
      ])
  }

  /// Lines end as `SourceLocation` counts them.
  @Test(arguments: ["\n", "\r\n", "\r"]) func linesOfRepeatedKeys(end: String) throws {
    let error = try #require(parsingError("{\"a\": 1,\(end)\(end)\"b\": 2, \"a\": 3\(end)}\(end)"))
    #expect(error.issues.map(\.description) == ["a: is written twice, on line 1 and on line 3"])
  }

  /// Of many repetitions the first ones are listed.
  @Test func manyRepeatedKeysAreCounted() throws {
    let error = try #require(parsingError("{" + String(repeating: "\"a\": 1,\n", count: 60_000) + "\"a\": 1}"))
    #expect(error.issues.count == 100 && error.omitted == 59_900)
    #expect(error.issues.last?.description == "a: is written twice, on line 1 and on line 101")
  }

  @Test func equalKeysOfDifferentObjectsAreNotRepeated() throws {
    _ = try parse("{\"a\": {\"a\": 1}, \"b\": [{\"a\": 1}, {\"a\": 2}]}")
  }

  @Test func deepNestingIsReadUpToTheLimit() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(JSONScanner.maximumDepth))
    #expect(
      parsingError(nested(JSONScanner.maximumDepth + 1))?.description
        == "test.json: line 1, column 129: nested more than 128 levels deep")
    #expect(parsingError(nested(1_000_000)) != nil)
    #expect(parsingError(String(repeating: "{\"a\":", count: 1_000_000)) != nil)
  }

  @Test(arguments: [
    ("3", JSONValue.integer(3)), ("0.05", .number(0.05)), ("true", .bool(true)), ("null", .null),
    ("[1,2]", .array([.integer(1), .integer(2)])), ("{\"a\":1}", .object(["a": .integer(1)])),
    ("\"relu\"", .string("relu")), ("relu", .string("relu")), ("", .string("")), ("1e400", .string("1e400")),
    ("NaN", .string("NaN")), ("[1,", .string("[1,")), ("data/a b.csv", .string("data/a b.csv")),
    ("01", .string("01")), ("\"3\"", .string("3")),
  ])
  func overrides(text: String, value: JSONValue) {
    #expect(JSONValue(parsingOverride: text) == value)
  }

  @Test func limitOfNestingFitsTheSmallestStack() throws {
    let depth = JSONScanner.maximumDepth / 2
    let text = String(repeating: "[{\"a\":", count: depth) + "1" + String(repeating: "}]", count: depth)
    let data = Data(text.utf8)
    let done = DispatchSemaphore(value: 0)
    let result = Mutex("")
    let thread = Thread {
      let value = try? JSONValue(parsing: data, file: "")
      result.withLock { $0 = value?.compactText ?? "" }
      done.signal()
    }
    thread.stackSize = 512 * 1024
    thread.start()
    done.wait()
    #expect(result.withLock { $0 } == text)
  }

  @Test func longListOfNumbersIsRead() throws {
    let numbers = (0..<20_000).map { Double($0) + 0.5 }
    let value = JSONValue.array(numbers.map(JSONValue.number))
    #expect(try parse(value.compactText) == value)
  }
}
