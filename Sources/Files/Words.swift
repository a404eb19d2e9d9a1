// How messages spell what they name.

/// `text` as an error quotes it: control characters escaped, at most `limit` characters.
package func quoted(_ text: String, limit: Int = 40) -> String {
  var result = "'"
  for character in text.prefix(limit) {
    for scalar in character.unicodeScalars {
      result += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
    }
  }
  return result + (text.dropFirst(limit).isEmpty ? "'" : "…'")
}

/// `1 row`, `2 rows`.
package func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

/// `'a', 'b' and 'c'`; of more than `limit` names only the first are told, and how many there are.
package func listed(_ names: [String], limit: Int = 12) -> String {
  let told = names.prefix(limit).map { quoted($0) }
  if names.count > limit { return told.joined(separator: ", ") + ", … (\(names.count) in all)" }
  guard let last = told.last, told.count > 1 else { return told.first ?? "none" }
  return told.dropLast().joined(separator: ", ") + " and " + last
}
