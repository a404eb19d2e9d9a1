import Kernels
import Testing

@testable import Datasets

@Suite struct CSVScannerTests {
  private func plainNumber(_ text: String) -> Float? { plainNumber(Array(text.utf8)) }

  private func plainNumber(_ bytes: [UInt8]) -> Float? {
    var scanner = CSVScanner(delimiter: UInt8(ascii: ","))
    let number = scanner.plainNumber(in: bytes.span)
    #expect(number != nil || scanner.position == 0, "a number that was not read must not be passed")
    return number
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", -0.0), ("12", 12), ("12,", 12), ("-12.5\n", -12.5), ("1e3", 1000), ("1E-3,", 0.001), (".5", 0.5),
      ("5.", 5), ("007", 7), ("1e+2\r\n", 100), ("9007199254740992", 9_007_199_254_740_992), ("12345678,", 12_345_678),
      ("0.000000000000000001", 1e-18), ("9007199254740993", 9_007_199_254_740_992),
      ("0.1234567890123456789", 0.123456789012345678), ("9999999,0000000", 9_999_999),
    ] as [(String, Float)])
  func plainNumbersAreRead(text: String, number: Float) {
    #expect(plainNumber(text)?.bitPattern == number.bitPattern)
  }

  @Test(arguments: [
    "", "-", ".", "-.", "+1", "e5", "1e", "1e+", "1e1234", "1e23", "1.2.3", "1 ", "1x", "nan", "0x1",
    "12345678901234567890", "0.00123456789012345678", "1.000000059604644775", "1e-40", "--1", "\"1\"",
  ])
  func allOthersAreLeft(text: String) {
    #expect(plainNumber(text) == nil)
  }

  /// With seven bytes behind the delimiter, cells of up to six bytes are read eight bytes at once; with none, byte by byte.
  /// Every byte in every place means the same to both.
  @Test func bytesAtOnceMeanTheSame() {
    for length in 1...6 {
      for place in 0..<length {
        for byte in 0...255 as ClosedRange<UInt8> {
          var cell = (0..<length).map { UInt8(ascii: "0") + UInt8(7 * $0 % 10) }
          cell[place] = byte
          cell.append(UInt8(ascii: ","))
          let (one, other) = (plainNumber(cell), plainNumber(cell + Array(",;\n-.9e".utf8)))
          #expect(one?.bitPattern == other?.bitPattern, "\(cell)")
        }
      }
    }
  }

  /// All Doubles near the middle between two Floats, written out: their digits are rounded once, to the nearest Float.
  @Test func numbersNearTheMiddleAreNearest() throws {
    let random = RandomStream(seed: 6, purpose: .syntheticData)
    var texts: [String] = []
    for i in 0..<2_000 as Range<UInt64> {
      let bits = random.block(at: i)
      let exponent = UInt32(127 - 40) + bits[0] % 80
      let float = Float(bitPattern: exponent << 23 | bits[1] >> 9)
      let middle = (Double(float) + Double(float.nextUp)) / 2
      for offset in -8...8 { texts.append("\(Double(bitPattern: UInt64(Int(middle.bitPattern) + offset)))") }
    }
    let table = try readCSV("a,y\n" + texts.map { "\($0),0\n" }.joined())
    for (text, number) in zip(texts, table.features.stored) {
      #expect(Float(text)?.bitPattern == number.bitPattern, "\(text)")
    }
  }

  /// Near the middle between two Floats, rounding to Double first would round the wrong way.
  @Test func numbersAreRoundedOnce() throws {
    for text in ["1.00000005960464477539062500001", "16777217.0000000001", "1.000000059604644775390625", "33554434.5"] {
      let table = try readCSV("a,y\n\(text),0\n")
      #expect(table.features.stored == [Float(text)!])
    }
    // Through Double it would be 16777216, and the test above proves nothing.
    #expect(Float(Double("16777217.0000000001")!) != Float("16777217.0000000001")!)
  }

  @Test func randomNumbersAreNearest() throws {
    let random = RandomStream(seed: 5, purpose: .syntheticData)
    var texts: [String] = []
    for i in 0..<20_000 as Range<UInt64> {
      let bits = random.block(at: i)
      let mantissa = UInt64(bits[0]) << 32 | UInt64(bits[1])
      let digits = String(mantissa >> UInt64(bits[2] % 60))
      let point = Int(bits[3] % UInt32(digits.count + 1))
      let text = "\(digits.prefix(point)).\(digits.dropFirst(point))"
      texts.append(bits[3] & 1 << 20 == 0 ? text : "\(text)e\(Int(bits[2] >> 8) % 50 - 30)")
    }
    let table = try readCSV("a,y\n" + texts.map { "\($0),0\n" }.joined())
    for (text, number) in zip(texts, table.features.stored) {
      #expect(Float(text)?.bitPattern == number.bitPattern, "\(text)")
    }
  }
}
