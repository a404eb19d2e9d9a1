import Dispatch
import Testing

@testable import DataParallel

@Suite struct PaddedAtomicsTests {
  @Test func integersAreSeparate() {
    let atomics = PaddedAtomics(count: 3)
    #expect(atomics.count == 3 && (0..<3).map(atomics.load) == [0, 0, 0])
    atomics.store(7, 1)
    #expect(atomics.add(-2, 1) == 7 && (0..<3).map(atomics.load) == [0, 5, 0])
    #expect(atomics.replace(5, by: 9, 1) == (true, 5))
    #expect(atomics.replace(5, by: 1, 1) == (false, 9))
    #expect((0..<3).map(atomics.load) == [0, 9, 0])
  }

  @Test func noAdditionIsLost() {
    let atomics = PaddedAtomics(count: 2)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in for i in 0..<10_000 { _ = atomics.add(1, i % 2) } }
    #expect(atomics.load(0) == 20_000 && atomics.load(1) == 20_000)
  }
}
