# Prepares once what all files share: a root file system of busybox, to be copied for each test.

setup_suite() {
    local IFS=$' \t\n' # bats 1.8 leaves a comma there after --filter-tags
    if [ -z "${SUITE_SCRATCH:-}" ]; then
        echo "start the suite with Tests/integration/run: it isolates it from the host" >&2
        return 1
    fi
    chmod 755 "$BATS_RUN_TMPDIR" # root of a user namespace has to pass through
    local root=$SUITE_SCRATCH/template
    mkdir -p "$root"/{bin,dev,etc,home,proc,root,sys,tmp,usr/local/bin,var}
    chmod 1777 "$root/tmp"
    echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
    echo 'user:x:1000:1000:user:/home/user:/bin/sh' >>"$root/etc/passwd"
    printf 'root:x:0:\nuser:x:1000:\n' >"$root/etc/group"
    cp "$(command -v busybox)" "$SUITE_SCRATCH/busybox"
    ldd "$SUITE_SCRATCH/busybox" >/dev/null 2>&1 && {
        echo "busybox is not static (the package is called busybox-static)" >&2
        return 1
    }
    # 400 calls of ln(1) take half a minute in an emulated machine.
    "$SUITE_SCRATCH/busybox" --list | python3 -c 'import os, sys
for name in sys.stdin.read().split():
    if name != "busybox": os.symlink("busybox", sys.argv[1] + "/" + name)' "$root/bin"
    case ${CGROUP_DRIVER:-} in
    "") ;;
    systemd) through_systemd ;;
    *)
        echo "CGROUP_DRIVER is systemd or nothing" >&2
        return 1
        ;;
    esac
}

# Has every call of the runtime say --systemd-cgroup.
through_systemd() {
    [ -d /run/systemd/system ] || {
        echo "CGROUP_DRIVER=systemd, but systemd does not run here" >&2
        return 1
    }
    # By the program's own name: it is part of a unit's that the configuration does not name.
    local through
    through=$SUITE_SCRATCH/through-systemd/$(basename "$RUNTIME")
    mkdir "${through%/*}"
    printf '#!/bin/sh\nexec %q --systemd-cgroup "$@"\n' "$RUNTIME" >"$through"
    chmod 755 "$through"
    export RUNTIME=$through
}

teardown_suite() { :; }
