import Kernels

/// Why a run cannot begin or go on.
public enum RunError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A cost or a parameter is infinite or not a number.
  case notFinite(NumericFault)
  /// This processor lacks the instructions that were asked for.
  case instructionSetMissing(InstructionSet)

  /// A sentence.
  public var description: String {
    switch self {
    case .notFinite(let fault): fault.description
    case .instructionSetMissing(let set):
      "this processor has no kernels for the instruction set '\(set.rawValue)'; it has "
        + InstructionSet.available.map(\.rawValue).joined(separator: ", ")
    }
  }
}
