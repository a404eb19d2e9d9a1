import Foundation
import Kernels
import Testing

@Suite struct GaussianNoiseTests {
  /// The noise of rows that are some samples.
  private func noise(
    _ kernels: Kernels = .best, samples: [Int32], columns: Int = 70, layer: UInt16 = 3, deviation: Float = 1
  ) -> [[Float]] {
    let x = OwnedMatrix(rows: samples.count, columns: columns) { _, _ in 0 }
    let order = SampleOrder(samples)
    return withExtendedLifetime((x, order)) {
      for panel in 0..<x.view.panels {
        kernels.gaussianNoise(
          x.view, into: x.view, standardDeviation: deviation,
          RandomMask(seed: 5, purpose: .gaussianNoise, layer: layer, epoch: 2), order.selection(from: 0),
          rows: 0..<samples.count,
          panel: panel)
      }
      return x.elements
    }
  }

  @Test(arguments: InstructionSet.available) func sameBits(_ set: InstructionSet) {
    let samples = (0..<40).map { Int32($0) }
    for columns in [1, 16, 17, 33, 70] {
      #expect(
        noise(Kernels(set)!, samples: samples, columns: columns)
          == noise(allKernels[0], samples: samples, columns: columns))
    }
  }

  /// A sample has the same noise in any row; a unit has the same whatever the others are.
  @Test func placesDoNotMatter() {
    let rows = noise(samples: [9, 4, 7])
    #expect(noise(samples: [4]) == [rows[1]])
    #expect(noise(samples: [7, 9], columns: 40) == [rows[2], rows[0]].map { Array($0.prefix(40)) })
    #expect(noise(samples: [9, 4, 7], layer: 4) != rows)
    #expect(noise(samples: [9, 4, 7], deviation: 2) == rows.map { $0.map { 2 * $0 } })
  }

  /// The method of Box and Muller in double precision on the bits of `RandomStream`.
  @Test func formula() {
    let stream = RandomStream(seed: 5, purpose: .gaussianNoise, stream: 2)
    let samples = (0..<50).map { Int32($0 * 3) }
    for (r, row) in noise(samples: samples).enumerated() {
      for (unit, found) in row.enumerated() {
        let index = UInt64(samples[r]) | UInt64(16 * (unit / 32) + unit % 16) << 32
        let words = stream.block(at: index, attempt: 3)
        let radius = (-2 * log(1 - Double(words[0] >> 9) * 0x1p-23)).squareRoot()
        let angle = 2 * Double.pi * (Double(words[1] >> 7) * 0x1p-25 - 0.125)
        let exact = radius * (unit / 16 % 2 == 0 ? cos(angle) : sin(angle))
        #expect(abs(Double(found) - exact) < 4e-7 * max(radius, 1))
      }
    }
  }
}
