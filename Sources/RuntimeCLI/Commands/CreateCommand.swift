import ContainerRuntime
import Planning

/// `create`: makes a container whose program waits for `start`. Also the first half of `run`.
struct CreateCommand: Sendable {
    let id: String
    let bundle: String
    var options: CreateOptions
    /// Print the plan and touch nothing.
    let isDryRun: Bool
    /// An option that was given and is not built yet, as it was written.
    let refused: String?

    init(id: String, _ arguments: Arguments) {
        self.id = id
        bundle = arguments.value(.bundle) ?? "."
        options = CreateOptions()
        options.usesPivotRoot = !arguments.isSet(.noPivot)
        options.makesSessionKeyring = !arguments.isSet(.noNewKeyring)
        options.pidFile = arguments.value(.pidFile)
        isDryRun = arguments.isSet(.dryRun)
        refused = CreateCommand.refusedOption(arguments)
    }

    func execute(_ session: Session) throws(RuntimeError) {
        let options = try checkedOptions(session)
        let factory = try session.factory(makesRoot: !isDryRun)
        if isDryRun { return try printPlan(factory, options, session) }
        try factory.create(id: id, bundle: bundle, options: options)
    }

    /// The options, completed by the global ones, or the refusal of an option that is not built yet.
    func checkedOptions(_ session: Session) throws(RuntimeError) -> CreateOptions {
        if let refused { throw RuntimeError(.unsupported, "not supported yet: \(refused)") }
        var options = options
        options.isStrict = session.isStrict
        if session.globals.usesSystemd { options.cgroupManager = .systemd }
        return options
    }

    func printPlan(_ factory: ContainerFactory, _ options: CreateOptions, _ session: Session) throws(RuntimeError) {
        let plan = try factory.plan(id: id, bundle: bundle, options: options)
        try session.streams.write(Array(PlanDescription(plan).text.utf8))
    }

    private static func refusedOption(_ arguments: Arguments) -> String? {
        if let later = arguments.options.first(where: { $0.option.isLater }) { return "--" + later.option.form.name }
        guard let count = arguments.value(.preserveFDs), Int(count) != 0 else { return nil }
        return "--preserve-fds \(count)"
    }
}
