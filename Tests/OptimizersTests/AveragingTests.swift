import ConfigurationSchema
import Testing

@testable import Optimizers

@Suite struct AveragingTests {
  @Test func theMovingAverageBeginsWithTheFirstStep() {
    let average = Averaging.ema(decay: 0.75)
    #expect(average.weight(step: 0) == 1 && average.weight(step: 1) == 0.25 && average.weight(step: 99) == 0.25)
    #expect(average.weight(epoch: 3) == nil)
    #expect(!average.hasBegun(epochs: 0, steps: 0) && average.hasBegun(epochs: 0, steps: 1))
  }

  @Test func endsOfEpochsAreAveragedEvenly() {
    let average = Averaging.swa(from: 3)
    #expect(average.weight(step: 0) == nil && average.weight(epoch: 2) == nil)
    #expect((3...5).map { average.weight(epoch: $0) } == [1, 1 / 2, 1 / 3])
    #expect(!average.hasBegun(epochs: 2, steps: 99) && average.hasBegun(epochs: 3, steps: 99))
    // The mean of 2, 4 and 9 by these weights.
    var mean: Float = 0
    for (epoch, value) in [(3, Float(2)), (4, 4), (5, 9)] { mean += average.weight(epoch: epoch)! * (value - mean) }
    #expect(mean == 5)
  }

  private func read(_ members: [String: JSONValue]) -> (averaging: Averaging?, issues: [String]) {
    let issues = IssueCollector()
    let result = Section.read(.object(members), issues: issues) { Averaging($0) }.result
    return (result, issues.issues.map(\.description))
  }

  @Test func keys() {
    #expect(read(["type": "ema"]).averaging == .ema(decay: 0.999))
    #expect(read(["type": "ema", "decay": 0]).averaging == .ema(decay: 0))
    #expect(read(["type": "swa", "from": 4]).averaging == .swa(from: 4))
    #expect(read(["type": "swa"]).issues == ["from: is required"])
    #expect(read(["type": "ema", "decay": 1]).issues == ["decay: must be at least 0 and less than 1, found 1"])
    #expect(read(["type": "swa", "from": 0]).issues == ["from: must be from 1 to 1000000000, found 0"])
    #expect(read(["type": "ema", "from": 2]).issues.count == 1)
    #expect(read(["type": "mean"]).issues == ["type: unknown value 'mean'; allowed: ema, swa"])
  }
}
