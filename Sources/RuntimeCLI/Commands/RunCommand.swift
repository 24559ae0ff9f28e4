import ContainerRuntime

/// `run`: create and start, then wait for the program's end and delete the container, unless it is detached.
struct RunCommand: Sendable {
    let creation: CreateCommand
    /// Return once the program has started.
    let isDetached: Bool
    /// Keep the container after its program has ended.
    let keepsContainer: Bool
    /// Adopt the orphans of the container, so that their end is noticed.
    let isSubreaper: Bool

    init(id: String, _ arguments: Arguments) {
        creation = CreateCommand(id: id, arguments)
        isDetached = arguments.isSet(.detach)
        keepsContainer = arguments.isSet(.keep)
        isSubreaper = !arguments.isSet(.noSubreaper)
    }

    /// Returns the exit status of the program, 128 + n if signal n ended it; 0 when detached.
    func execute(_ session: Session) throws(RuntimeError) -> Int32 {
        let options = try creation.checkedOptions(session)
        let factory = try session.factory(makesRoot: !creation.isDryRun)
        if creation.isDryRun {
            try creation.printPlan(factory, options, session)
            return 0
        }
        return try factory.run(
            id: creation.id, bundle: creation.bundle, options: options, detach: isDetached, keep: keepsContainer, subreaper: isSubreaper)
    }
}
