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
  private let zero: FloatSlice
  private let one: FloatSlice

  /// A reader of `table` with the scaling of the training data.
  public init(_ table: Table, scaling: Scaling) {
    precondition(scaling.shift.count == table.columns && scaling.scale.count == table.columns)
    features = table.features
    columns = table.columns
    isLarge = table.features.byteCount > 1 << 19
    targets = table.targets
    var targetColumns = 0
    if case .values(_, let columns) = table.targets { targetColumns = columns }
    let buffers = [
      FloatBuffer(scaling.shift), FloatBuffer(scaling.scale), FloatBuffer(count: targetColumns),
      FloatBuffer([Float](repeating: 1, count: targetColumns)),
    ]
    self.buffers = buffers
    shift = buffers[0].all
    scale = buffers[1].all
    zero = buffers[2].all
    one = buffers[3].all
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
    case .values(let values, _): kernels.gather(values, selection, shift: zero, scale: one, into: matrix, rows: rows)
    case .labels(let labels, _): kernels.gather(labels: labels, selection, into: matrix, rows: rows)
    }
  }
}
