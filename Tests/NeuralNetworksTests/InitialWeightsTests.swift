import ConfigurationSchema
import Foundation
import NeuralNetworks
import Testing

/// The key `network.initialWeights`; what is made of the file, the tests of `Models` show.
@Suite struct InitialWeightsTests {
  private static let layers = """
    {"type": "batchNorm"}, {"type": "dense", "units": 3, "bias": false}, {"type": "dropout", "rate": 0.5},
    {"type": "dense", "units": 2}
    """

  private func read(_ weights: String) throws -> (weights: InitialWeights?, resolved: JSONValue?, issues: [String]) {
    let issues = IssueCollector()
    let json = #"{"network": {"layers": [\#(Self.layers)], "initialWeights": \#(weights)}, "loss": "squaredError"}"#
    let value = try JSONValue(parsing: Data(json.utf8), file: "test.json")
    let (configuration, resolved) = Section.read(
      value, relativeTo: URL(fileURLWithPath: "/folder", isDirectory: true), issues: issues
    ) { NetworkConfiguration($0) }
    var member: JSONValue?
    if case .object(let root) = resolved, case .object(let network)? = root["network"] {
      member = network["initialWeights"]
    }
    return (configuration?.initialWeights, member, issues.issues.map(\.description))
  }

  // MARK: What is right

  /// The path alone, or with what else there is to say; in the resolved configuration it is absolute.
  @Test(
    arguments: [
      (#""a.safetensors""#, InitialWeights(path: "a.safetensors"), "/folder/a.safetensors"),
      (#"{"path": "b/../a"}"#, InitialWeights(path: "b/../a"), "/folder/a"),
      (
        #"{"path": "/a", "layers": [3, 0]}"#, InitialWeights(path: "/a", layers: [3, 0]),
        ["path": "/a", "match": "name", "layers": [3, 0]]
      ),
      (
        #"{"path": "a", "names": {"bn": "layers.0", "fc.weight": "layers.1.weight", "net": "layers"}}"#,
        InitialWeights(
          path: "a", match: .names(["bn": "layers.0", "fc.weight": "layers.1.weight", "net": "layers"])),
        [
          "path": "/folder/a", "match": "name",
          "names": ["bn": "layers.0", "fc.weight": "layers.1.weight", "net": "layers"],
        ]
      ),
      (
        #"{"path": "a", "match": "order", "layers": [1]}"#, InitialWeights(path: "a", match: .order, layers: [1]),
        ["path": "/folder/a", "match": "order", "layers": [1]]
      ),
      (
        #"{"path": "a", "names": {"x": "layers.0.running_mean"}, "layers": [0, 1]}"#,
        InitialWeights(path: "a", match: .names(["x": "layers.0.running_mean"]), layers: [0, 1]),
        ["path": "/folder/a", "match": "name", "names": ["x": "layers.0.running_mean"], "layers": [0, 1]]
      ),
    ] as [(String, InitialWeights, JSONValue)]) func sound(json: String, weights: InitialWeights, resolved: JSONValue)
    throws
  {
    let found = try read(json)
    #expect(found.issues == [] && found.weights == weights && found.resolved == resolved)
    // The resolved one says the same, from wherever it is read.
    let again = try read(resolved.compactText)
    #expect(again.issues == [] && again.resolved == resolved)
    #expect(again.weights?.match == weights.match && again.weights?.layers == weights.layers)
  }

  @Test func blocksThatAreTaken() throws {
    let layers: [any Layer] = [Dense(units: 2, activation: Activation(.identity)), BatchNorm()]
    let blocks = Network(inputs: 2, layers: layers, loss: .squaredError).layout.blocks
    #expect(blocks.allSatisfy(InitialWeights(path: "a").takes))
    #expect(blocks.map(InitialWeights(path: "a", layers: [1]).takes) == [false, false, true, true, true, true])
  }

  // MARK: What is wrong

  @Test(arguments: [
    ("3", ": must be a path or an object, found 3"), ("[]", ": must be a path or an object, found an empty list"),
    (#""""#, ": must not be empty"), (#"{"path": ""}"#, ".path: must not be empty"),
    (#"{"path": 3}"#, ".path: must be a string, found 3"), ("{}", ".path: is required"),
    (#"{"path": "a", "layer": [0]}"#, ".layer: unknown key; did you mean 'layers'?"),
    (
      #"{"path": "a", "match": "names"}"#, ".match: unknown value 'names'; did you mean 'name'? allowed: name, order"
    ),
    (
      #"{"path": "a", "match": "order", "names": {"x": "layers.0"}}"#, ".names: has no effect here; remove it"
    ),
    (
      #"{"path": "a", "layers": []}"#,
      ".layers: must be a list of whole numbers at least 0, none twice, found an empty list"
    ),
    (#"{"path": "a", "layers": 0}"#, ".layers: must be a list of whole numbers at least 0, none twice, found 0"),
    (#"{"path": "a", "layers": [0, 0]}"#, ".layers[1]: is in the list twice"),
    (#"{"path": "a", "layers": [-1]}"#, ".layers[0]: must be at least 0, found -1"),
    (
      #"{"path": "a", "layers": ["fc"]}"#, ".layers[0]: must be a whole number at least 0, found 'fc'"
    ),
    (#"{"path": "a", "layers": [0, 4]}"#, ".layers[1]: there is no layer 4 with parameters; those are 0, 1, 3"),
    (#"{"path": "a", "layers": [2]}"#, ".layers[0]: there is no layer 2 with parameters; those are 0, 1, 3"),
    (
      #"{"path": "a", "names": {}}"#,
      #".names: must be an object of names such as {"fc1": "layers.0"}, found an empty object"#
    ),
    (
      #"{"path": "a", "names": ["fc1"]}"#,
      #".names: must be an object of names such as {"fc1": "layers.0"}, found a list"#
    ),
    (#"{"path": "a", "names": {"fc1": 0}}"#, ".names.fc1: must be a string, found 0"),
    (#"{"path": "a", "names": {"fc1": ""}}"#, ".names.fc1: must not be empty"),
    (#"{"path": "a", "names": {"": "layers.0"}}"#, #".names[""]: the name of a tensor must not be empty"#),
    // Another number is another layer: only slips of letters have a suggestion.
    (
      #"{"path": "a", "names": {"fc1": "layers.2"}}"#,
      ".names.fc1: unknown block 'layers.2'; allowed: layers.0, layers.1, layers.3"
    ),
    (
      #"{"path": "a", "names": {"fc.1": "layer.1"}}"#,
      #".names["fc.1"]: unknown block 'layer.1'; did you mean 'layers.1'? allowed: layers.0, layers.1, layers.3"#
    ),
    (
      #"{"path": "a", "names": {"fc1": "layers.3.wieght"}}"#,
      ".names.fc1: unknown block 'layers.3.wieght'; did you mean 'layers.3.weight'? allowed: layers.3, layers.3.weight, "
        + "layers.3.bias"
    ),
    (
      #"{"path": "a", "names": {"fc1": "layers.1.bias"}}"#,
      ".names.fc1: unknown block 'layers.1.bias'; allowed: layers.1, layers.1.weight"
    ),
    // Whole parts between dots.
    (
      #"{"path": "a", "names": {"fc1": "layer"}}"#,
      ".names.fc1: unknown block 'layer'; allowed: layers.0, layers.1, layers.3"
    ),
    (
      #"{"path": "a", "layers": [0, 1], "names": {"a": "layers", "b": "layers.3"}}"#,
      ".names.b: has no effect, because 'layers' leaves out 'layers.3'; remove it"
    ),
  ]) func wrong(json: String, message: String) throws {
    #expect(try read(json).issues == ["network.initialWeights" + message])
  }

  @Test func severalAtOnce() throws {
    #expect(
      try read(#"{"path": "a", "layers": [0, 2, 9], "names": {"fc1": "layers.2", "fc2": "layers.1"}}"#).issues == [
        "network.initialWeights.layers[1]: there is no layer 2 with parameters; those are 0, 1, 3",
        "network.initialWeights.layers[2]: there is no layer 9 with parameters; those are 0, 1, 3",
        "network.initialWeights.names.fc1: unknown block 'layers.2'; allowed: layers.0, layers.1, layers.3",
        "network.initialWeights.names.fc2: has no effect, because 'layers' leaves out 'layers.1'; remove it",
      ])
    #expect(
      try read(#"{"match": "order", "layers": ["a"], "paht": "a"}"#).issues == [
        "network.initialWeights.path: is required",
        "network.initialWeights.layers[0]: must be a whole number at least 0, found 'a'",
        "network.initialWeights.paht: unknown key; did you mean 'path'?",
      ])
  }
}
