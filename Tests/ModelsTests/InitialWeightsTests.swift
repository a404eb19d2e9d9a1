import Datasets
import Files
import Foundation
import Kernels
import NeuralNetworks
import Testing

@testable import Models

/// Parameters from files of other programs; Expected/foreign.py made one.
@Suite struct InitialWeightsTests {
  private let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Expected/foreign.safetensors")

  private func parameters(_ layers: [any Layer]) -> Parameters {
    Parameters(Network(inputs: 2, layers: layers, loss: .squaredError).layout)
  }

  private func dense(_ units: Int) -> Dense { Dense(units: units, activation: Activation(.identity)) }

  private func load(_ data: Data, _ parameters: Parameters, schema: SampleSchema? = nil) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try data.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try ModelFile.load(file, path: "w", into: parameters, schema: schema)
  }

  @Test func otherTypesAreConverted() throws {
    let parameters = parameters([dense(2), dense(2)])
    let notices = try ModelFile.load(url, path: "w", into: parameters)
    #expect(parameters.values(block: 0) == [1.5, -0.333251953125, 6.103515625e-05, 65504])
    #expect(parameters.values(block: 1) == [1.0078125, -3])
    // Rounded to the nearest; the least Floats are kept.
    #expect(parameters.values(block: 2) == [0.1, Float(1e-40 as Double), -1e30, 3])
    #expect(parameters.values(block: 3) == [0x1p-24, 0] && parameters.values(block: 3)[1].sign == .minus)
    #expect(
      notices == [
        "w: not used, because no layer of the network has them: 'bn.num_batches_tracked I64' and 'head.weight'"
      ])
    // The program's own files are all F32.
    #expect(throws: InputError.self) { try Safetensors(Data(contentsOf: url), file: "w") }
  }

  @Test func halves() throws {
    // Every number of half precision, against the type of the processor where there is one.
    #if arch(arm64)
      for bits in UInt16.min...UInt16.max where !Float16(bitPattern: bits).isNaN {
        let header = #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#
        var data = Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0]) + Data(header.utf8)
        data += Data([UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)])
        #expect(try Safetensors(data, file: "w", isForeign: true)["a"]?.values == [Float(Float16(bitPattern: bits))])
      }
    #endif
  }

  private func message(_ tensors: [Safetensors.Tensor], metadata: [String: String] = [:], schema: SampleSchema? = nil)
    throws
    -> (error: String?, notices: [String])
  {
    do {
      let data = Safetensors(metadata: metadata, tensors: tensors).data
      return (nil, try load(data, parameters([dense(1)]), schema: schema))
    } catch let error as InputError {
      return (error.message, [])
    }
  }

  private func tensors(_ weights: [Float]) -> [Safetensors.Tensor] {
    [
      .init(name: "layers.0.weight", shape: [1, 2], values: weights),
      .init(name: "layers.0.bias", shape: [1], values: [0]),
    ]
  }

  @Test func numbersThatAreNotFinite() throws {
    let found = try message(tensors([1, .nan]))
    #expect(found.error == "the tensor 'layers.0.weight' holds nan at place 1, and numbers must be finite")
    // Where nobody uses them they do no harm, and are told.
    let unused = try message(tensors([1, 2]) + [.init(name: "layers.1.bias", shape: [1], values: [.infinity])])
    #expect(unused.notices == ["w: not used, because no layer of the network has them: 'layers.1.bias'"])
    #expect(try message(tensors([1, 2])).notices == [])
  }

  @Test func numbersBeyondSinglePrecision() throws {
    let header = #"{"layers.0.bias":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#
    var data = Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0]) + Data(header.utf8)
    data += withUnsafeBytes(of: (1e300).bitPattern.littleEndian) { Data($0) }
    let error = #expect(throws: InputError.self) { try load(data, parameters([dense(1)])) }
    #expect(
      error?.message.contains("'layers.0.bias' holds 1e+300, which is beyond the range of single precision") == true)
  }

  /// Weights belong to names: in another order they would be those of others.
  @Test func featuresAndClassesOfAModel() throws {
    let metadata = ["lockstep": #"{"features": ["a", "b"], "classes": ["no", "yes"]}"#]
    func schema(_ features: [String], _ classes: [String]) -> SampleSchema {
      SampleSchema(
        featureNames: features, targetNames: ["y"], classes: classes, scaling: Scaling(shift: [0, 0], scale: [1, 1]))
    }
    func found(_ features: [String], _ classes: [String]) throws -> (error: String?, notices: [String]) {
      try message(tensors([1, 2]), metadata: metadata, schema: schema(features, classes))
    }
    #expect(try found(["a", "b"], ["no", "yes"]) == (nil, []))
    #expect(
      try found(["b", "a"], ["no", "yes"]).error
        == "the features of the model are 'a' and 'b', and those of the data are 'b' and 'a', in another order")
    #expect(
      try found(["a", "b"], ["yes", "no"]).error?.hasPrefix("the classes of the model are 'no' and 'yes'") == true)
    // Others are told: that may be meant.
    #expect(
      try found(["a", "c"], ["no", "yes"]).notices == [
        "w: the features of the model are 'a' and 'b', and those of the data are 'a' and 'c'"
      ])
  }
}
