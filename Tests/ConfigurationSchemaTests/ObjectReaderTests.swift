import Testing

@testable import ConfigurationSchema

@Suite struct ObjectReaderTests {
  @Test func whatIsNotAnObjectIsReportedOnce() throws {
    let reading = try Reading("[1]", path: .root.appending(key: "loss"))
    let reader = reading.reader
    #expect(reader.string("a") == nil)
    #expect(reader.integer("b", in: 0...1) == nil)
    #expect(reader.number("c", .any) == nil)
    #expect(reader.strings("d") == nil)
    #expect(reader.object("e") == nil)
    #expect(reader.objects("f")?.count == nil)
    #expect(reader.bool("g", default: true))
    #expect(!reader.contains("h"))
    #expect(reader.value("i") == nil)
    reader.finish()
    #expect(reading.messages == ["loss: must be an object, found a list"])
  }

  @Test(arguments: [("null", "null"), ("3", "3"), ("\"x\"", "'x'"), ("true", "true"), ("[]", "an empty list")])
  func whatWasFoundInsteadIsNamed(text: String, found: String) throws {
    #expect(try Reading(text).messages == ["the configuration: must be an object, found \(found)"])
  }

  @Test func valueAndContains() throws {
    let reading = try Reading(#"{"a": null, "b": 1}"#)
    #expect(reading.reader.contains("a") && reading.reader.contains("b") && !reading.reader.contains("c"))
    #expect(reading.reader.value("a") == .null)
    #expect(reading.reader.value("b") == .integer(1))
    #expect(reading.reader.value("c") == nil)
    reading.reader.finish()
    #expect(reading.messages.isEmpty)
  }

  @Test func unknownKeysAreReportedInOrder() throws {
    let reading = try Reading(#"{"unit": 1, "units": 2, "zebra": 3, "actviation": "relu"}"#)
    _ = reading.reader.value("units")
    _ = reading.reader.value("activation")
    reading.reader.finish()
    #expect(
      reading.messages == [
        "actviation: unknown key; did you mean 'activation'?",
        "unit: unknown key; did you mean 'units'?",
        "zebra: unknown key; allowed: activation, units",
      ])
  }

  @Test func unknownKeyWhereNoneIsAllowed() throws {
    let reading = try Reading(#"{"a": 1}"#)
    reading.reader.finish()
    #expect(reading.messages == ["a: unknown key; no keys are allowed here"])
  }

  @Test func probedKeysAreSuggestedButNotRead() throws {
    let reading = try Reading(#"{"fractoin": 0.1, "path": "a"}"#)
    #expect(!reading.reader.contains("fraction"))
    #expect(reading.reader.contains("path"))
    reading.reader.finish()
    #expect(
      reading.messages == [
        "fractoin: unknown key; did you mean 'fraction'?",
        "path: has no effect here; remove it",
      ])
  }

  @Test func reportNamesTheKey() throws {
    let reading = try Reading("{}", path: .root.appending(key: "network"))
    reading.reader.report("layers", "must end with softmax")
    #expect(reading.messages == ["network.layers: must end with softmax"])
  }

  @Test func everyErrorOfAFileIsReportedAtOnce() throws {
    let reading = try Reading(
      #"{"network": {"layers": [{"units": 0}, {"unit": 3}, 5]}, "optimizer": {"learningRate": -1}, "los": "x"}"#)
    let root = reading.reader
    let layers = root.object("network")?.objects("layers") ?? []
    for layer in layers {
      _ = layer.integer("units", in: 1...Int.max)
      layer.finish()
    }
    _ = root.string("loss")
    _ = root.object("optimizer")?.number("learningRate", .positive)
    _ = root.object("training")
    root.finish()
    #expect(layers.count == 3)
    let error = #expect(throws: ConfigurationError.self) { try reading.issues.throwIfAny(file: "a.json") }
    #expect(
      error?.description == """
        a.json: 8 errors
          network.layers[2]: must be an object, found 5
          network.layers[0].units: must be at least 1, found 0
          network.layers[1].units: is required
          network.layers[1].unit: unknown key; did you mean 'units'?
          loss: is required
          optimizer.learningRate: must be greater than 0, found -1
          training: is required
          los: unknown key; did you mean 'loss'?
        """)
  }
}
