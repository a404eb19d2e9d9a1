import Testing

@testable import ConfigurationSchema

@Suite struct JSONTextTests {
  @Test(arguments: [
    (0.1, "0.1"), (1e-7, "1e-7"), (-0.0, "-0.0"), (0.0, "0"), (1.0, "1"), (-2.0, "-2"), (1e16, "1e16"),
    (1e20, "1e20"), (1.5e-10, "1.5e-10"), (.leastNonzeroMagnitude, "5e-324"), (1.0 / 3, "0.3333333333333333"),
    (.greatestFiniteMagnitude, "1.7976931348623157e308"), (123456.0, "123456"), (.nan, "null"), (.infinity, "null"),
    (-.infinity, "null"),
  ])
  func numbers(number: Double, text: String) {
    #expect(JSONValue.number(number).compactText == text)
    #expect(JSONValue.number(number).text == text + "\n")
  }

  @Test func integers() {
    #expect(JSONValue.integer(.max).compactText == "9223372036854775807")
    #expect(JSONValue.integer(.min).compactText == "-9223372036854775808")
  }

  @Test func strings() {
    #expect(JSONValue.string("a/b\"\\\n\r\té😀\u{01}\u{7F}").compactText == #""a/b\"\\\n\r\té😀\u0001\u007f""#)
  }

  @Test func compactTextIsOneSortedLine() {
    let value = JSONValue.object(["train": .object(["loss": .number(0.5)]), "epoch": .integer(1)])
    #expect(value.compactText == #"{"epoch":1,"train":{"loss":0.5}}"#)
    #expect(JSONValue.array([.object([:]), .array([]), .null, .bool(false)]).compactText == "[{},[],null,false]")
  }

  @Test func textIsIndentedAndSorted() {
    let value = JSONValue.object([
      "b": .array([.object(["units": .integer(64), "type": .string("dense")]), .object([:])]),
      "a": .array([.integer(1), .number(2.5), .string("x")]), "c": .array([]), "e": .bool(true),
      "d": .array([.array([.integer(0), .integer(1)]), .array([.null])]),
    ])
    #expect(
      value.text == """
        {
          "a": [1, 2.5, "x"],
          "b": [
            {
              "type": "dense",
              "units": 64
            },
            {}
          ],
          "c": [],
          "d": [
            [0, 1],
            [null]
          ],
          "e": true
        }

        """)
  }

  @Test func longListsAreBroken() {
    #expect(JSONValue.array(Array(repeating: .integer(10), count: 25)).text.split(separator: "\n").count == 1)
    #expect(JSONValue.array(Array(repeating: .integer(10), count: 26)).text.split(separator: "\n").count == 28)
  }

  @Test func everyTreeReadsBackFromItsText() throws {
    var generator = FixedGenerator(seed: 1)
    for _ in 0..<500 {
      let tree = Self.randomTree(depth: 4, using: &generator)
      #expect(try parse(tree.text) == tree)
      #expect(try parse(tree.compactText) == tree)
      #expect(!tree.compactText.contains("\n"))
      #expect(try parse(tree.compactText).text == tree.text)
    }
  }

  @Test func everyFiniteNumberReadsBackBitByBit() throws {
    var generator = FixedGenerator(seed: 2)
    for _ in 0..<5_000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite, Int(exactly: number) == nil else { continue }
      #expect(try parse(JSONValue.number(number).compactText) == .number(number))
    }
  }

  /// A random tree of values that the parser itself makes: no whole `Double` that fits `Int`, nothing infinite.
  private static func randomTree(depth: Int, using generator: inout FixedGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return .integer(Int(truncatingIfNeeded: generator.next()) >> Int.random(in: 0..<64, using: &generator))
    case 3:
      let number = Double.random(in: -1...1, using: &generator)
      return .number(Int(exactly: number) == nil ? number : 0.5)
    case 4: return .string(randomString(using: &generator))
    case 5:
      let count = Int.random(in: 0..<6, using: &generator)
      return .array((0..<count).map { _ in randomTree(depth: depth - 1, using: &generator) })
    default:
      var members: [String: JSONValue] = [:]
      for _ in 0..<Int.random(in: 0..<6, using: &generator) {
        members[randomString(using: &generator)] = randomTree(depth: depth - 1, using: &generator)
      }
      return .object(members)
    }
  }

  private static func randomString(using generator: inout FixedGenerator) -> String {
    let alphabet: [Character] = [
      "a", "B", "1", "\"", "\\", "/", "\n", "\t", "\u{01}", "\u{9B}", "é", "😀", " ", "{", "]",
    ]
    let count = Int.random(in: 0..<8, using: &generator)
    return String((0..<count).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
  }
}
