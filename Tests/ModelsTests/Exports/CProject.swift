import Files
import Foundation
import Models
import Testing

/// Headers of some models, and a program in C that includes all of them and prints the outputs for some rows.
struct CProject {
  struct Entry {
    /// The prefix.
    let name: String
    let model: Model
    let rows: [[Float]]
    /// Whether all numbers are tried, with a distance of `sweepStep` from one bit pattern to the next; for models of one feature.
    var isSwept = false
  }

  /// A prime number, so that all bits of a number change.
  static let sweepStep: UInt32 = 40_961

  var entries: [Entry]

  /// The names of the files, and what they contain.
  func files() throws -> [String: String] {
    var files = ["main.c": main]
    for entry in entries { files["\(entry.name).h"] = try entry.model.cHeader(name: entry.name).text }
    return files
  }

  /// What the program prints: for each model its name, a line for each row, a hash of the outputs for all numbers, and what the self-test
  /// gives.
  func expected() throws -> String {
    try entries.map { entry in
      let rows = try entry.model.predict(entry.rows).map { $0.map(Self.bits).joined(separator: " ") + "\n" }
      let sweep = entry.isSwept ? "sweep \(try Self.sweep(entry.model))\n" : ""
      return "\(entry.name)\n\(rows.joined())\(sweep)self-test 0\n"
    }.joined()
  }

  private static func sweep(_ model: Model) throws -> UInt64 {
    let patterns = Array(stride(from: 0, through: UInt32.max, by: Int(sweepStep)))
    return try model.predict(patterns.map { [Float(bitPattern: $0)] }).reduce(14_695_981_039_346_656_037) {
      ($0 ^ UInt64($1[0].isNaN ? 0x7FC0_0000 : $1[0].bitPattern)) &* 1_099_511_628_211
    }
  }

  private static func bits(_ value: Float) -> String {
    let digits = String(value.isNaN ? 0x7FC0_0000 : value.bitPattern, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private var main: String {
    let includes = entries.map { "#include \"\($0.name).h\"\n" }.joined()
    let functions = entries.map { entry in
      let macro = entry.name.uppercased()
      return """
        static const float \(entry.name)_rows[\(entry.rows.count)][\(macro)_FEATURES] = {
        \(entry.rows.map { "  {\($0.map(Self.literal).joined(separator: ", "))},\n" }.joined())};
        static void \(entry.name)_print(void) {
          float outputs[\(macro)_OUTPUTS];
          int row;
          puts("\(entry.name)");
          for (row = 0; row < \(entry.rows.count); row++) {
            \(entry.name)_predict(\(entry.name)_rows[row], outputs);
            print(outputs, \(macro)_OUTPUTS);
          }
        \(entry.isSwept ? sweep(entry.name) : "")
          printf("self-test %d\\n", \(entry.name)_self_test());
        }

        """
    }
    return """
      #include <stdio.h>
      \(includes)
      static void print(const float *x, int count) {
        int i;
        for (i = 0; i < count; i++) {
          uint32_t bits;
          memcpy(&bits, x + i, sizeof bits);
          if (x[i] != x[i]) bits = 0x7fc00000u;
          printf(i + 1 < count ? "%08lx " : "%08lx\\n", (unsigned long)bits);
        }
      }

      \(functions.joined(separator: "\n"))
      int main(void) {
      \(entries.map { "  \($0.name)_print();\n" }.joined())  return 0;
      }

      """
  }

  private func sweep(_ name: String) -> String {
    """
      {
        uint64_t hash = 14695981039346656037u;
        uint32_t pattern = 0;
        do {
          float x;
          uint32_t bits;
          memcpy(&x, &pattern, sizeof x);
          \(name)_predict(&x, outputs);
          memcpy(&bits, outputs, sizeof bits);
          if (outputs[0] != outputs[0]) bits = 0x7fc00000u;
          hash = (hash ^ bits) * 1099511628211u;
          pattern += \(Self.sweepStep)u;
        } while (pattern >= \(Self.sweepStep)u);
        printf("sweep %llu\\n", (unsigned long long)hash);
      }
    """
  }

  /// A number as C has it, spelt by another library than that of the headers.
  private static func literal(_ value: Float) -> String {
    if value.isNaN { return "NAN" }
    if value.isInfinite { return value < 0 ? "-INFINITY" : "INFINITY" }
    return String(format: "%af", Double(value))
  }
}

/// A folder in which programs of C are compiled and run, and which goes away with its owner.
final class CFolder {
  let url: URL

  init(_ files: [String: String]) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "CExportTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: url.appending(path: name)) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Compiles `main.c`; what the compiler says, and whether there is a program.
  func compile(_ compiler: [String]) throws -> (isCompiled: Bool, messages: String) {
    let source = compiler[0].hasSuffix("++") ? ["-x", "c++", "main.c"] : ["main.c"]
    let result = try run(compiler + source + ["-o", "main", "-lm"])
    return (result.status == 0, result.output)
  }

  /// Runs the program.
  func run() throws -> (status: Int32, output: String) { try run([url.appending(path: "main").path]) }

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = url
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  /// Those of the compilers that are there.
  static let compilers = ["gcc", "clang"].filter(isThere)
  static let compilersOfCPlusPlus = ["g++", "clang++"].filter(isThere)

  private static func isThere(_ compiler: String) -> Bool {
    guard let folder = try? CFolder(["main.c": "int main(void) { return 0; }\n"]) else { return false }
    return (try? folder.compile([compiler]).isCompiled) == true && (try? folder.run().status) == 0
  }
}
