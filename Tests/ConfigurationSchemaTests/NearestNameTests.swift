import Testing

@testable import ConfigurationSchema

@Suite struct NearestNameTests {
  private static let names = ["units", "activation", "type", "learningRate", "l2", "relu", "leakyRelu"]

  @Test(arguments: [
    ("unit", "units"), ("unitss", "units"), ("untis", "units"), ("Units", "units"), ("UNITZ", "units"),
    ("learning_rate", "learningRate"), ("learningrate", "learningRate"), ("aktivation", "activation"),
    ("reluu", "relu"), ("ReLU", "relu"), ("tpye", "type"), ("l1", "l2"), ("leaky_relu", "leakyRelu"),
  ])
  func near(word: String, name: String) {
    #expect(nearest(to: word, among: Self.names) == name)
  }

  @Test(arguments: ["momentum", "u", "", "uxxts", "completely different", "x"])
  func nothingNear(word: String) {
    #expect(nearest(to: word, among: Self.names) == nil)
  }

  @Test func noCandidates() {
    #expect(nearest(to: "units", among: [String]()) == nil)
  }

  @Test func wordsWithNothingInCommonAreNotNear() {
    #expect(nearest(to: "a", among: ["b"]) == nil)
    #expect(nearest(to: "a", among: ["ab"]) == "ab")
  }

  @Test func tiesGoToTheFirstInTheAlphabet() {
    #expect(nearest(to: "cat", among: ["rat", "bat", "hat"]) == "bat")
    #expect(nearest(to: "cat", among: ["bat", "hat", "ca"]) == "bat")
    #expect(nearest(to: "kitten", among: ["katten", "kitten"]) == "kitten")
  }

  @Test func hugeWordsAreCheap() {
    let huge = String(repeating: "x", count: 1_000_000)
    #expect(nearest(to: huge, among: Self.names) == nil)
    #expect(nearest(to: huge, among: [huge]) == nil)
    #expect(nearest(to: "units", among: [huge, "unit"]) == "unit")
  }
}
