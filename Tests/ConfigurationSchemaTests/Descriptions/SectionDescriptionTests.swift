import Testing

@testable import ConfigurationSchema

/// A declaration with everything that there is.
func exampleDeclaration(_ root: Section) -> Int? {
  _ = root.value("name", .string, default: "x", "the name of the file", help: "a name", role: .changesNoBit)
  _ = root.optional("weights", .path, absence: "weights are drawn", help: "a file")
  _ = root.named("loss", of: Activation.self, help: "the loss") { kind, section in
    kind == .relu ? section.value("slope", .number(.nonNegative), default: 0.5, help: "its slope") : 0
  }
  let layers = root.list("layers", help: "the layers") { section in
    section.variants("type", of: Activation.self, default: .sigmoid, help: "what it computes") { kind in
      kind == .identity ? 0 : section.required("units", .integer(in: 1...9), help: "its size")
    }
  }
  _ = root.object("checkpoint", default: ["epochs": 1], help: "how often", role: .changesNoBit) { section in
    section.alternatives(of: Interval.self) { key in
      section.required(key.rawValue, .integer(in: 1...Int.max), help: "after some \(key)")
    }
  }
  _ = root.object("training", help: "how long") { section in
    section.required("epochs", .integer(in: 1...9), help: "passes", role: .mayGrow)
  }
  return layers?.count
}

enum Interval: String, CaseIterable { case epochs, steps }

@Suite struct SectionDescriptionTests {
  private let description = Section.describe(exampleDeclaration)

  @Test func everyQuestionIsNoted() throws {
    #expect(
      description.allKeys.map(\.name) == ["name", "weights", "loss", "layers", "checkpoint", "training"])
    #expect(description.allKeys.map(\.help) == ["a name", "a file", "the loss", "the layers", "how often", "how long"])
    #expect(
      description.allKeys.map(\.presence) == [
        .depends("the name of the file"), .depends("weights are drawn"), .required, .required,
        .standard(["epochs": 1]), .required,
      ])
    let layer = description.sections(at: [.key("layers"), .index(7)])
    #expect(layer.count == 1)
    guard case .variants(let variants)? = layer.first?.items.first else { return #expect(Bool(false)) }
    #expect(variants.cases.map(\.name) == ["identity", "sigmoid", "relu"] && variants.standardCase == "sigmoid")
    #expect(variants.cases.map { $0.section.allKeys.map(\.name) } == [[], ["units"], ["units"]])
    #expect(description.sections(at: [.key("nothing")]).isEmpty && description.sections(at: [.key("layers")]).isEmpty)
  }

  @Test func places() {
    #expect(description.places(of: "name") == [""])
    #expect(description.places(of: "epochs") == ["checkpoint", "training"])
    #expect(description.places(of: "units") == ["layers[]"])
    #expect(description.places(of: "slope") == ["loss"])
    #expect(description.places(of: "nothing") == [])
  }

  /// By the document, because another variant may give a key another role.
  @Test(
    arguments: [
      ("name", KeyRole.changesNoBit), ("weights", .path), ("loss", .arithmetic), ("loss.slope", .arithmetic),
      ("layers", .arithmetic), ("layers[0]", .arithmetic), ("layers[0].units", .arithmetic),
      ("checkpoint", .changesNoBit),
      ("checkpoint.epochs", .changesNoBit), ("checkpoint.steps", .changesNoBit), ("training.epochs", .mayGrow),
      ("layers[1].units", nil), ("layers[2].units", nil), ("training.units", nil), ("x", nil), ("layers.units", nil),
    ] as [(String, KeyRole?)]) func roles(path: String, role: KeyRole?) throws
  {
    let document = try parse(
      """
      {"loss": {"type": "relu"}, "layers": [{"units": 3}, {"type": "identity"}], "training": {"epochs": 1},
       "checkpoint": {"steps": 1}}
      """)
    let path = try #require(ConfigurationPath(parsing: path))
    #expect(description.role(of: path, in: document) == role)
  }
}
