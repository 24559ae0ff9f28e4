# swruntime: `make help` lists the targets. A target is one line here; the work is in .ci/ and Tests/.
#
# Variables: SWIFT (the toolchain), RUNTIME (the program under test; default: our release build), PREFIX, DESTDIR, ROUNDS (bench), FUZZ_SECONDS.

SWIFT ?= swift
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
BINARY := $(CURDIR)/.build/release/swruntime
RUNTIME ?= $(BINARY)
# The import check keeps ARCHITECTURE.md's graph: without it the package manager lets an undeclared import through.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
# What --version prints.
COMMIT = $(shell git rev-parse --short=12 HEAD 2>/dev/null)
# Metadata by direct reference: the default looks types up by name at run time and scans every conformance for it, at each start.
# The functions that commands run stand together, each in a section of its own (`make hot-symbols` records them), and are optimized for size:
# a start is page faults more than loops. docs/decisions/0014-release-flags.md has the figures.
RELEASE_FLAGS = -c release $(SWIFT_FLAGS) --product swruntime -Xswiftc -Osize \
	-Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors -Xswiftc -Xfrontend -Xswiftc -function-sections \
	-Xlinker --symbol-ordering-file=$(CURDIR)/.ci/hot-symbols -Xlinker --no-warn-symbol-ordering -Xlinker --icf=all \
	-Xlinker -T$(CURDIR)/.ci/release.ld $(if $(COMMIT),-Xlinker --defsym=swruntime_commit=0x$(COMMIT))

# What the end-to-end tests need built first: nothing, when RUNTIME names another program.
BUILT := $(if $(filter $(BINARY),$(RUNTIME)),build)

export SWIFT RUNTIME SWIFT_FLAGS

.DEFAULT_GOAL := help
.PHONY: help deps build demo test unit integration integration-selftest checklist bite conformance interop test-vm library-use \
	check check-selftest bench bench-selftest hot-symbols golden fuzz format install uninstall clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-22s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

deps: ## install the Debian packages that building and testing need
	@.ci/deps build test

build: ## build the release: one static, stripped program
	@.ci/deps build
	$(SWIFT) build $(RELEASE_FLAGS)
	@.ci/check-binary $(BINARY)

demo: $(BUILT) ## unpack a real image and lead a container through its life
	@.ci/deps demo
	@Tests/demo/demo

test: ## every test and check, with one sum at the end
	@.ci/deps build test
	@.ci/test

unit: ## unit tests; no root needed
	@.ci/deps build
	@.ci/unit

integration: $(BUILT) ## end-to-end tests in bats against RUNTIME
	@.ci/deps integration
	@Tests/integration/run

integration-selftest: ## the same against runc and against broken runtimes: the tests must tell them apart
	@.ci/deps integration peers
	@Tests/integration/selftest

checklist: ## each row of docs/checklist.md has a test or a reason
	@Tests/checklist/check

bite: $(BUILT) ## the test of each row of docs/checklist.md fails with a runtime that breaks the row
	@.ci/deps integration peers
	@Tests/checklist/bite

conformance: $(BUILT) ## the OCI runtime-tools validation programs against RUNTIME
	@.ci/deps conformance
	@Tests/conformance/run
	@Tests/conformance/run --strict

interop: $(BUILT) ## Debian's containerd, podman and docker with RUNTIME underneath
	@.ci/deps interop
	@Tests/interop/run
	@Tests/interop/engines

test-vm: $(BUILT) ## tests of cgroups in virtual machines: version 2 and 1, cgroupfs and systemd
	@.ci/deps vm
	@Tests/vm/run

library-use: ## a package outside the tree that depends on the libraries
	@.ci/deps build demo
	@Tests/library-use/run

check: ## formatting, forbidden words, manifest and commit messages
	@.ci/deps build
	@.ci/check

check-selftest: ## plant one offence for each rule of `check`: each must be found
	@.ci/check-selftest

bench: $(BUILT) ## time RUNTIME against crun, runc and the floor, in paired rounds
	@.ci/deps bench
	@Tests/bench/run

bench-selftest: ## bench must see a runtime slowed by 20 ms and stop at a failing one
	@.ci/deps bench
	@Tests/bench/selftest

hot-symbols: ## record which functions to link together, after larger changes
	@.ci/deps build bench
	$(SWIFT) build $(RELEASE_FLAGS) -Xlinker -S
	Tests/bench/hot-symbols $(BINARY)
	$(SWIFT) build $(RELEASE_FLAGS)

golden: ## rewrite the golden plans in spec-fixtures/plans; review reads the diff
	@.ci/deps build
	SWRUNTIME_GOLDEN=rewrite $(SWIFT) test $(SWIFT_FLAGS) --filter PlanningTests

fuzz: ## feed random input to the parsers
	@.ci/deps build
	@Tests/fuzz/run $(FUZZ_SECONDS)

format: ## format all Swift files in place
	$(SWIFT) format -i -r Sources Tests Package.swift

install: ## install the program under DESTDIR and PREFIX
	@test -x $(BINARY) || { echo "make install: run 'make build' first" >&2; exit 1; }
	install -D -m 0755 $(BINARY) $(DESTDIR)$(PREFIX)/sbin/swruntime

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/sbin/swruntime

clean: ## remove build products
	rm -rf .build .build-* .work
