import Testing

@testable import Files

@Suite struct WordsTests {
  @Test func words() {
    #expect(counted(1, "row") == "1 row")
    #expect(counted(0, "row") == "0 rows")
    #expect(listed([]) == "none")
    #expect(listed(["a"]) == "'a'")
    #expect(listed(["a", "b", "c"]) == "'a', 'b' and 'c'")
    #expect(listed(["a", "b", "c"], limit: 2) == "'a', 'b', … (3 in all)")
    #expect(quoted("a\nb") == "'a\\nb'")
    #expect(quoted(String(repeating: "x", count: 40)).count == 42)
    #expect(quoted(String(repeating: "x", count: 41)).count == 43)
  }
}
