import DataParallel
import Kernels
import Workloads

/// The command line.
struct Options {
  static let usage = """
    usage: scaling [options]

      --workloads W1,W2       of W0 to W4; all unless given
      --workers 1,2,auto      numbers of workers to compare; 1,2 unless given
      --rounds 5              turns of each
      --seconds 0.5           length of a turn
      --instruction-set NAME  \(InstructionSet.available.map(\.rawValue).joined(separator: ", "))
      --predict 16,64         what the model of the cost says of so many workers
      --svg FILE              draws the table
      --serve                 trains on request, to take turns with other programs
    """

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

  /// Why the command line cannot be followed; nil where it asks for help.
  struct Failure: Error { let reason: String? }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      if option == "--help" || option == "-h" { throw Failure(reason: nil) }
      if option == "--serve" {
        isServer = true
        continue
      }
      guard let value = rest.popFirst() else { throw Failure(reason: "\(option) needs a value, or is unknown") }
      let parts = value.split(separator: ",").map(String.init)
      switch option {
      case "--workloads": workloads = try parts.map { try Self.parse(Workload(rawValue: $0), $0, option) }
      case "--workers": workers = try parts.map { try Self.parse(WorkerCount($0), $0, option) }
      case "--rounds": rounds = try Self.positive(Int(value), value, option)
      case "--seconds": seconds = try Self.positive(Double(value), value, option)
      case "--instruction-set":
        let set = InstructionSet(rawValue: value)
        instructionSet = try Self.parse(InstructionSet.available.first { $0 == set }, value, option)
      case "--predict": predicted = try parts.map { try Self.positive(Int($0), $0, option) }
      case "--svg": svg = value
      default: throw Failure(reason: "unknown option \(option)")
      }
    }
  }

  private static func parse<T>(_ value: T?, _ text: String, _ option: String) throws -> T {
    guard let value else { throw Failure(reason: "\(option): '\(text)' is not allowed") }
    return value
  }

  private static func positive<T: Comparable & Numeric>(_ value: T?, _ text: String, _ option: String) throws -> T {
    try parse(value.flatMap { $0 > 0 ? $0 : nil }, text, option)
  }
}
