/// What a feature is stored as.
private protocol ScalableElement: Comparable {
  var double: Double { get }
}

extension UInt8: ScalableElement {
  fileprivate var double: Double { Double(self) }
}

extension Float: ScalableElement {
  fileprivate var double: Double { Double(self) }
}

/// Mean, population standard deviation, minimum and maximum of each feature.
struct FeatureStatistics {
  /// Of one feature.
  struct Column {
    let mean: Double
    let deviation: Double
    let minimum: Double
    let maximum: Double
    /// Whether there is more than one value: of a constant the deviation may come out as a little more than 0.
    var isVaried: Bool { maximum > minimum }
  }

  let columns: [Column]

  /// Of some rows, at least one.
  init(of subset: Subset) {
    switch subset.table.features {
    case .bytes(let bytes): self.init(bytes, of: subset)
    case .floats(let floats): self.init(floats, of: subset)
    }
  }

  private init<Element: ScalableElement>(_ features: [Element], of subset: Subset) {
    let columns = subset.table.columns
    let count = Double(subset.count)
    var sums = [Double](repeating: 0, count: columns)
    var squares = sums
    var minimum = [Double](repeating: .infinity, count: columns)
    var maximum = [Double](repeating: -.infinity, count: columns)

    var sum = sums.mutableSpan
    var least = minimum.mutableSpan
    var greatest = maximum.mutableSpan
    for row in subset.rows {
      let cells = features.span.extracting(Int(row) * columns..<(Int(row) + 1) * columns)
      // All spans have `columns` elements; checks of the index would keep the compiler from using vectors.
      for column in 0..<columns {
        let x = unsafe cells[unchecked: column].double
        unsafe sum[unchecked: column] += x
        let (low, high) = unsafe (least[unchecked: column], greatest[unchecked: column])
        unsafe least[unchecked: column] = x < low ? x : low
        unsafe greatest[unchecked: column] = x > high ? x : high
      }
    }
    for column in 0..<columns { sum[column] /= count }
    let mean = sums

    var square = squares.mutableSpan
    let center = mean.span
    for row in subset.rows {
      let cells = features.span.extracting(Int(row) * columns..<(Int(row) + 1) * columns)
      for column in 0..<columns {
        let difference = unsafe cells[unchecked: column].double - center[unchecked: column]
        unsafe square[unchecked: column] += difference * difference
      }
    }
    self.columns = (0..<columns).map {
      Column(
        mean: mean[$0], deviation: (squares[$0] / count).squareRoot(), minimum: minimum[$0], maximum: maximum[$0])
    }
  }
}

/// The median of a feature, and how far its middle half spreads.
struct Quartiles {
  let median: Double
  /// The distance of the quartiles, or half that of the extremes where it is 0.
  let spread: Double
  let minimum: Double

  /// Of each feature of some rows, at least one.
  static func of(_ subset: Subset) -> [Quartiles] {
    switch subset.table.features {
    case .bytes(let bytes): columns(bytes, subset)
    case .floats(let floats): columns(floats, subset)
    }
  }

  private static func columns<Element: ScalableElement>(_ features: [Element], _ subset: Subset) -> [Quartiles] {
    let columns = subset.table.columns
    return (0..<columns).map { column in
      Quartiles(subset.rows.map { features[Int($0) * columns + column] }.sorted())
    }
  }

  private init<Element: ScalableElement>(_ sorted: [Element]) {
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let index = Int(place)
      let (low, high) = (sorted[index].double, sorted[min(index + 1, sorted.count - 1)].double)
      return low + (high - low) * (place - Double(index))
    }
    minimum = sorted[0].double
    median = quantile(0.5)
    let distance = quantile(0.75) - quantile(0.25)
    spread = distance > 0 ? distance : (sorted[sorted.count - 1].double - minimum) / 2
  }
}
