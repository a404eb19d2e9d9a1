// The few system calls that Foundation lacks, and the only place where systems differ.

import Foundation

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What the system says of the error number of the last call that failed.
private func systemError() -> String { POSIXErrorCode(rawValue: errno).map(reason(of:)) ?? "error \(errno)" }

/// Makes a new, empty file and opens it for writing.
///
/// What had its name before is removed, if it is a file or a link: nothing is ever written through a link. A folder is left as
/// it is, with its content, and is an error.
package func makeFile(at url: URL) throws(OutputError) -> FileHandle {
  guard unsafe unlink(url.path) == 0 || errno == ENOENT else {
    throw OutputError("cannot replace \(url.path): \(systemError())")
  }
  let descriptor = unsafe open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw OutputError("cannot create \(url.path): \(systemError())") }
  return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
}

/// Brings what was written to a file to the disk, so that it survives a loss of power.
package func synchronizeFile(_ handle: FileHandle, _ url: URL) throws(OutputError) {
  #if canImport(Darwin)
    // There fsync hands over to the drive, which may keep it for a while. Not every file system has the stronger call.
    if unsafe fcntl(handle.fileDescriptor, F_FULLFSYNC) == 0 { return }
  #endif
  guard fsync(handle.fileDescriptor) == 0 else { throw OutputError("cannot synchronize \(url.path): \(systemError())") }
}

/// Removes a file or a link, if it can be removed; a folder never is.
package func removeFile(at url: URL) { _ = unsafe unlink(url.path) }

/// Renames a file, replacing one that has the new name already, in one step.
package func replaceFile(at target: URL, with source: URL) throws(OutputError) {
  guard unsafe rename(source.path, target.path) == 0 else {
    throw OutputError("cannot rename \(source.path) to \(target.path): \(systemError())")
  }
}

/// Makes changes of names in a folder survive a loss of power.
package func synchronizeDirectory(_ url: URL) throws(OutputError) {
  let descriptor = unsafe open(url.path, O_RDONLY)
  guard descriptor >= 0 else { throw OutputError("cannot open \(url.path): \(systemError())") }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 else { throw OutputError("cannot synchronize \(url.path): \(systemError())") }
}

/// Keeps a second process out of a folder, for as long as the object lives. The system ends it with the process, in
/// whatever way that ends.
public final class FolderLock {
  private let descriptor: Int32

  /// Locks the folder `url`.
  ///
  /// - Parameter refusal: what the error says if another process, or another object of this one, has the lock.
  /// - Throws: `OutputError`.
  public init(_ url: URL, refusal: String) throws(OutputError) {
    // Not for child processes: one that outlives this process would keep the lock.
    descriptor = unsafe open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw OutputError("cannot open \(url.path): \(systemError())") }
    // File systems without locks do without.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      close(descriptor)
      throw OutputError(refusal, isCreation: true, isLocked: true)
    }
  }

  deinit { close(descriptor) }
}

/// A file beyond a limit of size, and a reader of the output that has gone away, are then errors of a write, not the end
/// of the process.
public func ignoreWriteSignals() {
  _ = signal(SIGXFSZ, SIG_IGN)
  _ = signal(SIGPIPE, SIG_IGN)
}
