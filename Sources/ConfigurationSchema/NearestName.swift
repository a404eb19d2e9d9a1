/// The candidate that a person most likely meant by a misspelt word, for "did you mean".
///
/// Upper and lower case count as equal. A candidate is near if at most a third of the letters of the word, and at
/// least one, have to be changed, left out, put in or swapped with their neighbour; but never all of them. Among
/// equally near ones, the first in alphabetical order wins. Words of more than 64 letters have no near ones: nobody types them,
/// and the work grows with the square of their length.
///
/// - Returns: Nil if no candidate is near: a wrong guess is worse than none.
public func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  let letters = Array(word.prefix(65).lowercased())
  guard letters.count <= 64 else { return nil }
  let limit = max(1, letters.count / 3)
  var best: (name: String, distance: Int)?
  for candidate in candidates.sorted() {
    let other = Array(candidate.prefix(letters.count + limit + 1).lowercased())
    // The difference in length is a lower bound of the distance.
    guard abs(letters.count - other.count) <= limit else { continue }
    let distance = editDistance(letters, other)
    if distance <= limit, distance < max(letters.count, other.count), distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  return best?.name
}

/// The Damerau-Levenshtein distance in its restricted form (optimal string alignment): the least number of letters to
/// change, leave out, put in, or swap with their neighbour, where no letter is touched twice.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  // Rows of the table of distances between the prefixes of `a` and of `b`: the one in work and the two before it.
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    current.reserveCapacity(b.count + 1)
    for j in b.indices {
      let change = previous[j] + (a[i] == b[j] ? 0 : 1)
      var distance = min(change, previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        distance = min(distance, beforePrevious[j - 1] + 1)
      }
      current.append(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
