import NeuralNetworks

/// Training of a net of ReLUs with a linear last layer on the squared error, written down from the contract of the
/// bits: one plain loop after another, in Float.
struct SequentialReference {
  /// Each [units][inputs].
  var weights: [[[Float]]]
  var biases: [[Float]]
  let shardRows: Int
  let rate: Float
  let l2: Float
  /// Adds shards from left to right instead of by the tree: for the negative control.
  var addsLeftToRight = false
  /// Multiplies and adds with two roundings: for the negative control.
  var roundsTwice = false

  init(_ bench: TrainingBench) {
    weights = []
    biases = []
    for (layer, start) in bench.initial.enumerated() {
      let inputs = bench.widths[layer]
      weights.append(
        stride(from: 0, to: start.weights.count, by: inputs).map { Array(start.weights[$0..<$0 + inputs]) })
      biases.append(start.biases)
    }
    shardRows = bench.shardRows
    rate = bench.rate
    l2 = bench.l2
  }

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

  /// The sum over shards of rows: a node's left child holds the largest power of two below its size.
  private func reduce(rows: Int, _ shard: (Range<Int>) -> Float) -> Float {
    let sums = stride(from: 0, to: rows, by: shardRows).map { shard($0..<min($0 + shardRows, rows)) }
    func tree(_ sums: ArraySlice<Float>) -> Float {
      if sums.count == 1 { return sums.first! }
      var left = 1
      while 2 * left < sums.count { left *= 2 }
      return tree(sums.prefix(left)) + tree(sums.dropFirst(left))
    }
    return addsLeftToRight ? sums.dropFirst().reduce(sums[0], +) : tree(sums[...])
  }

  /// One step on samples x with targets y.
  mutating func step(_ x: [[Float]], _ y: [[Float]]) {
    let layers = weights.count
    var activations = [x]
    for l in 0..<layers {
      activations.append(
        activations[l].map { a in
          weights[l].indices.map { unit in
            let z = chain(a.count, from: biases[l][unit]) { (a[$0], weights[l][unit][$0]) }
            return l < layers - 1 && z < 0 ? 0 : z
          }
        })
    }
    var deltas = [[[Float]]](repeating: [], count: layers + 1)
    deltas[layers] = zip(activations[layers], y).map { a, y in zip(a, y).map { ($0 - $1) * 2 } }
    for l in (1..<layers).reversed() {
      deltas[l] = zip(activations[l], deltas[l + 1]).map { a, delta in
        a.indices.map { unit in
          let sum = chain(delta.count, from: 0) { (delta[$0], weights[l][$0][unit]) }
          return a[unit] > 0 ? sum : 0
        }
      }
    }
    let scale = 1 / Float(x.count)
    for l in 0..<layers {
      let (a, delta) = (activations[l], deltas[l + 1])
      for unit in weights[l].indices {
        for input in weights[l][unit].indices {
          let sum = reduce(rows: x.count) { rows in
            chain(rows.count, from: 0) { (a[rows.lowerBound + $0][input], delta[rows.lowerBound + $0][unit]) }
          }
          let weight = weights[l][unit][input]
          weights[l][unit][input] = fma(-rate, fma(l2, weight, sum * scale), weight)
        }
        let sum = reduce(rows: x.count) { rows in rows.reduce(Float(0)) { $0 + delta[$1][unit] } }
        biases[l][unit] = fma(-rate, sum * scale, biases[l][unit])
      }
    }
  }

  /// All parameters, layer after layer.
  var parameters: [Float] {
    zip(weights, biases).flatMap { $0.joined() + $1 }
  }
}
