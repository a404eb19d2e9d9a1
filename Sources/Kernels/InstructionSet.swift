import KernelSource
import KernelsPortable
import ProcessorFeatures

#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512
#endif

/// A set of vector instructions for which there are kernels. All compute the same bits.
public enum InstructionSet: String, CaseIterable, Sendable {
  /// What every processor of the architecture has.
  case portable
  /// x86-64 with AVX2 and FMA.
  case avx2
  /// x86-64 with AVX-512 F, VL, DQ and BW.
  case avx512
  /// arm64.
  case neon

  /// Those that this program was compiled for and this processor has, the fastest last.
  public static var available: [InstructionSet] { allCases.filter { $0.kernelSet != nil } }

  /// The fastest that this processor has.
  public static var best: InstructionSet { available.last! }

  /// The kernels; nil if this processor cannot run them.
  var kernelSet: (any KernelSet.Type)? {
    #if arch(x86_64)
      switch self {
      case .portable: PortableKernels.self
      case .avx2: processorHasAVX2() ? AVX2Kernels.self : nil
      case .avx512: processorHasAVX512() ? AVX512Kernels.self : nil
      case .neon: nil
      }
    #elseif arch(arm64)
      switch self {
      case .portable, .neon: PortableKernels.self
      case .avx2, .avx512: nil
      }
    #else
      self == .portable ? PortableKernels.self : nil
    #endif
  }
}
