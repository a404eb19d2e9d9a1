import ConfigurationSchema
import Foundation

/// Files of named tensors in the safetensors format, as Hugging Face defines it: the length of a header (8 bytes, little
/// endian), the header (JSON: type, shape and place of each tensor, and text metadata), and the data.
///
/// Tensors are F32 and lie in the order given. Nothing else goes into a file, so equal tensors give equal files.
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

  /// The tensor called `name`.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The numbers of the tensor called `name`, which must have the given shape; `file` is what errors call the file.
  public func values(_ name: String, shape: [Int], file: String) throws(DataError) -> [Float] {
    guard let tensor = self[name] else {
      let names = tensors.map { "'\($0.name)'" }.joined(separator: ", ")
      throw DataError(file: file, "the tensor '\(name)' is missing; the file holds \(names.isEmpty ? "none" : names)")
    }
    guard tensor.shape == shape else {
      throw DataError(
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
  public init(_ data: Data, file: String) throws(DataError) {
    let bytes = [UInt8](data)
    func damaged(_ what: String) -> DataError { DataError(file: file, "not a usable safetensors file: \(what)") }
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
    if case .object(let pairs)? = entries.removeValue(forKey: "__metadata__") {
      for case (let key, .string(let value)) in pairs { metadata[key] = value }
    }
    var tensors: [(start: Int, tensor: Tensor)] = []
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      guard case .object(let fields) = entry else { throw damaged("'\(name)' is \(entry.kindName)") }
      guard fields["dtype"] == .string("F32") else {
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
      guard offsets[0] <= offsets[1], offsets[1] <= bytes.count - start, (offsets[1] - offsets[0]) % 4 == 0,
        (offsets[1] - offsets[0]) / 4 == count
      else { throw damaged("the place of '\(name)' does not fit its shape or the file") }
      let first = start + offsets[0]
      let values = (0..<count).map { index in
        let i = first + 4 * index
        return Float(
          bitPattern: UInt32(bytes[i]) | UInt32(bytes[i + 1]) << 8 | UInt32(bytes[i + 2]) << 16
            | UInt32(bytes[i + 3]) << 24)
      }
      tensors.append((offsets[0], Tensor(name: name, shape: shape, values: values)))
    }
    self.metadata = metadata
    self.tensors = tensors.sorted { ($0.start, $0.tensor.name) < ($1.start, $1.tensor.name) }.map(\.tensor)
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
