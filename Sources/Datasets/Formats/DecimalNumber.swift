import Files

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

extension DecimalNumber {
  /// The number, or an error that says what a cell holds instead.
  func value(_ text: String, column: String, file: String, line: Int) throws(InputError) -> Float {
    let name = "column \(quoted(column))"
    if text.isEmpty { throw InputError(file: file, line: line, "\(name) is empty; every cell needs a number") }
    switch self {
    case .finite(let number):
      return number
    case .notFinite:
      throw InputError(file: file, line: line, "\(name) holds \(quoted(text)); only finite numbers are allowed")
    case .tooLarge:
      throw InputError(file: file, line: line, "\(name) holds \(quoted(text)); the largest number allowed is 3.4e38")
    case .notANumber:
      throw InputError(file: file, line: line, "\(name) holds \(quoted(text)), which is not a number")
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
