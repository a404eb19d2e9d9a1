import Testing

@testable import Files

@Suite struct DataErrorTests {
  @Test func descriptions() {
    #expect(DataError(file: "a.csv", line: 7, "is odd").description == "a.csv:7: is odd")
    #expect(DataError(.missing, file: "a.csv", "is odd").description == "a.csv: is odd")
  }
}
