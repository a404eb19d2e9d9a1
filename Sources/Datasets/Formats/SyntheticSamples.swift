import Kernels

/// The samples of a synthetic source, sample by sample a pure function of (configuration, seed, stream, index).
///
/// With u uniform in [0, 1), and ε normal with the standard deviation `noise`, added to each feature independently:
///
/// - `xor`, `and`, `or`: sample i is the corner i mod 4 of (0,0), (0,1), (1,0), (1,1).
/// - `circles`: classes alternate; class 0 lies at radius ½, class 1 at radius 1, at the angle 2πu.
/// - `spirals`: classes alternate; radius 0.1 + 0.9u, angle 2π(1.5u + class/2), so an arm makes one turn and a half.
/// - `linear`: x uniform in [−1, 1)⁴, y = x₀ − 2x₁ + 3x₂ + ½x₃ + ½ + ε; the noise is on the target alone.
///
/// Only + − × ÷ √ and `RandomStream` make these numbers, so that they are the same bits on every system.
struct SyntheticSamples {
  /// What there is to predict.
  enum Targets {
    case classes([UInt8])
    case numbers([Float])
  }

  static let linearWeights: [Float] = [1, -2, 3, 0.5]
  static let linearBias: Float = 0.5

  /// samples × columns, row-major.
  private(set) var features: [Float] = []
  let targets: Targets
  let columns: Int

  /// - Parameter stream: keeps the parts of a data set apart.
  init(_ configuration: SyntheticConfiguration, seed: UInt64, stream: UInt32) {
    let random = RandomStream(seed: seed, purpose: .syntheticData, stream: stream)
    let noise = Float(configuration.noise)
    columns = configuration.kind == .linear ? Self.linearWeights.count : 2
    // Each sample has its own counters: one for u or the noise of the target, then one for each feature.
    let draws = UInt64(columns + 1)
    features.reserveCapacity(configuration.samples * columns)
    var classes: [UInt8] = []
    var numbers: [Float] = []
    for sample in 0..<configuration.samples {
      let index = UInt64(sample) * draws
      let point: (x: Float, y: Float)
      let label: UInt8
      switch configuration.kind {
      case .xor, .and, .or:
        (point, label) = Self.gate(configuration.kind, corner: sample % 4)
      case .circles:
        label = UInt8(sample % 2)
        point = pointOnCircle(radius: label == 0 ? 0.5 : 1, turns: Double(random.uniform(at: index)))
      case .spirals:
        label = UInt8(sample % 2)
        let u = Double(random.uniform(at: index))
        point = pointOnCircle(radius: 0.1 + 0.9 * u, turns: 1.5 * u + 0.5 * Double(label))
      case .linear:
        var sum = Self.linearBias
        for (column, weight) in Self.linearWeights.enumerated() {
          let x = 2 * random.uniform(at: index + 1 + UInt64(column)) - 1
          features.append(x)
          sum += weight * x
        }
        numbers.append(noise == 0 ? sum : sum + noise * random.normal(at: index))
        continue
      }
      features.append(noise == 0 ? point.x : point.x + noise * random.normal(at: index + 1))
      features.append(noise == 0 ? point.y : point.y + noise * random.normal(at: index + 2))
      classes.append(label)
    }
    targets = configuration.kind == .linear ? .numbers(numbers) : .classes(classes)
  }

  private static func gate(_ kind: SyntheticKind, corner: Int) -> ((x: Float, y: Float), UInt8) {
    let a = corner >> 1
    let b = corner & 1
    let label =
      switch kind {
      case .and: a & b
      case .or: a | b
      default: a ^ b
      }
    return ((Float(a), Float(b)), UInt8(label))
  }
}

/// The point at an angle of `turns` full turns on the circle of `radius` around the origin.
func pointOnCircle(radius: Double, turns: Double) -> (x: Float, y: Float) {
  let (cosine, sine) = cosineAndSine(turns: turns)
  return (Float(radius * cosine), Float(radius * sine))
}

/// cos 2πt and sin 2πt, for |t| up to 2³⁰, with an error below 10⁻¹⁵.
///
/// The angle is reduced to θ = 2π(t − q/4), |θ| ≤ π/4, where q counts quarter turns (exactly: t − q/4 has no rounding
/// error); there the Taylor polynomials of degrees 16 and 17 leave out less than θ¹⁸/18! < 3·10⁻¹⁸.
func cosineAndSine(turns: Double) -> (cosine: Double, sine: Double) {
  let quarters = (4 * turns).rounded()
  let angle = 2 * Double.pi * (turns - quarters / 4)
  let square = angle * angle
  var cosine = 1.0
  var sine = 1.0
  // Horner's scheme from the highest power: 1 − θ²/(1·2)(1 − θ²/(3·4)(…)), and likewise for sin θ / θ.
  for n in stride(from: 16.0, through: 2, by: -2) {
    cosine = 1 - square / ((n - 1) * n) * cosine
    sine = 1 - square / (n * (n + 1)) * sine
  }
  sine *= angle
  switch Int(quarters) & 3 {
  case 0: return (cosine, sine)
  case 1: return (-sine, cosine)
  case 2: return (-cosine, -sine)
  default: return (sine, -cosine)
  }
}
