import Foundation

/// Why an operation on a file failed, as a clause for a sentence: "permission denied".
///
/// Foundation's own descriptions repeat that something failed, and some say no more than a number.
public func reason(of error: any Error) -> String {
  let error = error as NSError
  if error.domain == NSPOSIXErrorDomain, let code = POSIXErrorCode(rawValue: Int32(error.code)) {
    return reason(of: code)
  }
  if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError { return reason(of: underlying) }
  switch CocoaError.Code(rawValue: error.code) {
  case .fileWriteOutOfSpace: return reason(of: .ENOSPC)
  case .fileReadNoPermission, .fileWriteNoPermission: return reason(of: .EACCES)
  case .fileWriteVolumeReadOnly: return reason(of: .EROFS)
  case .fileWriteFileExists: return reason(of: .EEXIST)
  case .fileNoSuchFile, .fileReadNoSuchFile: return reason(of: .ENOENT)
  case .fileReadInvalidFileName, .fileWriteInvalidFileName: return reason(of: .ENAMETOOLONG)
  case .fileReadUnknown, .fileWriteUnknown: return "it is not a regular file, or a part of the path is not a folder"
  default: return error.localizedDescription
  }
}

func reason(of code: POSIXErrorCode) -> String {
  switch code {
  case .ENOSPC: "no space is left on the device"
  case .EFBIG: "the file would grow beyond the allowed size"
  case .EACCES, .EPERM: "permission denied"
  case .EROFS: "the file system is read-only"
  case .ENOTDIR: "a part of the path is not a folder"
  case .EISDIR: "it is a folder"
  case .EEXIST: "a file of that name is in the way"
  case .ENOENT: "no such file or folder"
  case .ENAMETOOLONG: "the name is not valid, or too long"
  case .EMFILE, .ENFILE: "too many open files"
  default: unsafe String(cString: strerror(code.rawValue))
  }
}
