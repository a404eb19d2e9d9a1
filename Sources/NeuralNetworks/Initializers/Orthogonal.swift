import Kernels

/// Random semi-orthogonal weights: W Wᵀ = I where there are no more units than inputs, else Wᵀ W = I (Saxe, McClelland and
/// Ganguli, 2014).
///
/// The rows or columns, whichever are fewer, are drawn from the standard normal distribution and made orthonormal one after
/// another by the modified method of Gram and Schmidt. That is Q of the decomposition A = Q R with a positive diagonal of R, the
/// one that PyTorch's `orthogonal_` chooses. It is computed in double precision, where what is lost of the right angles is far below a Float,
/// with sums of a fixed order. The cost is 2 m² n operations for n inputs and m ≤ n units.
enum Orthogonal {
  /// The weights in the order of files, [units, inputs]; number i of the stream makes entry i of the matrix A.
  static func weights(_ stream: RandomStream, inputs: Int, units: Int) -> [Float] {
    let (count, length) = (min(inputs, units), max(inputs, units))
    // Entry (unit, input) is part of the vector of the unit, or of that of the input.
    func place(_ vector: Int, _ element: Int) -> Int {
      units <= inputs ? vector * inputs + element : element * inputs + vector
    }
    var vectors: [[Double]] = []
    for v in 0..<count {
      var vector = (0..<length).map { Double(stream.normal(at: UInt64(place(v, $0)))) }
      for other in vectors { subtract(other, times: product(other, vector), from: &vector) }
      let norm = product(vector, vector).squareRoot()
      for i in vector.indices { vector[i] /= norm }
      vectors.append(vector)
    }
    var weights = [Float](repeating: 0, count: inputs * units)
    for v in 0..<count {
      for i in 0..<length { weights[place(v, i)] = Float(vectors[v][i]) }
    }
    return weights
  }

  /// Σ aᵢ bᵢ: lane l of eight adds the products l, l + 8, …, and the lanes are added by halves.
  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    var lanes = SIMD8<Double>()
    let whole = a.count - a.count % 8
    var i = 0
    while i < whole {
      lanes += eight(a, i) * eight(b, i)
      i += 8
    }
    while i < a.count {
      lanes[i - whole] += a[i] * b[i]
      i += 1
    }
    let four = lanes.lowHalf + lanes.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  private static func eight(_ a: [Double], _ i: Int) -> SIMD8<Double> {
    SIMD8(a[i], a[i + 1], a[i + 2], a[i + 3], a[i + 4], a[i + 5], a[i + 6], a[i + 7])
  }

  private static func subtract(_ a: [Double], times factor: Double, from b: inout [Double]) {
    for i in b.indices { b[i] -= factor * a[i] }
  }
}
