import Kernels
import Testing

@Suite struct PlainListTests {
  @Test func valuesInOrder() {
    let list = PlainList([3, 1, 4, 1, 5])
    withExtendedLifetime(list) {
      #expect(list.view.count == 5)
      #expect((0..<5).map { list.view[$0] } == [3, 1, 4, 1, 5])
    }
    #expect(PlainList([Int]()).view.count == 0)
  }

  /// Also those with something in them that is no number.
  @Test func plainTypes() {
    let list = PlainList<(Float, Bool)?>([(1, true), nil, (2, false)])
    withExtendedLifetime(list) {
      #expect(list.view[0]?.1 == true && list.view[1] == nil && list.view[2]?.0 == 2)
    }
  }

  /// What holds references would have to count them.
  @Test func referencesAreRefused() async {
    await #expect(processExitsWith: .success) { _ = PlainList([Float(1)]) }
    await #expect(processExitsWith: .failure) { _ = PlainList([[Float(1)]]) }
    await #expect(processExitsWith: .failure) { _ = PlainList([FloatBuffer(count: 1)]) }
    await #expect(processExitsWith: .failure) { _ = PlainList(["text"]) }
    await #expect(processExitsWith: .failure) { _ = PlainList<FloatBuffer?>([]) }
  }

  @Test func indicesAreChecked() async {
    await #expect(processExitsWith: .failure) {
      let list = PlainList([1, 2])
      _ = withExtendedLifetime(list) { list.view[2] }
    }
    await #expect(processExitsWith: .failure) {
      let list = PlainList([1, 2])
      _ = withExtendedLifetime(list) { list.view[-1] }
    }
  }
}
