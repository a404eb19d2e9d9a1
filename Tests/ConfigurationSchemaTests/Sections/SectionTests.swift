import Testing

@testable import ConfigurationSchema

@Suite struct SectionTests {
  @Test func valuesAndDefaults() throws {
    let reading = try Reading(#"{"a": 3, "c": "x"}"#) { section in
      [
        section.required("a", .integer(in: 0...9)), section.value("b", .integer(in: 0...9), default: 4),
        section.optional("c", .string)?.count, section.optional("d", .integer(in: 0...9)),
      ]
    }
    #expect(reading.result == [3, 4, 1, nil] && reading.messages == [])
    #expect(reading.resolved == ["a": 3, "b": 4, "c": "x"])
  }

  /// After an issue reading goes on with nil or the default.
  @Test func wrongValues() throws {
    let reading = try Reading(#"{"a": 10, "b": null, "c": 1}"#) { section in
      [
        section.required("a", .integer(in: 0...9)), section.value("b", .integer(in: 0...9), default: 4),
        section.optional("c", .string)?.count, section.required("d", .integer(in: 0...9)),
      ]
    }
    #expect(reading.result == [nil, 4, nil, nil])
    #expect(
      reading.messages == [
        "a: must be from 0 to 9, found 10", "b: must be a whole number from 0 to 9, found null",
        "c: must be a string, found 1", "d: is required",
      ])
  }

  /// A default that depends on something else may be wrong, too.
  @Test func defaultsAreChecked() throws {
    for (standard, messages) in [(3, []), (10, ["a: must be from 0 to 9, found 10"])] {
      let reading = try Reading("{}") { section in
        section.value("a", .integer(in: 0...9), default: standard, "the standard", help: "")
      }
      #expect(reading.messages == messages && reading.resolved == (messages.isEmpty ? ["a": 3] : [:]))
    }
  }

  /// What it is read from again gives the same.
  @Test func resolvedReadsAsTheSame() throws {
    func declaration(_ section: Section) -> [String]? {
      [
        section.value("a", .path, default: "/x"), section.required("b", .path) ?? "",
        section.value("c", .string, default: "z"),
      ]
    }
    let first = try Reading(#"{"b": "y"}"#, declaration)
    let second = Reading(first.resolved, declaration)
    #expect(second.resolved == first.resolved && second.messages == [])
    #expect(first.resolved == ["a": "/x", "b": "/home/x/y", "c": "z"])
  }

  @Test func roles() throws {
    let reading = try Reading(#"{"a": 1, "b": 2, "c": 3}"#) { section -> JSONValue in
      _ = section.required("a", .integer(in: 0...9), help: "", role: .transient)
      _ = section.required("b", .integer(in: 0...9), help: "", role: .beginning)
      _ = section.value("c", .integer(in: 0...9), default: 0, help: "", role: .changesNoBit)
      return section.resolved(leavingOut: [.beginning])
    }
    #expect(reading.resolved == ["b": 2, "c": 3] && reading.messages == [])
    #expect(reading.result == ["c": 3])
  }

  @Test func whatIsNotAnObjectIsReportedOnce() throws {
    let reading = try Reading("[1]", at: .root.appending(key: "loss")) { section -> Bool? in
      _ = section.required("a", .string)
      _ = section.value("b", .integer(in: 0...1), default: 1)
      _ = section.object("c", help: "") { $0.required("d", .string) }
      _ = section.list("e", help: "") { $0.required("d", .string) }
      _ = section.variants("f", of: Activation.self, help: "") { $0 }
      _ = section.alternatives(of: Activation.self) { $0 }
      _ = section.named("g", of: Activation.self, help: "") { kind, _ in kind }
      return nil
    }
    #expect(reading.messages == ["loss: must be an object, found a list"])
  }

  @Test(arguments: [("null", "null"), ("3", "3"), ("\"x\"", "'x'"), ("true", "true"), ("[]", "an empty list")])
  func whatWasFoundInsteadIsNamed(text: String, found: String) throws {
    #expect(try Reading(text) { _ in 0 }.messages == ["the configuration: must be an object, found \(found)"])
  }

  @Test func reportNamesTheKey() throws {
    let reading = try Reading("{}", at: .root.appending(key: "network")) { section -> Bool? in
      section.report("layers", "must end with softmax")
      return nil
    }
    #expect(reading.messages == ["network.layers: must end with softmax"])
  }

  @Test func everyErrorOfAFileIsReportedAtOnce() throws {
    let text =
      #"{"network": {"layers": [{"units": 0}, {"unit": 3}, 5]}, "optimizer": {"learningRate": -1}, "los": "x"}"#
    let issues = IssueCollector()
    let layers = Section.read(try parse(text), issues: issues) { root in
      let layers = root.object("network", help: "") { network in
        network.list("layers", help: "") { $0.required("units", .integer(in: 1...Int.max)) }
      }
      _ = root.required("loss", .string)
      _ = root.object("optimizer", help: "") { $0.required("learningRate", .number(.positive)) }
      _ = root.object("training", help: "") { _ in 0 }
      return layers
    }.result
    #expect(layers == [nil, nil, nil])
    let error = #expect(throws: ConfigurationError.self) { try issues.throwIfAny(file: "a.json") }
    #expect(
      error?.description == """
        a.json: 8 errors
          network.layers[0].units: must be at least 1, found 0
          network.layers[1].units: is required
          network.layers[1].unit: unknown key; did you mean 'units'?
          network.layers[2]: must be an object, found 5
          loss: is required
          optimizer.learningRate: must be greater than 0, found -1
          training: is required
          los: unknown key; did you mean 'loss'?
        """)
  }
}
