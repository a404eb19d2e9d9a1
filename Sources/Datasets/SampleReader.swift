import Kernels

/// Reads samples of one table into the matrices of a mini-batch, scaling features on the way.
public final class SampleReader: Sendable {
  private let features: FeatureStorage
  private let columns: Int
  /// Whether the features are too large for the caches of a single core, so that fetching them ahead pays.
  public let isLarge: Bool
  private let targets: Targets
  private let buffers: [FloatBuffer]
  private let shift: FloatSlice
  private let scale: FloatSlice
  private let clipsSmoothly: Bool
  private let targetShift: FloatSlice
  private let targetScale: FloatSlice
  private let encoding: TargetEncoding
  /// The weight of each row in the loss; nil if all count alike.
  private let weights: FloatBuffer?

  /// A reader of `table` with the scaling of the training data.
  ///
  /// - Parameters:
  ///   - targets: how targets become the numbers that are learned.
  ///   - classWeights: what the weight of a row is multiplied by, for each class.
  public init(
    _ table: Table, scaling: Scaling, targets encoding: TargetEncoding = .plain, classWeights: [Float]? = nil
  ) {
    precondition(scaling.shift.count == table.columns && scaling.scale.count == table.columns)
    features = table.features
    columns = table.columns
    isLarge = table.features.byteCount > 1 << 19
    targets = table.targets
    let targetColumns =
      switch table.targets {
      case .values(_, let columns): columns
      case .distributions(_, let classes): classes.count
      case .labels: 0
      }
    self.encoding = encoding
    let isPlain = encoding.shift.isEmpty
    precondition(isPlain || targetColumns == 0 || encoding.shift.count == targetColumns, "the encoding does not fit")
    let buffers = [
      FloatBuffer(scaling.shift), FloatBuffer(scaling.scale),
      FloatBuffer(isPlain ? [Float](repeating: 0, count: targetColumns) : encoding.shift),
      FloatBuffer(isPlain ? [Float](repeating: 1, count: targetColumns) : encoding.scale),
    ]
    weights = Self.weights(of: table, classWeights).map { FloatBuffer($0) }
    self.buffers = buffers
    shift = buffers[0].all
    scale = buffers[1].all
    clipsSmoothly = scaling.clipsSmoothly
    targetShift = buffers[2].all
    targetScale = buffers[3].all
  }

  /// The product of the weight of each sample and that of its class.
  private static func weights(of table: Table, _ classWeights: [Float]?) -> [Float]? {
    guard let classWeights, case .labels(let labels, _) = table.targets else { return table.weights }
    return labels.indices.map { (table.weights?[$0] ?? 1) * classWeights[Int(labels[$0])] }
  }

  /// Reads the features of the samples `selection` into `rows` of x, [samples, features].
  ///
  /// - Parameter columns: which features, as whole panels; all unless given.
  public func readInputs(
    _ kernels: Kernels, _ selection: SampleSelection, into inputs: PanelMatrix, rows: Range<Int>,
    columns: Range<Int>? = nil
  ) {
    switch features {
    case .bytes(let bytes):
      kernels.gather(bytes, selection, shift: shift, scale: scale, into: inputs, rows: rows, columns: columns)
    case .floats(let floats):
      kernels.gather(floats, selection, shift: shift, scale: scale, into: inputs, rows: rows, columns: columns)
    }
    if clipsSmoothly { kernels.smoothClip(inputs, rows: rows, columns: columns) }
  }

  /// Fetches the features of the samples `selection` into the cache, ahead of `readInputs`.
  public func fetchInputs(_ kernels: Kernels, _ selection: SampleSelection, rows: Range<Int>) {
    switch features {
    case .bytes(let bytes): kernels.fetch(bytes, columns: columns, selection, rows: rows)
    case .floats(let floats): kernels.fetch(floats, columns: columns, selection, rows: rows)
    }
  }

  /// Reads the targets of the samples `selection` into `rows` of y, [samples, outputs].
  public func readTargets(
    _ kernels: Kernels, _ selection: SampleSelection, into matrix: PanelMatrix, rows: Range<Int>
  ) {
    switch targets {
    case .values(let values, _), .distributions(let values, _):
      kernels.gather(values, selection, shift: targetShift, scale: targetScale, into: matrix, rows: rows)
    case .labels(let labels, _):
      kernels.gather(
        labels: labels, low: encoding.low, high: encoding.high, selection, into: matrix, rows: rows)
    }
  }

  // MARK: Weights

  /// Whether rows have weights.
  public var isWeighted: Bool { weights != nil }

  /// Reads the weights of the samples `selection` into `rows` of a vector: 1 where there are none.
  public func readWeights(_ selection: SampleSelection, into vector: FloatSlice, rows: Range<Int>) {
    for row in rows { vector[row] = weight(of: selection, row: row) }
  }

  /// The sum of the weights of the first `rows` samples of a selection, added in their order.
  public func weightSum(of selection: SampleSelection, rows: Int) -> Double {
    guard isWeighted else { return Double(rows) }
    return (0..<rows).reduce(0.0) { $0 + Double(weight(of: selection, row: $1)) }
  }

  private func weight(of selection: SampleSelection, row: Int) -> Float {
    weights.map { $0[selection.sample(ofRow: row)] } ?? 1
  }
}
