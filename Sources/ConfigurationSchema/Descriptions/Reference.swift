extension SectionDescription {
  /// The section and all sections in it as Markdown: a table of keys for each.
  ///
  /// - Parameter introduction: what stands above the tables.
  public func reference(introduction: String) -> String {
    var writer = ReferenceWriter()
    writer.collect(self, path: "")
    return ([introduction] + writer.chapters()).joined(separator: "\n\n") + "\n"
  }
}

/// Writes a section as Markdown. What several sections share is described once.
private struct ReferenceWriter {
  private struct Chapter {
    var paths: [String]
    let section: SectionDescription

    /// Names of sections; the outermost has none.
    var title: String { paths == [""] ? "Top level" : paths.map { "`\($0)`" }.joined(separator: ", ") }

    /// A link to the chapter, with the anchor that GitHub makes of a title.
    func link(_ text: String) -> String {
      let anchor = title.lowercased().replacing(" ", with: "-").filter { $0.isLetter || $0.isNumber || $0 == "-" }
      return "[\(text)](#\(anchor))"
    }
  }

  private var all: [Chapter] = []
  private var catalogues: [[DomainDescription.Choice]] = []
  private var variants: [(description: VariantsDescription, chapter: Chapter)] = []
  private var paragraphs: [String] = []

  /// Finds the section and all sections in it.
  mutating func collect(_ section: SectionDescription, path: String) {
    if let known = all.firstIndex(where: { $0.section == section }) {
      all[known].paths.append(path)
    } else {
      all.append(Chapter(paths: [path], section: section))
    }
    for key in section.allKeys {
      if let (inner, suffix) = Self.section(of: key) {
        collect(inner, path: (path.isEmpty ? key.name : "\(path).\(key.name)") + suffix)
      }
    }
  }

  mutating func chapters() -> [String] {
    for chapter in all {
      paragraphs.append("## \(chapter.title)")
      write(chapter.section, of: chapter)
    }
    return paragraphs
  }

  private mutating func write(_ section: SectionDescription, of chapter: Chapter) {
    var keys: [(key: KeyDescription, isAlternative: Bool)] = []
    var choices: [VariantsDescription] = []
    func collect(_ section: SectionDescription, isAlternative: Bool) {
      for item in section.items {
        switch item {
        case .key(let key): keys.append((key, isAlternative))
        case .variants(let variants):
          if let selector = variants.selector {
            keys.append((selector, isAlternative))
            choices.append(variants)
          } else {
            variants.cases.forEach { collect($0.section, isAlternative: true) }
          }
        }
      }
    }
    collect(section, isAlternative: false)

    let rows = keys.map { key, isAlternative in
      let presence = isAlternative && key.presence == .required ? "one of these is required" : Self.presence(of: key)
      return ["`\(key.name)`", values(of: key), presence, Self.meaning(of: key)].map(Self.cell)
    }
    paragraphs.append(Self.table(["key", "values", "default", "meaning"], rows))
    for (key, _) in keys { writeCatalogue(of: key) }
    for choice in choices { write(choice, of: chapter) }
  }

  private mutating func write(_ choice: VariantsDescription, of chapter: Chapter) {
    let cases = choice.cases.filter { !$0.section.items.isEmpty }
    guard let selector = choice.selector, !cases.isEmpty else { return }
    if let known = variants.first(where: { $0.description == choice }) {
      if known.chapter.title != chapter.title {
        paragraphs.append("Further keys by `\(selector.name)`: as in \(known.chapter.link(known.chapter.title)).")
      }
      return
    }
    variants.append((choice, chapter))
    for variant in cases {
      paragraphs.append("With `\"\(selector.name)\": \"\(variant.name)\"`:")
      write(variant.section, of: chapter)
    }
  }

  /// The meanings of names, unless they are told already.
  private mutating func writeCatalogue(of key: KeyDescription) {
    let choices = Self.choices(of: key)
    guard !choices.isEmpty, !catalogues.contains(choices) else { return }
    catalogues.append(choices)
    paragraphs.append(Self.table(["`\(key.name)`", "meaning"], choices.map { ["`\($0.name)`", Self.cell($0.help)] }))
  }

  // MARK: Cells

  private func values(of key: KeyDescription) -> String {
    let choices = Self.choices(of: key).map { "`\($0.name)`" }.joined(separator: ", ")
    switch key.content {
    case .value(let domain):
      if domain.choices.isEmpty { return domain.words }
      return domain.isList ? "a list of \(choices)" : choices
    case .section(let section): return link("a section", to: section)
    case .list(let element): return "a list of at least one \(link("section", to: element))"
    case .map(let element, let name): return "a \(link("section", to: element)) for each \(name)"
    case .named(let section, let selector, let domain):
      let values = choices.isEmpty ? domain.words : choices
      guard Self.section(of: key) != nil else { return values }
      return "\(values), or a \(link("section", to: section)) with that as its `\(selector)`"
    }
  }

  private func link(_ text: String, to section: SectionDescription) -> String {
    all.first { $0.section == section }?.link(text) ?? text
  }

  private static func presence(of key: KeyDescription) -> String {
    switch key.presence {
    case .required: "required"
    case .standard(.object(let members)) where members.isEmpty: "its defaults"
    case .standard(let value): "`\(value.compactText)`"
    case .depends(let words): words
    }
  }

  private static func meaning(of key: KeyDescription) -> String {
    switch key.role {
    case .changesNoBit: "\(key.help); changes no bit"
    case .mayGrow: "\(key.help); a run may go on with another value"
    case .arithmetic, .beginning, .path, .transient: key.help
    }
  }

  private static func choices(of key: KeyDescription) -> [DomainDescription.Choice] {
    switch key.content {
    case .value(let domain), .named(_, _, let domain): domain.choices
    case .section, .list, .map: []
    }
  }

  /// The section behind a key that has a chapter of its own; none has one that consists of its selector.
  private static func section(of key: KeyDescription) -> (SectionDescription, suffix: String)? {
    switch key.content {
    case .value: nil
    case .section(let section): (section, "")
    case .list(let element): (element, "[]")
    case .map(let element, let name): (element, ".\(name)")
    case .named(let section, _, _): section.allKeys.count > 1 ? (section, "") : nil
    }
  }

  private static func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|")
  }

  private static func table(_ titles: [String], _ rows: [[String]]) -> String {
    ([titles, titles.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }
}
