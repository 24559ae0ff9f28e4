/// Runs the command line and returns the exit status.
public func main(arguments: [String]) -> Int32 {
    0
}
