import Kernels

/// What turns the logits of a network into probabilities.
public enum ProbabilityFunction: Sendable {
  /// σ of each logit; a single one is that of the second of two classes.
  case sigmoid
  /// Softmax of all logits of a sample.
  case softmax
}

/// The temperature of calibrated probabilities (Guo and others, "On Calibration of Modern Neural Networks", 2017).
public enum Temperature {
  /// The least and the greatest temperature that is fitted.
  public static let range = 0.01...100.0

  /// The temperature T with which the negative log likelihood of the labels,
  ///
  ///     −Σᵢ wᵢ ln p(yᵢ | zᵢ / T),
  ///
  /// is least. It is a convex function of β = 1 / T with the derivative Σᵢ wᵢ (Σₖ pₖ zₖ − z_yᵢ), or for σ of each logit
  /// Σᵢ wᵢ Σₖ (pₖ − yₖ) zₖ, whose zero is found by bisection. All is computed with functions that are the same on every machine.
  ///
  /// - Parameters:
  ///   - logits: z, a row a sample.
  ///   - truth: classes or label sets.
  ///   - weights: how much each sample counts.
  public static func fit(
    _ logits: Predictions, _ function: ProbabilityFunction, _ truth: Truth, _ weights: SampleWeights
  ) -> Double {
    func slope(_ beta: Double) -> Double {
      (0..<logits.count).reduce(0.0) { sum, sample in
        let weight = weights[sample]
        return weight > 0 ? sum + weight * logits.slope(of: sample, function, truth, beta) : sum
      }
    }
    var (low, high) = (1 / range.upperBound, 1 / range.lowerBound)
    if slope(low) >= 0 { return range.upperBound }
    if slope(high) <= 0 { return range.lowerBound }
    // 60 halvings of the logarithm of the interval leave nothing of it.
    for _ in 0..<60 {
      let middle = (low * high).squareRoot()
      if slope(middle) < 0 { low = middle } else { high = middle }
    }
    return 1 / (low * high).squareRoot()
  }
}

extension Predictions {
  /// The derivative of −ln p(label) of a sample by β, where p is made of β z.
  fileprivate func slope(of sample: Int, _ function: ProbabilityFunction, _ truth: Truth, _ beta: Double) -> Double {
    func isTrue(_ column: Int) -> Bool {
      switch truth {
      case .labels(let labels): columns == 1 ? labels[sample] == 1 : labels[sample] == column
      case .labelSets(let values, _), .values(let values, _): values[sample * columns + column] == 1
      }
    }
    let z = outputs[sample * columns..<(sample + 1) * columns].map { Double($0) }
    switch function {
    case .softmax:
      let greatest = z.max() ?? 0
      let powers = z.map { exponential(beta * ($0 - greatest)) }
      let total = powers.reduce(0, +)
      let own = z.indices.first(where: isTrue).map { z[$0] } ?? 0
      return zip(powers, z).reduce(0.0) { $0 + $1.0 / total * ($1.1 - own) }
    case .sigmoid:
      return z.indices.reduce(0.0) { sum, column in
        let e = exponential(-abs(beta * z[column]))
        let p = (z[column] < 0 ? e : 1) / (1 + e)
        return sum + (p - (isTrue(column) ? 1 : 0)) * z[column]
      }
    }
  }
}
