# One broken bundle, host or call after the other: spec-fixtures/messages/NAME. Sourced by messages.bats and by score.
#
# A case is a folder:
#   config.jq   a jq filter over the base configuration (default: none)
#   setup       shell commands: $B bundle, $ROOT state root, $ID; `rt` calls the runtime. If such a call fails, its message is the case's. `await_stopped`
#   call        the arguments of the call that has to fail (default: create --bundle @B@ @ID@)
#   message     the expected sentence
#   names       what the sentence has to name: place, cause, way-out (extended regular expressions) and object (a text). What does not apply
#               is not listed
# @B@ @ROOT@ @ID@ @CGROUP@ stand for the bundle, the state root, the container's id and cgroup; @NR_OPEN@ @CPUS@ @MEMS@ @NPROC@ for facts of the
# host.

cases=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../spec-fixtures/messages" && pwd)

# Makes the root file system that all cases start from: prepare_cases FOLDER.
prepare_cases() {
    template=$1/template
    mkdir -p "$template"/{bin,proc,dev,sys,tmp,m}
    cp "$(command -v busybox)" "$template/bin/busybox"
    local applet
    for applet in sh true sleep; do ln -s busybox "$template/bin/$applet"; done
    mems=$(cat /sys/fs/cgroup/cpuset/cpuset.mems 2>/dev/null || cat /sys/fs/cgroup/cpuset.mems.effective)
    cpus=$(cat /sys/fs/cgroup/cpuset/cpuset.cpus 2>/dev/null || cat /sys/fs/cgroup/cpuset.cpus.effective)
    nr_open=$(cat /proc/sys/fs/nr_open)
    nproc=$(ulimit -Hu)
}

base_config() {
    cat <<JSON
{
    "ociVersion": "1.0.2",
    "process": {
        "user": { "uid": 0, "gid": 0 },
        "args": [ "true" ],
        "env": [ "PATH=/usr/local/bin:/bin" ],
        "cwd": "/",
        "capabilities": { "bounding": [ "CAP_KILL" ], "effective": [ "CAP_KILL" ], "permitted": [ "CAP_KILL" ] },
        "noNewPrivileges": true
    },
    "root": { "path": "rootfs" },
    "hostname": "box",
    "mounts": [ { "destination": "/proc", "type": "proc", "source": "proc" } ],
    "linux": {
        "cgroupsPath": "$1",
        "namespaces": [ { "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" } ]
    }
}
JSON
}

# Puts the values in for the placeholders of standard input.
fill_in() {
    sed -e "s|@B@|$B|g" -e "s|@ROOT@|$ROOT|g" -e "s|@ID@|$ID|g" -e "s|@CGROUP@|$CGROUP|g" -e "s|@NR_OPEN@|$nr_open|g" \
        -e "s|@CPUS@|$cpus|g" -e "s|@MEMS@|$mems|g" -e "s|@NPROC@|$nproc|g"
}

# The opposite, for writing fixtures: a number of the host is a placeholder only where it stands alone.
take_out() {
    sed -e "s|$B|@B@|g" -e "s|$ROOT|@ROOT@|g" -e "s|$CGROUP|@CGROUP@|g" -e "s|\b$ID|@ID@|g" -e "s|\b$nr_open\b|@NR_OPEN@|g" \
        -e "s|\b$((nr_open + 1))\b|@ABOVE_NR_OPEN@|g" -e "s|the CPUs $cpus\$|the CPUs @CPUS@|" -e "s|memory nodes $mems\$|memory nodes @MEMS@|" \
        -e "s|limit of $nproc |limit of @NPROC@ |" -e "s|$RUNTIME|@RUNTIME@|g" -e 's|/proc/[0-9]\+/|/proc/@PID@/|g'
}

# Runs a case with $RUNTIME in the folder $2 (which is made); $3 makes id and cgroup unique. Leaves the sentence in $line, the exit code in
# $code, the last error of the log in $logged.
try_case() {
    local dir=$cases/$1 words
    B=$2/b ROOT=$2/r ID=$3 CGROUP=/swruntime-test-${SUITE_NAME:-messages}/$3 log=$2/log
    mkdir -p "$B"
    cp -a "$template" "$B/rootfs"
    if [ -e "$dir/config.jq" ]; then
        base_config "$CGROUP" | jq "$(fill_in <"$dir/config.jq")" >"$B/config.json"
    else
        base_config "$CGROUP" >"$B/config.json"
    fi
    line='' code=0 logged=
    if [ -e "$dir/setup" ]; then . "$dir/setup"; fi
    if [ "$code" -eq 0 ]; then
        words=$(if [ -e "$dir/call" ]; then cat "$dir/call"; else echo 'create --bundle @B@ @ID@'; fi)
        eval "set -- $(fill_in <<<"$words")"
        rt "$@"
    fi
    # Not the case's own: what is left must not be there.
    timeout -k 1 10 "$RUNTIME" --root "$ROOT" delete --force "$ID" </dev/null >/dev/null 2>&1 || true
}

rt() {
    : >"$log"
    code=0
    timeout -k 1 10 "$RUNTIME" --root "$ROOT" --log "$log" --log-format json "$@" </dev/null >"$log.out" 2>"$log.err" 3>&- || code=$?
    line=$(tail -n 1 "$log.err")
    # A log line where the log could not be opened.
    if [[ $line == *'"msg":'* ]]; then line=$(jq -r .msg <<<"$line"); fi
    if [[ $line == time=*' msg="'* ]]; then
        line=${line#* msg=\"}
        line=${line%\"}
    fi
    logged=$(grep -E '"level":"error"|level=error' "$log" | tail -n 1)
    if [[ $logged == '{'* ]]; then logged=$(jq -r .msg <<<"$logged"); fi
    if [[ $logged == *' msg="'* ]]; then
        logged=${logged#* msg=\"}
        logged=${logged%\"}
    fi
    if [ "$1" = state ]; then cat "$log.out"; fi
}

# Waits until the case's container has stopped, at most 5 seconds; what comes then does not fit the case.
await_stopped() {
    local try
    for try in {1..100}; do
        if rt state "$ID" | grep -q stopped; then return; fi
        sleep 0.05
    done
}

# Ends what the cases left running, and removes their cgroups. For the first process of a pid namespace, which all of them are in.
sweep_cgroups() {
    local try
    [ $$ -ne 1 ] || kill -KILL -- -1 2>/dev/null
    for try in {1..100}; do
        find /sys/fs/cgroup/{*/,}swruntime-test-"$SUITE_NAME" -depth -type d -exec rmdir {} \; 2>/dev/null
        [ -n "$(ls -d /sys/fs/cgroup/{*/,}swruntime-test-"$SUITE_NAME" 2>/dev/null)" ] || return 0
        sleep 0.05
    done
}

# Whether the host has what the case needs: version 1 of the cgroups, or no CAP_SYS_RESOURCE.
case_applies() {
    [ -e "$cases/$1/needs" ] || return 0
    case $(cat "$cases/$1/needs") in
    v1) [ -e /sys/fs/cgroup/cpuset/cpuset.cpus ] ;;
    no-sys-resource) ! capsh --has-p=cap_sys_resource 2>/dev/null ;;
    esac
}
