import ConfigurationSchema
import Datasets
import Files

/// What a run was trained and measured on, as one SHA-256 for each part of the data: names, classes, features and targets of
/// its samples in file order.
struct DataDigests: Sendable, Equatable {
  /// The digest of the training samples and of the scaling that was fitted to them.
  let training: String
  /// The digest of the samples for validation.
  let validation: String?
  /// The digest of the samples for the test.
  let test: String?

  /// The parts that are not those of `other`, by their key paths.
  func differences(from other: DataDigests) -> [String] {
    var parts: [String] = []
    if training != other.training { parts.append("dataset.train") }
    if validation != other.validation { parts.append("dataset.validation") }
    if test != other.test { parts.append("dataset.test") }
    return parts
  }

  /// The digests of `data`.
  init(_ data: PreparedData) {
    var hash = SHA256()
    hash.update(data.training)
    hash.update(data.scaling.shift)
    hash.update(data.scaling.scale)
    training = hash.hexadecimal
    func digest(_ subset: Subset) -> String {
      var hash = SHA256()
      hash.update(subset)
      return hash.hexadecimal
    }
    validation = data.validation.map(digest)
    test = data.test.map(digest)
  }

  init?(_ section: Section) {
    let training = section.required("train", .string, help: "the digest of the training samples")
    validation = section.optional("validation", .string, help: "the digest of the samples for validation")
    test = section.optional("test", .string, help: "the digest of the samples for the test")
    guard let training else { return nil }
    self.training = training
  }

  var json: JSONValue {
    var object: [String: JSONValue] = ["train": .string(training)]
    object["validation"] = validation.map(JSONValue.string)
    object["test"] = test.map(JSONValue.string)
    return .object(object)
  }
}

extension SHA256 {
  /// Adds samples. The length stands before whatever has no fixed one, so that no two sets run together to the same bytes.
  fileprivate mutating func update(_ subset: Subset) {
    let table = subset.table
    update(table.featureNames)
    update(table.targetNames)
    update(subset.count)
    switch table.features {
    case .bytes(let bytes):
      for row in subset.rows { update(bytes[Int(row) * table.columns..<(Int(row) + 1) * table.columns]) }
    case .floats(let floats):
      for row in subset.rows { update(floats[Int(row) * table.columns..<(Int(row) + 1) * table.columns]) }
    }
    switch table.targets {
    case .values(let values, let columns):
      for row in subset.rows { update(values[Int(row) * columns..<(Int(row) + 1) * columns]) }
    case .labels(let labels, let classes):
      update(classes)
      for row in subset.rows { update(Int(labels[Int(row)])) }
    case .distributions(let values, let classes):
      update(classes)
      let columns = classes.count
      for row in subset.rows { update(values[Int(row) * columns..<(Int(row) + 1) * columns]) }
    }
    if let weights = table.weights { update(subset.rows.map { weights[Int($0)] }) }
  }

  private mutating func update(_ names: [String]) {
    update(names.count)
    for name in names {
      update(name.utf8.count)
      update(name)
    }
  }
}
