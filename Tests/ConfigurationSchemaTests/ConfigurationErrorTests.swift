import Testing

@testable import ConfigurationSchema

@Suite struct ConfigurationErrorTests {
  private let rate = ConfigurationIssue(
    path: ConfigurationPath.root.appending(key: "optimizer").appending(key: "learningRate"),
    message: "must be greater than 0, found -1")
  private let loss = ConfigurationIssue(path: ConfigurationPath.root.appending(key: "loss"), message: "is required")

  @Test func oneIssueIsOneLine() {
    #expect(
      ConfigurationError(file: "configs/a.json", issues: [rate]).description
        == "configs/a.json: optimizer.learningRate: must be greater than 0, found -1")
  }

  @Test func severalIssuesKeepTheirOrder() {
    #expect(
      "\(ConfigurationError(file: "configs/a.json", issues: [rate, loss]))"
        == "configs/a.json: 2 errors\n  optimizer.learningRate: must be greater than 0, found -1\n  loss: is required")
  }

  @Test func issuesThatAreOnlyCounted() {
    #expect(
      "\(ConfigurationError(file: "a.json", issues: [loss], omitted: 2))"
        == "a.json: 3 errors\n  loss: is required\n  … and 2 more")
  }

  @Test func locationReplacesThePath() {
    let location = SourceLocation(offset: 3, in: Array("{\n  !".utf8))
    let issue = ConfigurationIssue(path: .root, message: "found '!'", location: location)
    #expect(issue.description == "line 2, column 2: found '!'")
    #expect(issue != ConfigurationIssue(path: .root, message: "found '!'"))
  }

  @Test func columnsCountScalars() {
    let bytes = Array("é😀x".utf8)
    #expect(SourceLocation(offset: 6, in: bytes).column == 3)
    #expect(SourceLocation(offset: 1_000, in: bytes).column == 4)
    #expect(SourceLocation(offset: 0, in: []).description == "line 1, column 1")
  }
}
