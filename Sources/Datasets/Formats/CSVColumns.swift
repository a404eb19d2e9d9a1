import ConfigurationSchema
import Files

/// What the columns of a CSV file are for.
struct CSVColumns {
  /// What one column is for.
  enum Role {
    case feature(Int)
    case target(Int)
    case label
    case weight
    case ignored
  }

  /// The header row.
  let names: [String]
  /// One a column of the file.
  let roles: [Role]
  /// The features in the order of the table.
  let featureNames: [String]

  /// - Parameters:
  ///   - names: the header row.
  ///   - configuration: which columns are targets, and which are features (default: all others).
  ///   - trainingFeatures: the features of the training file, if this is another one: they decide.
  ///   - weightColumn: the column with the weights of samples, if there is one.
  ///   - takesLabels: whether the target column holds labels.
  init(
    of names: [String], for configuration: CSVConfiguration, trainingFeatures: [String]?, weightColumn: String?,
    takesLabels: Bool, file: String
  ) throws(InputError) {
    var indexes: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      if name.isEmpty { throw InputError(file: file, line: 1, "column \(index + 1) has no name") }
      if let first = indexes.updateValue(index, forKey: name) {
        throw InputError(
          file: file, line: 1,
          "the column name \(quoted(name)) occurs twice, in columns \(first + 1) and \(index + 1); names must differ")
      }
    }

    let targets = configuration.target
    featureNames =
      trainingFeatures ?? configuration.features ?? names.filter { !targets.contains($0) && $0 != weightColumn }
    if featureNames.isEmpty {
      throw InputError(file: file, line: 1, "there is no column besides the target \(listed(targets)): no features")
    }
    if let trainingFeatures, let own = configuration.features, Set(own) != Set(trainingFeatures) {
      throw InputError(
        file: file,
        "the configuration chooses the features \(listed(own)), but the training data has \(listed(trainingFeatures))")
    }
    if let shared = featureNames.first(where: { targets.contains($0) }) {
      throw InputError(
        file: file, line: 1, "the column \(quoted(shared)) is a feature and the target; it can be only one")
    }

    if let weightColumn, targets.contains(weightColumn) || featureNames.contains(weightColumn) {
      throw InputError(
        file: file, line: 1,
        "the column \(quoted(weightColumn)) has the weights of samples; it cannot be a feature or a target too")
    }

    var roles = [Role](repeating: .ignored, count: names.count)
    for (position, name) in featureNames.enumerated() {
      roles[try Self.index(of: name, in: indexes, of: names, file: file)] = .feature(position)
    }
    for (position, name) in targets.enumerated() {
      roles[try Self.index(of: name, in: indexes, of: names, file: file)] = takesLabels ? .label : .target(position)
    }
    if let weightColumn {
      roles[try Self.index(of: weightColumn, in: indexes, of: names, file: file)] = .weight
    }
    self.names = names
    self.roles = roles
  }

  private static func index(
    of name: String, in indexes: [String: Int], of names: [String], file: String
  ) throws(InputError) -> Int {
    if let index = indexes[name] { return index }
    let advice = nearest(to: name, among: names).map { "; did you mean \(quoted($0))?" } ?? "."
    throw InputError(
      file: file, line: 1, "there is no column \(quoted(name))\(advice) The columns are \(listed(names))")
  }
}
