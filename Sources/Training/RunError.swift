import Kernels

/// Why a run cannot begin or go on.
public enum RunError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The cost of a mini-batch is infinite or not a number; both are counted from 1, the step within the epoch.
  case lossNotFinite(epoch: Int, step: Int)
  /// This processor lacks the instructions that were asked for.
  case instructionSetMissing(InstructionSet)

  /// A sentence.
  public var description: String {
    switch self {
    case .lossNotFinite(let epoch, let step):
      "the loss is not finite in epoch \(epoch), step \(step); a smaller optimizer.learningRate usually helps, and so "
        + "does dataset.scaling 'standardize'"
    case .instructionSetMissing(let set):
      "this processor has no kernels for the instruction set '\(set.rawValue)'; it has "
        + InstructionSet.available.map(\.rawValue).joined(separator: ", ")
    }
  }
}
