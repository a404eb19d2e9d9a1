import Datasets
import Files
import Foundation
import Kernels
import NeuralNetworks
import Testing

@testable import Models

/// Parameters from files of other programs; Expected/foreign.py made one.
@Suite struct InitialWeightsTests {
  private let foreign = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Expected/foreign.safetensors")

  @Test func otherTypesAreConverted() throws {
    let parameters = Parameters(dense(2), dense(2))
    let notices = try WeightsFile(Data(contentsOf: foreign)).load(into: parameters)
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
    #expect(throws: InputError.self) { try Safetensors(Data(contentsOf: foreign), file: "w") }
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

  /// What comes of loading tensors into a layer of one unit.
  private func message(
    _ tensors: [Safetensors.Tensor], metadata: [String: String] = [:], schema: SampleSchema? = nil
  ) throws -> (error: String?, notices: [String]) {
    do {
      let file = WeightsFile(Safetensors(metadata: metadata, tensors: tensors).data)
      return (nil, try file.load(into: Parameters(dense(1)), schema: schema))
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
    let error = #expect(throws: InputError.self) { try WeightsFile(data).load(into: Parameters(dense(1))) }
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

  // MARK: Some layers

  private let model = [
    tensor("layers.0.weight", 3, 2, first: 10), tensor("layers.0.bias", 3, first: 20),
    tensor("layers.1.weight", 2, 3, first: 30), tensor("layers.1.bias", 2, first: 40),
  ]

  @Test(arguments: [[0], [1], [0, 1], [1, 0]]) func onlyTheseLayers(layers: [Int]) throws {
    let (parameters, drawn) = (Parameters(dense(3), dense(2)), Parameters(dense(3), dense(2)))
    for parameters in [parameters, drawn] { parameters.initialize(seed: 5) }
    #expect(try WeightsFile(model, layers: layers).load(into: parameters) == [])
    for (index, block) in parameters.layout.blocks.enumerated() {
      let expected = layers.contains(block.layer) ? model[index].values : drawn[block.name]
      #expect(parameters[block.name] == expected, "\(block.name)")
    }
    #expect(drawn["layers.0.weight"] != model[0].values && drawn["layers.1.bias"] == [0, 0])
  }

  /// A layer that is not taken may have any shape, be absent from the file, or hold numbers that are not finite.
  @Test func otherLayersDoNotMatter() throws {
    let parameters = Parameters(dense(3), dense(7))
    #expect(try WeightsFile(model, layers: [0]).load(into: parameters) == [])
    #expect(try WeightsFile(Array(model[..<2]), layers: [0]).load(into: parameters) == [])
    let spoilt = model[..<3] + [.init(name: "layers.1.bias", shape: [2], values: [0, .nan])]
    #expect(try WeightsFile(Array(spoilt), layers: [0]).load(into: parameters) == [])
    #expect(parameters["layers.0.weight"] == model[0].values && parameters["layers.1.bias"].allSatisfy { $0 == 0 })
    // Those of no layer are told as ever.
    #expect(
      try WeightsFile(model, layers: [0]).load(into: Parameters(dense(3))) == [
        "w: not used, because no layer of the network has them: 'layers.1.bias' and 'layers.1.weight'"
      ])
    #expect(
      try WeightsFile(model, layers: [1]).problem(parameters)
        == "w: the tensor 'layers.1.weight' has the shape [2, 3], and the network needs [7, 3]")
  }

  /// Features belong to the first layer with weights and those before it, classes to the last one and those after it.
  @Test func featuresAndClassesOfSomeLayers() throws {
    let metadata = ["lockstep": #"{"features": ["a", "b"], "classes": ["no", "yes"]}"#]
    let normalization = ["weight", "bias", "running_mean", "running_var"]
    let tensors =
      normalization.map { tensor("layers.0.\($0)", 2) }
      + [tensor("layers.1.weight", 2, 2), tensor("layers.1.bias", 2)]
      + [tensor("layers.2.weight", 2, 2), tensor("layers.2.bias", 2)]
      + normalization.map { tensor("layers.3.\($0)", 2) }
    let data = Safetensors(metadata: metadata, tensors: tensors).data
    func found(_ layers: [Int]?, _ features: [String], _ classes: [String]) throws -> [String] {
      let schema = SampleSchema(
        featureNames: features, targetNames: ["y"], classes: classes, scaling: Scaling(shift: [0, 0], scale: [1, 1]))
      let parameters = Parameters(BatchNorm(), dense(2), dense(2), BatchNorm())
      do { return try WeightsFile(data, layers: layers).load(into: parameters, schema: schema) } catch let error
        as InputError
      { return [error.message] }
    }
    let classes = "w: the classes of the model are 'no' and 'yes', and those of the data are 'cat' and 'dog'"
    let order =
      "the classes of the model are 'no' and 'yes', and those of the data are 'yes' and 'no', in another order"
    for layers in [nil, [2], [3], [0, 3]] as [[Int]?] {
      #expect(try found(layers, ["a", "b"], ["cat", "dog"]) == [classes])
      #expect(try found(layers, ["a", "b"], ["yes", "no"]) == [order])
    }
    for layers in [[0], [1], [0, 1]] {
      #expect(try found(layers, ["a", "b"], ["cat", "dog"]) == [])
      #expect(try found(layers, ["a", "b"], ["yes", "no"]) == [])
      #expect(try found(layers, ["b", "a"], ["yes", "no"]).first?.hasPrefix("the features of the model") == true)
    }
    #expect(try found([2], ["b", "a"], ["no", "yes"]) == [])
  }
}
