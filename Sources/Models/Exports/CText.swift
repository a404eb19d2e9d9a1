/// How numbers, tables and names are spelt in C.
enum CText {
  /// Whether a text is an identifier of C, of ASCII characters alone.
  static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  /// A template in which `$` stands for the name and `_`, and `@` for the same in capitals.
  static func named(_ template: String, _ name: String) -> String {
    let (identifier, macro) = (Array("\(name)_".utf8), Array("\(name.uppercased())_".utf8))
    var text: [UInt8] = []
    text.reserveCapacity(template.utf8.count)
    for byte in template.utf8 {
      switch byte {
      case UInt8(ascii: "$"): text += identifier
      case UInt8(ascii: "@"): text += macro
      default: text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  // MARK: Numbers

  /// A Float as a constant that gives exactly this Float: in hexadecimal, so that no compiler has to round.
  static func literal(_ value: Float) -> String {
    if value.isNaN { return "NAN" }
    let sign = value.sign == .minus ? "-" : ""
    if value.isInfinite { return "\(sign)INFINITY" }
    if value.isZero { return "\(sign)0.0f" }
    // 23 bits of the fraction and a 0 are six digits.
    let fraction = String(value.significandBitPattern << 1, radix: 16)
    var digits = String(repeating: "0", count: 6 - fraction.count) + fraction
    while digits.last == "0" { digits.removeLast() }
    let point = digits.isEmpty ? "" : "."
    return value.isNormal
      ? "\(sign)0x1\(point)\(digits)p\(value.exponent)f" : "\(sign)0x0\(point)\(digits)p-126f"
  }

  /// The bits of a Float that is compared with those of another; all that are not numbers are one.
  static func bits(_ value: Float) -> String {
    let digits = String(value.isNaN ? 0x7FC0_0000 : value.bitPattern, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits + "u"
  }

  /// A table of constants.
  static func table(_ name: String, _ values: [Float]) -> String {
    "static const float \(name)[\(values.count)] = {\n\(lines(values.map(literal)))};\n"
  }

  /// Elements of a table, a few on each line.
  static func lines(_ elements: [String], indent: String = "  ") -> String {
    var (text, length) = ("", 0)
    for element in elements {
      if length == 0 {
        text += indent
      } else if length + element.utf8.count > 110 {
        text += "\n" + indent
        length = 0
      } else {
        text += " "
      }
      text += element + ","
      length += element.utf8.count + 2
    }
    return text + "\n"
  }

  // MARK: Comments

  /// A name in quotes, in which nothing ends a comment, begins one or goes on in the next line, and nothing changes the direction of
  /// writing. Whatever is neither a letter, a digit, a symbol nor ASCII stands there by its number.
  static func quoted(_ name: String) -> String {
    var text = "\""
    var last: Unicode.Scalar = "\""
    for scalar in name.unicodeScalars {
      let isPlain =
        switch scalar {
        case "\"", "\\": false
        // No end or begin of a comment, and no trigraph such as ??/, which is a backslash.
        case "/": last != "*"
        case "?": last != "?"
        case "*": last != "/"
        case " "..."~": true
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar.isSymbol
        }
      text += isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      last = scalar
    }
    return text + "\""
  }
}

extension Unicode.Scalar {
  fileprivate var isSymbol: Bool {
    switch properties.generalCategory {
    case .mathSymbol, .currencySymbol, .otherSymbol: true
    default: false
    }
  }
}
