import Testing

@testable import ConfigurationSchema

@Suite struct ObjectReaderContainersTests {
  @Test func stringsAreOneOrMany() throws {
    let reading = try Reading(#"{"a": "x", "b": ["x", "y"]}"#)
    #expect(reading.reader.strings("a") == ["x"])
    #expect(reading.reader.strings("b") == ["x", "y"])
    #expect(reading.reader.optionalStrings("b") == ["x", "y"])
    #expect(reading.reader.optionalStrings("c") == nil)
    reading.reader.finish()
    #expect(reading.messages.isEmpty)
  }

  @Test func wrongStringsAreReported() throws {
    let reading = try Reading(#"{"a": 1, "b": ["x", 2, null], "c": []}"#)
    #expect(reading.reader.strings("a") == nil)
    #expect(reading.reader.strings("b") == nil)
    #expect(reading.reader.optionalStrings("c") == nil)
    #expect(reading.reader.strings("d") == nil)
    #expect(
      reading.messages == [
        "a: must be a string or a list of strings, found 1",
        "b[1]: must be a string, found 2", "b[2]: must be a string, found null",
        "c: must be a string or a list of strings, found an empty list",
        "d: is required",
      ])
  }

  @Test func objectsAreReadWithTheirPath() throws {
    let reading = try Reading(#"{"a": {"b": {"c": 1}}}"#)
    let inner = try #require(reading.reader.object("a")?.optionalObject("b"))
    #expect(inner.path.description == "a.b")
    #expect(inner.integer("c", in: 0...1) == 1)
    #expect(reading.reader.optionalObject("z") == nil)
    reading.reader.finish()
    #expect(reading.messages.isEmpty)
  }

  @Test func wrongObjectsAreReported() throws {
    let reading = try Reading(#"{"a": "sgd", "b": null}"#)
    #expect(reading.reader.object("a") == nil)
    #expect(reading.reader.optionalObject("b") == nil)
    #expect(reading.reader.object("c") == nil)
    #expect(
      reading.messages == [
        "a: must be an object, found 'sgd'", "b: must be an object, found null", "c: is required",
      ])
  }

  @Test func listsOfObjects() throws {
    let reading = try Reading(#"{"layers": [{"units": 1}, {"units": 2}]}"#)
    let layers = try #require(reading.reader.objects("layers"))
    #expect(layers.map { $0.integer("units", in: 1...9) } == [1, 2])
    #expect(layers.map(\.path.description) == ["layers[0]", "layers[1]"])
    #expect(reading.messages.isEmpty)
  }

  @Test func wrongListsOfObjectsAreReported() throws {
    let reading = try Reading(#"{"a": {}, "b": [], "c": [{}, 3]}"#)
    #expect(reading.reader.objects("a")?.count == nil)
    #expect(reading.reader.objects("b")?.count == nil)
    #expect(reading.reader.objects("c")?.count == 2)
    #expect(reading.reader.objects("d")?.count == nil)
    #expect(
      reading.messages == [
        "a: must be a list of at least one object, found an object",
        "b: must be a list of at least one object, found an empty list",
        "c[1]: must be an object, found 3", "d: is required",
      ])
  }
}
