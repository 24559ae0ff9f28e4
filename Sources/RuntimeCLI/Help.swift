import OCISpec

/// The help of the program: what is printed by `--help`, and when no command is given.
func programHelp() -> String {
    var text = """
        NAME:
           swruntime - runs containers from OCI bundles

        USAGE:
           swruntime [global options] command [command options] [arguments...]

        VERSION:
           \(versionNumber)
           spec: \(supportedSpecVersion)

        COMMANDS:

        """
    let names = CommandName.allCases.filter { !$0.isLater }
    text += table(names.map { ($0.rawValue, $0.summary) })
    text += "\nNOT SUPPORTED YET:\n   " + CommandName.allCases.filter(\.isLater).map(\.rawValue).joined(separator: ", ") + "\n"
    return text + "\nGLOBAL OPTIONS:\n" + table(Option.global.map { ($0.form.spelling, $0.form.help) })
}

/// The help of one command.
func commandHelp(_ name: CommandName) -> String {
    guard !name.isLater else { return "NAME:\n   swruntime \(name.rawValue) - not supported yet\n" }
    var text = "NAME:\n   swruntime \(name.rawValue) - \(name.summary)\n\nUSAGE:\n   swruntime \(name.rawValue) \(name.usage)\n"
    if !name.details.isEmpty { text += "\n\(name.details)\n" }
    return text + "\nOPTIONS:\n" + table(name.options.map { ($0.form.spelling, $0.form.help) })
}

/// Two columns, indented as callers of runc know it.
private func table(_ rows: [(String, String)]) -> String {
    let width = rows.map { $0.0.utf8.count }.max() ?? 0
    var text = ""
    for (left, right) in rows {
        text += "   " + left + String(repeating: " ", count: width - left.utf8.count + 2) + right + "\n"
    }
    return text
}

extension Option.Form {
    /// `--bundle DIR, -b DIR`
    fileprivate var spelling: String {
        let tail =
            switch value {
            case .flag: ""
            case .text(let name): " " + name
            case .number: " N"
            case .duration: " DURATION"
            }
        return "--\(name)\(tail)" + (short.map { ", -\($0)\(tail)" } ?? "")
    }
}

extension CommandName {
    /// What the command does, in one line.
    fileprivate var summary: String {
        switch self {
        case .create: "create a container from a bundle"
        case .start: "start the program of a created container"
        case .run: "create a container, start its program and wait for its end"
        case .state: "print the state of a container as JSON"
        case .kill: "send a signal to a container"
        case .delete: "delete a container and all it holds"
        case .pause: "stop all processes of a container where they are"
        case .resume: "let the processes of a paused container go on"
        case .update: "change limits of a container: all that are named, or none"
        case .list: "list the containers"
        case .spec: "write an example config.json"
        case .validate: "list all that is wrong with a bundle's config.json"
        case .features: "print what is accepted in a config.json, as JSON"
        case .help: "print the help of the program or of a command"
        case .ps: "list the processes of a container"
        case .events: "print figures and losses of memory of a container as they come"
        case .stats: "show what containers use"
        case .exec, .checkpoint, .restore: "not supported yet"
        }
    }

    /// What stands behind the command's name.
    fileprivate var usage: String {
        switch self {
        case .create, .start, .run, .state, .delete, .pause, .resume, .update: "[command options] <container-id>"
        case .kill: "[command options] <container-id> [signal]"
        case .list, .spec, .validate, .features: "[command options]"
        case .help: "[command]"
        case .ps: "[command options] <container-id> [ps options]"
        case .events: "[command options] <container-id>"
        case .stats: "[command options] [container-id...]"
        case .exec, .checkpoint, .restore: ""
        }
    }

    /// What the user has to know beyond the options.
    fileprivate var details: String {
        switch self {
        case .create, .run:
            """
            The bundle is a folder with config.json and a root file system. <container-id> is the container's
            name: letters, digits and _ + - . without another container of that name under the same --root.
            """
        case .start: "The container was made by create and its program has not been started."
        case .kill: "[signal] is a name, with or without SIG, or a number (default TERM). It goes to the container's first process."
        case .delete: "The container must have stopped, or --force must be given."
        case .update:
            """
            A limit that is not named stays as it is. BYTES may end with k, m, g, t or p (base 1,024); -1 is no limit, 0 leaves
            the limit as it is. Where --resources is given all other options are ignored; its file holds what stands in
            linux.resources of config.json, or a part of it:
               {"memory": {"limit": 67108864}, "cpu": {"quota": 50000, "period": 100000}, "pids": {"limit": 100}}
            """
        case .spec: "config.json is written to the bundle's folder, where there must be none."
        case .validate:
            """
            Nothing is changed. The exit status is 1 if there is an error, also under --strict if there is a warning.
            Without --host only the file is judged; with it also whether this host can do what it asks for.
            """
        case .features: "It does not depend on the host, but for linux.seccomp.supportedFlags, which this kernel accepts."
        case .ps:
            """
            The table is what ps(1) prints with the options given, by default -ef, without the lines of other processes.
            The JSON form is a list of process numbers and needs no ps(1).
            """
        case .events:
            """
            Each event is one line of JSON: figures (type "stats") each time an interval is over, and type "oom" as soon as
            the memory limit costs a process. It ends with the container. DURATION is written 500ms, 5s or 1m30s.
            """
        case .stats:
            """
            Without ids: all containers that have a process. CPU % is the share of one processor since the reading before,
            WAIT % the share of the last ten seconds in which a process waited for CPU, memory and IO (PSI). On a terminal
            the table is renewed in place. JSON is one line a reading; its keys are in docs/cgroups.md, "Figures".
            """
        case .state, .pause, .resume, .list, .help, .exec, .checkpoint, .restore: ""
        }
    }
}
