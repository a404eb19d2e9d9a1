import Files
import Kernels

/// The rows of a source, divided into the parts of a data set; each part is in file order.
///
/// The division is stratified: rows of one class form a stratum (all rows, where there are no classes), a random
/// permutation of each stratum is cut into test, validation and training rows, with sizes as close to the fractions as
/// whole numbers allow. The result depends on the rows, the fractions and the seed alone.
struct RowSplit {
  let training: [Int32]
  let validation: [Int32]
  let test: [Int32]

  /// - Parameters:
  ///   - table: the training source.
  ///   - validationFraction: the share of all its rows that validation takes; nil if it takes none.
  ///   - testFraction: likewise.
  ///   - seed: the seed of the run.
  init(
    of table: Table, validationFraction: Double?, testFraction: Double?, seed: UInt64
  ) throws(InputError) {
    guard validationFraction != nil || testFraction != nil else {
      training = Subset(table).rows
      validation = []
      test = []
      return
    }
    let strata = Self.strata(of: table)
    let sizes = strata.map(\.count)
    let testSizes = try Self.apportion(testFraction, of: sizes, leaving: sizes, part: .test, table)
    let left = zip(sizes, testSizes).map { $0 - $1 }
    let validationSizes = try Self.apportion(validationFraction, of: sizes, leaving: left, part: .validation, table)
    guard zip(left, validationSizes).contains(where: { $0 > $1 }) else {
      throw InputError(
        file: table.file,
        "the fractions of validation and test leave none of \(counted(table.rows, "sample")) to train on")
    }

    var parts: (training: [Int32], validation: [Int32], test: [Int32]) = ([], [], [])
    for (index, stratum) in strata.enumerated() {
      var rows = stratum
      RandomStream(seed: seed, purpose: .split, stream: UInt32(index)).permute(&rows)
      let validationEnd = testSizes[index] + validationSizes[index]
      parts.test += rows[..<testSizes[index]]
      parts.validation += rows[testSizes[index]..<validationEnd]
      parts.training += rows[validationEnd...]
    }
    training = parts.training.sorted()
    validation = parts.validation.sorted()
    test = parts.test.sorted()
  }

  /// The rows of each class, in file order.
  private static func strata(of table: Table) -> [[Int32]] {
    guard case .labels(let labels, let classes) = table.targets else { return [Subset(table).rows] }
    var strata = [[Int32]](repeating: [], count: classes.count)
    for (row, label) in labels.enumerated() { strata[Int(label)].append(Int32(row)) }
    return strata
  }

  /// How many rows of each stratum a part takes: `fraction` of its size, rounded so that all of them together are
  /// `fraction` of all rows, rounded (the method of the largest remainder; among equal ones the first stratum).
  /// - Parameter available: how many rows of each stratum no other part has taken; never exceeded.
  private static func apportion(
    _ fraction: Double?, of sizes: [Int], leaving available: [Int], part: DatasetPart, _ table: Table
  ) throws(InputError) -> [Int] {
    guard let fraction else { return sizes.map { _ in 0 } }
    let rows = sizes.reduce(0, +)
    let total = min(Int((Double(rows) * fraction).rounded()), available.reduce(0, +))
    guard total > 0 else {
      throw InputError(
        file: table.file,
        "\(part.keyPath).fraction \(fraction) of \(counted(rows, "sample")) is no sample; a larger fraction is needed")
    }
    let shares = sizes.map { Double($0) * fraction }
    var taken = zip(shares, available).map { min(Int($0), $1) }
    let byRemainder = sizes.indices.sorted { a, b in
      let remainders = (shares[a] - Double(Int(shares[a])), shares[b] - Double(Int(shares[b])))
      return remainders.0 == remainders.1 ? a < b : remainders.0 > remainders.1
    }
    var missing = total - taken.reduce(0, +)
    while missing > 0 {
      for stratum in byRemainder where missing > 0 && taken[stratum] < available[stratum] {
        taken[stratum] += 1
        missing -= 1
      }
    }
    return taken
  }
}
