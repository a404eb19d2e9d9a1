import Files
import Foundation
import Metrics
import Testing

@testable import Models

/// Headers in C, compiled and run: the bits of their outputs are those of `Model.predict`.
@Suite(.enabled(if: !CFolder.compilers.isEmpty, "there is neither gcc nor clang")) struct CExportTests {
  private static let warnings = [
    "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wdouble-promotion", "-Wshadow", "-Werror",
  ]

  /// Compilers and options. The last ones allow a compiler what it may do to a product and a sum, which needs instructions for it.
  static let compilations: [[String]] = {
    #if arch(x86_64)
      let native = ["-march=native"]
    #else
      let native: [String] = []
    #endif
    return CFolder.compilers.flatMap { compiler in
      [
        [compiler, "-O0"] + warnings, [compiler, "-O2"] + warnings,
        [compiler, "-O3", "-std=gnu99", "-ffp-contract=fast"] + native,
      ]
    } + CFolder.compilersOfCPlusPlus.map { [$0, "-O1", "-std=c++17", "-Wall", "-Wextra", "-Werror"] }
  }()

  @Test(arguments: compilations)
  func outputsAreThoseOfTheModel(compiler: [String]) throws {
    let (project, expected) = try CExportCases.all()
    let folder = try CFolder(project.files())
    let (isCompiled, messages) = try folder.compile(compiler)
    try #require(isCompiled, "\(messages.prefix(4000))")
    let (status, output) = try folder.run()
    #expect(status == 0)
    expectEqual(output, expected, project)
  }

  /// Where they differ first.
  private func expectEqual(_ output: String, _ expected: String, _ project: CProject) {
    guard output != expected else { return }
    var (name, row, issues) = ("", -1, 0)
    for (own, other) in zip(output.split(separator: "\n"), expected.split(separator: "\n")) {
      if other.hasPrefix("m") { (name, row) = (String(other), -1) } else { row += 1 }
      guard own != other, issues < 10 else { continue }
      issues += 1
      let entry = project.entries.first { $0.name == name }
      let features = entry.flatMap { $0.rows.indices.contains(row) ? $0.rows[row] : nil }?.prefix(3)
      let layers = entry.map { "\($0.model.configuration.layers.map(\.description))".prefix(200) }
      Issue.record("\(name), \(features ?? []), found \(own), not \(other): \(layers ?? "")")
    }
    if issues == 0 { Issue.record("another number of lines") }
  }

  // MARK: What a header finds by itself

  /// A program that ends with what the self-test of a header says.
  private func selfTest(
    _ header: String, before: String = "", first statement: String = "", _ options: [String] = []
  ) throws -> [Int32] {
    let main = """
      #include <math.h>
      \(before)
      #include "model.h"
      int main(void) {
        \(statement)
        return lockstep_self_test() + 1;
      }

      """
    let folder = try CFolder(["main.c": main, "model.h": header])
    return try CFolder.compilers.map { compiler in
      let (isCompiled, messages) = try folder.compile([compiler, "-O2"] + options)
      try #require(isCompiled, "\(messages)")
      return try folder.run().status - 1
    }
  }

  private func model() throws -> Model {
    try CExportCases.model(3, [#"{"type": "dense", "units": 4, "activation": "tanh"}"#])
  }

  /// A table, a constant of a function and an expected output that are others are found, in the last place as well.
  @Test func changesAreFound() throws {
    let model = try model()
    let text = try model.cHeader().text
    #expect(try selfTest(text).allSatisfy { $0 == 0 })
    let bias = model.parameters.values(block: 1)[0]
    let output = try model.predict([model.schema.scaling.shift])[0][0]
    let changes = [
      (CText.literal(bias), CText.literal(bias.nextUp)), (CText.literal(2.121_944_4e-4), CText.literal(2.1e-4)),
      (CText.bits(output), CText.bits(output.nextUp)), ("j < units", "j + 1 < units"),
    ]
    for (old, new) in changes {
      let changed = text.replacingOccurrences(of: old, with: new)
      #expect(changed != text)
      #expect(try selfTest(changed).allSatisfy { $0 > 0 }, "\(old)")
    }
  }

  /// A library whose fmaf rounds twice is found, and `LOCKSTEP_SOFTWARE_FMAF` does without it.
  @Test func anotherFMAF() throws {
    let text = try model().cHeader().text
    let before = """
      static float twice(float a, float b, float c) { return (float)((double)a * b + c); }
      #define fmaf twice
      """
    #expect(try selfTest(text, before: before, ["-Wno-unused-function"]).allSatisfy { $0 == -1 })
    #expect(
      try selfTest(text, before: before, ["-DLOCKSTEP_SOFTWARE_FMAF", "-Wno-unused-function"]).allSatisfy { $0 == 0 })
  }

  /// All outputs are the same with the function in place of the library's.
  @Test func softwareFMAF() throws {
    let (project, expected) = try CExportCases.all()
    let folder = try CFolder(project.files())
    let macros = project.entries.map { "-D\($0.name.uppercased())_SOFTWARE_FMAF" }
    let (isCompiled, messages) = try folder.compile([CFolder.compilers[0], "-O2"] + Self.warnings + macros)
    try #require(isCompiled, "\(messages.prefix(4000))")
    expectEqual(try folder.run().output, expected, project)
  }

  #if arch(x86_64)
    /// A processor that is told to make subnormal numbers 0 is found.
    @Test func subnormalNumbers() throws {
      let statement = "__builtin_ia32_ldmxcsr(0x9fc0);"
      #expect(try selfTest(model().cHeader().text, first: statement).allSatisfy { $0 == -1 })
    }
  #endif

  /// Options that change results are errors.
  @Test(arguments: ["-ffast-math", "-ffinite-math-only"]) func fastMath(option: String) throws {
    let header = try model().cHeader().text
    let folder = try CFolder(["main.c": "#include \"model.h\"\nint main(void) { return 0; }\n", "model.h": header])
    for compiler in CFolder.compilers {
      let (isCompiled, messages) = try folder.compile([compiler, option])
      #expect(!isCompiled && messages.contains("compile without -ffast-math"), "\(compiler): \(messages)")
    }
  }

  // MARK: Other machines

  /// Where `.ci/export-c` wants the program, which it compiles for other machines.
  private static let folder = ProcessInfo.processInfo.environment["LOCKSTEP_C_PROGRAM"]

  @Test(.enabled(if: folder != nil, "LOCKSTEP_C_PROGRAM names no folder")) func programForOtherMachines() throws {
    let folder = URL(fileURLWithPath: try #require(Self.folder), isDirectory: true)
    let (project, expected) = try CExportCases.all()
    for (name, text) in try project.files() { try Data(text.utf8).write(to: folder.appending(path: name)) }
    try Data(expected.utf8).write(to: folder.appending(path: "expected"))
  }
}
