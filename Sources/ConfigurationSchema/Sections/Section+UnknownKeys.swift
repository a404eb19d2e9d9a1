/// What is said about keys that nobody asked for.
extension Section {
  /// Reports every member that was not asked for, in alphabetical order.
  func finish() {
    guard let members, members.count > readKeys.count || !readKeys.isSuperset(of: members.keys) else { return }
    let unread = members.keys.filter { !readKeys.contains($0) }
    let below = path.components.dropFirst(context.root.components.count)
    let possible = Set(context.description.sections(at: below).flatMap(\.allKeys).map(\.name))
    let effective = isUndetermined ? readKeys.union(possible) : readKeys
    for key in unread.sorted() where !(isUndetermined && possible.contains(key)) {
      report(key, explanation(of: key, effective: effective, possible: possible))
    }
  }

  /// - Parameters:
  ///   - effective: the keys that mean something here.
  ///   - possible: those and the keys of variants that were not chosen.
  private func explanation(of key: String, effective: Set<String>, possible: Set<String>) -> String {
    if let name = nearest(to: key, among: effective) { return "unknown key; did you mean '\(name)'?" }
    if possible.contains(key) { return "has no effect here; remove it" }
    if let place = otherPlace(of: key) { return "unknown key; it belongs \(place)" }
    if let name = nearest(to: key, among: possible) { return "unknown key; did you mean '\(name)'?" }
    if effective.isEmpty { return "unknown key; no keys are allowed here" }
    return "unknown key; allowed: \(effective.sorted().joined(separator: ", "))"
  }

  /// The sections that have a key of this name, in words; nil if there are none, or so many that it says nothing.
  private func otherPlace(of key: String) -> String? {
    let places = context.description.places(of: key).map { place in
      let root = context.root.components.isEmpty ? "" : context.root.description
      return root.isEmpty || place.isEmpty ? root + place : "\(root).\(place)"
    }
    guard !places.isEmpty, places.count <= 3 else { return nil }
    if places.contains("") { return "at the top level" }
    return "in \(listed(places, "or"))"
  }
}
