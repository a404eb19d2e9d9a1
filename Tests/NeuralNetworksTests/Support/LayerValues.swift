import NeuralNetworks

/// The parameters of one dense layer as plain arrays, each rounded to a Float, so that the package and the reference
/// start from exactly the same numbers.
struct LayerValues: Equatable {
  /// Wⱼᵢ, [units][inputs]
  var weights: [[Double]]
  /// bⱼ, [units]
  var biases: [Double]
  let activation: ActivationKind
  let slope: Double

  init(_ activation: ActivationKind, weights: [[Double]], biases: [Double], slope: Double = 0.01) {
    self.weights = weights.map(rounded)
    self.biases = rounded(biases)
    self.activation = activation
    self.slope = Double(Float(slope))
  }

  /// Random weights with a variance of 3 / (4 inputs), and biases between −½ and ½.
  init(
    random: inout FixedGenerator, _ activation: ActivationKind, inputs: Int, units: Int, slope: Double = 0.01
  ) {
    let scale = 1 / Double(inputs).squareRoot()
    let weights = (0..<units).map { _ in random.numbers(inputs).map { $0 * scale * 1.5 } }
    self.init(activation, weights: weights, biases: random.numbers(units).map { $0 / 2 }, slope: slope)
  }

  var inputs: Int { weights[0].count }
  var units: Int { weights.count }
}

/// The nearest Floats.
func rounded(_ values: [Double]) -> [Double] { values.map { Double(Float($0)) } }

/// A fixed sequence of numbers (SplitMix64), so that a failing property fails again.
struct FixedGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Floats between −1 and 1.
  mutating func numbers(_ count: Int) -> [Double] {
    rounded((0..<count).map { _ in Double.random(in: -1...1, using: &self) })
  }

  /// Rows of Floats between −1 and 1.
  mutating func rows(_ count: Int, columns: Int) -> [[Double]] {
    (0..<count).map { _ in numbers(columns) }
  }

  /// Rows with a single 1 each.
  mutating func oneHotRows(_ count: Int, columns: Int) -> [[Double]] {
    (0..<count).map { _ in
      var row = [Double](repeating: 0, count: columns)
      row[Int.random(in: 0..<columns, using: &self)] = 1
      return row
    }
  }
}

/// Whether two numbers differ by at most `tolerance`.
func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-6) -> Bool { abs(a - b) <= tolerance }

/// Whether two lists of numbers are as long and differ nowhere by more than `tolerance`.
func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-6) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { isClose($0, $1, tolerance) }
}
