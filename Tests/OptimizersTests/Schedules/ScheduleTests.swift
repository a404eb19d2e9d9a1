import ConfigurationSchema
import Foundation
import Testing

@testable import Optimizers

@Suite struct ScheduleTests {
  /// Expected/schedules.json, which Expected/schedules.py made.
  private struct Expected: Decodable, Sendable {
    struct Case: Decodable, Sendable {
      let learningRate: Double
      let stepsPerEpoch: Int
      let epochs: Int
      let rates: [Double]
    }

    struct Plateau: Decodable, Sendable {
      let values: [Double]
      let isMaximized: Bool
      let factor: Double
      let patience: Int
      let minimumChange: Double
      let minimum: Double
      let learningRate: Double
      let rates: [Double]
    }

    let cases: [Case]
    let plateaus: [Plateau]
  }

  private static let expected: (sections: [JSONValue], values: Expected)? = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "Expected/schedules.json")
    guard let data = try? Data(contentsOf: file), let values = try? JSONDecoder().decode(Expected.self, from: data),
      case .object(let root)? = try? JSONValue(parsing: data, file: "schedules.json"),
      case .array(let cases)? = root["cases"]
    else { return nil }
    let sections = cases.compactMap { json -> JSONValue? in
      if case .object(let members) = json { members["schedule"] } else { nil }
    }
    return (sections, values)
  }()

  /// What a section `schedule` reads as, what it resolves to, and the issues with it.
  private func read(
    _ schedule: JSONValue?, epochs: Int = 10
  ) -> (schedule: Schedule?, resolved: JSONValue?, issues: [String]) {
    let issues = IssueCollector()
    var members: [String: JSONValue] = ["type": .string("sgd"), "learningRate": .number(1)]
    members["schedule"] = schedule
    let (result, resolved) = Section.read(.object(members), at: .root.appending(key: "optimizer"), issues: issues) {
      OptimizerConfiguration($0, Schedule.Surroundings(epochs: epochs, metric: .string))
    }
    var written: JSONValue?
    if case .object(let members) = resolved { written = members["schedule"] }
    return (result?.schedule, written, issues.issues.map(\.description))
  }

  private func schedule(_ json: String, epochs: Int = 10) throws -> Schedule {
    let (schedule, _, issues) = read(try JSONValue(parsing: Data(json.utf8), file: "test"), epochs: epochs)
    #expect(issues == [])
    return try #require(schedule)
  }

  // MARK: PyTorch's figures

  /// The greatest difference of η from what is expected, relative to `learningRate`, of a schedule that is `late` by some steps.
  private func distance(_ schedule: Schedule, _ expected: Expected.Case, late: Int = 0) -> Double {
    expected.rates.indices.reduce(0) { distance, step in
      let time = StepTime(step: max(step - late, 0), stepsPerEpoch: expected.stepsPerEpoch)
      let found = schedule.learningRate(expected.learningRate, time)
      return max(distance, abs(found - expected.rates[step]) / expected.learningRate)
    }
  }

  @Test func agreesWithPyTorch() throws {
    let (sections, values) = try #require(Self.expected)
    for (section, expected) in zip(sections, values.cases) {
      let (schedule, _, issues) = read(section, epochs: expected.epochs)
      #expect(issues == [])
      let found = distance(try #require(schedule), expected)
      #expect(found < 1e-13, "\(section.compactText): \(found)")
    }
  }

  /// A schedule that is off by one step is noticed.
  @Test func oneStepIsNoticed() throws {
    let (sections, values) = try #require(Self.expected)
    for (section, expected) in zip(sections, values.cases) where section != .string("constant") {
      let schedule = try #require(read(section, epochs: expected.epochs).schedule)
      for late in [-1, 1] {
        let found = distance(schedule, expected, late: late)
        #expect(found > 1e-4, "\(section.compactText), \(late)")
      }
    }
  }

  @Test func everyScheduleIsCompared() throws {
    let texts = try #require(Self.expected).sections.map(\.compactText)
    for kind in Schedule.Kind.allCases where kind != .reduceOnPlateau {
      #expect(texts.count { $0.contains("\"\(kind.rawValue)\"") } >= 2, "\(kind)")
    }
  }

  @Test func plateausAgreeWithPyTorch() throws {
    let plateaus = try #require(Self.expected).values.plateaus
    #expect(plateaus.count >= 5)
    func rates(_ expected: Expected.Plateau, patience: Int) -> [Double] {
      let rule = ReduceOnPlateau(
        metric: "train.loss", factor: expected.factor, patience: patience, minimumChange: expected.minimumChange,
        minimum: expected.minimum)
      var plateau = Plateau()
      return expected.values.map { value in
        rule.update(&plateau, with: value, isMaximized: expected.isMaximized)
        return Schedule(rule).learningRate(
          expected.learningRate, StepTime(step: 0, stepsPerEpoch: 1, reductions: plateau.reductions))
      }
    }
    func agree(_ found: [Double], _ expected: [Double]) -> Bool {
      zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-14 }
    }
    for expected in plateaus {
      #expect(agree(rates(expected, patience: expected.patience), expected.rates))
      if Set(expected.rates).count > 1 {
        #expect(!agree(rates(expected, patience: expected.patience + 1), expected.rates))
      }
    }
  }

  /// A value that is missing or no number is not better.
  @Test func valuesThatAreNone() {
    var plateau = Plateau()
    let rule = ReduceOnPlateau(metric: "train.loss", patience: 1)
    for value in [nil, .nan, .infinity, 3, nil] as [Double?] { rule.update(&plateau, with: value, isMaximized: false) }
    #expect(plateau.best == 3 && plateau.epochs == 1 && plateau.reductions == 1)
  }

  // MARK: The end and the beginning

  @Test func afterTheEndNothingChanges() throws {
    for (json, factor) in [
      (#""cosine""#, 0), (#"{"type": "cosine", "finalFactor": 0.25}"#, 0.25), (#""linear""#, 0),
      (#"{"type": "polynomial", "power": 0.5, "finalFactor": 0.5}"#, 0.5), (#""oneCycle""#, 4e-6),
      (#"{"type": "linear", "finalFactor": 0.5, "by": "epoch", "warmup": {"epochs": 3}}"#, 0.5),
    ] {
      let schedule = try schedule(json, epochs: 10)
      for step in [70, 71, 100, 1_000_000_000] {
        #expect(schedule.learningRate(2, StepTime(step: step, stepsPerEpoch: 7)) == 2 * factor, "\(json), \(step)")
      }
      #expect(schedule.learningRate(2, StepTime(step: 60, stepsPerEpoch: 7)) > 2 * factor, "\(json)")
    }
  }

  /// A warmup longer than the schedule leaves its end.
  @Test func warmupBeyondTheEnd() throws {
    let schedule = try schedule(#"{"type": "linear", "finalFactor": 0.5, "warmup": {"steps": 99}}"#, epochs: 2)
    let rates = [0, 98, 99, 100].map { schedule.learningRate(1, StepTime(step: $0, stepsPerEpoch: 10)) }
    #expect(rates == [0.5 * 0.01, 0.5 * 0.99, 0.5, 0.5])
  }

  @Test func plateausHaveAWarmupAndAMinimum() throws {
    let schedule = try schedule(
      #"{"type": "reduceOnPlateau", "metric": "train.loss", "factor": 0.5, "minimum": 0.2, "warmup": {"steps": 3}}"#)
    func rate(_ step: Int, _ reductions: Int, base: Double = 1) -> Double {
      schedule.learningRate(base, StepTime(step: step, stepsPerEpoch: 10, reductions: reductions))
    }
    #expect(
      [rate(0, 0), rate(1, 1), rate(3, 0), rate(3, 1), rate(9, 2), rate(9, 3), rate(9, 99)]
        == [0.25, 0.25, 1, 0.5, 0.25, 0.2, 0.2])
    #expect(rate(9, 1, base: 0.125) == 0.125)
  }

  // MARK: The configuration

  @Test func resolvedForms() throws {
    func resolved(_ json: String?) throws -> String? {
      read(try json.map { try JSONValue(parsing: Data($0.utf8), file: "test") }).resolved?.compactText
    }
    #expect(try resolved(nil) == #""constant""#)
    #expect(try resolved(#""constant""#) == #""constant""#)
    // The epochs are stated, so that more epochs of a run that goes on change nothing that is behind it.
    #expect(try resolved(#""cosine""#) == #"{"by":"step","epochs":10,"finalFactor":0,"type":"cosine"}"#)
    #expect(
      try resolved(#"{"type": "step", "every": 3, "warmup": {"epochs": 1}}"#)
        == #"{"by":"epoch","every":3,"factor":0.1,"type":"step","warmup":{"epochs":1}}"#)
    let oneCycle = #"{"by":"step","epochs":7,"finalFactor":4e-6,"risingPart":0.3,"startFactor":0.04,"type":"oneCycle"}"#
    #expect(
      try resolved(#"{"type": "oneCycle", "epochs": 7}"#)
        == JSONValue(parsing: Data(oneCycle.utf8), file: "test").compactText)
    for json in [#""cosine""#, #"{"type": "polynomial", "power": 2, "warmup": {"steps": 3}}"#] {
      let first = read(try JSONValue(parsing: Data(json.utf8), file: "test"))
      let again = read(first.resolved, epochs: 99)
      #expect(again.issues == [] && again.schedule == first.schedule && again.resolved == first.resolved)
    }
  }

  @Test(arguments: [
    (#""cosin""#, ["optimizer.schedule: unknown value 'cosin'; did you mean 'cosine'? allowed: "]),
    (#"{"every": 2}"#, ["optimizer.schedule.type: is required"]),
    (#"{"type": "step"}"#, ["optimizer.schedule.every: is required"]),
    (
      #"{"type": "step", "every": 0, "factor": 2}"#,
      [
        "optimizer.schedule.every: must be from 1 to 1000000000, found 0",
        "optimizer.schedule.factor: must be from 0 to 1, found 2",
      ]
    ),
    (#""exponential""#, ["optimizer.schedule.factor: is required"]),
    (
      #"{"type": "cosine", "epochs": 0, "finalFactor": -1, "by": "batch"}"#,
      [
        "optimizer.schedule.finalFactor: must be from 0 to 1, found -1",
        "optimizer.schedule.by: unknown value 'batch'; allowed: step, epoch",
        "optimizer.schedule.epochs: must be from 1 to 1000000000, found 0",
      ]
    ),
    (#"{"type": "polynomial", "power": 0}"#, ["optimizer.schedule.power: must be greater than 0, found 0"]),
    (
      #"{"type": "oneCycle", "risingPart": 1.5, "startFactor": -1}"#,
      [
        "optimizer.schedule.startFactor: must be from 0 to 1, found -1",
        "optimizer.schedule.risingPart: must be from 0 to 1, found 1.5",
      ]
    ),
    (
      #"{"type": "linear", "warmup": {"epochs": 10}}"#,
      ["optimizer.schedule.warmup: must be shorter than the 10 epochs of the schedule, found 10 epochs"]
    ),
    (#"{"type": "linear", "warmup": {}}"#, ["optimizer.schedule.warmup: must have one of 'epochs' and 'steps'"]),
    (
      #"{"type": "linear", "warmup": {"epochs": 1, "steps": 2}}"#,
      ["optimizer.schedule.warmup: must have one of 'epochs' and 'steps', found 'epochs' and 'steps'"]
    ),
    (
      #"{"type": "linear", "warmup": {"steps": 0}}"#,
      ["optimizer.schedule.warmup.steps: must be from 1 to 1000000000, found 0"]
    ),
    (
      #"{"type": "reduceOnPlateau", "factor": 1, "patience": -1, "minimumChange": -1, "minimum": -1}"#,
      [
        "optimizer.schedule.factor: must be at least 0 and less than 1, found 1",
        "optimizer.schedule.patience: must be from 0 to 1000000000, found -1",
        "optimizer.schedule.minimumChange: must be at least 0, found -1",
        "optimizer.schedule.minimum: must be at least 0, found -1",
      ]
    ),
    (#"{"type": "constant", "epochs": 3}"#, ["optimizer.schedule.epochs: has no effect here; remove it"]),
  ]) func errors(json: String, expected: [String]) throws {
    let issues = read(try JSONValue(parsing: Data(json.utf8), file: "test")).issues
    #expect(issues.count == expected.count, "\(issues)")
    for (issue, expected) in zip(issues, expected) { #expect(issue.hasPrefix(expected)) }
  }
}
