import Foundation
import NeuralNetworks

/// The derivatives by all weights, [layer][unit][input], and by all biases, [layer][unit].
struct Gradient {
  var weights: [[[Double]]]
  var biases: [[Double]]

  /// Zeros, in the shape of the parameters.
  init(_ layers: [LayerValues]) {
    weights = layers.map { $0.weights.map { $0.map { _ in 0 } } }
    biases = layers.map { $0.biases.map { _ in 0 } }
  }

  /// The mean cost's gradient agrees with `expected`: ‖g − ĝ‖ ≤ tolerance · ‖ĝ‖ for each matrix and each vector.
  ///
  /// The norm is that of a whole tensor, because an element may be a small difference of large terms: its rounding
  /// error is then small beside the terms, and so beside the norm, but not beside the element itself.
  func agrees(with expected: Gradient, tolerance: Double = 1e-5) -> Bool {
    zip(tensors, expected.tensors).allSatisfy { relativeDistance($0, $1) <= tolerance }
  }

  private var tensors: [[Double]] { weights.map { Array($0.joined()) } + biases }
}

/// ‖g − ĝ‖ / ‖ĝ‖; 0 if both are 0.
func relativeDistance(_ g: [Double], _ expected: [Double]) -> Double {
  precondition(g.count == expected.count)
  let distance = zip(g, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return distance == 0 ? 0 : distance / norm
}

/// The derivatives that the backward pass is made of, to be replaced by wrong ones.
struct DerivativeRules {
  /// g'(z), from z and the activation a = g(z).
  var activation: @Sendable (LayerValues, _ z: Double, _ a: Double) -> Double = { layer, z, a in
    switch layer.activation {
    case .identity, .softmax: 1
    case .sigmoid: a * (1 - a)
    case .tanh: 1 - a * a
    case .relu: a > 0 ? 1 : 0
    case .leakyRelu: a > 0 ? 1 : layer.slope
    case .elu: z > 0 ? 1 : exp(z)
    case .selu: 1.0507009873554805 * (z > 0 ? 1 : 1.6732632423543772 * exp(z))
    case .gelu: erfc(-z * 0.5.squareRoot()) / 2 + z * exp(-z * z / 2) / (2 * Double.pi).squareRoot()
    case .mish:
      Foundation.tanh(log1p(exp(z))) + z / pow(cosh(log1p(exp(z))), 2) / (1 + exp(-z))
    case .softplus: 1 / (1 + exp(-z))
    case .exponential: a
    case .softsign: 1 / ((1 + abs(z)) * (1 + abs(z)))
    case .hardSigmoid: abs(z) < 3 ? 1 / 6 : 0
    case .silu: (1 + exp(-z) + z * exp(-z)) / ((1 + exp(-z)) * (1 + exp(-z)))
    }
  }
  /// f in ∂Σ(a − y)²/∂a = f (a − y).
  var squareFactor = 2.0
  /// How often the penalty counts in a derivative by a bias.
  var biasDecay = 0.0
  /// How many samples the sums are divided by, for m samples.
  var divisor: @Sendable (Int) -> Double = { Double($0) }
}

extension ReferenceNetwork {
  /// The gradient of the mean cost by the chain rule: δᴸ = ∂C/∂zᴸ, δˡ = (Wˡ⁺¹ᵀ δˡ⁺¹) ∘ g'(zˡ), ∂C/∂Wⱼᵢ = δⱼ aᵢ.
  func gradient(_ inputs: [[Double]], _ targets: [[Double]], rules: DerivativeRules = DerivativeRules()) -> Gradient {
    var sum = Gradient(layers)
    for (x, y) in zip(inputs, targets) {
      let (z, a) = forward(x)
      var delta = outputDelta(z[layers.count - 1], a[layers.count], y, rules)
      for l in layers.indices.reversed() {
        for unit in 0..<layers[l].units {
          for input in 0..<layers[l].inputs { sum.weights[l][unit][input] += delta[unit] * a[l][input] }
          sum.biases[l][unit] += delta[unit]
        }
        guard l > 0 else { break }
        delta = (0..<layers[l].inputs).map { input in
          var sensitivity = 0.0
          for unit in 0..<layers[l].units { sensitivity += layers[l].weights[unit][input] * delta[unit] }
          return sensitivity * rules.activation(layers[l - 1], z[l - 1][input], a[l][input])
        }
      }
    }
    let divisor = rules.divisor(inputs.count)
    for (l, layer) in layers.enumerated() {
      for unit in 0..<layer.units {
        for input in 0..<layer.inputs {
          sum.weights[l][unit][input] = sum.weights[l][unit][input] / divisor + l2 * layer.weights[unit][input]
        }
        sum.biases[l][unit] = sum.biases[l][unit] / divisor + rules.biasDecay * l2 * layer.biases[unit]
      }
    }
    return sum
  }

  /// ∂C/∂z of the last layer.
  private func outputDelta(_ z: [Double], _ a: [Double], _ y: [Double], _ rules: DerivativeRules) -> [Double] {
    func squares(_ scale: Double) -> [Double] { zip(a, y).map { rules.squareFactor * scale * ($0 - $1) } }
    let mean = 1 / Double(a.count)
    let slopes: [Double]
    switch loss {
    case .binaryCrossEntropy, .crossEntropy, .poisson: return zip(a, y).map { $0 - $1 }
    case .squaredError: slopes = squares(1)
    case .halfSquaredError: slopes = squares(0.5)
    case .meanSquaredError: slopes = squares(mean)
    case .meanAbsoluteError: slopes = zip(a, y).map { $0 > $1 ? mean : -mean }
    case .huber: slopes = zip(a, y).map { mean * min(max($0 - $1, -1), 1) }
    case .hinge:
      let own = y.firstIndex(of: 1) ?? 0
      let rival = a.indices.filter { $0 != own }.max { a[$0] < a[$1] } ?? own
      let isPositive = 1 - a[own] + a[rival] > 0
      slopes = a.indices.map { isPositive ? ($0 == rival ? 1 : $0 == own ? -1 : 0) : 0 }
    }
    let last = layers[layers.count - 1]
    if last.activation == .softmax {
      let mean = zip(a, slopes).reduce(0) { $0 + $1.0 * $1.1 }
      return zip(a, slopes).map { $0 * ($1 - mean) }
    }
    return a.indices.map { rules.activation(last, z[$0], a[$0]) * slopes[$0] }
  }
}
