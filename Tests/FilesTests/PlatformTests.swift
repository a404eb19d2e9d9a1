import Foundation
import Testing

@testable import Files

@Suite struct PlatformTests {
  /// The lock is one of the folder, not of its name, and ends with the object.
  @Test func aSecondLockIsRefused() throws {
    let folder = try TemporaryFolder()
    var lock: FolderLock? = try FolderLock(folder.url, refusal: "taken")
    for path in [folder.url.path, folder.url.path + "/../" + folder.url.lastPathComponent] {
      let error = #expect(throws: OutputError.self) { try FolderLock(URL(fileURLWithPath: path), refusal: "taken") }
      #expect(error?.isCreation == true && error?.description == "taken")
    }
    let other = try TemporaryFolder()
    #expect(throws: Never.self) { try FolderLock(other.url, refusal: "taken") }
    #expect(lock != nil)
    lock = nil
    #expect(throws: Never.self) { try FolderLock(folder.url, refusal: "taken") }
    // A lock leaves no file.
    #expect(try folder.names == [])
  }

  @Test func foldersThatAreNoneHaveNoLock() throws {
    let folder = try TemporaryFolder()
    let gone = folder.url.appending(path: "gone")
    let error = #expect(throws: OutputError.self) { try FolderLock(gone, refusal: "taken") }
    #expect(error?.description.contains("cannot open") == true && error?.isCreation == false)
    #expect(throws: OutputError.self) { try synchronizeDirectory(gone) }
    #expect(throws: Never.self) { try synchronizeDirectory(folder.url) }
  }
}
