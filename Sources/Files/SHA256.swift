import ProcessorFeatures

/// The hash function SHA-256 of FIPS 180-4. Foundation has none, and equal models are proved equal by their digests.
///
///     var hash = SHA256()
///     hash.update(values)
///     let digest = hash.hexadecimal
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// Bytes that do not fill a block yet.
  private var rest: [UInt8] = []
  private var count = 0
  private let usesInstructions: Bool

  /// A hash of nothing so far.
  public init() { self.init(usesInstructions: true) }

  /// - Parameter usesInstructions: whether to use the processor's own instructions, if it has them.
  init(usesInstructions: Bool) { self.usesInstructions = usesInstructions && Self.hasInstructions }

  private static let hasInstructions = processorHasSHA256()

  /// The digest of `bytes` in lower-case hexadecimal digits.
  public static func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexadecimal
  }

  // MARK: Input

  /// Adds bytes.
  public mutating func update(_ bytes: some Collection<UInt8>) {
    let isAdded: Void? = bytes.withContiguousStorageIfAvailable { unsafe update(UnsafeRawBufferPointer($0)) }
    if isAdded == nil { unsafe Array(bytes).withUnsafeBytes { unsafe update($0) } }
  }

  /// Adds the bytes of a text in UTF-8.
  public mutating func update(_ text: String) { update(text.utf8) }

  /// Adds a whole number, 8 bytes, little endian.
  public mutating func update(_ number: Int) {
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe update($0) }
  }

  /// Adds numbers as F32 tensors lie in a file: 4 bytes each, little endian.
  public mutating func update(_ values: ArraySlice<Float>) {
    #if _endian(little)
      unsafe values.withUnsafeBytes { unsafe update($0) }
    #else
      for value in values { unsafe withUnsafeBytes(of: value.bitPattern.littleEndian) { unsafe update($0) } }
    #endif
  }

  /// Adds numbers as F32 tensors lie in a file: 4 bytes each, little endian.
  public mutating func update(_ values: [Float]) { update(values[...]) }

  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    var start = 0
    if !rest.isEmpty {
      start = min(64 - rest.count, bytes.count)
      unsafe rest += bytes[..<start]
      guard rest.count == 64 else { return }
      let block = rest
      unsafe block.withUnsafeBytes { unsafe compress($0) }
      rest.removeAll(keepingCapacity: true)
    }
    let whole = (bytes.count - start) / 64 * 64
    unsafe compress(UnsafeRawBufferPointer(rebasing: bytes[start..<start + whole]))
    unsafe rest += bytes[(start + whole)...]
  }

  /// The digest of all that was added so far, in lower-case hexadecimal digits.
  public var hexadecimal: String {
    var hash = self
    hash.update([0x80] + [UInt8](repeating: 0, count: (119 - count % 64) % 64))
    hash.update((0..<8).reversed().map { UInt8(truncatingIfNeeded: (8 * count) >> (8 * $0)) })
    return hash.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  // MARK: The compression function

  /// Takes whole blocks into the state.
  private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
    guard let base = blocks.baseAddress, unsafe !blocks.isEmpty else { return }
    if usesInstructions {
      unsafe state.withUnsafeMutableBufferPointer { state in
        unsafe processorSHA256(
          state.baseAddress, Self.constants, base.assumingMemoryBound(to: UInt8.self), blocks.count / 64)
      }
    } else {
      var schedule = [UInt32](repeating: 0, count: 64)
      for start in stride(from: 0, to: blocks.count, by: 64) {
        unsafe Self.compress(blocks, from: start, &state, &schedule)
      }
    }
  }

  private static func compress(
    _ bytes: UnsafeRawBufferPointer, from start: Int, _ state: inout [UInt32], _ schedule: inout [UInt32]
  ) {
    var w = schedule.mutableSpan
    for i in 0..<16 {
      let j = start + 4 * i
      w[i] =
        unsafe UInt32(bytes[j]) << 24 | UInt32(bytes[j + 1]) << 16 | UInt32(bytes[j + 2]) << 8 | UInt32(bytes[j + 3])
    }
    for i in 16..<64 {
      let (x, y) = (w[i - 15], w[i - 2])
      let s0 = rotate(x, 7) ^ rotate(x, 18) ^ x &>> 3
      let s1 = rotate(y, 17) ^ rotate(y, 19) ^ y &>> 10
      w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
    }
    let k = constants.span
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    // Eight rounds at a time, so that the variables change their names and nothing is moved.
    for i in stride(from: 0, to: 64, by: 8) {
      round(a, b, c, &d, e, f, g, &h, k[i] &+ w[i])
      round(h, a, b, &c, d, e, f, &g, k[i + 1] &+ w[i + 1])
      round(g, h, a, &b, c, d, e, &f, k[i + 2] &+ w[i + 2])
      round(f, g, h, &a, b, c, d, &e, k[i + 3] &+ w[i + 3])
      round(e, f, g, &h, a, b, c, &d, k[i + 4] &+ w[i + 4])
      round(d, e, f, &g, h, a, b, &c, k[i + 5] &+ w[i + 5])
      round(c, d, e, &f, g, h, a, &b, k[i + 6] &+ w[i + 6])
      round(b, c, d, &e, f, g, h, &a, k[i + 7] &+ w[i + 7])
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
  }

  @inline(__always)
  private static func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
    _ h: inout UInt32, _ word: UInt32
  ) {
    let choice = g ^ e & (f ^ g)
    let majority = a & b | c & (a | b)
    let t1 = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice &+ word
    d = d &+ t1
    h = t1 &+ (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
  }

  @inline(__always)
  private static func rotate(_ x: UInt32, _ count: UInt32) -> UInt32 { x &>> count | x &<< (32 &- count) }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
