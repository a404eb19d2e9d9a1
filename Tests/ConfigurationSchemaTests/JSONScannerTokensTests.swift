import Testing

@testable import ConfigurationSchema

@Suite struct JSONScannerTokensTests {
  @Test(arguments: [
    ("NaN", "line 1, column 1: found 'NaN'; JSON has only finite numbers"),
    ("[Infinity]", "line 1, column 2: found 'Infinity'; JSON has only finite numbers"),
    ("[-Infinity]", "line 1, column 2: found '-Infinity'; JSON has only finite numbers"),
    ("[-inf]", "line 1, column 2: found '-inf'; JSON has only finite numbers"),
    ("1e400", "line 1, column 1: found '1e400', which is too large for a number"),
    ("[1, -1E+400]", "line 1, column 5: found '-1E+400', which is too large for a number"),
    ("[1e-400]", "line 1, column 2: found '1e-400', which is too small for a number"),
    ("01", "line 1, column 1: found '01', which is not a JSON number"),
    (".5", "line 1, column 1: found '.5', which is not a JSON number"),
    ("5.", "line 1, column 1: found '5.', which is not a JSON number"),
    ("+1", "line 1, column 1: found '+1', which is not a JSON number"),
    ("-", "line 1, column 1: found '-', which is not a JSON number"),
    ("1e", "line 1, column 1: found '1e', which is not a JSON number"),
    ("1e+", "line 1, column 1: found '1e+', which is not a JSON number"),
    ("0x10", "line 1, column 1: found '0x10', which is not a JSON number"),
    ("1_000", "line 1, column 1: found '1_000', which is not a JSON number"),
    ("1.2.3", "line 1, column 1: found '1.2.3', which is not a JSON number"),
  ])
  func numbers(text: String, message: String) {
    #expect(parsingError(text)?.issues.map(\.description) == [message])
  }

  @Test(arguments: ["0", "-0", "10", "-1.50", "0.0", "1e5", "1E-05", "0e0", "1.5e+300"])
  func numbersThatAreRight(text: String) {
    #expect(parsingError(text) == nil)
  }

  @Test func manyDigitsMayBeTooLarge() {
    #expect(parsingError(String(repeating: "9", count: 308)) == nil)
    #expect(parsingError(String(repeating: "9", count: 400))?.description.contains("too large") == true)
  }

  @Test(arguments: [
    ("True", "line 1, column 1: found 'True', expected a value; did you mean true?"),
    ("nul", "line 1, column 1: found 'nul', expected a value; did you mean null?"),
    ("None", "line 1, column 1: found 'None', expected a value; a string is written in double quotes"),
    ("[relu]", "line 1, column 2: found 'relu', expected a value; a string is written in double quotes"),
    ("[flase]", "line 1, column 2: found 'flase', expected a value; did you mean false?"),
  ])
  func literals(text: String, message: String) {
    #expect(parsingError(text)?.issues.map(\.description) == [message])
  }

  @Test(arguments: [
    ("[\"a]", "line 1, column 2: the string that starts here has no closing quote on its line"),
    ("{\"a\": \"b,\n\"c\": 1}", "line 1, column 7: the string that starts here has no closing quote on its line"),
    ("\"\\", "line 1, column 1: the string that starts here has no closing quote on its line"),
    ("\"a\tb\"", "line 1, column 3: found the control character U+0009 in a string; escape it"),
    ("\"C:\\data\"", "line 1, column 4: found \\ before 'data'; in a string, a backslash is written \\\\"),
    ("\"\\u12g4\"", "line 1, column 2: \\u takes four hexadecimal digits, as in \\u00e9"),
    ("\"\\u12", "line 1, column 2: \\u takes four hexadecimal digits, as in \\u00e9"),
    ("\"\\ud800\"", "line 1, column 2: found half of a surrogate pair, which is no character"),
    ("\"\\ud800\\u0041\"", "line 1, column 2: found half of a surrogate pair, which is no character"),
    ("\"\\udc00\"", "line 1, column 2: found half of a surrogate pair, which is no character"),
  ])
  func strings(text: String, message: String) {
    #expect(parsingError(text)?.issues.map(\.description) == [message])
  }

  @Test func escapesInKeysAreResolved() throws {
    var scanner = JSONScanner(Array(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#.utf8))
    #expect(try scanner.scanString() == "\"\\/\u{08}\u{0C}\n\r\té😀é")
  }
}
