/// What the command line says of an option, whatever the type of its value.
protocol OptionDeclaration: Sendable {
  /// As it is written: `--workers`.
  var name: String { get }
  /// What the value is called in help and messages; nil for an option without one.
  var placeholder: String? { get }
  /// What it does: a phrase, of one or more lines.
  var help: String { get }
  /// Whether a second one is an error. Else the last one counts, or all do.
  var isUnique: Bool { get }

  /// The value that `text` stands for; the text of an option without a value is empty.
  func value(of text: String) throws(UsageError) -> any Sendable
}

extension OptionDeclaration {
  /// The name with the placeholder of its value.
  var synopsis: String { placeholder.map { "\(name) \($0)" } ?? name }
}

/// An option of the command line, declared once, in `Options`: the same name, value and help in every command that takes it.
struct Option<Value: Sendable>: OptionDeclaration {
  let name: String
  let placeholder: String?
  let help: String
  let isUnique: Bool
  private let parse: @Sendable (String) throws(UsageError) -> Value

  /// An option with a value, which `parse` reads from its text.
  init(
    _ name: String, _ placeholder: String, isUnique: Bool = false, help: String,
    parse: @escaping @Sendable (String) throws(UsageError) -> Value
  ) {
    self.name = name
    self.placeholder = placeholder
    self.help = help
    self.isUnique = isUnique
    self.parse = parse
  }

  func value(of text: String) throws(UsageError) -> any Sendable { try parse(text) }
}

extension Option<String> {
  /// An option whose value is any text.
  init(_ name: String, _ placeholder: String, isUnique: Bool = false, help: String) {
    self.init(name, placeholder, isUnique: isUnique, help: help) { text throws(UsageError) in text }
  }
}

extension Option<Bool> {
  /// An option without a value.
  init(flag name: String, help: String) {
    self.name = name
    placeholder = nil
    self.help = help
    isUnique = false
    parse = { _ throws(UsageError) in true }
  }
}
