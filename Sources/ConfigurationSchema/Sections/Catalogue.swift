/// The names that a key allows: an enum whose raw values are the names and whose cases say what they mean.
///
/// A new name is one case; reading, the messages, the schema and the reference follow.
public protocol Catalogue: RawRepresentable, CaseIterable where RawValue == String {
  /// What the case means, as a phrase without a full stop: "max(z, 0)".
  var help: String { get }
}
