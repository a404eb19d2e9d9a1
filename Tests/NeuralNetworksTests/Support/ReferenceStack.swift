import Foundation
import Kernels
import NeuralNetworks

/// A network of any layers in double precision: the mean cost of training as a function of all samples of a mini-batch. Of
/// the package it uses the descriptions of layers, the names of blocks and the random numbers.
struct ReferenceStack {
  let layers: [any Layer]
  let loss: LossKind
  /// The parameters of each block in the order of files.
  var blocks: [String: [Double]]
  /// What dropout multiplies a unit by.
  var mask: (_ layer: Int, _ rate: Double, _ row: Int, _ unit: Int) -> Double
  /// The noise of a unit, of the standard deviation 1.
  var noise: (_ layer: Int, _ row: Int, _ unit: Int) -> Double
  /// ε where a layer has no other, and whether a normalization takes the statistics of the mini-batch instead of the running ones.
  var epsilon = Double(BatchNorm.defaultEpsilon)
  var usesBatchStatistics = true
  /// Whether groups of rows are normalized by the statistics of the whole mini-batch.
  var ignoresGroups = false

  /// The network of a bench, with its parameters and masks.
  init(_ bench: NetworkBench) {
    layers = bench.network.layers
    loss = bench.network.loss.kind
    blocks = Dictionary(
      uniqueKeysWithValues: bench.network.layout.blocks.enumerated().map { index, block in
        (block.name, bench.parameters.values(block: index).map { Double($0) })
      })
    let (seed, epoch, samples) = (bench.seed, bench.epoch, (0..<bench.workspace.capacity).map(bench.sample))
    mask = { layer, rate, row, unit in
      let stream = RandomStream(seed: seed, purpose: .dropout, stream: UInt32(epoch))
      let index = UInt64(samples[row]) | UInt64(16 * (unit / 32) + unit % 16) << 32
      let number = stream.block(at: index, attempt: UInt16(layer))[unit / 16 % 2] >> 8
      return Double(number) * 0x1p-24 < rate ? 0 : 1 / (1 - rate)
    }
    noise = { layer, row, unit in
      let stream = RandomStream(seed: seed, purpose: .gaussianNoise, stream: UInt32(epoch))
      let index = UInt64(samples[row]) | UInt64(16 * (unit / 32) + unit % 16) << 32
      let words = stream.block(at: index, attempt: UInt16(layer))
      let radius = (-2 * log(1 - Double(words[0] >> 9) * 0x1p-23)).squareRoot()
      let angle = 2 * Double.pi * (Double(words[1] >> 7) * 0x1p-25 - 0.125)
      return radius * (unit / 16 % 2 == 0 ? cos(angle) : sin(angle))
    }
  }

  // MARK: Forward

  /// The outputs of the last layer, after its activation, and the least distance of a z from a kink.
  func forward(_ inputs: [[Double]]) -> (outputs: [[Double]], distanceFromKinks: Double) {
    var x = inputs
    var distance = Double.infinity
    for (l, layer) in layers.enumerated() {
      func block(_ name: String) -> [Double] { blocks["layers.\(l).\(name)"] ?? [] }
      switch layer {
      case let dense as Dense:
        let (weights, biases, inputs) = (block("weight"), block("bias"), x[0].count)
        x = x.map { row in
          (0..<dense.units).map { unit in
            row.indices.reduce(dense.hasBias ? biases[unit] : 0) { $0 + weights[unit * inputs + $1] * row[$1] }
          }
        }
      case let norm as LayerNorm:
        let (scale, shift) = (block("weight"), block("bias"))
        let epsilon = norm.epsilon == LayerNorm.defaultEpsilon ? epsilon : Double(norm.epsilon)
        x = x.map { row in
          let n = Double(row.count)
          let mean = row.reduce(0, +) / n
          let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
          return row.indices.map { scale[$0] * (row[$0] - mean) / (variance + epsilon).squareRoot() + shift[$0] }
        }
      case let norm as BatchNorm:
        let epsilon = norm.epsilon == BatchNorm.defaultEpsilon ? epsilon : Double(norm.epsilon)
        let (scale, shift) = (block("weight"), block("bias"))
        var normalized: [[Double]] = []
        while normalized.count < x.count {
          let first = normalized.count
          var group = x[first..<(norm.groupSize == 0 || ignoresGroups ? x.count : min(first + norm.groupSize, x.count))]
          // One row alone has no variance.
          if x.count - group.endIndex == 1 { group = x[first...] }
          let (means, variances) =
            usesBatchStatistics ? statistics(Array(group)) : (block("running_mean"), block("running_var"))
          normalized += group.map { row in
            row.indices.map { c in
              scale[c] * (row[c] - means[c]) / (variances[c] + epsilon).squareRoot() + shift[c]
            }
          }
        }
        x = normalized
      case let dropout as Dropout:
        x = x.indices.map { r in x[r].indices.map { x[r][$0] * mask(l, Double(dropout.rate), r, $0) } }
      case let layer as GaussianNoise:
        let deviation = Double(layer.standardDeviation)
        x = x.indices.map { r in x[r].indices.map { x[r][$0] + deviation * noise(l, r, $0) } }
      default: break
      }
      let activation = layer.activation
      for z in x.joined() { distance = min(distance, ReferenceNetwork.distanceFromKinks(activation.kind, z)) }
      x = x.map { ReferenceNetwork.activate(activation.kind, slope: Double(activation.slope), $0) }
    }
    return (x, distance)
  }

  /// Mean and variance of the population of each column.
  private func statistics(_ x: [[Double]]) -> ([Double], [Double]) {
    let n = Double(x.count)
    let means = x[0].indices.map { c in x.reduce(0) { $0 + $1[c] } / n }
    return (means, x[0].indices.map { c in x.reduce(0) { $0 + ($1[c] - means[c]) * ($1[c] - means[c]) } / n })
  }

  // MARK: Cost and differences

  func meanCost(_ inputs: [[Double]], _ targets: [[Double]]) -> Double {
    zip(forward(inputs).outputs, targets).reduce(0) { $0 + ReferenceNetwork.cost(loss, $1.0, $1.1) }
      / Double(inputs.count)
  }

  /// The gradient of the mean cost by central differences, by blocks; zeros for statistics.
  func differences(
    _ inputs: [[Double]], _ targets: [[Double]], blocks names: [ParameterBlock], h: Double = 1e-5
  ) -> [[Double]] {
    var shifted = self
    return names.map { block in
      (0..<block.count).map { index in
        guard block.isTrained, let value = blocks[block.name]?[index] else { return 0 }
        func cost(_ value: Double) -> Double {
          shifted.blocks[block.name]?[index] = value
          return shifted.meanCost(inputs, targets)
        }
        let difference = (cost(value + h) - cost(value - h)) / (2 * h)
        shifted.blocks[block.name]?[index] = value
        return difference
      }
    }
  }
}

/// Whether the gradients of all blocks agree: ‖g − ĝ‖ ≤ 10⁻⁵ ‖ĝ‖ for each block, or, where a block's gradient is 0 or small because
/// a normalization takes a shift away again, 10⁻⁶ of the norm of the whole gradient.
func gradientsAgree(_ gradients: [[Double]], _ expected: [[Double]], tolerance: Double = 1e-5) -> Bool {
  func norm(_ values: some Sequence<Double>) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  let whole = norm(expected.joined())
  return gradients.count == expected.count
    && zip(gradients, expected).allSatisfy { g, expected in
      let distance = norm(zip(g, expected).map { $0 - $1 })
      return distance <= tolerance * norm(expected) || distance <= 1e-6 * whole
    }
}
