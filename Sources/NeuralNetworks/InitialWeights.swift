import ConfigurationSchema

/// `network.initialWeights`: a file with parameters to begin with, and which of its tensors become which blocks of the network.
///
/// Files of other programs call their tensors as they like: what is `layers.0.weight` here may be `fc1.weight` there. How they are
/// read is said in the room `Models`.
public struct InitialWeights: Sendable, Equatable {
  /// How the tensors of the file find their blocks.
  public enum Match: Sendable, Equatable {
    /// By their names. Of a tensor whose name begins with a key, in whole parts between dots, the value takes the place of the
    /// key; of several keys the longest. Other tensors have the names of their blocks.
    case names([String: String])
    /// By their order in the file.
    case order
  }

  /// `path`: a safetensors file.
  public let path: String
  /// `match`, with `names`
  public let match: Match
  /// `layers`: the places in `network.layers` of the layers that begin with tensors of the file; nil for all. The parameters of
  /// the others are drawn.
  public let layers: [Int]?

  /// The tensors of a file, for all layers and by their own names unless said otherwise.
  public init(path: String, match: Match = .names([:]), layers: [Int]? = nil) {
    self.path = path
    self.match = match
    self.layers = layers
  }

  private static let key = "initialWeights"

  /// The key of the section `network`; nil if it is absent or after reporting issues.
  init?(in network: Section) {
    let weights = network.optionalObject(
      Self.key, orOnly: "path", .path, mainHelp: "a safetensors file", absence: "weights are drawn",
      help: "a safetensors file with the parameters to begin with"
    ) { path, section -> Self? in
      let match = section.variants(
        "match", of: MatchKind.self, default: .name, help: "how the tensors of the file find their blocks",
        role: .beginning
      ) { kind -> Match? in
        switch kind {
        case .name:
          .names(
            section.optional(
              "names", .names, absence: "tensors have the names of their blocks",
              help:
                "for a tensor whose name is a key, or begins with it and a dot, the name of a block, or its beginning, in place "
                + "of the key",
              role: .beginning) ?? [:])
        case .order: .order
        }
      }
      let layers = section.optional(
        "layers", .integers(in: 0...Int.max), absence: "all",
        help:
          "the places in `network.layers`, from 0, of the layers that begin with tensors of the file; others are drawn",
        role: .beginning)
      return match.map { Self(path: path, match: $0, layers: layers) }
    }
    guard let weights else { return nil }
    self = weights
  }

  /// Whether a block of the network begins with a tensor of the file.
  public func takes(_ block: ParameterBlock) -> Bool { layers?.contains(block.layer) ?? true }

  /// Whether a name is another one, or begins with it and a dot.
  package static func name(_ name: String, beginsWith beginning: String) -> Bool {
    name == beginning || name.hasPrefix(beginning + ".")
  }
}

/// The values of `match`.
private enum MatchKind: String, Catalogue {
  case name, order

  var help: String {
    switch self {
    case .name: "a tensor is the block of its name, which `names` may change"
    case .order:
      "one after another, as the file has them, with equal shapes; a file in alphabetical order, as PyTorch saves it, "
        + "is read by the numbers in its names"
    }
  }
}

extension Domain<[String: String]> {
  /// Names of blocks by names of tensors, or the beginnings of both.
  fileprivate static var names: Self {
    let words = #"an object of names such as {"fc1": "layers.0"}"#
    return Self(
      words,
      schema: [
        "type": "object", "minProperties": 1, "propertyNames": ["minLength": 1],
        "additionalProperties": ["type": "string", "minLength": 1],
      ],
      placeholder: [:],
      read: { value, place in
        guard case .object(let members) = value, !members.isEmpty else {
          place.report("must be \(words), found \(value == .object([:]) ? "an empty object" : value.summary)")
          return nil
        }
        var names: [String: String] = [:]
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
          guard let target = Domain<String>.string.value(of: member, at: place[key: name]) else { continue }
          if name.isEmpty { place[key: name].report("the name of a tensor must not be empty") }
          if target.isEmpty { place[key: name].report("must not be empty") }
          if !name.isEmpty && !target.isEmpty { names[name] = target }
        }
        return names.count == members.count ? names : nil
      },
      write: { .object($0.mapValues { .string($0) }) })
  }
}

// MARK: - What there is in the network

extension InitialWeights {
  /// Reports layers without parameters, and names that no block has.
  ///
  /// - Parameter network: the place of the section `network`.
  func check(_ layout: ParameterLayout, in network: ConfigurationPath, _ issues: IssueCollector) {
    let path = network.appending(key: Self.key)
    let places = Array(Set(layout.blocks.map(\.layer))).sorted()
    guard !places.isEmpty else { return }
    for (index, layer) in (layers ?? []).enumerated() where !places.contains(layer) {
      issues.report(
        path.appending(key: "layers").appending(index: index),
        "there is no layer \(layer) with parameters; those are \(places.map(String.init).joined(separator: ", "))")
    }
    guard case .names(let names) = match else { return }
    for (name, target) in names.sorted(by: { $0.key < $1.key }) {
      let place = path.appending(key: "names").appending(key: name)
      let blocks = layout.blocks.filter { Self.name($0.name, beginsWith: target) }
      if blocks.isEmpty {
        issues.report(place, Self.unknown(target, layout))
      } else if !blocks.contains(where: takes) {
        issues.report(place, "has no effect, because 'layers' leaves out '\(target)'; remove it")
      }
    }
  }

  private static func unknown(_ target: String, _ layout: ParameterLayout) -> String {
    var layers: [String] = []
    for block in layout.blocks where layers.last != "layers.\(block.layer)" { layers.append("layers.\(block.layer)") }
    // A name with another number is another layer, not a slip.
    let digits = target.filter(\.isNumber)
    let candidates = (layers + layout.blocks.map(\.name)).filter { $0.filter(\.isNumber) == digits }
    let suggestion = nearest(to: target, among: candidates).map { " did you mean '\($0)'?" } ?? ""
    let allowed: [String]
    if let layer = layers.first(where: { name(target, beginsWith: $0) }) {
      allowed = [layer] + layout.blocks.map(\.name).filter { name($0, beginsWith: layer) }
    } else {
      allowed = layers
    }
    return
      "unknown block \(JSONValue.string(target).summary);\(suggestion) allowed: \(allowed.joined(separator: ", "))"
  }
}
