"""Decides about notified system calls: agent.py SOCKET FOLDER [NUMBER=ANSWER...]

Listens at SOCKET for one container process state a connection and keeps the n-th at FOLDER/state.n; FOLDER/rest.n has how many descriptors
came with the first part and later, FOLDER/end.n what came behind the state before the connection was closed. It answers notifications until it is killed. ANSWER is an errno, "ok" for a success that is none, or "never" for none at all; a call
without an answer is let through. Each notified number goes to FOLDER/calls. With NUMBER "die" it ends instead of answering anything.
"""
import fcntl, json, os, select, socket, struct, sys

RECEIVE, SEND, CONTINUE = 0xC0502100, 0xC0182101, 1

path, folder, answers = sys.argv[1], sys.argv[2], dict(word.split("=") for word in sys.argv[3:])
server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
server.bind(path)
server.listen(4)
open(folder + "/listening", "w").close()
calls = open(folder + "/calls", "a", buffering=1)
listeners, connections, count = [], {}, 0


def accept():
    """Takes one connection's state; what comes behind it, and the end, is for `end` to see."""
    global count
    count += 1
    connection, _ = server.accept()
    data, fds, _, _ = socket.recv_fds(connection, 65536, 16)
    later = 0
    while not whole(data):
        more, late, _, _ = socket.recv_fds(connection, 65536, 16)
        data, later = data + more, later + len(late)
    write(f"{folder}/rest.{count}", f"{len(fds)} {later}\n".encode())
    os.rename(write(f"{folder}/state.{count}.new", data), f"{folder}/state.{count}")
    if "die" in answers:
        sys.exit(0)
    connections[connection.fileno()] = connection, f"{folder}/end.{count}"
    listeners.extend(fds)


def whole(data):
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def end(connection, name):
    """Notes what came behind the state: nothing, if the connection was closed."""
    write(name, connection.recv(1000))
    del connections[connection.fileno()]
    connection.close()


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)
    return name


def answer(listener):
    notification = bytearray(80)
    try:
        fcntl.ioctl(listener, RECEIVE, notification)
    except OSError:
        return  # The process is gone.
    identity, _, _, number = struct.unpack_from("=QIIi", notification)
    calls.write(f"{number}\n")
    word = answers.get(str(number))
    if word == "never":
        return
    if word is None:
        value = (0, 0, CONTINUE)
    elif word == "ok":
        value = (0, 0, 0)
    else:
        value = (0, -int(word), 0)
    try:
        fcntl.ioctl(listener, SEND, struct.pack("=QqiI", identity, *value))
    except OSError:
        pass


while True:
    poll = select.poll()
    poll.register(server, select.POLLIN)
    for descriptor in listeners + list(connections):
        poll.register(descriptor, select.POLLIN)
    for descriptor, events in poll.poll():
        if descriptor == server.fileno():
            accept()
        elif descriptor in connections:
            end(*connections[descriptor])
        elif events & select.POLLIN:
            answer(descriptor)
        else:
            listeners.remove(descriptor)
            os.close(descriptor)
