import Files
import Kernels
import NeuralNetworks

/// A model as the text of one C header that needs nothing else: a function that returns the bits of `Model.predict`, on any machine
/// whose floats are those of IEEE 754.
///
///     let header = try model.cHeader(name: "digits")
///     try header.text.write(to: url, atomically: true, encoding: .utf8)
///
/// In C, with the prefix `digits`:
///
///     float outputs[DIGITS_OUTPUTS];
///     digits_predict(features, outputs);   /* features as the data have them, DIGITS_FEATURES numbers */
///     assert(digits_self_test() == 0);     /* this compiler and this machine compute the bits of the program */
///
/// The header is C99 (and C++17), allocates no memory and calls no function of a library but `fmaf` and `sqrtf`, whose results IEEE 754
/// defines to the bit; `sqrtf` is an instruction of most processors. A header that meets options of a compiler that change results, such as
/// `-ffast-math`, ends with an error. Two results that are not a number are taken for equal: processors differ in the bits of those.
public struct CHeader: Sendable, Equatable {
  /// The content of the header.
  public let text: String
  /// Bytes of the tables that a prediction reads, which a linker places in read-only memory. Code comes on top, and so do the tables of the
  /// self-test where that is called.
  public let flashBytes: Int
  /// Bytes of the arrays that a prediction has on the stack. Registers and frames of calls come on top, a few hundred
  /// bytes.
  public let ramBytes: Int
}

extension Model {
  /// The model as a C header.
  ///
  /// - Parameter name: what all identifiers begin with; macros begin with it in capitals. A program that includes several headers gives
  ///   each a name of its own, and not one that differs in capitals alone.
  /// - Throws: `InputError` if the name is no identifier of C.
  public func cHeader(name: String = "lockstep") throws(InputError) -> CHeader {
    guard CText.isIdentifier(name) else {
      throw InputError(
        file: "name",
        "must be an identifier of C, of the letters a to z and A to Z, digits and _, the first one no digit; found \(quoted(name))"
      )
    }
    let program = CProgram(self)
    let selfTest = try CSelfTest(self)
    let template = """
      #ifndef @MODEL_H
      #define @MODEL_H

      #include <math.h>
      #include <stdint.h>
      #include <string.h>

      \(Self.conditions)
      /* How many numbers $predict reads and writes. */
      #define @FEATURES \(network.inputs)
      #define @OUTPUTS \(network.outputs)

      \(CFunction.texts(program.functions))
      \(program.tables)
      \(program.predict)
      \(selfTest.function)
      #endif

      """
    // Names of features and classes stand in the comment alone, which is no template.
    let text = comment(program, selfTest, name: name) + CText.named(template, name)
    return CHeader(text: text, flashBytes: program.flashBytes, ramBytes: program.ramBytes)
  }

  /// What the compiler has to keep.
  private static let conditions = """
    #if defined(__FAST_MATH__) || defined(_M_FP_FAST) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || \\
      defined(__NO_SIGNED_ZEROS__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0)
    #error "$predict would give other bits: compile without -ffast-math and the options that are part of it"
    #endif
    #if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
    #error "$predict would give other bits: floats must be computed as floats, as with -msse2 -mfpmath=sse or -fexcess-precision=fast"
    #endif

    """
}
