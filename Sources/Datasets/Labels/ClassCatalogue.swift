import Files

/// The classes of a run: the sorted distinct labels of the training source.
///
/// If every label is a number they are ordered and compared as numbers (as Double), so `1` and `1.0` are one class,
/// which keeps the spelling that came first. Otherwise they are ordered and compared by Unicode scalars.
struct ClassCatalogue: Sendable {
  /// The names of the classes, in order.
  let classes: [String]
  private let indexes: Indexes

  private enum Indexes: Sendable {
    case numbers([Double: Int32])
    case texts([String: Int32])
  }

  /// The classes of a training source.
  init(of labels: LabelColumn) {
    let numbers = labels.spellings.compactMap { finiteDouble($0) }
    if numbers.count == labels.spellings.count {
      var spellings: [Double: String] = [:]
      for (number, spelling) in zip(numbers, labels.spellings) where spellings[number] == nil {
        spellings[number] = spelling
      }
      let sorted = spellings.sorted { $0.key < $1.key }
      classes = sorted.map(\.value)
      indexes = .numbers([Double: Int32](uniqueKeysWithValues: zip(sorted.map(\.key), 0...)))
    } else {
      classes = labels.spellings.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
      indexes = .texts([String: Int32](uniqueKeysWithValues: zip(classes, 0...)))
    }
  }

  /// The classes that are columns of a training source, in the order of these.
  init(columns names: [String]) {
    classes = names
    indexes = .texts([String: Int32](uniqueKeysWithValues: zip(names, 0...)))
  }

  /// The index of the class that `spelling` names.
  func index(of spelling: String) -> Int32? {
    switch indexes {
    case .numbers(let indexes): finiteDouble(spelling).flatMap { indexes[$0] }
    case .texts(let indexes): indexes[spelling]
    }
  }

  /// The class of each row.
  /// - Parameters:
  ///   - labels: the labels of any source of the run.
  ///   - file: what the error names when a label is of no class.
  ///   - training: the source that the classes come from.
  func encode(_ labels: LabelColumn, file: String, training: String) throws(InputError) -> [Int32] {
    var indexOfCode: [Int32] = []
    for (spelling, origin) in zip(labels.spellings, labels.origins) {
      guard let index = index(of: spelling) else {
        let place = origin.line == nil ? " of sample \(origin.row)" : ""
        throw InputError(
          file: file, line: origin.line,
          "the label \(quoted(spelling))\(place) is not a class of the training data \(training): \(listed(classes))")
      }
      indexOfCode.append(index)
    }
    return labels.codes.map { indexOfCode[Int($0)] }
  }
}
