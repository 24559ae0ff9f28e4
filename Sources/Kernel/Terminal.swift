import CKernel

/// The size of the terminal behind descriptor `number`, in characters; `nil` if it is no terminal.
///
/// A terminal that does not know its size has 0 rows and columns. See ioctl_tty(2), TIOCGWINSZ.
public func terminalSize(_ number: Int32) -> (rows: Int, columns: Int)? {
    var size = sw_window_size()
    let result = uninterrupted {
        // SAFETY: the shim fills the structure during the call only.
        unsafe sw_terminal_size(number, &size)
    }
    guard result >= 0 else { return nil }
    return (Int(size.rows), Int(size.columns))
}
