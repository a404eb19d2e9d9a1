import Testing

@testable import ConfigurationSchema

@Suite struct IssueCollectorTests {
  @Test func nothingReportedThrowsNothing() throws {
    try IssueCollector().throwIfAny(file: "a.json")
  }

  @Test func everythingReportedIsThrownAtOnce() {
    let issues = IssueCollector()
    let seed = ConfigurationPath.root.appending(key: "seed")
    issues.report(seed, "is required")
    issues.report(.root, "is strange")
    let expected = [
      ConfigurationIssue(path: seed, message: "is required"), ConfigurationIssue(path: .root, message: "is strange"),
    ]
    #expect(issues.issues == expected)
    #expect(throws: ConfigurationError(file: "a.json", issues: expected)) {
      try issues.throwIfAny(file: "a.json")
    }
  }

  /// Messages are only formed while they are listed.
  @Test func thereIsABound() {
    let issues = IssueCollector()
    var formed = 0
    func message() -> String {
      formed += 1
      return "is wrong"
    }
    for _ in 0..<1000 { issues.report(.root, message()) }
    #expect(issues.issues.count == IssueCollector.limit && issues.omitted == 1000 - IssueCollector.limit)
    #expect(formed == IssueCollector.limit)
  }
}
