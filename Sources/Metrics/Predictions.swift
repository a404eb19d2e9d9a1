/// The outputs of a network for some samples, in the order of the samples.
public struct Predictions: Sendable, Equatable {
  /// a, after the activation of the last layer, row-major: [samples, columns].
  public let outputs: [Float]
  /// Outputs of a sample, at least one.
  public let columns: Int
  /// Of two classes, the second is predicted where its output is greater than this.
  public let threshold: Float
  /// How many samples there are.
  public var count: Int { outputs.count / columns }

  /// The outputs of whole samples: `outputs` holds a multiple of `columns` numbers.
  public init(outputs: [Float], columns: Int, threshold: Float = 0.5) {
    precondition(columns > 0 && outputs.count.isMultiple(of: columns), "predictions are rows of at least one output")
    self.outputs = outputs
    self.columns = columns
    self.threshold = threshold
  }

  /// The class of each sample.
  ///
  /// This is the column of the greatest output; of equal ones the first. Outputs that are NaN are skipped, and a sample
  /// whose outputs are all NaN gets class 0. A single output decides between two classes: 1 if it exceeds the threshold, else 0; so
  /// does the second of two where the threshold is not ½.
  public func classes() -> [Int32] {
    if columns == 1 { return outputs.map { $0 > threshold ? 1 : 0 } }
    if columns == 2 && threshold != 0.5 { return (0..<count).map { outputs[2 * $0 + 1] > threshold ? 1 : 0 } }
    return (0..<count).map { sample in
      var found: Int32 = 0
      var greatest = Float.nan
      for column in 0..<columns {
        let output = outputs[sample * columns + column]
        // A comparison with NaN is false, so the first output that is a number is always taken.
        if output <= greatest || output.isNaN { continue }
        greatest = output
        found = Int32(column)
      }
      return found
    }
  }
}
