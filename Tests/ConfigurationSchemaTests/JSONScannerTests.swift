import Foundation
import Testing

@testable import ConfigurationSchema

@Suite struct JSONScannerTests {
  @Test(arguments: [
    ("", "line 1, column 1: the file is empty; a configuration is a JSON object"),
    (" \n ", "line 1, column 1: the file is empty; a configuration is a JSON object"),
    ("{", "line 1, column 2: found the end of the file, expected a key in double quotes or '}'"),
    ("[", "line 1, column 2: found the end of the file, expected a value or ']'"),
    ("{\"a\"", "line 1, column 5: found the end of the file, expected ':' after the key"),
    ("{\"a\":", "line 1, column 6: found the end of the file, expected a value"),
    ("{\"a\":1", "line 1, column 7: found the end of the file, expected ',' or '}'"),
    ("{\"a\":1,\n}", "line 1, column 7: found ',' before '}'; JSON has no trailing commas"),
    ("[1, 2, ]", "line 1, column 6: found ',' before ']'; JSON has no trailing commas"),
    ("[1,,2]", "line 1, column 4: found ',', expected a value"),
    ("[,]", "line 1, column 2: found ',', expected a value"),
    ("{\"a\":1 \"b\":2}", "line 1, column 8: found a string, expected ',' or '}'"),
    ("[1 2]", "line 1, column 4: found '2', expected ',' or ']'"),
    ("[1}", "line 1, column 3: found '}', expected ',' or ']'"),
    ("{a:1}", "line 1, column 2: found 'a', expected a key in double quotes"),
    ("{'a':1}", "line 1, column 2: found a single quote, expected a key in double quotes"),
    ("{\"a\":1,2}", "line 1, column 8: found '2', expected a key in double quotes"),
    ("['a']", "line 1, column 2: found a single quote, expected a value"),
    ("{\"a\"=1}", "line 1, column 5: found '=', expected ':' after the key"),
    ("{} {}", "line 1, column 4: found '{', expected the end of the file"),
    ("// no\n{}", "line 1, column 1: found a comment; JSON has no comments"),
    ("{\n  /* no */ \"a\": 1}", "line 2, column 3: found a comment; JSON has no comments"),
    ("[1] # no", "line 1, column 5: found a comment; JSON has no comments"),
    ("[\u{01}]", "line 1, column 2: found the control character U+0001, expected a value"),
    ("[;]", "line 1, column 2: found ';', expected a value"),
  ])
  func structure(text: String, message: String) {
    #expect(parsingError(text)?.issues.map(\.description) == [message])
  }

  @Test func invalidEncodingHasItsPlace() {
    let latin1 = Data("{\n\"é\": \"".utf8) + Data([0xE9]) + Data("\"}".utf8)
    #expect(
      parsingError(latin1)?.issues.map(\.description) == [
        "line 2, column 7: the file is not UTF-8 text; save it in the encoding UTF-8"
      ])
    #expect(parsingError(Data([0xFF, 0xFE, 0x7B, 0x00])) != nil)
    #expect(parsingError(Data([0x22, 0xF0, 0x9F])) != nil)
  }

  @Test(arguments: ["{\r\n1", "{\n1", "{\r1"])
  func everyLineEndingCountsOnce(text: String) {
    #expect(parsingError(text)?.issues.first?.location?.description == "line 2, column 1")
  }

  /// Everything that goes wrong in the middle of a document: no prefix of one, and no prefix with a byte changed, may
  /// trap; and what the scanner lets pass, Foundation must accept too.
  @Test func damagedDocumentsNeverTrap() throws {
    let text = #"{"a": [1, -2.5e+3, "x\n\u00e9\ud83d\ude00"], "b": {"c": null, "d": [true, false]}}"#
    let bytes = Array(text.utf8)
    let replacements = Array("\"\\{}[]:,.-+e0u/ \n".utf8) + [0x00, 0xC3, 0xFF]
    for position in bytes.indices {
      #expect(parsingError(Data(bytes[..<position])) != nil)
      for replacement in replacements {
        var damaged = bytes
        damaged[position] = replacement
        let message = parsingError(Data(damaged))?.description ?? ""
        #expect(!message.contains("is not valid JSON"), "\(String(decoding: damaged, as: UTF8.self))")
      }
    }
    _ = try parse(text)
  }
}
