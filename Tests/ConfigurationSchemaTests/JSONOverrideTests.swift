import Testing

@testable import ConfigurationSchema

@Suite struct JSONOverrideTests {
  private static let tree = """
    {"seed": 1, "name": null, "network": {"layers": [{"units": 64}, {"units": 10}]}, "one": [1], "none": []}
    """

  /// The text of the tree after `--set`, and the issues.
  private func overridden(_ path: String, _ value: String) throws -> (text: String, messages: [String]) {
    var tree = try parse(Self.tree)
    let issues = IssueCollector()
    let path = try #require(ConfigurationPath(parsing: path))
    tree.override(path, with: JSONValue(parsingOverride: value), issues: issues)
    return (tree.compactText, issues.issues.map(\.description))
  }

  @Test(arguments: [
    ("seed", "7", "seed", JSONValue.integer(7)),
    ("name", "digits", "name", .string("digits")),
    ("network", "3", "network", .integer(3)),
    ("optimizer.learningRate", "0.05", "optimizer", .object(["learningRate": .number(0.05)])),
    ("a.b.c", "null", "a", .object(["b": .object(["c": .null])])),
    ("one[0]", "[2]", "one", .array([.array([.integer(2)])])),
  ])
  func replacesAndCreates(path: String, value: String, key: String, expected: JSONValue) throws {
    guard case .object(var members) = try parse(Self.tree) else { return }
    members[key] = expected
    let result = try overridden(path, value)
    #expect(result.messages.isEmpty)
    #expect(result.text == JSONValue.object(members).compactText)
  }

  @Test func elementsOfListsKeepTheirNeighbours() throws {
    let result = try overridden("network.layers[1].units", "20")
    #expect(result.messages.isEmpty)
    #expect(result.text.contains(#""network":{"layers":[{"units":64},{"units":20}]}"#))
    #expect(result.text.contains(#""seed":1"#))
  }

  @Test(arguments: [
    ("network.layers[2].units", "network.layers: has no element 2: there are 2 elements, numbered from 0 to 1"),
    ("one[1]", "one: has no element 1: there is 1 element, number 0"),
    ("none[0]", "none: has no element 0: it is empty"),
    ("missing[0]", "missing: is not there, so it has no element 0"),
    ("network.extra[0].a", "network.extra: is not there, so it has no element 0"),
    ("seed.value", "seed: is 1, so it has no key 'value'"),
    ("name.a", "name: is null, so it has no key 'a'"),
    ("seed[0]", "seed: is 1, so it has no element 0"),
    ("network[0]", "network: is an object, so it has no element 0"),
    ("[0]", "the configuration: is an object, so it has no element 0"),
    (
      "network.layers.units",
      "network.layers: is a list, so it has no key 'units'; name an element, as in 'network.layers[0]'"
    ),
    ("network.layers[0].units.x", "network.layers[0].units: is 64, so it has no key 'x'"),
  ])
  func failuresNameThePathAndChangeNothing(path: String, message: String) throws {
    let result = try overridden(path, "1")
    #expect(result.messages == [message])
    #expect(result.text == (try parse(Self.tree).compactText))
  }

  @Test func rootIsReplacedAsAWhole() {
    var tree = JSONValue.integer(1)
    tree.override(.root, with: .object([:]), issues: IssueCollector())
    #expect(tree == .object([:]))
  }
}
