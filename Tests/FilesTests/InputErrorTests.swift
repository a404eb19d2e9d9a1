import Testing

@testable import Files

@Suite struct InputErrorTests {
  @Test func descriptions() {
    #expect(InputError(file: "a.csv", line: 7, "is odd").description == "a.csv:7: is odd")
    #expect(InputError(.missing, file: "a.csv", "is odd").description == "a.csv: is odd")
  }
}
