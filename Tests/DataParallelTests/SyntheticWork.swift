import Synchronization

@testable import DataParallel

/// Many short phases of uneven units, which watch that each is done once and at its time.
final class SyntheticWork: PhasedWork {
  let phases: Int
  private let owners: Int
  private let workers: Int
  private let isRegular: Bool
  private let isSparse: Bool
  private let visits: [Counter]
  private let done: [Counter]
  private let mistakes = Atomic(0)
  private let starts: [Int]

  /// An atomic integer in an object, so that there can be lists of them.
  private final class Counter: Sendable {
    let value = Atomic(0)
  }

  /// - Parameters:
  ///   - owners: how many workers own units.
  ///   - workers: how many threads there are.
  init(phases: Int, owners: Int, workers: Int, isRegular: Bool = false, isSparse: Bool = false) {
    self.phases = phases
    self.owners = owners
    self.workers = workers
    self.isRegular = isRegular
    self.isSparse = isSparse
    var starts = [0]
    for phase in 0..<phases {
      for owner in 0..<owners {
        starts.append(starts.last! + Self.units(phase, owner, owners, isRegular, isSparse))
      }
    }
    self.starts = starts
    visits = (0..<starts.last!).map { _ in Counter() }
    done = (0..<phases).map { _ in Counter() }
  }

  /// None for many owners in many phases; but at least one has some. Regular: one each; sparse: one in all.
  private static func units(_ phase: Int, _ owner: Int, _ owners: Int, _ isRegular: Bool, _ isSparse: Bool) -> Int {
    if isRegular { return 1 }
    if isSparse { return owner == phase % owners ? 1 : 0 }
    return owner == phase % owners ? 1 + phase % 5 : (phase * 7 + owner * 3) % 4
  }

  func units(phase: Int) -> Int { starts[(phase + 1) * owners] - starts[phase * owners] }

  func units(phase: Int, owner: Int) -> Int { Self.units(phase, owner, owners, isRegular, isSparse) }

  func perform(phase: Int, owner: Int, unit: Int, worker: Int) {
    let isSound =
      (0..<workers).contains(worker) && (0..<units(phase: phase, owner: owner)).contains(unit)
      && (phase == 0 || done[phase - 1].value.load(ordering: .sequentiallyConsistent) == units(phase: phase - 1))
    if !isSound { mistakes.add(1, ordering: .relaxed) }
    visits[starts[phase * owners + owner] + unit].value.add(1, ordering: .relaxed)
    // Units of uneven length, a few hundred nanoseconds.
    var x = UInt32(truncatingIfNeeded: phase ^ unit)
    for _ in 0..<(unit * 37 + owner * 11) % 200 { x = x &* 1_664_525 &+ 1_013_904_223 }
    if x == 0x1234_5678 { mistakes.add(0, ordering: .relaxed) }
    done[phase].value.add(1, ordering: .sequentiallyConsistent)
  }

  /// Units that were not done exactly once, or not in their phase, or by nobody that there is.
  var faults: Int {
    visits.count { $0.value.load(ordering: .relaxed) != 1 } + mistakes.load(ordering: .relaxed)
  }
}
