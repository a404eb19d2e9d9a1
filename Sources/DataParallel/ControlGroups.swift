import Foundation

/// The control groups of Linux that this process belongs to. They are what limits a container or a job of a batch system; a
/// process may use what the tightest of all groups around it allows.
///
/// Version 1 has a tree of groups for each controller (`cpu`, `memory`), version 2 one for all; a system may have both. A
/// container often sees only the part of a tree that begins at its own group.
package struct ControlGroups {
  /// The text of a file; nil if it cannot be read.
  package typealias FileReader = (_ path: String) -> String?

  private let read: FileReader
  /// The lines of /proc/self/cgroup: `4:memory:/jobs/7`, in version 2 `0::/jobs/7`.
  private let memberships: [(controllers: [Substring], path: String)]
  /// The trees that are mounted; of version 2 where `controllers` is empty.
  private let mounts: [(controllers: [Substring], root: String, directory: String)]

  /// - Parameter read: how to read a file.
  package init(reading read: @escaping FileReader = ControlGroups.text) {
    self.read = read
    memberships = (read("/proc/self/cgroup") ?? "").split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return nil }
      return (fields[1].split(separator: ","), String(fields[2]))
    }
    mounts = (read("/proc/self/mountinfo") ?? "").split(separator: "\n").compactMap(Self.mount)
  }

  /// A line of /proc/self/mountinfo, such as `34 31 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory`.
  private static func mount(
    _ line: Substring
  ) -> (controllers: [Substring], root: String, directory: String)? {
    let fields = line.split(separator: " ")
    guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count >= dash + 4 else { return nil }
    switch fields[dash + 1] {
    case "cgroup": return (fields[dash + 3].split(separator: ","), String(fields[3]), String(fields[4]))
    case "cgroup2": return ([], String(fields[3]), String(fields[4]))
    default: return nil
    }
  }

  /// The folders of the groups that `controller` limits this process by, from the innermost to the root of their tree.
  func directories(of controller: String) -> [String] {
    mounts.flatMap { mount -> [String] in
      let membership = memberships.first { member in
        mount.controllers.isEmpty
          ? member.controllers.isEmpty : member.controllers.contains { $0 == controller }
      }
      guard mount.controllers.isEmpty || mount.controllers.contains(where: { $0 == controller }), let membership else {
        return []
      }
      // A group outside of what is mounted shows as its top.
      let root = mount.root == "/" ? "" : mount.root
      let isInside = membership.path == root || membership.path.hasPrefix(root + "/")
      var names = isInside ? membership.path.dropFirst(root.count).split(separator: "/") : []
      if names.contains("..") { names = [] }
      return (0...names.count).reversed().map { count in
        ([Substring(mount.directory)] + names.prefix(count)).joined(separator: "/")
      }
    }
  }

  /// The smallest number of processors that a quota of processor time stands for, such as 1.5; nil if there is none.
  package var processors: Double? {
    directories(of: "cpu").compactMap { directory in
      read(directory + "/cpu.max").flatMap(Self.processors)
        ?? Self.processors(
          quota: read(directory + "/cpu.cfs_quota_us"), period: read(directory + "/cpu.cfs_period_us"))
    }.min()
  }

  /// The smallest limit of memory, in bytes; nil if there is none.
  package var memory: Int? {
    directories(of: "memory").compactMap { directory in
      (read(directory + "/memory.max") ?? read(directory + "/memory.limit_in_bytes")).flatMap(Self.memory)
    }.min()
  }

  // MARK: Texts of files

  /// The processors of a `cpu.max`, which holds microseconds of processor time and of real time, `150000 100000`, or `max 100000`.
  static func processors(_ text: String) -> Double? {
    let words = text.split { $0.isWhitespace }.map(String.init)
    return words.count == 2 ? processors(quota: words[0], period: words[1]) : nil
  }

  /// The processors of `cpu.cfs_quota_us`, which is -1 for none, and `cpu.cfs_period_us`.
  static func processors(quota: String?, period: String?) -> Double? {
    guard let quota = quota.flatMap(integer), let period = period.flatMap(integer), quota > 0, period > 0 else {
      return nil
    }
    return Double(quota) / Double(period)
  }

  /// The bytes of a `memory.max` or a `memory.limit_in_bytes`, where `max`, or 2⁶³ less a page, stands for no limit.
  static func memory(_ text: String) -> Int? {
    guard let bytes = integer(text), bytes >= 0, bytes < Int.max - 1 << 20 else { return nil }
    return bytes
  }

  private static func integer(_ text: String) -> Int? { Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) }

  /// The text of a file.
  package static func text(_ path: String) -> String? {
    // The size of such a file is not known before it is read.
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}
