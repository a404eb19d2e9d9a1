/// Work in phases: all units of a phase may be done at the same time, in any order and by anyone, and all must be done
/// before the next phase begins.
protocol PhasedWork: Sendable {
  /// Number of phases.
  var phases: Int { get }

  /// Number of units of a phase, at least one.
  func units(phase: Int) -> Int

  /// Number of units of a phase that worker `owner` owns.
  func units(phase: Int, owner: Int) -> Int

  /// Does a unit of `owner`, with the memory of `worker`.
  func perform(phase: Int, owner: Int, unit: Int, worker: Int)
}

extension PhasedWork {
  /// Does everything that is divided among `owners` workers on the calling thread, in order.
  func performAll(owners: Int) {
    for phase in 0..<phases {
      for owner in 0..<owners {
        for unit in 0..<units(phase: phase, owner: owner) {
          perform(phase: phase, owner: owner, unit: unit, worker: 0)
        }
      }
    }
  }
}

/// Hands out the units of `PhasedWork` to threads.
///
/// Nothing waits for a particular worker, only for units: a phase is over when all its units are done, whoever did
/// them. A thread that the system has put aside delays the others by the unit in its hands at the most, and workers may
/// outnumber processors. A unit is claimed by one atomic operation on the counter of its owner; the counter also holds
/// the number of the phase, so that a claim that comes late is a claim in the phase that has begun meanwhile.
///
/// With many workers what costs is cache lines that all write. So a phase begins with a single store, a counter is moved
/// to the new phase by the first who claims from it, most often its owner, and one that has nothing left is read and not
/// written.
final class PhaseScheduler: Sendable {
  private let work: any PhasedWork
  private let counters: ClaimCounters
  private let progress = PaddedAtomics(count: 2)
  /// Where `progress` has the phase that has begun.
  private static let phase = 0
  /// Where it has the number of units of that phase that are not done.
  private static let unfinished = 1
  private let parking: any Parking

  /// A scheduler for work that is divided among `owners` workers; threads wait at `parking`.
  init(_ work: any PhasedWork, owners: Int, parking: any Parking) {
    self.work = work
    self.parking = parking
    counters = ClaimCounters(owners: owners)
    if work.phases > 0 { begin(0) }
  }

  /// Takes part until all phases are over. Called once by each thread.
  ///
  /// - Parameters:
  ///   - worker: the number of the thread, below `threads`.
  ///   - threads: how many there are; a thread looks after the owners worker, worker + threads, … before it helps.
  func participate(worker: Int, threads: Int) {
    let phases = work.phases
    while true {
      let seen = progress.load(Self.phase)
      if seen >= phases { return }
      var owner = worker
      var looked = 0
      while looked < counters.owners && progress.load(Self.phase) == seen {
        doUnits(of: owner, in: seen, worker: worker)
        owner += threads
        if owner >= counters.owners { owner = (owner + 1) % threads }
        looked += 1
      }
      parking.wait { progress.load(Self.phase) != seen }
    }
  }

  /// Does the units of `owner` that are left.
  private func doUnits(of owner: Int, in phase: Int, worker: Int) {
    // What has been done is counted when nothing is left to claim: the count is a cache line that all share. Until then the
    // phase cannot end, so all of it belongs to one phase.
    var done = (phase: phase, units: 0)
    while let claimed = claim(owner, in: phase, worker: worker) { done = (claimed, done.units + 1) }
    if done.units > 0 { finish(done.units, of: done.phase) }
  }

  /// Does the next unit of `owner` in `phase`, or in the one that has begun meanwhile, and returns its phase; nil if there
  /// is none.
  private func claim(_ owner: Int, in phase: Int, worker: Int) -> Int? {
    let units = work.units(phase: phase, owner: owner)
    guard let claimed = counters.next(owner, in: phase, units: units), claimed.phase < work.phases,
      claimed.unit < (claimed.phase == phase ? units : work.units(phase: claimed.phase, owner: owner))
    else { return nil }
    work.perform(phase: claimed.phase, owner: owner, unit: claimed.unit, worker: worker)
    return claimed.phase
  }

  /// Counts units as done; who counts the last of a phase begins the next.
  private func finish(_ units: Int, of phase: Int) {
    if progress.add(-units, Self.unfinished) == units { begin(phase + 1) }
  }

  /// Begins a phase. Called when no unit of the one before is left; nobody claims a unit of this one until its number is stored.
  private func begin(_ next: Int) {
    if next < work.phases { progress.store(work.units(phase: next), Self.unfinished) }
    progress.store(next, Self.phase)
    parking.wake()
  }
}

/// The number of the phase and of the next unit of each owner, in one atomic integer for each.
private struct ClaimCounters: Sendable {
  private let states: PaddedAtomics
  private static let unitBits = 24

  init(owners: Int) {
    states = PaddedAtomics(count: owners)
    for owner in 0..<owners { states.store(-1 << Self.unitBits, owner) }
  }

  var owners: Int { states.count }

  /// Claims the next of the `units` units of `owner` in `phase`, which has begun; nil if there is none.
  ///
  /// If another phase begins meanwhile, the claim may be one in that phase. The number may be too high, and is then
  /// nobody's.
  func next(_ owner: Int, in phase: Int, units: Int) -> (phase: Int, unit: Int)? {
    guard units > 0 else { return nil }
    var current = states.load(owner)
    while current >> Self.unitBits < phase {
      // The first claim in this phase. It fails if another has been the first, or if a claim in an earlier phase has come late.
      let attempt = states.replace(current, by: phase << Self.unitBits | 1, owner)
      if attempt.replaced { return (phase, 0) }
      current = attempt.before
    }
    if current >> Self.unitBits == phase && current & (1 << Self.unitBits - 1) >= units { return nil }
    let claimed = states.add(1, owner)
    return (claimed >> Self.unitBits, claimed & (1 << Self.unitBits - 1))
  }
}
