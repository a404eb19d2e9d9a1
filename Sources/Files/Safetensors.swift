import ConfigurationSchema
import Foundation

/// Files of named tensors in the safetensors format, as Hugging Face defines it: the length of a header (8 bytes, little
/// endian), the header (JSON: type, shape and place of each tensor, and text metadata), and the data.
///
/// Tensors are F32 and lie in the order given. Nothing else goes into a file, so equal tensors give equal files. A file is read
/// only if its tensors cover the data exactly: no overlap, no hole, no rest.
public struct Safetensors: Sendable, Equatable {
  /// Numbers with a name and a shape, the last extent running fastest.
  public struct Tensor: Sendable, Equatable {
    /// The name, which no other tensor of the file has.
    public let name: String
    /// The extents; empty for a single number.
    public let shape: [Int]
    /// As many numbers as the product of the extents.
    public let values: [Float]

    /// A tensor of `values`.
    public init(name: String, shape: [Int], values: [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// Texts by their keys.
  public var metadata: [String: String]
  /// The tensors, in the order in which their data lie in the file.
  public var tensors: [Tensor]
  /// Tensors of a file of others whose numbers are of types that cannot be parameters, such as `num_batches_tracked I64`; they
  /// are not read.
  public private(set) var skipped: [String] = []

  /// The tensor called `name`.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The numbers of the tensor called `name`, which must have the given shape; `file` is what errors call the file.
  public func values(_ name: String, shape: [Int], file: String) throws(InputError) -> [Float] {
    guard let tensor = self[name] else {
      let names = tensors.map { "'\($0.name)'" }.joined(separator: ", ")
      throw InputError(file: file, "the tensor '\(name)' is missing; the file holds \(names.isEmpty ? "none" : names)")
    }
    guard tensor.shape == shape else {
      throw InputError(
        file: file, "the tensor '\(name)' has the shape \(tensor.shape), and the network needs \(shape)")
    }
    return tensor.values
  }

  /// What stands before the data: the length of the header, and the header.
  private var header: [UInt8] {
    var entries: [String: JSONValue] = ["__metadata__": .object(metadata.mapValues(JSONValue.string))]
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.values.count * 4
      entries[tensor.name] = .object([
        "dtype": .string("F32"), "shape": .array(tensor.shape.map(JSONValue.integer)),
        "data_offsets": .array([.integer(offset), .integer(end)]),
      ])
      offset = end
    }
    var text = Array(JSONValue.object(entries).compactText.utf8)
    // Spaces after the header align the data for readers that map the file.
    while text.count % 8 != 0 { text.append(0x20) }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  /// The content of a file piece by piece, so that large models need no second copy in memory.
  public var pieces: some Sequence<[UInt8]> {
    // The first piece is the header, counted as tensor −1.
    sequence(state: (tensor: -1, first: 0)) { place -> [UInt8]? in
      if place.tensor < 0 {
        place.tensor = 0
        return header
      }
      while place.tensor < tensors.count, place.first == tensors[place.tensor].values.count {
        place = (place.tensor + 1, 0)
      }
      guard place.tensor < tensors.count else { return nil }
      let values = tensors[place.tensor].values
      let end = min(place.first + Self.pieceFloats, values.count)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(4 * (end - place.first))
      for value in values[place.first..<end] { bytes.append(littleEndian: value) }
      place.first = end
      return bytes
    }
  }

  private static let pieceFloats = 1 << 16

  /// The content of a file.
  public var data: Data { pieces.reduce(into: Data()) { $0.append(contentsOf: $1) } }

  /// The SHA-256 of the content.
  public var digest: String {
    var hash = SHA256()
    hash.update(header)
    for tensor in tensors { hash.update(tensor.values) }
    return hash.hexadecimal
  }

  /// A file of `tensors`, in this order.
  public init(metadata: [String: String], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Reads the content of a file. Whatever is wrong with it is an error in a sentence.
  ///
  /// - Parameter isForeign: whether other programs may have written it. Then numbers of the types F16, BF16 and F64 become Floats,
  ///   rounded to the nearest, and tensors of other types are skipped; else all must be F32.
  public init(_ data: Data, file: String, isForeign: Bool = false) throws(InputError) {
    let bytes = [UInt8](data)
    func damaged(_ what: String) -> InputError { InputError(file: file, "not a usable safetensors file: \(what)") }
    guard bytes.count >= 8 else { throw damaged("it has \(bytes.count) bytes, and the length of a header takes 8") }
    let length = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[$1]) }
    guard length <= UInt64(bytes.count - 8) else {
      throw damaged("the header should have \(length) bytes, but \(bytes.count - 8) follow")
    }
    let start = 8 + Int(length)
    let header: JSONValue
    do { header = try JSONValue(parsing: Data(bytes[8..<start]), file: file) } catch {
      throw damaged("the header is not JSON")
    }
    guard case .object(var entries) = header else { throw damaged("the header is \(header.kindName)") }
    var metadata: [String: String] = [:]
    if let value = entries.removeValue(forKey: "__metadata__") {
      guard case .object(let pairs) = value else { throw damaged("its metadata is \(value.kindName)") }
      for (key, value) in pairs {
        guard case .string(let text) = value else { throw damaged("the metadata \(quoted(key)) is \(value.kindName)") }
        metadata[key] = text
      }
    }
    var places: [(name: String, type: NumberType?, shape: [Int], data: Range<Int>)] = []
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      guard case .object(let fields) = entry else { throw damaged("'\(name)' is \(entry.kindName)") }
      var type: NumberType?
      if case .string(let name)? = fields["dtype"] { type = NumberType(rawValue: name) }
      guard type == .float32 || isForeign else {
        throw damaged("'\(name)' has the type \(fields["dtype"]?.summary ?? "none"), and only 'F32' is read")
      }
      guard let shape = fields["shape"]?.naturals, let offsets = fields["data_offsets"]?.naturals, offsets.count == 2
      else { throw damaged("'\(name)' lacks a shape or offsets") }
      var count = 1
      for extent in shape {
        let product = count.multipliedReportingOverflow(by: extent)
        guard !product.overflow else { throw damaged("the shape of '\(name)' is too large") }
        count = product.partialValue
      }
      let size = type?.size
      guard offsets[0] <= offsets[1], offsets[1] <= bytes.count - start,
        size.map({ (offsets[1] - offsets[0]) % $0 == 0 && (offsets[1] - offsets[0]) / $0 == count }) ?? true
      else { throw damaged("the place of '\(name)' does not fit its shape or the file") }
      if type == nil {
        let typeName = if case .string(let text)? = fields["dtype"] { text } else { "of no type" }
        skipped.append("\(name) \(typeName)")
      }
      places.append((name, type, shape, offsets[0]..<offsets[1]))
    }
    // The tensors cover the data exactly, so that nothing is hidden in a file, and reading it takes no more memory than it has.
    places.sort {
      ($0.data.lowerBound, $0.data.upperBound, $0.name) < ($1.data.lowerBound, $1.data.upperBound, $1.name)
    }
    var end = 0
    for (index, place) in places.enumerated() {
      guard place.data.lowerBound >= end else { throw damaged("'\(place.name)' overlaps '\(places[index - 1].name)'") }
      guard place.data.lowerBound == end else {
        throw damaged("no tensor covers \(counted(place.data.lowerBound - end, "byte")) before '\(place.name)'")
      }
      end = place.data.upperBound
    }
    let rest = bytes.count - start - end
    guard rest == 0 else { throw damaged("no tensor covers \(counted(rest, "byte")) at the end") }
    self.metadata = metadata
    tensors = []
    for place in places {
      guard let type = place.type else { continue }
      let values = stride(
        from: start + place.data.lowerBound, to: start + place.data.upperBound, by: type.size
      ).map { i in
        type.value((0..<type.size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[i + $1]) })
      }
      if type == .float64, let index = values.firstIndex(where: \.isInfinite) {
        let i = start + place.data.lowerBound + 8 * index
        let number = Double(bitPattern: (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[i + $1]) })
        if number.isFinite {
          throw damaged("'\(place.name)' holds \(number), which is beyond the range of single precision")
        }
      }
      tensors.append(Tensor(name: place.name, shape: place.shape, values: values))
    }
  }

  /// The types of numbers that can be read, by their names in files.
  private enum NumberType: String {
    case float32 = "F32"
    case float16 = "F16"
    case brainFloat16 = "BF16"
    case float64 = "F64"

    /// The bytes of a number.
    var size: Int {
      switch self {
      case .float16, .brainFloat16: 2
      case .float32: 4
      case .float64: 8
      }
    }

    /// The number of some bits.
    func value(_ bits: UInt64) -> Float {
      switch self {
      case .float32: Float(bitPattern: UInt32(truncatingIfNeeded: bits))
      case .brainFloat16: Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16)
      case .float64: Float(Double(bitPattern: bits))
      case .float16: Self.half(UInt32(truncatingIfNeeded: bits))
      }
    }

    /// A number of half precision, which every Float holds exactly; not every processor has its type.
    private static func half(_ bits: UInt32) -> Float {
      let (sign, exponent, fraction) = ((bits & 0x8000) << 16, (bits >> 10) & 0x1F, bits & 0x3FF)
      switch exponent {
      case 0: return Float(bitPattern: sign | (Float(fraction) * 0x1p-24).bitPattern)
      case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | (fraction << 13))
      default: return Float(bitPattern: sign | ((exponent + 112) << 23) | (fraction << 13))
      }
    }
  }
}

extension [Safetensors.Tensor] {
  /// The SHA-256 of the numbers of all tensors, one after another: of parameters, the SHA-256 of what follows the header
  /// of their model file.
  public var digest: String {
    var hash = SHA256()
    for tensor in self { hash.update(tensor.values) }
    return hash.hexadecimal
  }
}

extension JSONValue {
  /// A list of whole numbers from 0 on.
  fileprivate var naturals: [Int]? {
    guard case .array(let elements) = self else { return nil }
    var numbers: [Int] = []
    for element in elements {
      guard case .integer(let number) = element, number >= 0 else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}

extension [UInt8] {
  /// Adds the four bytes of a Float, as F32 tensors lie in a file.
  fileprivate mutating func append(littleEndian value: Float) {
    let bits = value.bitPattern
    append(UInt8(truncatingIfNeeded: bits))
    append(UInt8(truncatingIfNeeded: bits >> 8))
    append(UInt8(truncatingIfNeeded: bits >> 16))
    append(UInt8(truncatingIfNeeded: bits >> 24))
  }
}
