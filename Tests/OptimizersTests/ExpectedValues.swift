import Foundation

/// Expected/optimizers.json, which Expected/optimizers.py made.
struct ExpectedValues: Decodable, Sendable {
  struct AdamCase: Decodable, Sendable {
    let rate, beta1, beta2, epsilon, decay: Double
    let start: [Float]
    let gradients: [[Float]]
    let parameters: [[Double]]
    let first, second: [Double]
  }

  struct ClippingCase: Decodable, Sendable {
    let gradients: [Float]
    let samples: Int
    let limit, factor: Double
  }

  let adam: [AdamCase]
  let clipping: [ClippingCase]

  static func all() throws -> ExpectedValues {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected/optimizers.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}
