import Files
import Foundation
import Testing

@testable import Models

/// The text of headers.
@Suite struct CHeaderTests {
  /// What is in it, and nothing that the model does not need.
  @Test func aHeader() throws {
    let model = try Model(ExpectedModel.named("leakyRelu").file.data, file: "m")
    let header = try model.cHeader(name: "net")
    // Two scalings of 4 features; weights and biases. Arrays for 4 features, then 2 outputs, and for 7 units.
    #expect(header.flashBytes == 4 * (2 * 4 + 5 * 7 + 8 * 2) && header.ramBytes == 4 * (4 + 7))
    let lines = header.text.split(separator: "\n").map(String.init)
    for line in [
      "#ifndef NET_MODEL_H", "#define NET_FEATURES 4", "#define NET_OUTPUTS 2", " *   [3] \"x3\"",
      "static inline void net_predict(const float *features, float *outputs) {",
      "static inline int net_self_test(void) {", " *   dense, 7 units, leakyRelu",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(header.text.contains("net_tanh") && header.text.contains(model.safetensors.digest))
    for part in ["lockstep_", "LOCKSTEP_", "net_gelu", "net_softmax", "sqrtf(", "$", "@"] {
      #expect(!header.text.contains(part), "\(part)")
    }
    #expect(try model.cHeader(name: "net") == header)
    #expect(try model.cHeader().text.contains("#define LOCKSTEP_FEATURES 4"))
  }

  @Test(arguments: ["a", "_", "x1", "Net_2", "lockstep"]) func names(name: String) throws {
    let text = try Model(ExpectedModel.named("xor").file.data, file: "m").cHeader(name: name).text
    #expect(text.contains("static inline void \(name)_predict("))
  }

  @Test(arguments: ["", "1a", "a-b", "a b", "ä", "a.b", "a\n", "*/"]) func wrongNames(name: String) throws {
    let model = try Model(ExpectedModel.named("xor").file.data, file: "m")
    let error = #expect(throws: InputError.self) { try model.cHeader(name: name) }
    #expect(error?.description.hasPrefix("name: must be an identifier of C, ") == true)
  }

  /// Functions stand behind those that they call, and know which these are.
  @Test func functionsCallWhatTheyNeed() throws {
    var defined: [String: CFunction] = [:]
    for function in CFunction.allCases {
      let text = function.text
      let name = try #require(text.firstMatch(of: /static inline \w+ (\$\w+)\(/)?.1)
      var called = Set(text.matches(of: /\$\w+(?=\()/).map { String($0.0) })
      called.remove(String(name))
      if function != .fusedMultiplyAdd && text.contains("@FMAF(") { called.insert("$fmaf") }
      #expect(Set(called.map { defined[$0] }) == Set(function.needs), "\(function)")
      defined[String(name)] = function
    }
    #expect(CFunction.texts([.bits]) == CFunction.bits.text)
    #expect(CFunction.texts([.magnitude]).contains("$float(") && !CFunction.texts([.magnitude]).contains("$exp("))
  }

  /// Literals are read back to the bit.
  @Test func literals() {
    var random = CExportRandom()
    let patterns = (0..<5000).map { _ in UInt32(random.next(0...4_294_967_040)) } + (0..<32).map { 1 << UInt32($0) }
    for value in patterns.map({ Float(bitPattern: $0) }) + CExportCases.numbers where value.isFinite {
      let literal = CText.literal(value)
      #expect(literal.last == "f" && Float(literal.dropLast())?.bitPattern == value.bitPattern, "\(value): \(literal)")
    }
    #expect(
      [1, -1.5, 0, -0.0, 0x1p-149].map(CText.literal) == ["0x1p0f", "-0x1.8p0f", "0.0f", "-0.0f", "0x0.000002p-126f"])
    #expect([.nan, .infinity, -.infinity].map(CText.literal) == ["NAN", "INFINITY", "-INFINITY"])
    #expect([1, -.nan, -0.0].map(CText.bits) == ["0x3f800000u", "0x7fc00000u", "0x80000000u"])
  }

  static let namesInComments = [
    ("plain name, 5 %", "\"plain name, 5 %\""), ("größe in m² × °C", "\"größe in m² × °C\""), ("温度", "\"温度\""),
    ("a*/b", "\"a*\\u{2F}b\""), ("a/*b", "\"a/\\u{2A}b\""), ("why??/", "\"why?\\u{3F}/\""), ("*?/", "\"*?/\""),
    ("a\nb\\", "\"a\\u{A}b\\u{5C}\""), ("\"", "\"\\u{22}\""), ("\u{202E}x\u{2066}", "\"\\u{202E}x\\u{2066}\""),
  ]

  @Test(arguments: namesInComments) func comments(name: String, spelling: String) {
    #expect(CText.quoted(name) == spelling)
  }

  /// Names that would end the comment compile, without a warning.
  @Test(.enabled(if: !CFolder.compilers.isEmpty, "there is neither gcc nor clang")) func namesCompile() throws {
    let names = Self.namesInComments.map(\.0)
    let model = try CExportCases.model(
      names.count, [#"{"type": "dense", "units": 1, "activation": "identity"}"#], features: names)
    let folder = try CFolder([
      "main.c": "#include \"m.h\"\nint main(void) { return lockstep_self_test(); }\n", "m.h": model.cHeader().text,
    ])
    for compiler in CFolder.compilers {
      let (isCompiled, messages) = try folder.compile([compiler, "-std=c99", "-Wall", "-Wextra", "-Werror"])
      #expect(isCompiled, "\(messages)")
      #expect(try folder.run().status == 0)
    }
  }

  /// What cannot be computed is no trap: a scale of 0, a variance below 0.
  @Test func numbersThatAreNone() throws {
    let model = try CExportCases.model(1, [#"{"type": "batchNorm"}"#], isPlain: true) { name, _ in
      name.hasSuffix("running_var") ? -1 : 1
    }
    #expect(try model.cHeader().text.contains("{\n  NAN,\n}"))
  }
}
