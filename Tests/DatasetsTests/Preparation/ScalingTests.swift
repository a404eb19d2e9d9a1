import Testing

@testable import Datasets

@Suite struct ScalingTests {
  private func subset(_ features: FeatureStorage, columns: Int, rows: [Int32]) -> Subset {
    let count = features.stored.count / columns
    return Subset(
      table: Table(
        file: "a", featureNames: (0..<columns).map(String.init), targetNames: ["y"], features: features,
        targets: .values(.init(repeating: 0, count: count), columns: 1), rows: count), rows: rows)
  }

  /// Columns 1, 3, 5, 7 (mean 4, variance 5), a constant, and one whose last row is not for training.
  private var table: Subset {
    subset(.floats([1, 0.1, 0, 3, 0.1, 8, 5, 0.1, 0, 7, 0.1, 8, 99, 7, 1000]), columns: 3, rows: [0, 1, 2, 3])
  }

  @Test func noneChangesNothing() {
    #expect(Scaling(.none, fittedTo: table) == Scaling(shift: [0, 0, 0], scale: [1, 1, 1]))
  }

  @Test func standardizeUsesThePopulation() {
    let scaling = Scaling(.standardize, fittedTo: table)
    #expect(scaling.shift == [4, 0.1, 4])
    #expect(scaling.scale == [Float(1 / 5.0.squareRoot()), 1, 0.25])
  }

  @Test func minMaxSpansTheTrainingRows() {
    let scaling = Scaling(.minMax, fittedTo: table)
    #expect(scaling.shift == [1, 0.1, 0])
    #expect(scaling.scale == [Float(1 / 6.0), 1, 0.125])
  }

  /// `numpy.percentile(x, [25, 50, 75])` of 1, 3, 5, 7 is 2.5, 4, 5.5; of 0, 8, 0, 8 it is 0, 4, 8.
  @Test func robustUsesTheQuartilesOfTheTrainingRows() {
    let scaling = Scaling(.robust, fittedTo: table)
    #expect(scaling == Scaling(shift: [4, 0.1, 4], scale: [Float(1 / 3.0), 1, 0.125], clipsSmoothly: true))
    #expect(!Scaling(.standardize, fittedTo: table).clipsSmoothly)
  }

  /// Where most values are one, the extremes take the place of the quartiles.
  @Test func robustScalingOfRareValues() {
    let rare = subset(.floats([0, 0, 0, 0, 0, 0, 0, 0, 0, 5]), columns: 1, rows: Array(0..<10))
    #expect(Scaling(.robust, fittedTo: rare) == Scaling(shift: [0], scale: [0.4], clipsSmoothly: true))
    let single = subset(.floats([7]), columns: 1, rows: [0])
    #expect(Scaling(.robust, fittedTo: single) == Scaling(shift: [7], scale: [1], clipsSmoothly: true))
  }

  @Test func bytesHaveTheirUnitInTheScale() {
    let bytes = subset(.bytes([0, 7, 255, 7]), columns: 2, rows: [0, 1])
    let (unit, deviation): (Float, Float) = (1 / 255, Float(1 / 127.5))
    #expect(Scaling(.none, fittedTo: bytes) == Scaling(shift: [0, 0], scale: [unit, unit]))
    #expect(Scaling(.minMax, fittedTo: bytes) == Scaling(shift: [0, 7], scale: [unit, unit]))
    #expect(Scaling(.standardize, fittedTo: bytes) == Scaling(shift: [127.5, 7], scale: [deviation, unit]))
    let robust = Scaling(shift: [127.5, 7], scale: [deviation, unit], clipsSmoothly: true)
    #expect(Scaling(.robust, fittedTo: bytes) == robust)
  }

  /// A third of three times 0.1 is not 0.1, so a deviation of a constant may come out as 10⁻¹⁷.
  @Test(arguments: [0.1, .leastNonzeroMagnitude, 3.4e38, -7.7] as [Float])
  func constantsAreNotBlownUp(constant: Float) {
    let constants = subset(.floats(.init(repeating: constant, count: 7)), columns: 1, rows: Array(0..<7))
    for kind in [ScalingKind.standardize, .minMax, .robust] {
      let scaling = Scaling(kind, fittedTo: constants)
      #expect(scaling == Scaling(shift: [constant], scale: [1], clipsSmoothly: kind == .robust))
    }
  }

  @Test func scalingIsAlwaysFinite() {
    for column in [[0, .leastNonzeroMagnitude], [-3.4e38, 3.4e38], [3.4e38, 3.3e38, 0]] as [[Float]] {
      let subset = subset(.floats(column), columns: 1, rows: (0..<column.count).map { Int32($0) })
      for kind in ScalingKind.allCases {
        let scaling = Scaling(kind, fittedTo: subset)
        #expect(scaling.shift[0].isFinite && scaling.scale[0].isFinite && scaling.scale[0] > 0)
      }
    }
  }
}
