import DataParallel
import Foundation

/// How much memory this process may have, by the tightest of its limits: the machine, its containers, and the limits of the shell
/// on address space and data.
struct AvailableMemory: Equatable {
  /// What limits it, as the subject of a sentence with an amount.
  enum Limit: String {
    case machine = "this machine has"
    case container = "the container allows"
    case addressSpace = "ulimit -v allows"
    case data = "ulimit -d allows"
  }

  let limit: Limit
  /// Bytes that the limit allows in all.
  let total: Int
  /// Bytes of them that this process has already taken, or will take for its threads.
  let used: Int

  /// Bytes that it can still get.
  var bytes: Int { max(total - used, 0) }

  /// The amount in words: "this machine has 16.0 GB", and how much of it is taken where that matters.
  var words: String {
    let amount = "\(limit.rawValue) \(Self.gigabytes(Double(total)))"
    guard used >= total / 20 else { return amount }
    return "\(amount), of which \(Self.gigabytes(Double(used))) are taken by the program and its data"
  }

  static func gigabytes(_ bytes: Double) -> String {
    bytes < 0.995e9 ? String(format: "%.2f GB", bytes / 1e9) : String(format: "%.1f GB", bytes / 1e9)
  }
}

extension AvailableMemory {
  /// What this process may have now, if it is to have so many threads.
  static func now(threads: Int = availableProcessors()) -> AvailableMemory {
    AvailableMemory(
      physical: Int(clamping: ProcessInfo.processInfo.physicalMemory), threads: threads, reading: ControlGroups.text)
  }

  /// The same of a machine with so many bytes and the files of /proc and /sys that `read` returns; nil for one that is not there.
  init(physical: Int, threads: Int, reading read: @escaping ControlGroups.FileReader) {
    let status = read("/proc/self/status") ?? ""
    let limits = read("/proc/self/limits") ?? ""
    let resident = Self.kilobytes("VmRSS", in: status)
    // What is mapped counts towards the limits of the shell, whether it is used or not: code, and stacks, which have 8 MB each.
    // A thread that gets none is not an error: its work waits for ever.
    let reserve = (32 + 16 * threads) << 20
    let candidates: [(limit: Limit, total: Int?, used: Int)] = [
      (.container, ControlGroups(reading: read).memory, resident),
      (.addressSpace, Self.softLimit("Max address space", in: limits), Self.kilobytes("VmSize", in: status) + reserve),
      (.data, Self.softLimit("Max data size", in: limits), Self.kilobytes("VmData", in: status) + reserve),
    ]
    self.init(limit: .machine, total: physical, used: resident)
    for case (let limit, let total?, let used) in candidates {
      let candidate = AvailableMemory(limit: limit, total: total, used: used)
      if candidate.bytes < bytes { self = candidate }
    }
  }

  /// The bytes of a line of /proc/self/status, such as `VmSize:    123456 kB`; 0 if there is none.
  static func kilobytes(_ name: String, in status: String) -> Int {
    for line in status.split(separator: "\n") where line.hasPrefix(name + ":") {
      let words = line.split { $0.isWhitespace }
      if words.count == 3, words[2] == "kB", let count = Int(words[1]), count < Int.max >> 10 { return count << 10 }
    }
    return 0
  }

  /// The limit now in force of a line of /proc/self/limits, such as `Max address space    unlimited    unlimited    bytes`;
  /// nil if there is none.
  static func softLimit(_ name: String, in limits: String) -> Int? {
    for line in limits.split(separator: "\n") where line.hasPrefix(name) {
      return line.dropFirst(name.count).split { $0.isWhitespace }.first.flatMap { Int($0) }
    }
    return nil
  }
}
