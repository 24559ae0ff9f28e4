// swift-tools-version: 6.2
import PackageDescription

/// A package of somebody else: it depends on a released version of the libraries. Tests/library-use/run says where that release lies.
let package = Package(
    name: "consumer",
    dependencies: [.package(url: Context.environment["SWRUNTIME_URL"] ?? "", exact: "1.0.0")],
    targets: [
        .executableTarget(
            name: "consumer",
            dependencies: [
                .product(name: "ContainerRuntime", package: "swruntime"),
                .product(name: "KernelABI", package: "swruntime"),
                .product(name: "OCISpec", package: "swruntime"),
                .product(name: "Planning", package: "swruntime"),
            ])
    ]
)
