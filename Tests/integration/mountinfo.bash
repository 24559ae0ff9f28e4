# Reading /proc/self/mountinfo, for the files about mounts.

# Adds an empty tmpfs at $1 with the options $2.
add_tmpfs() {
    add_mount "$1" tmpfs tmpfs "$2"
}

# From a mountinfo text ($1) the flags of the mount at $2, and the options of its file system.
flags_at() {
    awk -v point="$2" '$5 == point { flags = $6 } END { print flags }' <<<"$1"
}

super_at() {
    awk -v point="$2" '$5 == point { options = $NF } END { print options }' <<<"$1"
}

type_at() {
    awk -v point="$2" '$5 == point { for (i = 7; $i != "-"; i++); type = $(i + 1) } END { print type }' <<<"$1"
}

# The propagation fields of a mount without their numbers: "shared master", "unbindable" or nothing.
propagation_at() {
    awk -v point="$2" '$5 == point { words = ""; for (i = 7; $i != "-"; i++) { sub(":.*", "", $i); words = words (words == "" ? "" : " ") $i } } END { print words }' <<<"$1"
}
