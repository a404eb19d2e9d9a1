import Testing

@testable import Kernels

@Suite struct SampleOrderTests {
  @Test func selectionsArePartsOfTheOrder() {
    let order = SampleOrder([4, 2, 9, 2])
    withExtendedLifetime(order) {
      #expect(order.count == 4)
      let selection = order.selection(from: 1)
      #expect((0..<3).map { selection.sample(ofRow: $0) } == [2, 9, 2])
      #expect(selection.pointer(row: 2).pointee == 2)
      #expect(order.selection(from: 0).sample(ofRow: 0) == 4)
    }
    #expect(SampleOrder([]).count == 0)
  }

  @Test func rowsAreChecked() async {
    await #expect(processExitsWith: .failure) {
      let order = SampleOrder([4, 2])
      _ = withExtendedLifetime(order) { order.selection(from: 1).sample(ofRow: 1) }
    }
  }
}
