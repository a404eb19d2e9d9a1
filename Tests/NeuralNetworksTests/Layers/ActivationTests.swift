import Kernels
import Testing

@testable import NeuralNetworks

@Suite struct ActivationTests {
  private func dense(_ kind: ActivationKind, units: Int = 4) -> Dense {
    Dense(units: units, activation: Activation(kind))
  }

  @Test func shape() {
    #expect(Activation(.silu).outputs(inputs: 7) == 7)
    #expect(Activation(.tanh).activation == Activation(.tanh))
    #expect(Activation(.leakyRelu).slope == 0.01 && Activation(.leakyRelu, slope: 0.5).slope == 0.5)
    #expect(compiled([Activation(.tanh)]).blocks.isEmpty)
  }

  /// A layer of its own is the same program as the activation of the layer before, and the same bits.
  @Test(arguments: ActivationKind.allCases) func ofALayerOrOfItsOwn(kind: ActivationKind) {
    let split: [any Layer] = [dense(.identity, units: 40), Activation(kind)]
    let (one, two) = (compiled([dense(kind, units: 40)]), compiled(split))
    #expect(one.training.stageNames == two.training.stageNames)
    #expect(one.inference.stageNames == two.inference.stageNames)
    func gradients(_ layers: [any Layer]) -> [[Double]] {
      let bench = NetworkBench(inputs: 5, layers, loss: .squaredError)
      var random = FixedGenerator(seed: 4)
      bench.load(random.rows(6, columns: 5), random.rows(6, columns: 40))
      bench.parameters.set(block: 0, values: random.numbers(200).map { Float($0) })
      bench.pass()
      return bench.meanGradients() + bench.outputs
    }
    #expect(gradients([dense(kind, units: 40)]) == gradients(split))
  }

  /// Softmax reads and writes whole rows, so it stands alone.
  @Test func softmaxStandsAlone() {
    let training = compiled([dense(.softmax, units: 40)]).training
    #expect(training.stageNames == [["product"], ["softmax"], ["loss"], ["softmaxDerivative"]])
    #expect(training.stages.map(\.panels) == [2, 1, 1, 1])
    #expect(training.stages[1].readsAllPanels && training.stages[1].computesWholeRows)
  }

  // MARK: What the backward pass needs

  /// The functions of a program, forward, with the matrices they read and write.
  private func functions(_ program: Program) -> [Function] {
    (0..<program.operations.view.count).compactMap {
      if case .function(let function) = program.operations.view[$0] { function } else { nil }
    }
  }

  /// What derivatives are computed from, the first layer's first.
  private func kept(_ program: Program) -> [Matrix] {
    (0..<program.operations.view.count).compactMap { index -> Matrix? in
      if case .derivative(let derivative) = program.operations.view[index] { derivative.kept } else { nil }
    }.reversed()
  }

  /// In place, where nobody needs z any more.
  @Test(arguments: [ActivationKind.sigmoid, .tanh, .relu, .leakyRelu]) func inPlace(kind: ActivationKind) {
    let program = compiled([dense(kind), dense(.identity)]).training
    let function = functions(program)[0]
    #expect(function.input == function.output && kept(program) == [function.output])
  }

  /// A function whose derivative needs z leaves z as it is; inference need not.
  @Test func inputsAreKept() {
    let (training, inference, _) = compiled([dense(.silu), dense(.identity)])
    let function = functions(training)[0]
    #expect(function.input != function.output && kept(training) == [function.input])
    #expect(functions(inference)[0].input == functions(inference)[0].output)
  }

  /// A further function does not write over what the backward pass of the first one reads.
  @Test(arguments: [ActivationKind.tanh, .relu, .silu, .sigmoid, .leakyRelu])
  func outputsAreKept(second: ActivationKind) throws {
    for first in [ActivationKind.relu, .silu, .tanh] {
      let layers: [any Layer] = [dense(first), Activation(second), dense(.identity, units: 2)]
      let program = compiled(layers).training
      #expect(program.stageNames[0] == ["product", "function", "function"])
      let functions = functions(program)
      #expect(functions[1].input == functions[0].output)
      #expect(functions[1].output != kept(program)[0])
      #expect(first == .silu || kept(program)[0] == functions[0].output)
      // Behind relu the z of another rectifier is at its kink.
      if first == .relu && (second == .relu || second == .leakyRelu) { continue }
      #expect(try #require(LayerExample(layers)).agrees())
    }
  }

  /// Nor does softmax, which follows a layer with an activation of its own.
  @Test(arguments: [ActivationKind.relu, .tanh, .silu, .identity]) func softmaxOfItsOwn(first: ActivationKind) throws {
    let layers: [any Layer] = [dense(first), Activation(.softmax)]
    #expect(try #require(LayerExample(layers)).agrees())
  }

  /// The features stay as they are: they belong to whoever gathered them.
  @Test(arguments: ActivationKind.allCases) func onTheFeatures(kind: ActivationKind) throws {
    let layers: [any Layer] =
      kind == .softmax ? [Activation(.softmax)] : [Activation(kind), dense(.tanh), dense(.identity, units: 2)]
    let example = try #require(LayerExample(layers))
    #expect(example.agrees())
    #expect(example.bench.activations(0) == example.inputs)
    let reference = ReferenceStack(example.bench).forward(example.inputs).outputs
    #expect(zip(example.bench.predictions(), reference).allSatisfy { isClose($0, $1) })
    #expect(example.bench.activations(0) == example.inputs)
  }

  @Test func chains() throws {
    let layers: [any Layer] = [
      dense(.silu), Activation(.silu), Activation(.tanh), Activation(.leakyRelu, slope: 0.25),
      dense(.softmax, units: 3),
    ]
    let example = try #require(LayerExample(layers, loss: .crossEntropy))
    #expect(example.agrees())
    #expect(!example.agrees { $0.blocks["layers.0.bias"]?[0] += 0.01 })
  }
}
