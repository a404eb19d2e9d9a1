import Testing

@testable import ConfigurationSchema

@Suite struct ConfigurationPathTests {
  @Test func descriptionIsTheNotationOfMessages() {
    let path = ConfigurationPath.root.appending(key: "network").appending(key: "layers").appending(index: 0)
    #expect(path.appending(key: "units").description == "network.layers[0].units")
    #expect(path.appending(index: 12).description == "network.layers[0][12]")
    #expect(ConfigurationPath.root.description == "the configuration")
    #expect(ConfigurationPath.root.appending(index: 3).description == "[3]")
  }

  @Test func keysThatWouldBeMisreadAreQuoted() {
    #expect(ConfigurationPath.root.appending(key: "a.b").description == "[\"a.b\"]")
    #expect(ConfigurationPath.root.appending(key: "a").appending(key: "").description == "a[\"\"]")
    #expect(ConfigurationPath.root.appending(key: "a\nb").description == "[\"a\\nb\"]")
    #expect(ConfigurationPath.root.appending(key: "schön-1").description == "schön-1")
  }

  @Test(arguments: [
    "seed", "optimizer.learningRate", "network.layers[0].units", "a[0][1]", "[0]", "[0].a", "a-b.c_d",
  ])
  func parsingReadsWhatDescriptionWrites(text: String) throws {
    let path = try #require(ConfigurationPath(parsing: text))
    #expect(path.description == text)
  }

  @Test func parsingYieldsTheSamePathAsAppending() {
    let path = ConfigurationPath.root.appending(key: "a").appending(index: 7).appending(key: "b")
    #expect(ConfigurationPath(parsing: "a[7].b") == path)
    #expect(ConfigurationPath(parsing: "a.7.b") != path)
  }

  @Test(arguments: [
    "", ".", ".a", "a.", "a..b", "a[", "a[]", "a[x]", "a[-1]", "a[+1]", "a[1", "a]", "a[0]b", "a.[0]", "a b",
    "a[99999999999999999999]", "a[\"b\"]", "a[٣]", " a", "a\n",
  ])
  func malformedPathsAreRefused(text: String) {
    #expect(ConfigurationPath(parsing: text) == nil)
  }

  @Test func depthIsLimited() {
    let keys = Array(repeating: "a", count: JSONScanner.maximumDepth)
    #expect(ConfigurationPath(parsing: keys.joined(separator: ".")) != nil)
    #expect(ConfigurationPath(parsing: (keys + ["a"]).joined(separator: ".")) == nil)
  }
}
