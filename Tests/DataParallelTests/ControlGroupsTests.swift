import Foundation
import Testing

@testable import DataParallel

/// Files as Linux writes them, of machines with either version of control groups and of containers on them.
@Suite struct ControlGroupsTests {
  private func groups(_ files: [String: String]) -> ControlGroups { ControlGroups { files[$0] } }

  /// A shell in a systemd session with version 2: limits stand on the way to the root.
  private let unified = [
    "/proc/self/cgroup": "0::/user.slice/user-1000.slice/session.scope\n",
    "/proc/self/mountinfo": """
    22 27 0:21 / /proc rw,relatime - proc proc rw
    30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev shared:9 - cgroup2 cgroup2 rw,nsdelegate
    """,
    "/sys/fs/cgroup/user.slice/user-1000.slice/session.scope/cpu.max": "max 100000\n",
    "/sys/fs/cgroup/user.slice/user-1000.slice/session.scope/memory.max": "max\n",
    "/sys/fs/cgroup/user.slice/user-1000.slice/cpu.max": "150000 100000\n",
    "/sys/fs/cgroup/user.slice/user-1000.slice/memory.max": "3000000000\n",
    "/sys/fs/cgroup/user.slice/cpu.max": "400000 100000\n",
    "/sys/fs/cgroup/user.slice/memory.max": "2000000000\n",
  ]

  @Test func version2() {
    let groups = groups(unified)
    #expect(
      groups.directories(of: "cpu") == [
        "/sys/fs/cgroup/user.slice/user-1000.slice/session.scope", "/sys/fs/cgroup/user.slice/user-1000.slice",
        "/sys/fs/cgroup/user.slice", "/sys/fs/cgroup",
      ])
    #expect(groups.processors == 1.5 && groups.memory == 2_000_000_000)
  }

  /// `docker run --cpus 2.5 --memory 1g`: the container sees its own group as the root.
  @Test func aContainerOfVersion2() {
    let groups = groups([
      "/proc/self/cgroup": "0::/\n",
      "/proc/self/mountinfo": "612 611 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw,nsdelegate\n",
      "/sys/fs/cgroup/cpu.max": "250000 100000\n", "/sys/fs/cgroup/memory.max": "1073741824\n",
    ])
    #expect(groups.processors == 2.5 && groups.memory == 1 << 30)
  }

  /// A tree for each controller, and names of several; one has no limits at the innermost group.
  private let separate = [
    "/proc/self/cgroup": """
    12:cpuset:/
    4:memory:/slurm/job_7/step_0
    3:cpuacct,cpu:/slurm/job_7
    1:name=systemd:/cpu/memory
    0::/
    """,
    "/proc/self/mountinfo": """
    31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
    32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
    35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
    40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
    41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
    """,
    "/sys/fs/cgroup/cpu,cpuacct/slurm/job_7/cpu.cfs_quota_us": "-1\n",
    "/sys/fs/cgroup/cpu,cpuacct/slurm/job_7/cpu.cfs_period_us": "100000\n",
    "/sys/fs/cgroup/cpu,cpuacct/slurm/cpu.cfs_quota_us": "300000\n",
    "/sys/fs/cgroup/cpu,cpuacct/slurm/cpu.cfs_period_us": "50000\n",
    "/sys/fs/cgroup/memory/slurm/job_7/step_0/memory.limit_in_bytes": "9223372036854771712\n",
    "/sys/fs/cgroup/memory/slurm/job_7/memory.limit_in_bytes": "800000000\n",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
  ]

  @Test func version1() {
    let groups = groups(separate)
    #expect(
      groups.directories(of: "memory") == [
        "/sys/fs/cgroup/memory/slurm/job_7/step_0", "/sys/fs/cgroup/memory/slurm/job_7", "/sys/fs/cgroup/memory/slurm",
        "/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified",
      ])
    #expect(groups.processors == 6 && groups.memory == 800_000_000)
  }

  /// A container of version 1: its groups have the host's names, but only what lies below is mounted.
  @Test func aContainerOfVersion1() {
    let files = [
      "/proc/self/cgroup": "4:memory:/docker/ab/inner\n3:cpu,cpuacct:/docker/ab\n",
      "/proc/self/mountinfo": """
      700 690 0:29 /docker/ab /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct
      701 690 0:32 /docker/ab /sys/fs/cgroup/memory ro master:17 - cgroup cgroup rw,memory
      """,
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "50000\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/memory/inner/memory.limit_in_bytes": "700000000\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "900000000\n",
    ]
    #expect(groups(files).processors == 0.5 && groups(files).memory == 700_000_000)
    // Moved out of what is mounted, by another name that only begins the same, or above it.
    for path in ["/docker/abc/inner", "/../x"] {
      let moved = files.merging(["/proc/self/cgroup": "4:memory:\(path)\n"]) { $1 }
      #expect(groups(moved).directories(of: "memory") == ["/sys/fs/cgroup/memory"])
      #expect(groups(moved).memory == 900_000_000)
    }
  }

  @Test func noGroups() {
    for files in [
      [:], ["/proc/self/cgroup": "0::/\n"], ["/proc/self/cgroup": "x\n\n::\n", "/proc/self/mountinfo": "1 2 -\n- - -"],
    ] {
      #expect(groups(files).processors == nil && groups(files).memory == nil)
    }
    // This machine has some or none, and neither is a trap.
    #expect(ControlGroups().processors.map { $0 > 0 } ?? true && ControlGroups().memory.map { $0 >= 0 } ?? true)
  }

  @Test(arguments: [
    ("max 100000\n", nil), ("150000 100000\n", 1.5), ("1000 100000", 0.01), ("", nil), ("150000", nil),
    ("0 100000", nil),
    ("-1 100000", nil), ("100000 0", nil), ("a b", nil), ("1 2 3", nil),
    ("9223372036854775807 1", 9.223372036854776e18),
  ]) func textsOfProcessors(text: String, processors: Double?) { #expect(ControlGroups.processors(text) == processors) }

  @Test(arguments: [
    ("max\n", nil), ("0\n", 0), ("1073741824\n", 1 << 30), ("9223372036854771712\n", nil), ("9223372036854775807", nil),
    ("-1", nil), ("", nil), ("1 GB", nil), ("99999999999999999999", nil),
  ]) func textsOfMemory(text: String, bytes: Int?) { #expect(ControlGroups.memory(text) == bytes) }
}
