import Foundation
import Testing

@testable import Training

@Suite struct AvailableMemoryTests {
  private let status = """
    Name:\ttrainer
    VmPeak:\t  999999 kB
    VmSize:\t  400000 kB
    VmRSS:\t   50000 kB
    VmData:\t  100000 kB
    """

  private func limits(addressSpace: String = "unlimited", data: String = "unlimited") -> String {
    """
    Limit                     Soft Limit           Hard Limit           Units
    Max data size             \(data)            unlimited            bytes
    Max address space         \(addressSpace)            7            bytes
    Max file locks            unlimited            unlimited            locks
    """
  }

  private let group = [
    "/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": "3 2 0:26 / /cg ro - cgroup2 cgroup rw\n",
    "/cg/memory.max": "2000000000\n",
  ]

  private func memory(_ physical: Int, _ files: [String: String], threads: Int = 0) -> AvailableMemory {
    AvailableMemory(physical: physical, threads: threads) { files[$0] }
  }

  /// What is left counts, not what is allowed: of 1.3 GB of addresses more is taken than of 1.2 GB of memory.
  @Test func theTightestLimit() {
    var files = ["/proc/self/status": status, "/proc/self/limits": limits()]
    #expect(memory(16 << 30, files) == AvailableMemory(limit: .machine, total: 16 << 30, used: 51_200_000))
    files.merge(group) { $1 }
    #expect(memory(16 << 30, files) == AvailableMemory(limit: .container, total: 2_000_000_000, used: 51_200_000))
    #expect(memory(1 << 30, files).limit == .machine)
    files["/proc/self/limits"] = limits(addressSpace: "1300000000")
    #expect(
      memory(1_200_000_000, files)
        == AvailableMemory(limit: .addressSpace, total: 1_300_000_000, used: 409_600_000 + 32 << 20))
    files["/proc/self/limits"] = limits(addressSpace: "1300000000", data: "200000000")
    let data = memory(16 << 30, files, threads: 3)
    #expect(data == AvailableMemory(limit: .data, total: 200_000_000, used: 102_400_000 + 80 << 20) && data.bytes > 0)
    #expect(memory(16 << 30, files, threads: 100).bytes == 0)
  }

  @Test func withoutFiles() {
    #expect(memory(1000, [:]) == AvailableMemory(limit: .machine, total: 1000, used: 0))
    let now = AvailableMemory.now()
    #expect(now.bytes > 0 && now.total <= Int(clamping: ProcessInfo.processInfo.physicalMemory))
    #if os(Linux)
      #expect(now.used > 1 << 20, "the tests themselves take memory")
    #endif
  }

  @Test(arguments: [
    (AvailableMemory(limit: .machine, total: 16_000_000_000, used: 40_000_000), "this machine has 16.0 GB"),
    (
      AvailableMemory(limit: .addressSpace, total: 921_600_000, used: 130_000_000),
      "ulimit -v allows 0.92 GB, of which 0.13 GB are taken by the program and its data"
    ),
    (AvailableMemory(limit: .container, total: 995_000_000, used: 0), "the container allows 1.0 GB"),
  ]) func words(memory: AvailableMemory, words: String) { #expect(memory.words == words) }

  @Test func lines() {
    #expect(AvailableMemory.kilobytes("VmSize", in: status) == 409_600_000)
    #expect(AvailableMemory.kilobytes("VmSiz", in: status) == 0 && AvailableMemory.kilobytes("VmSize", in: "") == 0)
    for text in ["VmSize: x kB", "VmSize: 1 MB", "VmSize:", "VmSize: 9223372036854775807 kB"] {
      #expect(AvailableMemory.kilobytes("VmSize", in: text) == 0)
    }
    #expect(AvailableMemory.softLimit("Max address space", in: limits(addressSpace: "5")) == 5)
    #expect(AvailableMemory.softLimit("Max address space", in: limits()) == nil)
    #expect(AvailableMemory.softLimit("Max address space", in: "Max address space") == nil)
  }
}
