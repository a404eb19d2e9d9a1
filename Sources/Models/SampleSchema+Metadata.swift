import ConfigurationSchema
import Datasets

// What the inputs and outputs of a model mean, as members of its metadata: `features` and `targets` (names), `scaling`
// (x' = (x − shift) · scale, then clipped if it says so) and `classes`, which are null where the targets are numbers.

extension SampleSchema {
  /// The members of the metadata.
  var members: [String: JSONValue] {
    var members: [String: JSONValue] = [
      "features": .array(featureNames.map(JSONValue.string)), "targets": .array(targetNames.map(JSONValue.string)),
      "scaling": scalingValue,
      "classes": classes.map { .array($0.map(JSONValue.string)) } ?? .null,
    ]
    if let targetScaling {
      members["targetScaling"] = .object([
        "shift": .array(targetScaling.shift.map(JSONValue.shortest)),
        "scale": .array(targetScaling.scale.map(JSONValue.shortest)),
      ])
    }
    return members
  }

  private var scalingValue: JSONValue {
    var members: [String: JSONValue] = [
      "shift": .array(scaling.shift.map(JSONValue.shortest)), "scale": .array(scaling.scale.map(JSONValue.shortest)),
    ]
    // Left out where it is false, as it is in models of versions that did not know it.
    if scaling.clipsSmoothly { members["clipsSmoothly"] = .bool(true) }
    return .object(members)
  }

  /// Reads these members; nil after reporting what is wrong with them.
  init?(_ section: Section) {
    let features = section.required("features", .strings, help: "the names of the inputs")
    let targets = section.required("targets", .strings, help: "the names of the targets")
    let scaling = section.object("scaling", help: "what is done to each feature") { section in
      let shift = section.required("shift", .anything, help: "what is subtracted")
      let scale = section.required("scale", .anything, help: "what the difference is multiplied by")
      let clips = section.optional(
        "clipsSmoothly", .bool, absence: "false", help: "whether what comes out is clipped, x / √(1 + (x/3)²)")
      return (
        shift: shift.flatMap { section.floats($0, "shift", count: features?.count) },
        scale: scale.flatMap { section.floats($0, "scale", count: features?.count) }, clips: clips ?? false
      )
    }
    var names: [String]?
    switch section.required("classes", .anything, help: "the classes, in the order of the outputs") {
    case nil, .null?: break
    case .array(let elements)?:
      names = elements.compactMap { if case .string(let name) = $0 { name } else { nil } }
      if names?.count != elements.count { section.report("classes", "must be a list of strings") }
    case let other?: section.report("classes", "must be null or a list of strings, found \(other.summary)")
    }
    let targetScaling = section.optionalObject("targetScaling", help: "what was done to each target") {
      section -> TargetScaling? in
      let shift = section.required("shift", .anything, help: "what was subtracted")
      let scale = section.required("scale", .anything, help: "what the difference was multiplied by")
      guard let shift = shift.flatMap({ section.floats($0, "shift", count: targets?.count, of: "target") }),
        let scale = scale.flatMap({ section.floats($0, "scale", count: targets?.count, of: "target") })
      else { return nil }
      guard scale.allSatisfy({ $0 > 0 }) else {
        section.report("scale", "must be positive numbers")
        return nil
      }
      return TargetScaling(shift: shift, scale: scale)
    }
    guard let features, let targets, let scaling, let shift = scaling.shift, let scale = scaling.scale else {
      return nil
    }
    self.init(
      featureNames: features, targetNames: targets, classes: names,
      scaling: Scaling(shift: shift, scale: scale, clipsSmoothly: scaling.clips), targetScaling: targetScaling)
  }
}

extension Section {
  /// As many finite numbers as there are features; nil after reporting an issue.
  fileprivate func floats(_ value: JSONValue, _ key: String, count: Int?, of noun: String = "feature") -> [Float]? {
    guard case .array(let elements) = value else {
      report(key, "must be a list of numbers, found \(value.summary)")
      return nil
    }
    var floats: [Float] = []
    for (index, element) in elements.enumerated() {
      let float: Float? =
        switch element {
        case .integer(let integer): Float(integer)
        case .number(let number): Float(number)
        default: nil
        }
      guard let float, float.isFinite else {
        issues.report(
          path.appending(key: key).appending(index: index), "must be a finite number, found \(element.summary)")
        return nil
      }
      floats.append(float)
    }
    guard let count else { return nil }
    guard floats.count == count else {
      report(key, "must have \(count) numbers, one for each \(noun), found \(floats.count)")
      return nil
    }
    return floats
  }
}
