import Testing

@testable import ConfigurationSchema

@Suite struct NumberRangeTests {
  @Test(
    arguments: [
      (NumberRange.any, [-1e308, 0, 1e308], [], "any finite number"),
      (.positive, [.leastNonzeroMagnitude, 1, 1e308], [0, -0.0, -1], "greater than 0"),
      (.nonNegative, [0, -0.0, 1], [-Double.leastNonzeroMagnitude, -1], "at least 0"),
      (.fraction, [.leastNonzeroMagnitude, 0.5, 1 - 0x1p-53], [0, 1, -1, 2], "strictly between 0 and 1"),
      (.atLeast(1.5), [1.5, 2], [1.4], "at least 1.5"),
      (.greaterThan(-2), [-1.9], [-2, -3], "greater than -2"),
      (.from(0, through: 1), [0, 0.5, 1], [-0.1, 1.1], "from 0 to 1"),
      (.from(0, below: 1), [0, 0.9], [-0.1, 1], "at least 0 and less than 1"),
    ] as [(NumberRange, [Double], [Double], String)])
  func containment(range: NumberRange, inside: [Double], outside: [Double], description: String) {
    #expect(inside.allSatisfy(range.contains))
    #expect(!outside.contains(where: range.contains))
    #expect(![Double.nan, .infinity, -.infinity].contains(where: range.contains))
    #expect("\(range)" == description)
  }

  @Test func nounGoesBeforeTheBounds() {
    #expect(NumberRange.any.descriptionWithNoun == "a number")
    #expect(NumberRange.positive.descriptionWithNoun == "a number greater than 0")
  }
}
