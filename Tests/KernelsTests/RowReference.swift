import Kernels

/// Functions of one row, term by term in the order that the kernels promise. exp, log, log1p and sigmoid are those of
/// the portable kernels, which have tests of their own.
enum RowReference {
  /// Sixteen lanes add the terms l, l + 16, …, and the lanes are added by halves.
  static func sum(_ terms: [Float]) -> Float {
    var lanes = [Float](repeating: 0, count: 16)
    for (j, term) in terms.enumerated() { lanes[j % 16] += term }
    for half in [8, 4, 2, 1] {
      lanes = (0..<half).map { lanes[$0] + lanes[$0 + half] }
    }
    return lanes[0]
  }

  /// The greatest element that is not NaN.
  private static func greatest(_ z: [Float]) -> Float {
    z.filter { !$0.isNaN }.max() ?? -.infinity
  }

  static func softmax(_ z: [Float]) -> [Float] {
    let greatest = greatest(z)
    let e = portable(.exp, z.map { $0 - greatest })
    let scale = 1 / sum(e)
    return e.map { $0 * scale }
  }

  static func softmaxDerivative(_ delta: [Float], _ a: [Float]) -> [Float] {
    let mean = sum(zip(delta, a).map { $0 * $1 })
    return zip(delta, a).map { delta, a in a * (delta - mean) }
  }

  static func squaredError(_ a: [Float], _ y: [Float], scale: Float) -> (loss: Float, delta: [Float]) {
    let differences = zip(a, y).map { $0 - $1 }
    return (scale * sum(differences.map { $0 * $0 }), differences.map { 2 * scale * $0 })
  }

  static func binaryCrossEntropy(_ z: [Float], _ y: [Float]) -> (loss: Float, delta: [Float]) {
    let softplus = portable(.log1p, portable(.exp, z.map { -$0.magnitude }))
    let terms = z.indices.map { j in ((z[j] < 0 ? 0 : z[j]) - y[j] * z[j]) + softplus[j] }
    return (sum(terms), zip(portable(.sigmoid, z), y).map { $0 - $1 })
  }

  static func crossEntropy(_ z: [Float], _ y: [Float]) -> (loss: Float, delta: [Float]) {
    let greatest = greatest(z)
    let e = portable(.exp, z.map { $0 - greatest })
    let total = sum(e)
    let scale = 1 / total
    let logarithm = portable(.log, total)
    let terms = z.indices.map { j in y[j] == 0 ? 0 : y[j] * (logarithm - (z[j] - greatest)) }
    return (sum(terms), z.indices.map { j in (-y[j]).addingProduct(e[j], scale) })
  }
}
