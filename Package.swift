// swift-tools-version: 6.2
import PackageDescription

/// What every target is built with: the Swift 6 language mode, warnings as errors, and the keyword `unsafe` wherever memory safety is given up
/// (which `make check` allows in Sources/Kernel only). No unsafeFlags here, so that other packages can depend on the libraries.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: [.swiftLanguageMode(.v6)])
}

let package = Package(
    name: "swruntime",
    products: [
        .executable(name: "swruntime", targets: ["swruntime"]),
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "OCISpec", targets: ["OCISpec"]),
        .library(name: "KernelABI", targets: ["KernelABI"]),
        .library(name: "Kernel", targets: ["Kernel"]),
        .library(name: "Planning", targets: ["Planning"]),
        .library(name: "Cgroups", targets: ["Cgroups"]),
        .library(name: "ContainerRuntime", targets: ["ContainerRuntime"]),
    ],
    targets: [
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CCap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),
        .systemLibrary(name: "CSELinux", pkgConfig: "libselinux", providers: [.apt(["libselinux1-dev"])]),
        .target(name: "CKernel"),
        library("KernelABI"),
        library("Kernel", ["CKernel", "KernelABI", "CSeccomp"]),
        library("JSON"),
        library("OCISpec", ["JSON"]),
        library("Planning", ["OCISpec", "KernelABI", "JSON"]),
        library("Cgroups", ["Kernel", "KernelABI", "Planning"]),
        library("ContainerRuntime", ["Cgroups", "Kernel", "KernelABI", "Planning", "OCISpec", "JSON"]),
        library("RuntimeCLI", ["ContainerRuntime", "Planning", "OCISpec", "JSON", "Kernel", "KernelABI"]),
        .target(name: "CStartup"),
        .executableTarget(
            name: "swruntime",
            dependencies: ["RuntimeCLI", "CStartup"],
            swiftSettings: settings,
            // One static program: it starts in the time of /bin/true, and no host library is mapped while init is inside the container.
            // No index of the unwind tables (220 KB): nothing here throws C++ exceptions.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-static-executable", "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--no-eh-frame-hdr", "-Xlinker",
                        "-s",
                    ],
                    .when(platforms: [.linux], configuration: .release))
            ]),
        tests("JSONTests", ["JSON"]),
        tests("OCISpecTests", ["OCISpec", "JSON"]),
        tests("KernelABITests", ["KernelABI", "CKernel", "CCap"]),
        // What KernelTests runs as a process of its own: calls that change the caller or make a child, which a test process with threads must not.
        .executableTarget(
            name: "KernelExercise", dependencies: ["Kernel", "KernelABI"], path: "Tests/KernelExercise",
            swiftSettings: [.swiftLanguageMode(.v6)]),
        tests("KernelTests", ["Kernel", "KernelABI", "CSELinux", "KernelExercise"]),
        tests("PlanningTests", ["Planning", "OCISpec", "KernelABI", "JSON"]),
        // Our compiler of seccomp profiles against libseccomp's.
        tests("SeccompGateTests", ["Planning", "Kernel", "OCISpec", "KernelABI", "JSON", "CSeccomp"]),
        tests("CgroupsTests", ["Cgroups", "Kernel", "KernelABI", "Planning", "OCISpec"]),
        tests("ContainerRuntimeTests", ["ContainerRuntime", "Planning", "OCISpec", "KernelABI"]),
        tests("RuntimeCLITests", ["RuntimeCLI", "ContainerRuntime", "Planning", "OCISpec"]),
    ]
)
