import Foundation
import ProcessorFeatures
import Testing

@testable import DataParallel

@Suite struct ProcessorsTests {
  @Test(
    arguments: [
      // present, affinity, quota, SLURM_CPUS_PER_TASK, expected
      (8, 8, nil, nil, 8), (8, 1, nil, nil, 1), (8, 0, nil, nil, 8), (8, 3, 16.0, "64", 3), (8, 8, 1.5, nil, 2),
      (8, 8, 2.0, nil, 2), (8, 8, 0.01, nil, 1), (8, 8, 1e300, nil, 8), (8, 8, nil, "4", 4), (8, 8, 3.5, "2", 2),
      (8, 8, nil, "0", 8), (8, 8, nil, "-1", 8), (8, 8, nil, "many", 8), (8, 8, nil, "", 8), (0, 0, nil, nil, 1),
      // More than the C library's sets have room for.
      (4096, 4096, nil, nil, 4096),
    ] as [(Int, Int, Double?, String?, Int)])
  func theFewest(present: Int, affinity: Int, quota: Double?, slurm: String?, count: Int) {
    #expect(availableProcessors(present: present, affinity: affinity, quota: quota, slurm: slurm) == count)
  }

  @Test func workersKnowThem() {
    #expect(availableProcessors() >= 1)
    #expect(availableProcessors() <= ProcessInfo.processInfo.activeProcessorCount)
  }

  /// `taskset` lets a thread run on one processor after the other, and the kernel says on which it may.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/taskset"))) func affinity() {
    let all = onAThread { (allowed: Self.allowed(), counted: Int(processorsOfThisThread())) }
    #expect(!all.allowed.isEmpty && all.counted == all.allowed.count)
    for processor in all.allowed {
      let one = onAThread {
        Self.taskset(processor)
        return (allowed: Self.allowed(), counted: Int(processorsOfThisThread()), available: availableProcessors())
      }
      #expect(one == ([processor], 1, 1))
    }
  }

  /// The processors that this thread may run on, of a line such as `Cpus_allowed_list: 0-3,8`.
  private static func allowed() -> [Int] {
    let status = ControlGroups.text("/proc/thread-self/status") ?? ""
    guard let list = status.firstMatch(of: /Cpus_allowed_list:\s*(\S+)/)?.output.1 else { return [] }
    return list.split(separator: ",").flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      return Array((ends.first ?? 0)...(ends.last ?? 0))
    }
  }

  /// Lets this thread run on one processor only.
  private static func taskset(_ processor: Int) {
    let thread = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")) ?? ""
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/taskset")
    process.arguments = ["-cp", String(processor), thread.split(separator: "/").last.map(String.init) ?? ""]
    process.standardOutput = FileHandle.nullDevice
    #expect(throws: Never.self) { try process.run() }
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  /// What `body` returns on a thread of its own, which ends with it.
  private func onAThread<T: Sendable>(_ body: @escaping @Sendable () -> T) -> T {
    let box = Box<T>()
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      box.value = body()
      done.signal()
    }
    done.wait()
    return box.value!
  }

  private final class Box<T>: @unchecked Sendable { var value: T? }
}
