/// What a key means to a run that goes on, or that is compared with another one.
public enum KeyRole: String, Sendable, Equatable {
  /// Part of the arithmetic: another value gives other bits, and a run that goes on must keep it.
  case arithmetic
  /// Part of the arithmetic, but only of how a run begins: a model can be used without it.
  case beginning
  /// The place of a file. A run that goes on may find the file elsewhere, because its content is what counts.
  case path
  /// Another value changes no bit of the result.
  case changesNoBit
  /// More or less of it leaves what both have as it is, so that a run may go on with another value.
  case mayGrow
  /// Not part of the resolved configuration: what it says stands in other keys, or says nothing about a run.
  case transient
}
