/// The labels of a source as they are spelled there, before anybody has decided on classes.
struct LabelColumn: Sendable, Equatable {
  /// Where a spelling was first seen.
  struct Origin: Sendable, Equatable {
    let row: Int
    let line: Int?
  }

  /// One code a row: an index into `spellings`.
  private(set) var codes: [Int32] = []
  /// The distinct spellings, in order of appearance.
  private(set) var spellings: [String] = []
  /// Where each spelling was first seen.
  private(set) var origins: [Origin] = []

  private var codeOfSpelling: [String: Int32] = [:]

  init() {}

  init(_ labels: some Sequence<String>) {
    for label in labels { append(label, line: nil) }
  }

  /// Adds the label of the next row.
  /// - Returns: its code, which `append(code:)` takes when the caller recognizes the spelling again.
  @discardableResult
  mutating func append(_ spelling: String, line: Int?) -> Int32 {
    let code: Int32
    if let known = codeOfSpelling[spelling] {
      code = known
    } else {
      code = Int32(spellings.count)
      codeOfSpelling[spelling] = code
      spellings.append(spelling)
      origins.append(Origin(row: codes.count, line: line))
    }
    codes.append(code)
    return code
  }

  /// Adds the label of the next row, a spelling seen before.
  mutating func append(code: Int32) {
    codes.append(code)
  }

  mutating func reserveCapacity(_ rows: Int) {
    codes.reserveCapacity(rows)
  }
}

extension SourceTable.Targets {
  /// The targets of one column: labels, but probabilities where a loss takes both and they can be nothing else.
  ///
  /// Numbers from 0 to 1 that are not all 0 or 1, such as 0.1 and 0.9, are the probabilities of a class, not the names of two.
  static func ofOneColumn(_ labels: LabelColumn, as kind: TargetKind) -> Self {
    let numbers = labels.spellings.map { finiteDouble($0) }
    guard kind == .labelsOrValues, numbers.allSatisfy({ $0 != nil && (0...1).contains($0!) }),
      numbers.contains(where: { $0 != 0 && $0 != 1 })
    else { return .labels(labels) }
    return .values(labels.codes.map { Float(numbers[Int($0)]!) }, columns: 1)
  }
}

extension LabelColumn {
  /// Labels that are numbers from 0 to 255.
  init(bytes: [UInt8]) {
    var codeOfByte = [Int32?](repeating: nil, count: 256)
    reserveCapacity(bytes.count)
    for byte in bytes {
      if let code = codeOfByte[Int(byte)] {
        append(code: code)
      } else {
        codeOfByte[Int(byte)] = append(String(byte), line: nil)
      }
    }
  }
}
