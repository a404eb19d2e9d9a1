import Foundation
import Testing

@testable import Datasets

@Suite struct SyntheticSamplesTests {
  private func samples(
    _ kind: String, count: Int = 1000, noise: Double = 0, seed: UInt64 = 1
  ) throws -> SyntheticSamples {
    let configuration = try dataset(
      #"{"train": {"format": "synthetic", "kind": "\#(kind)", "samples": \#(count), "noise": \#(noise)}}"#)
    guard case .synthetic(let synthetic) = configuration.train else { throw CancellationError() }
    return SyntheticSamples(synthetic, seed: seed, stream: 0)
  }

  private func classes(_ samples: SyntheticSamples) throws -> [UInt8] {
    guard case .classes(let classes) = samples.targets else { throw CancellationError() }
    return classes
  }

  @Test(
    arguments: [("xor", [0, 1, 1, 0, 0]), ("and", [0, 0, 0, 1, 0]), ("or", [0, 1, 1, 1, 0])] as [(String, [UInt8])])
  func gates(kind: String, expected: [UInt8]) throws {
    let samples = try samples(kind, count: 5)
    #expect(samples.features == [0, 0, 0, 1, 1, 0, 1, 1, 0, 0])
    #expect(try classes(samples) == expected)
  }

  @Test func circlesHaveTheirRadii() throws {
    let samples = try samples("circles")
    for (index, label) in try classes(samples).enumerated() {
      let radius = hypot(samples.features[2 * index], samples.features[2 * index + 1])
      #expect(abs(radius - (label == 0 ? 0.5 : 1)) < 1e-6)
    }
  }

  @Test func spiralsTurnWithTheirRadius() throws {
    let samples = try samples("spirals")
    for (index, label) in try classes(samples).enumerated() {
      let x = Double(samples.features[2 * index])
      let y = Double(samples.features[2 * index + 1])
      let angle = 2 * Double.pi * (1.5 * (hypot(x, y) - 0.1) / 0.9 + 0.5 * Double(label))
      #expect(abs(cos(angle) * y - sin(angle) * x) < 1e-5)
      #expect(cos(angle) * x + sin(angle) * y > 0)
    }
  }

  @Test func linearIsLinear() throws {
    let samples = try samples("linear")
    guard case .numbers(let numbers) = samples.targets else { return #expect(Bool(false)) }
    for (index, number) in numbers.enumerated() {
      let x = samples.features[4 * index..<4 * index + 4].map { Double($0) }
      #expect(x.allSatisfy { (-1..<1).contains($0) })
      #expect(abs(Double(number) - (x[0] - 2 * x[1] + 3 * x[2] + 0.5 * x[3] + 0.5)) < 1e-5)
    }
  }

  @Test func noiseHasItsDeviation() throws {
    let clean = try samples("and", count: 20_000)
    let noisy = try samples("and", count: 20_000, noise: 0.25)
    let differences = zip(noisy.features, clean.features).map { Double($0 - $1) }
    let variance = differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)
    #expect(abs(variance.squareRoot() - 0.25) < 0.005)
    #expect(abs(differences.reduce(0, +)) / Double(differences.count) < 0.005)
    #expect(Set(noisy.features).count > 39_000, "every feature needs noise of its own")
  }

  @Test func samplesDependOnTheSeedAlone() throws {
    #expect(try samples("spirals", noise: 0.1).features == samples("spirals", noise: 0.1).features)
    #expect(try samples("spirals", noise: 0.1).features != samples("spirals", noise: 0.1, seed: 2).features)
    let few = try samples("spirals", count: 10, noise: 0.1).features
    #expect(try samples("spirals", noise: 0.1).features.prefix(20) == few[...])
  }

  @Test func anglesAreAccurate() {
    for step in -4000...4000 {
      let turns = Double(step) / 1000
      let (cosine, sine) = cosineAndSine(turns: turns)
      // The reference has a rounding error of its argument, up to half an ulp of 8π.
      #expect(abs(cosine - cos(2 * .pi * turns)) < 4e-15)
      #expect(abs(sine - sin(2 * .pi * turns)) < 4e-15)
      #expect(abs(cosine * cosine + sine * sine - 1) < 1e-15)
    }
    #expect(cosineAndSine(turns: 0.25) == (0, 1))
    #expect(cosineAndSine(turns: 0.5) == (-1, 0))
    #expect(cosineAndSine(turns: -0.25) == (0, -1))
  }
}
