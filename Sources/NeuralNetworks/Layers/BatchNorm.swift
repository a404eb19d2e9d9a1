import ConfigurationSchema
import Kernels

/// Batch normalization: y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), column by column (Ioffe and Szegedy, 2015).
///
/// In training μ and σ² are the mean and the variance of the whole mini-batch, whoever computes which part of it: the
/// moments of each gradient shard are joined along the tree of the shards (Chan, Golub and LeVeque, 1979). Otherwise they
/// are the running statistics, which each step moves by `momentum` of the way, with the unbiased variance, as PyTorch does.
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

  /// Normalization of each column.
  public init(epsilon: Float = defaultEpsilon, momentum: Float = defaultMomentum) {
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// The keys of the layer; nil after reporting issues.
  init?(_ section: Section) {
    // Keys that are left out are left out of model files as well, which therefore are those of versions that did not know them.
    let epsilon = section.optional(
      "epsilon", .float(.positive), absence: "0.00001", help: "ε, what is added to the variance of an input")
    let momentum = section.optional(
      "momentum", .float(.from(0, through: 1)), absence: "0.1",
      help: "the weight of a mini-batch in the running statistics, as in PyTorch")
    self.init(
      epsilon: epsilon.map { Float($0) } ?? Self.defaultEpsilon,
      momentum: momentum.map { Float($0) } ?? Self.defaultMomentum)
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
      input: input, epsilon: epsilon, momentum: momentum, mean: program.vector(columns: columns),
      inverseDeviation: program.vector(columns: columns),
      runningMean: runningMean, runningVariance: runningVariance)
    program.append(.batchStatistics(statistics), computing: output, reading: .allRows(of: input))
    program.append(
      .normalization(
        Normalization(input: input, output: output, scale: scale, shift: shift, statistics: statistics)),
      computing: output, reading: .ownPanel(of: input))

    let delta = program.delta(of: output)
    let (sums, products) = (program.vector(columns: columns), program.vector(columns: columns))
    program.addGradients([
      Gradient(block: scale, source: .stored(vector: products)), Gradient(block: shift, source: .stored(vector: sums)),
    ])
    program.onBackward { program in
      program.append(
        .normalizationSums(
          NormalizationSums(input: input, delta: delta, statistics: statistics, sums: sums, products: products)),
        computing: delta, reading: .allRows(of: input))
      guard program.hasDelta(input) else { return }
      program.append(
        .normalizationDerivative(
          NormalizationDerivative(
            input: input, delta: delta, statistics: statistics, scale: scale, sums: sums, products: products)),
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

/// Forward: μ and 1 / √(σ² + ε) of a panel over the whole mini-batch, and a step of the running statistics.
struct BatchStatistics: Sendable {
  /// x, [samples, columns]
  let input: Matrix
  let epsilon: Float
  let momentum: Float
  /// Vectors of the workspace.
  let mean: Int
  let inverseDeviation: Int
  /// Parameter blocks.
  let runningMean: Int
  let runningVariance: Int

  @inline(__always)
  func perform(_ context: Context, panel: Int) {
    context.kernels.batchStatistics(
      context[input], context.step.shards, epsilon: epsilon, momentum: context.step.statisticsWeight ?? momentum,
      mean: context.workVectors[mean], inverseDeviation: context.workVectors[inverseDeviation],
      runningMean: context.vectors[runningMean], runningVariance: context.vectors[runningVariance],
      scratch: context.scratch, panel: panel)
  }
}

/// Forward: y = γ (x − μ) / √(σ² + ε) + β with the statistics of the mini-batch.
struct Normalization: Sendable {
  let input: Matrix
  /// y; may not be x, which the backward pass needs.
  let output: Matrix
  let scale: Int
  let shift: Int
  let statistics: BatchStatistics

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    context.kernels.normalize(
      context[input], into: context[output], mean: context.workVectors[statistics.mean],
      inverseDeviation: context.workVectors[statistics.inverseDeviation], scale: context.vectors[scale],
      shift: context.vectors[shift], rows: rows, panel: panel)
  }
}

/// Backward: Σ δ and Σ δ x̂ of a panel over the whole mini-batch, which are ∂C/∂β and ∂C/∂γ as well.
struct NormalizationSums: Sendable {
  let input: Matrix
  /// δ = ∂C/∂y
  let delta: Matrix
  let statistics: BatchStatistics
  /// Vectors of the workspace.
  let sums: Int
  let products: Int

  @inline(__always)
  func perform(_ context: Context, panel: Int) {
    context.kernels.normalizationSums(
      context[input], context[delta], context.step.shards, mean: context.workVectors[statistics.mean],
      inverseDeviation: context.workVectors[statistics.inverseDeviation], sums: context.workVectors[sums],
      products: context.workVectors[products], scratch: context.scratch, panel: panel)
  }
}

/// Backward: ∂C/∂x = γ / √(σ² + ε) · (δ − Σδ/n − x̂ Σδx̂/n) over n samples, in place.
struct NormalizationDerivative: Sendable {
  let input: Matrix
  let delta: Matrix
  let statistics: BatchStatistics
  let scale: Int
  let sums: Int
  let products: Int

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    context.kernels.normalizationDerivative(
      context[input], context[delta], samples: context.step.shards.rows, mean: context.workVectors[statistics.mean],
      inverseDeviation: context.workVectors[statistics.inverseDeviation], scale: context.vectors[scale],
      sums: context.workVectors[sums], products: context.workVectors[products], rows: rows, panel: panel)
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
