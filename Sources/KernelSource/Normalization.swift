public import ProcessorFeatures

// Batch normalization of the columns of one panel. Sums over samples are chains over the rows of a gradient shard, which the
// facade joins along the tree of shards.

/// √x, exactly rounded on every processor.
@inlinable @inline(__always)
public func squareRoot(_ x: Vector) -> Vector {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: vectorWidth) { memory in
    let place = memory.baseAddress!
    store(x, place)
    processorSquareRoots(place, place)
    return load(place)
  }
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func moments(rows: Int, _ x: Source, mean: Target, squares: Target) {
    let count = Vector(repeating: Float(rows))
    for half in 0..<2 {
      let column = x + half &* vectorWidth
      var sum = Vector()
      for r in 0..<rows { sum += load(column + r &* panelWidth) }
      let center = sum / count
      var square = Vector()
      for r in 0..<rows {
        let difference = load(column + r &* panelWidth) - center
        square = fma(difference, difference, square)
      }
      store(center, mean + half &* vectorWidth)
      store(square, squares + half &* vectorWidth)
    }
  }

  @inlinable @inline(__always)
  public static func joinMoments(
    mean: Target, squares: Target, count: Float, otherMean: Source, otherSquares: Source, otherCount: Float
  ) {
    let all = count + otherCount
    let share = Vector(repeating: otherCount / all)
    let weight = Vector(repeating: count * (otherCount / all))
    for half in 0..<2 {
      let place = half &* vectorWidth
      let difference = load(otherMean + place) - load(mean + place)
      store(fma(difference, share, load(mean + place)), mean + place)
      store(
        fma(difference * difference, weight, load(squares + place) + load(otherSquares + place)), squares + place)
    }
  }

  @inlinable @inline(__always)
  public static func inverseDeviation(_ variance: Source, epsilon: Float, _ result: Target) {
    for half in 0..<2 {
      let place = half &* vectorWidth
      store(1 / squareRoot(load(variance + place) + Vector(repeating: epsilon)), result + place)
    }
  }

  @inlinable @inline(__always)
  public static func moveAverage(_ average: Target, _ value: Source, factor: Float, weight: Float) {
    for half in 0..<2 {
      let place = half &* vectorWidth
      let value = load(value + place) * Vector(repeating: factor)
      store(
        fma(Vector(repeating: weight), value, load(average + place) * Vector(repeating: 1 - weight)),
        average + place)
    }
  }

  @inlinable @inline(__always)
  public static func normalize(
    rows: Int, vectors: Int, _ x: Source, _ y: Target, mean: Source, inverseDeviation: Source, scale: Source,
    shift: Source
  ) {
    for half in 0..<vectors {
      let place = half &* vectorWidth
      let center = load(mean + place)
      let factor = load(scale + place) * load(inverseDeviation + place)
      let offset = load(shift + place)
      for r in 0..<rows {
        let element = place &+ r &* panelWidth
        store(fma(load(x + element) - center, factor, offset), y + element)
      }
    }
  }

  @inlinable @inline(__always)
  public static func normalizationSums(
    rows: Int, _ x: Source, _ delta: Source, mean: Source, inverseDeviation: Source, sums: Target, products: Target
  ) {
    for half in 0..<2 {
      let place = half &* vectorWidth
      let center = load(mean + place)
      let factor = load(inverseDeviation + place)
      var sum = Vector()
      var product = Vector()
      for r in 0..<rows {
        let element = place &+ r &* panelWidth
        let d = load(delta + element)
        sum += d
        product = fma(d, (load(x + element) - center) * factor, product)
      }
      store(sum, sums + place)
      store(product, products + place)
    }
  }

  @inlinable @inline(__always)
  public static func normalizationDerivative(
    rows: Int, vectors: Int, _ x: Source, _ delta: Target, samples: Float, mean: Source, inverseDeviation: Source,
    scale: Source, sums: Source, products: Source
  ) {
    let share = Vector(repeating: 1 / samples)
    for half in 0..<vectors {
      let place = half &* vectorWidth
      let center = load(mean + place)
      let inverse = load(inverseDeviation + place)
      let factor = load(scale + place) * inverse
      let meanDelta = load(sums + place) * share
      let meanProduct = load(products + place) * share
      for r in 0..<rows {
        let element = place &+ r &* panelWidth
        let normalized = (load(x + element) - center) * inverse
        store(factor * fma(-normalized, meanProduct, load(delta + element) - meanDelta), delta + element)
      }
    }
  }
}
