import Kernels
import Testing

@Suite struct InstructionSetTests {
  @Test func thePortableKernelsAreAlwaysThere() {
    #expect(InstructionSet.available.first == .portable)
    #expect(InstructionSet.best == InstructionSet.available.last)
    #expect(Kernels.best.instructionSet == InstructionSet.best)
  }

  @Test(arguments: InstructionSet.allCases)
  func kernelsExistForAvailableInstructions(_ set: InstructionSet) {
    #expect((Kernels(set) != nil) == InstructionSet.available.contains(set))
    #expect(Kernels(set)?.instructionSet ?? set == set)
  }

  @Test func instructionsBelongToTheArchitecture() {
    #if arch(x86_64)
      #expect(!InstructionSet.available.contains(.neon))
      // AVX-512 comes with AVX2.
      #expect(!InstructionSet.available.contains(.avx512) || InstructionSet.available.contains(.avx2))
    #elseif arch(arm64)
      #expect(InstructionSet.available == [.portable, .neon])
    #endif
  }

  @Test func namesRoundTrip() {
    #expect(InstructionSet.allCases.map(\.rawValue) == ["portable", "avx2", "avx512", "neon"])
    #expect(InstructionSet(rawValue: "avx512") == .avx512)
  }

  @Test func tilesHaveRows() {
    for kernels in allKernels { #expect((1...12).contains(kernels.tileRows)) }
  }
}
