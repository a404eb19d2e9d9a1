import Testing

@testable import ConfigurationSchema

@Suite struct SectionContainersTests {
  @Test func objectsAreReadWithTheirPath() throws {
    let reading = try Reading(#"{"a": {"b": {"c": 1}}}"#) { root in
      root.object("a", help: "") { a in
        a.optionalObject("b", help: "") { ($0.path.description, $0.required("c", .integer(in: 0...1))) }
      }
    }
    #expect(reading.result?.0 == "a.b" && reading.result?.1 == 1 && reading.messages == [])
    #expect(reading.resolved == ["a": ["b": ["c": 1]]])
  }

  /// One that may be left out is read as if the default stood there, and its defaults are in the resolved document.
  @Test func defaults() throws {
    func declaration(_ root: Section) -> [Int]? {
      [
        root.object("a", default: [:], help: "") { $0.value("x", .integer(in: 0...9), default: 3) },
        root.object("b", default: ["y": 4], help: "") { $0.required("y", .integer(in: 0...9)) },
        root.optionalObject("c", help: "") { $0.value("z", .integer(in: 0...9), default: 5) },
      ].map { $0 ?? -1 }
    }
    let absent = try Reading("{}", declaration)
    #expect(absent.result == [3, 4, -1] && absent.resolved == ["a": ["x": 3], "b": ["y": 4]])
    let present = try Reading(#"{"a": {"x": 1}, "b": {"y": 2}, "c": {}}"#, declaration)
    #expect(present.result == [1, 2, 5] && present.resolved == ["a": ["x": 1], "b": ["y": 2], "c": ["z": 5]])
    #expect(try Reading(#"{"b": {}}"#, declaration).messages == ["b.y: is required"])
  }

  @Test func wrongObjects() throws {
    let reading = try Reading(#"{"a": "sgd", "b": null, "d": 1}"#) { root -> Bool? in
      let inner = { (section: Section) in section.path.description }
      #expect(root.object("a", help: "", inner) == nil)
      #expect(root.optionalObject("b", help: "", inner) == nil)
      #expect(root.object("c", help: "", inner) == nil)
      #expect(root.object("d", default: [:], help: "", inner) == nil)
      return nil
    }
    #expect(
      reading.messages == [
        "a: must be an object, found 'sgd'", "b: must be an object, found null", "c: is required",
        "d: must be an object, found 1",
      ])
  }

  @Test func lists() throws {
    let reading = try Reading(#"{"layers": [{"units": 1}, {}]}"#) { root in
      root.list("layers", help: "") { ($0.path.description, $0.value("units", .integer(in: 1...9), default: 2)) }
    }
    #expect(reading.result?.map { $0?.0 } == ["layers[0]", "layers[1]"] && reading.messages == [])
    #expect(reading.resolved == ["layers": [["units": 1], ["units": 2]]])
  }

  @Test func wrongLists() throws {
    let reading = try Reading(#"{"a": {}, "b": [], "c": [{}, 3]}"#) { root in
      ["a", "b", "c", "d"].map { root.list($0, help: "") { _ in 0 }?.count }
    }
    #expect(reading.result == [nil, nil, 2, nil])
    #expect(
      reading.messages == [
        "a: must be a list of at least one object, found an object",
        "b: must be a list of at least one object, found an empty list",
        "c[1]: must be an object, found 3", "d: is required",
      ])
  }

  // MARK: A name or a section

  private func loss(_ root: Section) -> String? {
    root.named("loss", of: Activation.self, default: .identity, help: "") { kind, section in
      let slope = kind == .relu ? section.value("slope", .integer(in: 0...9), default: 1) : 0
      return "\(kind) \(slope)"
    }
  }

  @Test(
    arguments: [
      ("{}", "identity 0", "identity"), (#"{"loss": "relu"}"#, "relu 1", "relu"),
      (#"{"loss": {"type": "relu"}}"#, "relu 1", "relu"), (#"{"loss": {"type": "sigmoid"}}"#, "sigmoid 0", "sigmoid"),
      (#"{"loss": {"type": "relu", "slope": 2}}"#, "relu 2", ["type": "relu", "slope": 2]),
    ] as [(String, String, JSONValue)]) func aNameMayStandAlone(text: String, result: String, resolved: JSONValue)
    throws
  {
    let reading = try Reading(text, loss)
    #expect(reading.result == result && reading.messages == [])
    #expect(reading.resolved == ["loss": resolved])
    #expect(Reading(reading.resolved, loss).result == result)
  }

  @Test(arguments: [
    (#"{"loss": "reluu"}"#, "loss: unknown value 'reluu'; did you mean 'relu'? allowed: identity, sigmoid, relu"),
    (#"{"loss": 3}"#, "loss: must be one of identity, sigmoid, relu, found 3"),
    (#"{"loss": {"type": "x"}}"#, "loss.type: unknown value 'x'; allowed: identity, sigmoid, relu"),
    (#"{"loss": {}}"#, "loss.type: is required"),
    (#"{"loss": {"type": "relu", "slope": 10}}"#, "loss.slope: must be from 0 to 9, found 10"),
    (#"{"loss": {"type": "relu", "slop": 1}}"#, "loss.slop: unknown key; did you mean 'slope'?"),
  ]) func wrongNames(text: String, message: String) throws {
    #expect(try Reading(text, loss).messages == [message])
  }

  @Test func aNameMayBeRequired() throws {
    let reading = try Reading("{}") { $0.named("loss", of: Activation.self, help: "") { kind, _ in kind } }
    #expect(reading.messages == ["loss: is required"] && reading.result == nil)
  }

  // MARK: A value or a section

  private func weights(_ root: Section) -> String? {
    root.optionalObject("weights", orOnly: "path", .path, mainHelp: "where", help: "") { path, section in
      "\(path) \(section.value("scale", .integer(in: 1...9), default: 1))"
    }
  }

  @Test(
    arguments: [
      ("{}", nil, nil), (#"{"weights": "a"}"#, "a 1", "/home/x/a"),
      (#"{"weights": {"path": "a"}}"#, "a 1", "/home/x/a"),
      (#"{"weights": {"path": "/a", "scale": 2}}"#, "/a 2", ["path": "/a", "scale": 2]),
      (#"{"weights": {"path": "a", "scale": 1}}"#, "a 1", ["path": "/home/x/a", "scale": 1]),
    ] as [(String, String?, JSONValue?)]) func aValueMayStandAlone(text: String, result: String?, resolved: JSONValue?)
    throws
  {
    let reading = try Reading(text, weights)
    #expect(reading.result == result && reading.messages == [])
    #expect(reading.resolved == .object(resolved.map { ["weights": $0] } ?? [:]))
    let again = Reading(reading.resolved, weights)
    #expect(again.resolved == reading.resolved && again.messages == [])
  }

  @Test(arguments: [
    (#"{"weights": 3}"#, ["weights: must be a path or an object, found 3"]),
    (#"{"weights": null}"#, ["weights: must be a path or an object, found null"]),
    (#"{"weights": ""}"#, ["weights: must not be empty"]),
    (#"{"weights": {}}"#, ["weights.path: is required"]),
    (#"{"weights": {"scale": 0}}"#, ["weights.path: is required", "weights.scale: must be from 1 to 9, found 0"]),
    (#"{"weights": {"path": "a", "scal": 1}}"#, ["weights.scal: unknown key; did you mean 'scale'?"]),
    (#"{"scale": 1}"#, ["scale: unknown key; it belongs in 'weights'"]),
  ]) func wrongValues(text: String, messages: [String]) throws {
    let reading = try Reading(text, weights)
    #expect(reading.messages == messages)
  }

  /// The section is described with its value, and has the role of a path as a whole.
  @Test func aValueOrASection() {
    let description = Section.describe(weights)
    #expect(
      description.reference(introduction: "").contains(
        "| `weights` | a path, or a [section](#weights) with that as its `path` | none |  |"))
    #expect(description.reference(introduction: "").contains("| `path` | a path | required | where |"))
    let schema = description.schema(title: "", help: "")
    #expect(schema.member("properties")?.member("weights")?.member("description") == ". Default: none")
    guard case .array(let forms)? = schema.member("properties")?.member("weights")?.member("anyOf") else {
      return #expect(Bool(false))
    }
    #expect(forms.first == ["type": "string", "minLength": 1] && forms.last?.member("required") == ["path"])
    func role(_ keys: String..., document: JSONValue) -> KeyRole? {
      description.role(of: keys.reduce(.root) { $0.appending(key: $1) }, in: document)
    }
    #expect(role("weights", document: ["weights": "a"]) == .path)
    let document: JSONValue = ["weights": ["path": "a", "scale": 2]]
    #expect(role("weights", "path", document: document) == .path)
    #expect(role("weights", "scale", document: document) == .arithmetic)
  }
}
