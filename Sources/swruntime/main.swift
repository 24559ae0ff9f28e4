import CStartup
import RuntimeCLI

import func Glibc._exit

// Not exit(3): nothing is buffered, and there is nothing to be tidied up at the end.
_exit(RuntimeCLI.main(arguments: CommandLine.arguments, commit: sw_commit()))
