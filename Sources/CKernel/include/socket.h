#ifndef SW_SOCKET_H
#define SW_SOCKET_H
#include "result.h"
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

static inline long sw_socketpair(int domain, int type, int numbers[2]) {
    return sw_result(syscall(__NR_socketpair, domain, type, 0, numbers));
}

static inline long sw_socket(int domain, int type, int protocol) { return sw_result(syscall(__NR_socket, domain, type, protocol)); }

// bind(2) or connect(2) to an AF_UNIX path; -ENAMETOOLONG if it does not fit with its NUL.
static inline long sw_unix_address(int fd, const char *path, size_t length, int call) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (length >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, length);
    return sw_result(syscall(call, fd, &address, sizeof address));
}
static inline long sw_bind_unix(int fd, const char *path, size_t length) { return sw_unix_address(fd, path, length, __NR_bind); }
static inline long sw_connect_unix(int fd, const char *path, size_t length) {
    return sw_unix_address(fd, path, length, __NR_connect);
}

// connect(2) to a name of the abstract namespace, which has no NUL at its end and one before it.
static inline long sw_connect_abstract(int fd, const char *name, size_t length) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (length >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path + 1, name, length);
    return sw_result(syscall(__NR_connect, fd, &address, (char *)address.sun_path + 1 + length - (char *)&address));
}

static inline long sw_setsockopt_int(int fd, int level, int option, int value) {
    return sw_result(syscall(__NR_setsockopt, fd, level, option, &value, sizeof value));
}

static inline long sw_listen(int fd, int backlog) { return sw_result(syscall(__NR_listen, fd, backlog)); }

// setsockopt(2) SO_SNDTIMEO: how long connect and send may wait; -EAGAIN then.
static inline long sw_set_send_timeout(int fd, long seconds) {
    struct timeval timeout = {.tv_sec = seconds};
    return sw_result(syscall(__NR_setsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout));
}

static inline long sw_accept(int fd, int flags) { return sw_result(syscall(__NR_accept4, fd, NULL, NULL, flags)); }

static inline long sw_send(int fd, const void *bytes, size_t count, int flags) {
    return sw_result(syscall(__NR_sendto, fd, bytes, count, flags, NULL, 0));
}

static inline long sw_recv(int fd, void *bytes, size_t count, int flags) {
    return sw_result(syscall(__NR_recvfrom, fd, bytes, count, flags, NULL, NULL));
}

// recvfrom(2) with the sender's struct sockaddr_nl (include/uapi/linux/netlink.h); `family` 0 if there is none.
static inline long sw_recv_netlink(int fd, void *bytes, size_t count, int flags, int *family, unsigned int *port) {
    struct {
        unsigned short family, padding;
        unsigned int port, groups;
    } sender = {0};
    socklen_t length = sizeof sender;
    long result = sw_result(syscall(__NR_recvfrom, fd, bytes, count, flags, &sender, &length));
    *family = length == sizeof sender ? sender.family : 0;
    *port = sender.port;
    return result;
}

// At most this many descriptors travel with one message (the kernel's limit is SCM_MAX_FD, 253).
enum { SW_MAX_DESCRIPTORS = 16 };

// sendmsg(2) with descriptors as SCM_RIGHTS; `number_count` is 1…SW_MAX_DESCRIPTORS.
static inline long sw_send_descriptors(int fd, const void *bytes, size_t count, const int *numbers, size_t number_count) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * SW_MAX_DESCRIPTORS)];
    } control;
    memset(&control, 0, sizeof control);
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(sizeof(int) * number_count)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * number_count);
    memcpy(CMSG_DATA(header), numbers, sizeof(int) * number_count);
    return sw_result(syscall(__NR_sendmsg, fd, &message, MSG_NOSIGNAL));
}

// recvmsg(2); writes what arrived as SCM_RIGHTS to `numbers` (room for SW_MAX_DESCRIPTORS) and its count to `number_count`.
// `flags` receives msg_flags: MSG_TRUNC if the message was longer, MSG_CTRUNC if more descriptors were sent.
static inline long sw_receive_descriptors(int fd, void *bytes, size_t count, int *numbers, size_t *number_count, int *flags) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * SW_MAX_DESCRIPTORS)];
    } control;
    struct iovec part = {.iov_base = bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    long result = sw_result(syscall(__NR_recvmsg, fd, &message, MSG_CMSG_CLOEXEC));
    *number_count = 0;
    *flags = message.msg_flags;
    if (result < 0)
        return result;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        size_t arrived = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        if (arrived > SW_MAX_DESCRIPTORS - *number_count)
            arrived = SW_MAX_DESCRIPTORS - *number_count;
        memcpy(numbers + *number_count, CMSG_DATA(header), arrived * sizeof(int));
        *number_count += arrived;
    }
    return result;
}

// struct ifreq of include/uapi/linux/if.h with the union's flags; 40 bytes.
struct sw_ifreq {
    char name[16];
    short flags;
    char rest[22];
};

// ioctl SIOCSIFFLAGS (0x8914) for an interface of the socket's network namespace.
static inline long sw_set_interface_flags(int fd, const char *name, short flags) {
    struct sw_ifreq request = {.flags = flags};
    for (size_t i = 0; i + 1 < sizeof request.name && name[i] != 0; i++)
        request.name[i] = name[i];
    return sw_result(syscall(__NR_ioctl, fd, 0x8914, &request));
}
#endif
