import DataParallel
import Kernels
import Workloads

/// The command line.
struct Options {
  var workloads = Workload.allCases
  var workers: [WorkerCount] = [.fixed(1), .fixed(2)]
  var rounds = 5
  var seconds = 0.5
  var instructionSet = InstructionSet.best
  /// Numbers of workers to ask the model for.
  var predicted: [Int] = []
  var svg: String?
  /// Whether to train on request, as the programs in Peers do.
  var isServer = false

  struct Failure: Error, CustomStringConvertible { let description: String }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      if option == "--serve" {
        isServer = true
        continue
      }
      guard let value = rest.popFirst() else { throw Failure(description: "\(option) needs a value") }
      let parts = value.split(separator: ",").map(String.init)
      switch option {
      case "--workloads": workloads = try parts.map { try Self.parse(Workload(rawValue: $0), $0, option) }
      case "--workers": workers = try parts.map { try Self.parse(WorkerCount($0), $0, option) }
      case "--rounds": rounds = try Self.parse(Int(value), value, option)
      case "--seconds": seconds = try Self.parse(Double(value), value, option)
      case "--instruction-set": instructionSet = try Self.parse(InstructionSet(rawValue: value), value, option)
      case "--predict": predicted = try parts.map { try Self.parse(Int($0), $0, option) }
      case "--svg": svg = value
      default: throw Failure(description: "unknown option \(option)")
      }
    }
  }

  private static func parse<T>(_ value: T?, _ text: String, _ option: String) throws -> T {
    guard let value else { throw Failure(description: "\(option): '\(text)' is not allowed") }
    return value
  }
}
