import Foundation

/// The terminal that standard error goes to.
enum Terminal {
  /// Its columns, asked anew each time, because people change the size of windows; where it does not tell, those that the
  /// variable `COLUMNS` says, or else 80.
  static var columns: Int {
    var size = winsize()
    let answer = unsafe ioctl(STDERR_FILENO, numericCast(TIOCGWINSZ), &size)
    return columns(
      answer: answer == 0 ? Int(size.ws_col) : nil, variable: ProcessInfo.processInfo.environment["COLUMNS"])
  }

  /// The columns by the answer of the terminal and the text of the variable.
  static func columns(answer: Int?, variable: String?) -> Int {
    for columns in [answer, variable.flatMap { Int($0) }] {
      if let columns, columns > 0 { return columns }
    }
    return 80
  }
}
