import Foundation

/// A file or folder that cannot be written.
public struct FileError: Error, Sendable, CustomStringConvertible {
  /// A sentence that names the file.
  public let description: String
  /// Whether a run directory could not be made; else an existing one could not be written to.
  public let isCreation: Bool

  init(_ description: String, isCreation: Bool = false) {
    self.description = description
    self.isCreation = isCreation
  }

  /// What Foundation says of a failed `operation` on `path`, in one sentence.
  init(_ operation: String, _ path: String, _ error: any Error, isCreation: Bool = false) {
    self.init("cannot \(operation) \(path): \(Self.reason(error))", isCreation: isCreation)
  }

  private static func reason(_ error: any Error) -> String {
    let error = error as NSError
    if error.domain == NSPOSIXErrorDomain, let code = POSIXErrorCode(rawValue: Int32(error.code)) {
      return reason(code)
    }
    if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError {
      return reason(underlying)
    }
    switch CocoaError.Code(rawValue: error.code) {
    case .fileWriteOutOfSpace: return reason(.ENOSPC)
    case .fileWriteNoPermission: return reason(.EACCES)
    case .fileWriteVolumeReadOnly: return reason(.EROFS)
    default: return error.localizedDescription
    }
  }

  private static func reason(_ code: POSIXErrorCode) -> String {
    switch code {
    case .ENOSPC: "no space is left on the device"
    case .EFBIG: "the file would grow beyond the allowed size"
    case .EACCES, .EPERM: "permission denied"
    case .EROFS: "the file system is read-only"
    case .ENOTDIR: "a part of the path is not a folder"
    case .EEXIST: "a file of that name is in the way"
    case .ENOENT: "no such file or folder"
    default: "\(POSIXError(code).localizedDescription)"
    }
  }
}
