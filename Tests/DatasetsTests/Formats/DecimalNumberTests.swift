import Testing

@testable import Datasets

@Suite struct DecimalNumberTests {
  @Test(
    arguments: [
      ("1", .finite(1)), ("+5", .finite(5)), (".5", .finite(0.5)), ("5.", .finite(5)), ("1e-60", .finite(0)),
      ("1e-45", .finite(.leastNonzeroMagnitude)), ("3.4028235e38", .finite(.greatestFiniteMagnitude)),
      ("3.4028236e38", .tooLarge), ("-1e400", .tooLarge), ("nan", .notFinite), ("-Infinity", .notFinite),
      ("", .notANumber),
      ("0x1p3", .notANumber), ("1,5", .notANumber), ("1 2", .notANumber), ("e", .notANumber), ("-", .notANumber),
      ("٣", .notANumber),
    ] as [(String, DecimalNumber)])
  func readsDecimalsOnly(text: String, number: DecimalNumber) {
    #expect(DecimalNumber(text) == number)
  }

  @Test func finiteDoubles() {
    #expect(finiteDouble("1e300") == 1e300)
    #expect(finiteDouble("1e400") == nil)
    #expect(finiteDouble("nan") == nil)
    #expect(finiteDouble("0x10") == nil)
  }
}
