import Foundation
import Kernels
import NeuralNetworks

/// Training of a chain of dense layers, ReLUs, batch normalization and dropout with a linear last layer on the squared
/// error, written down from the contract of the bits: one plain loop after another, in Float.
struct SequentialReference {
  /// What is computed from the values before it; numbers are those of parameter blocks.
  private enum Operation {
    case dense(weights: Int, inputs: Int)
    case relu
    /// γ, and behind it β, μ and σ².
    case norm(scale: Int)
    case dropout(rate: Float, layer: Int)
  }

  /// The coefficients of Adam.
  struct Adam {
    var (learningRate, beta1, beta2, epsilon) = (0.01, 0.75, 0.9375, 1e-4)
    var l2 = 0.03125
  }

  /// The sums over the rows of the mini-batch that are kept for the backward pass.
  private struct Statistics {
    var mean: [Float] = []
    var inverse: [Float] = []
  }

  /// All parameters, block by block, weights as [units][inputs].
  private(set) var blocks: [[Float]]
  private let operations: [Operation]
  private let regularized: Set<Int>
  private let shardRows: Int
  private let seed: UInt64
  private let rate: Float
  private let l2: Float
  private let clipping: Double?
  private var steps = 0
  private var first: [[Float]]
  private var second: [[Float]]
  /// What the gradients of all steps were multiplied by.
  private(set) var factors: [Float] = []
  /// Adam instead of plain gradient descent.
  var adam: Adam?

  // Mistakes, for the negative controls.

  /// Joins shards from left to right instead of by the tree.
  var joinsLeftToRight = false
  /// Multiplies and adds with two roundings.
  var roundsTwice = false
  /// Counts rows of the mini-batch instead of samples.
  var dropsByRow = false
  /// Leaves everything but weights out of the norm.
  var clipsWeightsAlone = false
  /// Takes each step of Adam for the thousandth.
  var startsLate = false

  init(_ bench: TrainingBench) {
    blocks = bench.initial
    first = blocks.map { $0.map { _ in 0 } }
    second = first
    shardRows = bench.shardRows
    seed = bench.seed
    rate = Float(bench.rate)
    l2 = Float(bench.l2)
    clipping = bench.clipping
    var operations: [Operation] = []
    var (block, inputs) = (0, bench.widths[0])
    var regularized: Set<Int> = []
    func activate(_ activation: Activation) {
      precondition([.identity, .relu].contains(activation.kind))
      if activation.kind == .relu { operations.append(.relu) }
    }
    for (index, layer) in bench.layers.enumerated() {
      switch layer {
      case let dense as Dense:
        operations.append(.dense(weights: block, inputs: inputs))
        regularized.insert(block)
        activate(dense.activation)
        (block, inputs) = (block + 2, dense.units)
      case is BatchNorm:
        operations.append(.norm(scale: block))
        block += 4
      case let activation as Activation: activate(activation)
      case let dropout as Dropout: operations.append(.dropout(rate: dropout.rate, layer: index))
      default: preconditionFailure("a layer that is not written down")
      }
    }
    self.operations = operations
    self.regularized = regularized
  }

  var parameters: [Float] { Array(blocks.joined()) }

  // MARK: Sums

  private func fma(_ a: Float, _ b: Float, _ sum: Float) -> Float {
    roundsTwice ? sum + a * b : sum.addingProduct(a, b)
  }

  /// One chain over k ascending.
  private func chain(_ count: Int, from start: Float, _ factors: (Int) -> (Float, Float)) -> Float {
    (0..<count).reduce(start) { sum, k in
      let (a, b) = factors(k)
      return fma(a, b, sum)
    }
  }

  /// What shards of rows give, joined: a node's left child holds the largest power of two below its size.
  private func reduce<T>(rows: Int, _ shard: (Range<Int>) -> T, _ join: (T, T) -> T) -> T {
    let parts = stride(from: 0, to: rows, by: shardRows).map { shard($0..<min($0 + shardRows, rows)) }
    func tree(_ parts: ArraySlice<T>) -> T {
      if parts.count == 1 { return parts.first! }
      var left = 1
      while 2 * left < parts.count { left *= 2 }
      return join(tree(parts.prefix(left)), tree(parts.dropFirst(left)))
    }
    return joinsLeftToRight ? parts.dropFirst().reduce(parts[0], join) : tree(parts[...])
  }

  // MARK: A step

  /// One step on samples x with targets y; `samples` are their numbers in the table.
  mutating func step(_ x: [[Float]], _ y: [[Float]], samples: [Int], epoch: Int) {
    let rows = x.count
    var values = [x]
    var statistics = [Statistics](repeating: Statistics(), count: operations.count)
    for (index, operation) in operations.enumerated() {
      let input = values[index]
      switch operation {
      case .dense(let block, let inputs):
        let (weights, biases) = (blocks[block], blocks[block + 1])
        values.append(
          input.map { a in
            biases.indices.map { unit in chain(inputs, from: biases[unit]) { (a[$0], weights[unit * inputs + $0]) } }
          })
      case .relu: values.append(input.map { $0.map { $0 < 0 ? 0 : $0 } })
      case .norm(let scale):
        statistics[index] = self.statistics(input, scale)
        let found = statistics[index]
        values.append(
          input.map { a in
            a.indices.map {
              fma(a[$0] - found.mean[$0], blocks[scale][$0] * found.inverse[$0], blocks[scale + 1][$0])
            }
          })
      case .dropout(let rate, let layer): values.append(dropped(input, rate, layer, samples, epoch))
      }
    }

    var delta = zip(values[operations.count], y).map { a, y in zip(a, y).map { ($0 - $1) * 2 } }
    var gradients = blocks.map { [Float](repeating: 0, count: $0.count) }
    var trained: Set<Int> = []
    for (index, operation) in operations.enumerated().reversed() {
      let (input, output) = (values[index], values[index + 1])
      switch operation {
      case .dense(let block, let inputs):
        trained.formUnion([block, block + 1])
        for unit in blocks[block + 1].indices {
          for i in 0..<inputs {
            gradients[block][unit * inputs + i] = reduce(
              rows: rows,
              { rows in
                chain(rows.count, from: 0) { (input[rows.lowerBound + $0][i], delta[rows.lowerBound + $0][unit]) }
              }, +)
          }
          gradients[block + 1][unit] = reduce(rows: rows, { $0.reduce(0) { $0 + delta[$1][unit] } }, +)
        }
        let weights = blocks[block]
        delta = delta.map { d in
          (0..<inputs).map { i in chain(d.count, from: 0) { (d[$0], weights[$0 * inputs + i]) } }
        }
      case .relu: delta = zip(output, delta).map { a, d in zip(a, d).map { $0 > 0 ? $1 : 0 } }
      case .norm(let scale):
        trained.formUnion([scale, scale + 1])
        delta = normalizationDelta(delta, input, statistics[index], scale, &gradients)
      case .dropout(let rate, let layer): delta = dropped(delta, rate, layer, samples, epoch)
      }
    }
    update(gradients, trained, rows: rows)
  }

  // MARK: Layers

  /// The statistics of the columns; moves the running ones.
  private mutating func statistics(_ x: [[Float]], _ scale: Int) -> Statistics {
    var result = Statistics()
    for column in x[0].indices {
      let all = reduce(
        rows: x.count,
        { rows -> (mean: Float, squares: Float, count: Float) in
          let mean = rows.reduce(Float(0)) { $0 + x[$1][column] } / Float(rows.count)
          let squares = rows.reduce(Float(0)) { fma(x[$1][column] - mean, x[$1][column] - mean, $0) }
          return (mean, squares, Float(rows.count))
        },
        { left, right in
          let share = right.count / (left.count + right.count)
          let difference = right.mean - left.mean
          return (
            fma(difference, share, left.mean),
            fma(difference * difference, left.count * share, left.squares + right.squares), left.count + right.count
          )
        })
      result.mean.append(all.mean)
      result.inverse.append(1 / (all.squares / Float(x.count) + 1e-5).squareRoot())
      let (momentum, variance) = (Float(0.1), all.squares * (1 / max(Float(x.count) - 1, 1)))
      blocks[scale + 2][column] = fma(momentum, all.mean, blocks[scale + 2][column] * (1 - momentum))
      blocks[scale + 3][column] = fma(momentum, variance, blocks[scale + 3][column] * (1 - momentum))
    }
    return result
  }

  private func normalizationDelta(
    _ delta: [[Float]], _ x: [[Float]], _ found: Statistics, _ scale: Int, _ gradients: inout [[Float]]
  ) -> [[Float]] {
    var result = delta
    for column in x[0].indices {
      let (mean, inverse) = (found.mean[column], found.inverse[column])
      let sum = reduce(rows: x.count, { $0.reduce(Float(0)) { $0 + delta[$1][column] } }, +)
      let product = reduce(
        rows: x.count, { $0.reduce(Float(0)) { fma(delta[$1][column], (x[$1][column] - mean) * inverse, $0) } }, +)
      gradients[scale][column] = product
      gradients[scale + 1][column] = sum
      let share = 1 / Float(x.count)
      for row in x.indices {
        let normalized = (x[row][column] - mean) * inverse
        result[row][column] =
          (blocks[scale][column] * inverse)
          * fma(-normalized, product * share, delta[row][column] - sum * share)
      }
    }
    return result
  }

  private func dropped(_ x: [[Float]], _ rate: Float, _ layer: Int, _ samples: [Int], _ epoch: Int) -> [[Float]] {
    let stream = RandomStream(seed: seed, purpose: .dropout, stream: UInt32(epoch))
    return x.indices.map { row in
      x[row].indices.map { unit in
        let place = UInt64(dropsByRow ? row : samples[row]) | UInt64(16 * (unit / 32) + unit % 16) << 32
        let bits = stream.block(at: place, attempt: UInt16(layer))[unit / 16 % 2]
        return Float(bits >> 8) < rate * 0x1p24 ? 0 : x[row][unit] * (1 / (1 - rate))
      }
    }
  }

  // MARK: The update

  private mutating func update(_ gradients: [[Float]], _ trained: Set<Int>, rows: Int) {
    var factor: Float = 1
    if let clipping {
      let counted = clipsWeightsAlone ? regularized : trained
      let squares = gradients.indices.filter(counted.contains).flatMap { gradients[$0] }
        .reduce(0.0) { $0 + Double($1) * Double($1) }
      factor = Float(min(1, clipping / (squares.squareRoot() / Double(rows) + 1e-6)))
    }
    factors.append(factor)
    steps += 1
    let scale = 1 / Float(rows) * factor
    let time = Double(startsLate ? 1000 : steps)
    for block in trained {
      for i in blocks[block].indices {
        let weight = blocks[block][i]
        let decay = regularized.contains(block) ? (adam.map { Float($0.l2) } ?? l2) : 0
        let gradient = fma(decay, weight, gradients[block][i] * scale)
        guard let adam else {
          blocks[block][i] = fma(-rate, gradient, weight)
          continue
        }
        first[block][i] = fma(Float(1 - adam.beta1), gradient, first[block][i] * Float(adam.beta1))
        second[block][i] = fma(Float(1 - adam.beta2), gradient * gradient, second[block][i] * Float(adam.beta2))
        let rate = Float(adam.learningRate / (1 - pow(adam.beta1, time)))
        let root = Float(1 / (1 - pow(adam.beta2, time)).squareRoot())
        let denominator = fma(second[block][i].squareRoot(), root, Float(adam.epsilon))
        blocks[block][i] = fma(-rate, first[block][i] / denominator, weight)
      }
    }
  }
}
