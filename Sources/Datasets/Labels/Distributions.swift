import Files

/// Rows of probabilities of classes, one column a class, as targets.
struct Distributions {
  /// How far a row's sum may be from 1: as far as rounded decimals bring it.
  private static let tolerance: Float = 1e-3

  /// The class of each row; nil if a row is not 1 for one class and 0 for all others.
  static func labels(of values: [Float], columns: Int) -> [Int32]? {
    var labels: [Int32] = []
    labels.reserveCapacity(values.count / columns)
    for start in stride(from: 0, to: values.count, by: columns) {
      var label: Int32?
      for column in 0..<columns {
        switch values[start + column] {
        case 0: continue
        case 1 where label == nil: label = Int32(column)
        default: return nil
        }
      }
      guard let label else { return nil }
      labels.append(label)
    }
    return labels
  }

  /// Checks that each row is made of probabilities with the sum 1.
  ///
  /// - Parameter file: what errors name.
  static func check(_ values: [Float], names: [String], file: String) throws(InputError) {
    for (row, start) in stride(from: 0, to: values.count, by: names.count).enumerated() {
      var sum: Float = 0
      for (column, name) in names.enumerated() {
        let value = values[start + column]
        guard (0...1).contains(value) else {
          throw InputError(
            file: file,
            "the target \(quoted(name)) of sample \(row + 1) is \(value); as the probability of a class it must be from 0 to 1"
          )
        }
        sum += value
      }
      guard abs(sum - 1) <= tolerance else {
        throw InputError(
          file: file,
          "the targets of sample \(row + 1), the probabilities of \(listed(names)), have the sum \(sum), which must be 1"
        )
      }
    }
  }
}
