import Files

/// The content of an IDX file of unsigned bytes, the format of MNIST
/// (Y. LeCun, C. Cortes and C. Burges, *The MNIST database of handwritten digits*, <http://yann.lecun.com/exdb/mnist/>).
///
/// | bytes | content |
/// | --- | --- |
/// | 2 | zero |
/// | 1 | the type of the elements; 8 for unsigned bytes |
/// | 1 | d, the number of dimensions |
/// | 4·d | the dimensions, big-endian; the first one counts the samples |
/// | the rest | the elements, the last dimension fastest |
struct IDXFile {
  /// What the configuration takes the file for.
  enum Role: String {
    case features, labels
  }

  /// The dimensions, at least one; none is zero.
  let dimensions: [Int]
  /// The elements; their count is the product of the dimensions.
  let content: [UInt8]

  /// How many samples there are.
  var samples: Int { dimensions[0] }
  /// How many bytes a sample has.
  var sampleSize: Int { content.count / samples }

  /// Parses a file. `bytes` is consumed, so that its elements need not be copied.
  init(_ bytes: consuming [UInt8], named file: String, role: Role) throws(InputError) {
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
      throw InputError(file: file, "this is not an IDX file, which starts with two zero bytes, a type and a dimension")
    }
    guard bytes[2] == 8 else {
      throw InputError(
        file: file, "the file holds \(Self.typeName(bytes[2])); only unsigned bytes, type 8, can be read")
    }
    let headerSize = 4 + 4 * Int(bytes[3])
    guard bytes.count >= headerSize else {
      throw InputError(
        file: file,
        "the file is cut short: its header needs \(headerSize) bytes, and \(counted(bytes.count, "byte")) are there")
    }
    let dimensions = stride(from: 4, to: headerSize, by: 4).map { start in
      bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let shape = dimensions.map(String.init).joined(separator: " × ")
    try Self.check(dimensions, shape: shape, file: file, role: role)

    var size = 1
    for dimension in dimensions {
      let (product, overflows) = size.multipliedReportingOverflow(by: dimension)
      if overflows { throw InputError(file: file, "the file claims \(shape) bytes, more than any memory holds") }
      size = product
    }
    bytes.removeSubrange(0..<headerSize)
    if bytes.count < size {
      throw InputError(
        file: file, "the file is cut short: \(shape) needs \(counted(size, "byte")) of data, found \(bytes.count)")
    }
    if bytes.count > size {
      throw InputError(
        file: file, "the file is too long: \(shape) needs \(counted(size, "byte")) of data, found \(bytes.count)")
    }
    self.dimensions = dimensions
    content = bytes
  }

  private static func check(_ dimensions: [Int], shape: String, file: String, role: Role) throws(InputError) {
    if dimensions.isEmpty { throw InputError(file: file, "the file has no dimensions, so no samples") }
    switch role {
    case .features where dimensions.count == 1:
      throw InputError(
        file: file,
        "this is a file of \(counted(dimensions[0], "label")), with one dimension, but the configuration names it as "
          + "'features', which need two dimensions or more; are 'features' and 'labels' swapped?")
    case .labels where dimensions.count > 1:
      throw InputError(
        file: file,
        "this is a file of samples, \(shape), but the configuration names it as 'labels', which have one dimension; "
          + "are 'features' and 'labels' swapped?")
    default: break
    }
    if dimensions[0] == 0 { throw InputError(file: file, "the file holds no samples") }
    if dimensions.contains(0) { throw InputError(file: file, "the samples of the file are empty: \(shape)") }
  }

  private static func typeName(_ type: UInt8) -> String {
    switch type {
    case 0x09: "signed bytes, type 9"
    case 0x0B: "16-bit integers, type 11"
    case 0x0C: "32-bit integers, type 12"
    case 0x0D: "32-bit floating-point numbers, type 13"
    case 0x0E: "64-bit floating-point numbers, type 14"
    default: "elements of the unknown type \(type)"
    }
  }
}
