import Foundation
import Testing

@testable import Training

@Suite struct PlatformTests {
  /// The lock is one of the folder, not of its name, and ends with the object.
  @Test func aSecondLockIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("{}", to: "config.json")
    let directory = try RunDirectory(existing: folder.url.path)
    var lock: RunLock? = try RunLock(directory)
    for path in [folder.url.path, folder.url.path + "/../" + folder.url.lastPathComponent] {
      let error = #expect(throws: FileError.self) { try RunLock(RunDirectory(existing: path)) }
      #expect(error?.isCreation == true && error?.description.hasPrefix("another process is training in ") == true)
    }
    let other = try TemporaryFolder()
    #expect(throws: Never.self) { try RunLock(RunDirectory(exactly: other.url)) }
    #expect(lock != nil)
    lock = nil
    #expect(throws: Never.self) { try RunLock(directory) }
    // A lock leaves no file.
    #expect(try folder.names == ["config.json"])
  }

  @Test func foldersThatAreNoneHaveNoLock() throws {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(exactly: folder.url.appending(path: "gone"))
    try FileManager.default.removeItem(at: directory.url)
    let error = #expect(throws: FileError.self) { try RunLock(directory) }
    #expect(error?.description.contains("cannot open") == true && error?.isCreation == false)
    #expect(throws: FileError.self) { try synchronizeDirectory(directory.url) }
    #expect(throws: Never.self) { try synchronizeDirectory(folder.url) }
  }
}
