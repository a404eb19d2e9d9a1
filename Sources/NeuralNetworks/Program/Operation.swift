import Kernels

/// A matrix [samples, columns] of a program, by its number in the workspace. Number 0 are the features of the samples,
/// which no workspace holds: whoever performs a program hands them over.
public struct Matrix: Sendable, Equatable {
  let index: Int

  /// x, the features of the samples.
  public static let features = Matrix(index: 0)
}

/// One operation of a program: a plain value that says what is computed, from which matrices, into which.
///
/// It computes some rows of one panel of its result; the operations that need whole rows compute all panels of the rows at
/// once. Operations hold numbers of matrices and of parameter blocks, never references: threads that share a step must not
/// count references to what they share.
enum Operation: Sendable {
  case product(Product)
  case inputGradient(InputGradient)
  case function(Function)
  case derivative(Derivative)
  case softmax(SoftmaxRows)
  case softmaxDerivative(SoftmaxDerivative)
  case dropout(DropoutMask)
  case gaussianNoise(NoiseOfElements)
  case layerNormalization(LayerNormalization)
  case layerNormalizationDerivative(LayerNormalizationDerivative)
  case batchStatistics(BatchStatistics)
  case normalization(Normalization)
  case normalizationSums(NormalizationSums)
  case normalizationDerivative(NormalizationDerivative)
  case storedNormalization(StoredNormalization)
  case storedNormalizationDerivative(StoredNormalizationDerivative)
  case loss(LossOfRows)
  case rowWeights(RowWeights)

  /// Computes `rows` of one panel.
  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    switch self {
    case .product(let operation): operation.perform(context, rows: rows, panel: panel)
    case .inputGradient(let operation): operation.perform(context, rows: rows, panel: panel)
    case .function(let operation): operation.perform(context, rows: rows, panel: panel)
    case .derivative(let operation): operation.perform(context, rows: rows, panel: panel)
    case .softmax(let operation): operation.perform(context, rows: rows)
    case .softmaxDerivative(let operation): operation.perform(context, rows: rows)
    case .dropout(let operation): operation.perform(context, rows: rows, panel: panel)
    case .gaussianNoise(let operation): operation.perform(context, rows: rows, panel: panel)
    case .layerNormalization(let operation): operation.perform(context, rows: rows)
    case .layerNormalizationDerivative(let operation): operation.perform(context, rows: rows)
    case .batchStatistics(let operation): operation.perform(context, panel: panel)
    case .normalization(let operation): operation.perform(context, rows: rows, panel: panel)
    case .normalizationSums(let operation): operation.perform(context, panel: panel)
    case .normalizationDerivative(let operation): operation.perform(context, rows: rows, panel: panel)
    case .storedNormalization(let operation): operation.perform(context, rows: rows, panel: panel)
    case .storedNormalizationDerivative(let operation): operation.perform(context, rows: rows, panel: panel)
    case .loss(let operation): operation.perform(context, rows: rows)
    case .rowWeights(let operation): operation.perform(context, rows: rows)
    }
  }
}
