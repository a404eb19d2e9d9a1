import Foundation
import Testing

@testable import Files

@Suite struct OutputErrorTests {
  @Test func errorsOfFoundation() {
    let error = OutputError("write", "/x", CocoaError(.fileWriteOutOfSpace))
    #expect(error.description == "cannot write /x: no space is left on the device")
  }

  @Test(arguments: [
    (POSIXErrorCode.ENOSPC, "no space is left on the device"), (.EFBIG, "the file would grow beyond the allowed size"),
    (.EACCES, "permission denied"), (.EROFS, "the file system is read-only"),
    (.ENOTDIR, "a part of the path is not a folder"),
  ]) func reasonsAreSentences(code: POSIXErrorCode, sentence: String) {
    let posix = NSError(domain: NSPOSIXErrorDomain, code: Int(code.rawValue))
    #expect(OutputError("write", "/x", posix).description == "cannot write /x: \(sentence)")
    let wrapped = NSError(domain: NSCocoaErrorDomain, code: 512, userInfo: [NSUnderlyingErrorKey: posix])
    #expect(OutputError("write", "/x", wrapped).description == "cannot write /x: \(sentence)")
  }
}
