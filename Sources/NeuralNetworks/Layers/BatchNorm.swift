import ConfigurationSchema
import Kernels

/// Batch normalization: y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), column by column (Ioffe and Szegedy, 2015).
///
/// In training μ and σ² are the mean and the variance of the whole mini-batch, whoever computes which part of it: the
/// moments of each gradient shard are joined along the tree of the shards (Chan, Golub and LeVeque, 1979). Otherwise they
/// are the running statistics, which each step moves by `momentum` of the way, with the unbiased variance, as PyTorch does.
///
/// With a `groupSize`, adjacent rows of the mini-batch are normalized in groups by themselves (see `StatisticsGroups`), sums being
/// chains over the rows of a group. Running statistics move with each group, the first one first, as those of PyTorch's layer do
/// when it sees the groups one after another.
///
/// Its blocks are `weight`, γ, which starts at 1, `bias`, β, which starts at 0, `running_mean` and `running_var`.
public struct BatchNorm: Layer, Equatable {
  /// ε where none is configured.
  public static let defaultEpsilon: Float = 1e-5
  /// The weight of a mini-batch in the running statistics where none is configured.
  public static let defaultMomentum: Float = 0.1
  /// ε
  public let epsilon: Float
  /// The weight of a mini-batch in the running statistics: 1 minus what Keras calls so.
  public let momentum: Float

  /// Rows of a group with statistics of its own, at least 2; 0 for the whole mini-batch.
  public let groupSize: Int

  /// Normalization of each column.
  public init(epsilon: Float = defaultEpsilon, momentum: Float = defaultMomentum, groupSize: Int = 0) {
    precondition(groupSize == 0 || groupSize > 1, "one row has no variance")
    self.epsilon = epsilon
    self.momentum = momentum
    self.groupSize = groupSize
  }

  /// The keys of the layer; nil after reporting issues.
  init?(_ section: Section) {
    // Keys that are left out are left out of model files as well, which therefore are those of versions that did not know them.
    let epsilon = section.optional(
      "epsilon", .float(.positive), absence: "0.00001", help: "ε, what is added to the variance of an input")
    let momentum = section.optional(
      "momentum", .float(.from(0, through: 1)), absence: "0.1",
      help: "the weight of a mini-batch in the running statistics, as in PyTorch")
    let groupSize = section.optional(
      "groupSize", .integer(in: 2...1_000_000_000), absence: "the whole mini-batch",
      help: "in training, adjacent samples that are normalized by statistics of their own (ghost batch normalization)",
      role: .beginning)
    self.init(
      epsilon: epsilon.map { Float($0) } ?? Self.defaultEpsilon,
      momentum: momentum.map { Float($0) } ?? Self.defaultMomentum, groupSize: groupSize ?? 0)
  }

  public func compile(into program: inout ProgramBuilder, input: Matrix) -> Matrix {
    let columns = program.columns(of: input)
    func vector(_ name: String, _ role: ParameterBlock.Role, _ start: Float) -> Int {
      program.block(name, shape: [columns], rows: 1, columns: columns, role: role, start: .constant(start))
    }
    let scale = vector("weight", .scale, 1)
    let shift = vector("bias", .shift, 0)
    let runningMean = vector("running_mean", .statistic, 0)
    let runningVariance = vector("running_var", .statistic, 1)
    guard program.isForTraining && program.learning.isTrainable else {
      let output = program.result(of: input, keeping: .nothing)
      program.needDelta(of: output)
      program.append(
        .storedNormalization(
          StoredNormalization(
            input: input, output: output, epsilon: epsilon, scale: scale, shift: shift, mean: runningMean,
            variance: runningVariance)),
        computing: output, reading: .ownPanel(of: input))
      if program.isForTraining { compileStoredBackward(into: &program, input, scale: scale, variance: runningVariance) }
      return output
    }

    let output = program.result(of: input, keeping: .input)
    program.needDelta(of: output)
    let statistics = BatchStatistics(
      input: input, epsilon: epsilon, momentum: momentum, groupSize: groupSize,
      mean: program.vector(columns: columns, groupSize: groupSize),
      inverseDeviation: program.vector(columns: columns, groupSize: groupSize),
      runningMean: runningMean, runningVariance: runningVariance)
    program.append(.batchStatistics(statistics), computing: output, reading: .allRows(of: input))
    program.append(
      .normalization(
        Normalization(input: input, output: output, scale: scale, shift: shift, statistics: statistics)),
      computing: output, reading: .ownPanel(of: input))

    let delta = program.delta(of: output)
    let sums = NormalizationSums(
      input: input, delta: delta, statistics: statistics, sums: program.vector(columns: columns, groupSize: groupSize),
      products: program.vector(columns: columns, groupSize: groupSize), allSums: program.vector(columns: columns),
      allProducts: program.vector(columns: columns))
    program.addGradients([
      Gradient(block: scale, source: .stored(vector: sums.allProducts)),
      Gradient(block: shift, source: .stored(vector: sums.allSums)),
    ])
    program.onBackward { program in
      program.append(.normalizationSums(sums), computing: delta, reading: .allRows(of: input))
      guard program.hasDelta(input) else { return }
      program.append(
        .normalizationDerivative(
          NormalizationDerivative(
            input: input, delta: delta, statistics: statistics, scale: scale, sums: sums.sums, products: sums.products)),
        computing: delta, reading: .ownPanel(of: input))
    }
    return output
  }
}

extension BatchNorm {
  /// The backward pass of a layer that is not trained, and so normalizes with its running statistics.
  private func compileStoredBackward(into program: inout ProgramBuilder, _ input: Matrix, scale: Int, variance: Int) {
    guard program.hasDelta(input) else { return }
    let zeros = program.vector(columns: program.columns(of: input))
    program.onBackward { [epsilon] program in
      let delta = program.delta(of: input)
      program.append(
        .storedNormalizationDerivative(
          StoredNormalizationDerivative(
            delta: delta, epsilon: epsilon, scale: scale, variance: variance, zeros: zeros)),
        computing: delta, reading: .ownPanel(of: input))
    }
  }
}

/// Forward: μ and 1 / √(σ² + ε) of a panel over the whole mini-batch or over each group, and a step of the running statistics.
struct BatchStatistics: Sendable {
  /// x, [samples, columns]
  let input: Matrix
  let epsilon: Float
  let momentum: Float
  /// Rows of a group; 0 for all.
  let groupSize: Int
  /// Vectors of the workspace, with values for each group.
  let mean: Int
  let inverseDeviation: Int
  /// Parameter blocks.
  let runningMean: Int
  let runningVariance: Int

  @inline(__always)
  func perform(_ context: Context, panel: Int) {
    let (x, groups) = (context[input], groups(context))
    for group in 0..<groups.count {
      context.kernels.batchStatistics(
        x.rows(groups[group]), shards(context, groups[group]), epsilon: epsilon, momentum: weight(context, group),
        mean: context.workVectors[mean].group(group, columns: x.columns),
        inverseDeviation: context.workVectors[inverseDeviation].group(group, columns: x.columns),
        runningMean: context.vectors[runningMean], runningVariance: context.vectors[runningVariance],
        scratch: context.scratch, panel: panel)
    }
  }

  @inline(__always)
  func groups(_ context: Context) -> StatisticsGroups {
    StatisticsGroups(rows: context.step.shards.rows, size: groupSize)
  }

  /// The parts of a group whose sums are chains: its gradient shards where it is the whole mini-batch.
  @inline(__always)
  func shards(_ context: Context, _ group: Range<Int>) -> GradientShards {
    groupSize == 0 ? context.step.shards : GradientShards(rows: group.count, shardRows: group.count)
  }

  /// The weight of a group in the running statistics.
  @inline(__always)
  private func weight(_ context: Context, _ group: Int) -> Float {
    guard let seen = context.step.statisticsSeen else { return momentum }
    return 1 / Float(seen.batches * StatisticsGroups(rows: seen.rows, size: groupSize).count + group + 1)
  }
}

/// Forward: y = γ (x − μ) / √(σ² + ε) + β with the statistics of the mini-batch, or of the group of each row.
struct Normalization: Sendable {
  let input: Matrix
  /// y; may not be x, which the backward pass needs.
  let output: Matrix
  let scale: Int
  let shift: Int
  let statistics: BatchStatistics

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    let (x, y, groups) = (context[input], context[output], statistics.groups(context))
    for group in groups.touching(rows) {
      context.kernels.normalize(
        x, into: y, mean: context.workVectors[statistics.mean].group(group, columns: x.columns),
        inverseDeviation: context.workVectors[statistics.inverseDeviation].group(group, columns: x.columns),
        scale: context.vectors[scale], shift: context.vectors[shift], rows: rows.clamped(to: groups[group]),
        panel: panel)
    }
  }
}

/// Backward: Σ δ and Σ δ x̂ of a panel over the whole mini-batch, which are ∂C/∂β and ∂C/∂γ as well, and over each group.
struct NormalizationSums: Sendable {
  let input: Matrix
  /// δ = ∂C/∂y
  let delta: Matrix
  let statistics: BatchStatistics
  /// Vectors of the workspace, with values for each group.
  let sums: Int
  let products: Int
  /// Vectors with the sums over all groups, the first one first.
  let allSums: Int
  let allProducts: Int

  @inline(__always)
  func perform(_ context: Context, panel: Int) {
    let (x, delta, groups) = (context[input], context[delta], statistics.groups(context))
    let own = panel * PanelMatrix.panelWidth..<(panel + 1) * PanelMatrix.panelWidth
    for group in 0..<groups.count {
      let sum = context.workVectors[sums].group(group, columns: x.columns)
      let product = context.workVectors[products].group(group, columns: x.columns)
      context.kernels.normalizationSums(
        x.rows(groups[group]), delta.rows(groups[group]), statistics.shards(context, groups[group]),
        mean: context.workVectors[statistics.mean].group(group, columns: x.columns),
        inverseDeviation: context.workVectors[statistics.inverseDeviation].group(group, columns: x.columns), sums: sum,
        products: product, scratch: context.scratch, panel: panel)
      if group == 0 {
        context.workVectors[allSums][own].copy(sum[own])
        context.workVectors[allProducts][own].copy(product[own])
      } else {
        context.kernels.accumulate(context.workVectors[allSums][own], sum[own])
        context.kernels.accumulate(context.workVectors[allProducts][own], product[own])
      }
    }
  }
}

/// Backward: ∂C/∂x = γ / √(σ² + ε) · (δ − Σδ/n − x̂ Σδx̂/n) over the n samples of the mini-batch, or of the group of each row, in place.
struct NormalizationDerivative: Sendable {
  let input: Matrix
  let delta: Matrix
  let statistics: BatchStatistics
  let scale: Int
  /// Vectors of the workspace, with values for each group.
  let sums: Int
  let products: Int

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    let (x, delta, groups) = (context[input], context[delta], statistics.groups(context))
    for group in groups.touching(rows) {
      func vector(_ index: Int) -> FloatSlice { context.workVectors[index].group(group, columns: x.columns) }
      context.kernels.normalizationDerivative(
        x, delta, samples: groups[group].count, mean: vector(statistics.mean),
        inverseDeviation: vector(statistics.inverseDeviation), scale: context.vectors[scale], sums: vector(sums),
        products: vector(products), rows: rows.clamped(to: groups[group]), panel: panel)
    }
  }
}

/// Inference: y = γ (x − μ) / √(σ² + ε) + β with the running statistics.
struct StoredNormalization: Sendable {
  let input: Matrix
  /// y; may be x.
  let output: Matrix
  let epsilon: Float
  let scale: Int
  let shift: Int
  let mean: Int
  let variance: Int

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    context.kernels.normalize(
      context[input], into: context[output], mean: context.vectors[mean], variance: context.vectors[variance],
      epsilon: epsilon, scale: context.vectors[scale], shift: context.vectors[shift],
      scratch: context.scratch, rows: rows, panel: panel)
  }
}

/// Backward through running statistics: ∂C/∂x = γ / √(σ² + ε) · δ, in place.
struct StoredNormalizationDerivative: Sendable {
  /// δ = ∂C/∂y, then ∂C/∂x.
  let delta: Matrix
  let epsilon: Float
  let scale: Int
  let variance: Int
  /// A vector of the workspace that nobody writes to.
  let zeros: Int

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    let zeros = context.workVectors[zeros]
    context.kernels.normalize(
      context[delta], into: context[delta], mean: zeros, variance: context.vectors[variance], epsilon: epsilon,
      scale: context.vectors[scale], shift: zeros, scratch: context.scratch, rows: rows, panel: panel)
  }
}
