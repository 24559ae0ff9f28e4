import Glibc
import RuntimeCLI

exit(RuntimeCLI.main(arguments: CommandLine.arguments))
