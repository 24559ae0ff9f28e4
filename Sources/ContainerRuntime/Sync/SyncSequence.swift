/// Which word may come next from init. Pure, so that every order is tested without a process.
struct SyncSequence: Sendable, Hashable {
    /// Where init stands, as the parent knows it.
    enum Position: Sendable, Hashable { case preparingRootfs, finishing, waitingForListener, ready, failed }

    private(set) var position = Position.preparingRootfs
    /// Whether the plan has a seccomp listener to hand over.
    let expectsListener: Bool

    init(expectsListener: Bool) {
        self.expectsListener = expectsListener
    }

    /// Takes the next word of init; false means that it may not come here, and init is to be killed.
    mutating func accepts(_ checkpoint: Checkpoint) -> Bool {
        switch (position, checkpoint) {
        case (.ready, _), (.failed, _): return false
        case (_, .failed): position = .failed
        case (.preparingRootfs, .rootfsReady): position = .finishing
        case (.finishing, .listener) where expectsListener: position = .waitingForListener
        case (.finishing, .ready) where !expectsListener: position = .ready
        case (.waitingForListener, .ready): position = .ready
        default: return false
        }
        return true
    }
}
