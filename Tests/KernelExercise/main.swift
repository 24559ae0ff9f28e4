import Kernel

// Carries out one exercise in a process of its own, named by the first argument. Exit status 0: everything held. KernelTests runs it.

let exercises: [String: () throws -> Void] = [
    "clone": cloneTellsParentAndChildApart,
    "clone-fallback": cloneWorksWithoutClone3,
    "clone-fallback-signals": cloneWithoutClone3ClearsSignalHandlers,
    "clone-cgroup": cloneIsBornInACgroup,
    "clone-user": cloneGetsItsIDsFromTheParent,
    "execute": programsAreExecuted,
    "execute-descriptor": openFilesAreExecuted,
    "orphans": aSubreaperAdoptsOrphans,
    "waiting-child": aWaitingChildIsLeftWaiting,
    "take-descriptor": aDescriptorIsTakenFromAnotherProcess,
    "parent-death": aChildDiesWithItsParent,
    "process-group": aProcessGroupIsEndedAsAWhole,
    "termination": aFirstProcessEndsOnTermination,
    "reset-signals": nothingOfTheCallersSignalsStays,
    "signal-descriptor": signalsAreRead,
    "new-mount": aFilesystemIsConfiguredAndAttached,
    "old-mount": aFilesystemIsAttachedByPath,
    "mount-attributes": attributesOfMountsChange,
    "copy-tree": aTreeIsCopied,
    "mount-log": theKernelTellsWhatWasWrong,
    "bind": treesAreClonedAndMoved,
    "pivot": theRootIsExchanged,
    "unreachable": aDirectoryOutsideOfTheRootIsTold,
    "safe-path": pathsCrossMounts,
    "hostname": namesBelongToTheNamespace,
    "loopback": theLoopbackInterfaceComesUp,
    "identity": usersGroupsAndCapabilitiesAreSet,
    "attributes": attributesOfTheProcessAreSet,
    "limits": limitsAreSet,
    "keyring": aSessionKeyringIsJoined,
    "filter": aFilterJudgesSystemCalls,
    "filter-privilege": aFilterWantsPrivilegeOrNone,
    "filter-knowledge": whatTheKernelKnowsOfFiltersIsAsked,
    "filter-listener": aListenerIsAnnounced,
]

guard CommandLine.arguments.count == 2, let exercise = exercises[CommandLine.arguments[1]] else {
    fail("usage: KernelExercise <exercise>")
}
do {
    try exercise()
} catch {
    fail("\(error)")
}
exitNow(0)
