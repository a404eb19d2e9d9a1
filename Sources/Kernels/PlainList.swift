/// Owns a list of plain values that never changes.
///
/// To read an array, or a property of an object, a thread may count a reference to it, and a count is a cache line that all
/// threads would write. A `View` of this list is a pointer and a number.
public final class PlainList<Element: Sendable>: @unchecked Sendable {
  /// A view of all values. It does not keep the list alive; whoever hands it out keeps the list.
  public let view: View

  /// A list of `values`, whose type holds no references.
  public init(_ values: [Element]) {
    precondition(_isPOD(Element.self), "a plain list is one of plain values")
    let base = UnsafeMutablePointer<Element>.allocate(capacity: max(values.count, 1))
    base.initialize(from: values, count: values.count)
    view = View(base: base, count: values.count)
  }

  deinit { UnsafeMutablePointer(mutating: view.base).deallocate() }

  /// The values of a list, to be read by many threads.
  public struct View: @unchecked Sendable {
    @usableFromInline let base: UnsafePointer<Element>
    /// Number of values.
    public let count: Int

    @usableFromInline
    init(base: UnsafePointer<Element>, count: Int) {
      self.base = base
      self.count = count
    }

    /// The value at `index`.
    @inlinable
    public subscript(index: Int) -> Element {
      @inline(__always) get {
        precondition(index >= 0 && index < count)
        return base[index]
      }
    }
  }
}
