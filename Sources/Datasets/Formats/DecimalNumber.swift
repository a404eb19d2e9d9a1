/// What a cell that should hold a number holds.
enum DecimalNumber: Equatable {
  case finite(Float)
  /// `nan`, `inf` and their relatives.
  case notFinite
  /// A number beyond the largest Float.
  case tooLarge
  case notANumber

  /// Reads a decimal number, `[+-]digits[.digits][e[+-]digits]`, rounded once: to the nearest Float, ties to even.
  /// What is smaller than the smallest Float becomes zero.
  init(_ text: String) {
    if isDecimal(text), let number = Float(text) {
      self = number.isFinite ? .finite(number) : .tooLarge
    } else if let number = Double(text), !number.isFinite {
      self = .notFinite
    } else {
      self = .notANumber
    }
  }
}

/// The value of a decimal number; nil for anything else, and for what is beyond the largest Double.
func finiteDouble(_ text: String) -> Double? {
  guard isDecimal(text), let number = Double(text), number.isFinite else { return nil }
  return number
}

/// Whether `text` is spelled with the characters of a decimal number: the standard library reads hexadecimal numbers and
/// `nan` too.
private func isDecimal(_ text: String) -> Bool {
  !text.isEmpty
    && text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }
}
