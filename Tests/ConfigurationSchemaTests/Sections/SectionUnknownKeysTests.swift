import Foundation
import Testing

@testable import ConfigurationSchema

@Suite struct SectionUnknownKeysTests {
  @Test func unknownKeysAreReportedInOrder() throws {
    let reading = try Reading(#"{"unit": 1, "units": 2, "zebra": 3, "actviation": "relu"}"#) { section in
      [section.optional("units", .anything), section.optional("activation", .anything)]
    }
    #expect(
      reading.messages == [
        "actviation: unknown key; did you mean 'activation'?",
        "unit: unknown key; did you mean 'units'?",
        "zebra: unknown key; allowed: activation, units",
      ])
  }

  @Test func whereNoKeyIsAllowed() throws {
    #expect(try Reading(#"{"a": 1}"#) { _ in 0 }.messages == ["a: unknown key; no keys are allowed here"])
  }

  private func root(_ root: Section) -> Int? {
    _ = root.value("seed", .integer(in: 0...9), default: 0)
    _ = root.object("optimizer", default: [:], help: "") { optimizer in
      optimizer.value("learningRate", .integer(in: 0...9), default: 0)
    }
    _ = root.object("network", default: [:], help: "") { network in
      network.optional("units", .anything) == nil
        ? network.list("layers", help: "") { layer in
          _ = layer.optional("rate", .anything)
          return layer.optional("initializer", .anything)
        } : nil
    }
    for part in ["train", "validation", "test"] {
      _ = root.object(part, default: [:], help: "") { part in
        _ = part.value("path", .string, default: "")
        return part.value("type", .string, default: "")
      }
    }
    return root.object("training", default: [:], help: "") { training in
      _ = training.value("type", .string, default: "")
      return training.object("checkpoint", default: [:], help: "") {
        $0.value("epochs", .integer(in: 0...9), default: 1)
      }
    }
  }

  private static let layers = #""network": {"layers": [{}]}"#

  /// A key in the wrong section is answered with the sections that have it, unless these are so many that it says nothing.
  @Test(arguments: [
    (
      #"{"training": {"learningRate": 1}, \#(layers)}"#, "training.learningRate: unknown key; it belongs in 'optimizer'"
    ),
    (#"{"optimizer": {"seed": 1}, \#(layers)}"#, "optimizer.seed: unknown key; it belongs at the top level"),
    (#"{"epochs": 1, \#(layers)}"#, "epochs: unknown key; it belongs in 'training.checkpoint'"),
    (#"{"optimizer": {"rate": 1}, \#(layers)}"#, "optimizer.rate: unknown key; it belongs in 'network.layers[]'"),
    (
      #"{"network": {"layers": [{"learningRate": 1}]}}"#,
      "network.layers[0].learningRate: unknown key; it belongs in 'optimizer'"
    ),
    (#"{"path": "x", \#(layers)}"#, "path: unknown key; it belongs in 'train', 'validation' or 'test'"),
    (#"{"optimizer": {"type": "x"}, \#(layers)}"#, "optimizer.type: unknown key; allowed: learningRate"),
    // One that is near is the better guess.
    (#"{"training": {"typ": 1}, \#(layers)}"#, "training.typ: unknown key; did you mean 'type'?"),
  ]) func misplacedKeys(text: String, message: String) throws {
    #expect(try Reading(text, root).messages == [message])
  }

  /// Paths in messages are those of the whole configuration, also where only a part of it is read.
  @Test func partsOfADocument() throws {
    let reading = try Reading(#"{"b": {"c": 1}}"#, at: .root.appending(key: "a")) { section in
      _ = section.value("c", .integer(in: 0...9), default: 1)
      return section.object("b", help: "") { $0.value("d", .integer(in: 0...9), default: 1) }
    }
    #expect(reading.messages == ["a.b.c: unknown key; it belongs in 'a'"])
  }

  /// Many wrong keys, or one that is very long, are listed to a bound; each is compared with what is allowed only while it is
  /// listed, so that 200,000 of them are as cheap as to read them.
  @Test func thereIsABound() throws {
    let members = Dictionary(uniqueKeysWithValues: (0..<200_000).map { ("units\($0)", JSONValue.null) })
    let issues = IssueCollector()
    let words = (0..<50).map { "unit\($0)" }
    _ = Section.read(.object(members), issues: issues) { section in words.map { section.optional($0, .anything) } }
    #expect(issues.issues.count == 100 && issues.omitted == 199_900)
    let error = #expect(throws: ConfigurationError.self) { try issues.throwIfAny(file: "a.json") }
    let lines = error?.description.split(separator: "\n") ?? []
    #expect(lines.count == 102 && lines.first == "a.json: 200000 errors" && lines.last == "  … and 199900 more")
  }

  @Test func aLongKeyIsCutOff() throws {
    let key = String(repeating: "a", count: 60_000)
    let messages = try Reading("{\"\(key)\": 1}") { $0.optional(key + "b", .anything) == nil ? 0 : 1 }.messages
    #expect(messages.count == 1 && messages[0].hasPrefix("[\"aaaa") && messages[0].contains("…\"]: unknown key; "))
    #expect(messages[0].prefix { $0 != ":" }.count < 100)
  }
}
