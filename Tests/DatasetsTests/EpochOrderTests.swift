import Kernels
import Testing

@testable import Datasets

@Suite struct EpochOrderTests {
  private let rows: [Int32] = (0..<100).map { 3 * $0 }

  @Test func withoutShufflingRowsStayInFileOrder() {
    #expect(EpochOrder(rows: rows, shuffle: false, seed: 1).order(epoch: 5) == rows)
  }

  @Test func eachEpochIsAnotherPermutation() {
    let order = EpochOrder(rows: rows, shuffle: true, seed: 1)
    #expect(order.order(epoch: 0).sorted() == rows)
    #expect(order.order(epoch: 0) != rows)
    #expect(order.order(epoch: 0) != order.order(epoch: 1))
    #expect(order.order(epoch: 0) != EpochOrder(rows: rows, shuffle: true, seed: 2).order(epoch: 0))
  }

  @Test func anEpochDependsOnNoOther() {
    let order = EpochOrder(rows: rows, shuffle: true, seed: 1)
    _ = order.order(epoch: 6)
    let permutation = RandomStream(seed: 1, purpose: .shuffle, stream: 7).permutation(count: 100)
    #expect(order.order(epoch: 7) == permutation.map { rows[Int($0)] })
  }
}
