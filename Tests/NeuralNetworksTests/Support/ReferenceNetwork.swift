import Foundation
import NeuralNetworks

/// A network in double precision on plain arrays, after the textbook formulas. Of the package it uses names only.
struct ReferenceNetwork {
  var layers: [LayerValues]
  let loss: LossKind
  /// λ of (λ/2) Σ w², over the weights.
  var l2 = 0.0

  init(_ layers: [LayerValues], loss: LossKind, l2: Double = 0) {
    self.layers = layers
    self.loss = loss
    self.l2 = l2
  }

  // MARK: Forward

  /// z¹ … zᴸ and a⁰ … aᴸ of one sample.
  func forward(_ x: [Double]) -> (z: [[Double]], a: [[Double]]) {
    var preActivations: [[Double]] = []
    var activations = [x]
    for layer in layers {
      let previous = activations[activations.count - 1]
      var z: [Double] = []
      for (weights, bias) in zip(layer.weights, layer.biases) {
        var sum = bias
        for i in weights.indices { sum += weights[i] * previous[i] }
        z.append(sum)
      }
      preActivations.append(z)
      activations.append(Self.activate(layer, z))
    }
    return (preActivations, activations)
  }

  /// aᴸ of one sample.
  func outputs(_ x: [Double]) -> [Double] { forward(x).a[layers.count] }

  static func activate(_ layer: LayerValues, _ z: [Double]) -> [Double] {
    activate(layer.activation, slope: layer.slope, z)
  }

  static func activate(_ kind: ActivationKind, slope: Double, _ z: [Double]) -> [Double] {
    switch kind {
    case .identity: z
    case .sigmoid: z.map { 1 / (1 + exp(-$0)) }
    case .tanh: z.map { Foundation.tanh($0) }
    case .relu: z.map { max($0, 0) }
    case .leakyRelu: z.map { $0 > 0 ? $0 : slope * $0 }
    case .silu: z.map { $0 / (1 + exp(-$0)) }
    case .elu: z.map { $0 > 0 ? $0 : expm1($0) }
    case .selu: z.map { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0)) }
    case .gelu: z.map { $0 * erfc(-$0 * 0.5.squareRoot()) / 2 }
    case .mish: z.map { $0 * Foundation.tanh(log1p(exp($0))) }
    case .softplus: z.map { log1p(exp($0)) }
    case .softsign: z.map { $0 / (1 + abs($0)) }
    case .hardSigmoid: z.map { min(max($0 / 6 + 0.5, 0), 1) }
    case .exponential: z.map { exp($0) }
    case .softmax: softmax(z)
    }
  }

  /// How far z is from the nearest place where g has a kink.
  static func distanceFromKinks(_ kind: ActivationKind, _ z: Double) -> Double {
    switch kind {
    case .relu, .leakyRelu, .selu: abs(z)
    case .hardSigmoid: abs(abs(z) - 3)
    default: .infinity
    }
  }

  static func softmax(_ z: [Double]) -> [Double] {
    let greatest = z.max()!
    let e = z.map { exp($0 - greatest) }
    let sum = e.reduce(0, +)
    return e.map { $0 / sum }
  }

  // MARK: Cost

  /// C of one sample.
  func cost(_ x: [Double], _ y: [Double]) -> Double { Self.cost(loss, outputs(x), y) }

  /// C of outputs a.
  static func cost(_ loss: LossKind, _ a: [Double], _ y: [Double]) -> Double {
    var squares = 0.0
    var binary = 0.0
    var (categorical, absolute, huber, poisson) = (0.0, 0.0, 0.0, 0.0)
    for (a, y) in zip(a, y) {
      squares += (a - y) * (a - y)
      if y != 0 { binary -= y * log(a) }
      if y != 1 { binary -= (1 - y) * log(1 - a) }
      if y != 0 { categorical -= y * log(a) }
      let distance = abs(a - y)
      absolute += distance
      huber += distance <= 1 ? distance * distance / 2 : distance - 0.5
      poisson += a - y * log(a)
    }
    return switch loss {
    case .squaredError: squares
    case .halfSquaredError: squares / 2
    case .meanSquaredError: squares / Double(y.count)
    case .binaryCrossEntropy: binary
    case .crossEntropy: categorical
    case .meanAbsoluteError: absolute / Double(y.count)
    case .huber: huber / Double(y.count)
    case .poisson: poisson
    case .hinge: max(0, margin(a, y))
    }
  }

  /// 1 − a of the true class + the greatest a of another.
  private static func margin(_ a: [Double], _ y: [Double]) -> Double {
    let own = y.firstIndex(of: 1) ?? 0
    return 1 - a[own] + (a.indices.filter { $0 != own }.map { a[$0] }.max() ?? -.infinity)
  }

  /// How far the outputs of a sample are from the nearest place where the loss has a kink.
  func distanceFromKinksOfLoss(_ x: [Double], _ y: [Double]) -> Double {
    let a = outputs(x)
    let distances = zip(a, y).map { abs($0 - $1) }
    switch loss {
    case .meanAbsoluteError: return distances.min() ?? .infinity
    case .huber: return distances.map { abs($0 - 1) }.min() ?? .infinity
    case .hinge:
      let own = y.firstIndex(of: 1) ?? 0
      let others = a.indices.filter { $0 != own }.map { a[$0] }.sorted(by: >)
      return min(abs(Self.margin(a, y)), others.count > 1 ? others[0] - others[1] : .infinity)
    default: return .infinity
    }
  }

  /// (λ/2) Σ w²
  var penalty: Double {
    l2 / 2 * layers.reduce(0) { $0 + $1.weights.joined().reduce(0) { $0 + $1 * $1 } }
  }

  /// The mean of the costs of the samples, plus the penalty.
  func meanCost(_ inputs: [[Double]], _ targets: [[Double]]) -> Double {
    zip(inputs, targets).reduce(0) { $0 + cost($1.0, $1.1) } / Double(inputs.count) + penalty
  }

  // MARK: Differences

  /// The gradient of the mean cost by central differences. For h = 10⁻⁵ both the rounding error (10⁻¹⁶ / h) and the
  /// truncation error (h²) are about 10⁻¹⁰.
  func differences(_ inputs: [[Double]], _ targets: [[Double]], h: Double = 1e-5) -> Gradient {
    var gradient = Gradient(layers)
    var shifted = self
    func difference(_ parameter: WritableKeyPath<ReferenceNetwork, Double>) -> Double {
      let value = self[keyPath: parameter]
      shifted[keyPath: parameter] = value + h
      let above = shifted.meanCost(inputs, targets)
      shifted[keyPath: parameter] = value - h
      let below = shifted.meanCost(inputs, targets)
      shifted[keyPath: parameter] = value
      return (above - below) / (2 * h)
    }
    for (l, layer) in layers.enumerated() {
      for unit in 0..<layer.units {
        for input in 0..<layer.inputs {
          gradient.weights[l][unit][input] = difference(\.layers[l].weights[unit][input])
        }
        gradient.biases[l][unit] = difference(\.layers[l].biases[unit])
      }
    }
    return gradient
  }

  /// The least distance of a z from a kink: differences are right only if no z crosses one on the way.
  func distanceFromKinks(_ inputs: [[Double]]) -> Double {
    var distance = Double.infinity
    for x in inputs {
      for (z, layer) in zip(forward(x).z, layers) {
        distance = min(distance, z.map { Self.distanceFromKinks(layer.activation, $0) }.min()!)
      }
    }
    return distance
  }
}
