"""One end of a talk over path sockets, for tests/scripts/host-unix.sh: run on the host and as a guest.

  unixpeer.py serve stream|seqpacket|dgram PATH     answers one client, then prints what it saw
  unixpeer.py call stream|seqpacket|dgram PATH [OWN] talks to it; OWN: the name that a datagram socket binds
"""
import array, os, socket, struct, sys, time

TYPES = {"stream": socket.SOCK_STREAM, "seqpacket": socket.SOCK_SEQPACKET, "dgram": socket.SOCK_DGRAM}


def say(*words):
    print(*words, flush=True)


def read_all(sock, size):
    data = b""
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            break
        data += part
    return data


def received(sock, size=100):
    """A message with what came with it."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    data, control, flags, _ = sock.recvmsg(size, 1000)
    texts, creds = [], "none"
    for level, kind, value in control:
        if kind == socket.SCM_RIGHTS:
            for fd in array.array("i", value[: len(value) // 4 * 4]):
                texts.append(os.read(fd, 100).decode())
                os.close(fd)
        elif kind == 2:
            pid, uid, gid = struct.unpack("iII", value)
            creds = f"pid {'0' if pid == 0 else 'some'} uid {uid} gid {gid}"
    return data.decode(), texts, creds, "cut" if flags & socket.MSG_CTRUNC else "whole"


def peercred(sock):
    pid, uid, gid = struct.unpack("iII", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return f"pid {'0' if pid == 0 else 'some'} uid {uid} gid {gid}"


def send_fds(sock, text, *fds):
    try:
        socket.send_fds(sock, [text.encode()], list(fds))
        return "sent"
    except OSError as e:
        return e.strerror


def serve_connections(kind, path):
    listener = socket.socket(socket.AF_UNIX, TYPES[kind])
    # before anybody can send: what is sent without somebody who wants credentials has none
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    listener.bind(path)
    os.chmod(path, 0o777)
    listener.listen(5)
    say("listening", listener.getsockname())
    sock, _ = listener.accept()
    say("peer", peercred(sock))
    say("message", received(sock))
    sock.send(b"answer")
    say("with a file", received(sock))
    say("with a pipe", received(sock))
    sock.send(b"go on")
    if kind == "stream":
        data = read_all(sock, 3000000)
        say("bulk", len(data), data == pattern())
        sock.sendall(data)
        say("end", sock.recv(10))
        sock.sendall(b"last words")
    else:
        for size in (0, 1, 60000):
            data = sock.recv(100000)
            say("packet", len(data), data == pattern()[:size])
        sock.send(pattern()[:50000])
    sock.close()
    os.unlink(path)


def pattern(size=3000000):
    return (bytes(i * 7 % 256 for i in range(256)) * (size // 256 + 1))[:size]


def call_connection(kind, path):
    sock = socket.socket(socket.AF_UNIX, TYPES[kind])
    sock.connect(path)
    say("connected to", os.path.basename(sock.getpeername()), "from", repr(sock.getsockname()), peercred(sock))
    sock.send(b"question")
    say("answer", sock.recv(100))
    with open("shared-file", "w+") as f:
        f.write("file's text")
        f.seek(0)
        say("file", send_fds(sock, "file", f.fileno()))
    r, w = os.pipe()
    os.write(w, b"pipe's text")
    what = send_fds(sock, "pipe", r)
    say("pipe", what)
    if what != "sent":
        sock.send(b"no pipe")
    say("then", sock.recv(100))
    if kind == "stream":
        data = pattern()
        # the other end reads all before it answers
        sock.sendall(data)
        say("back", read_all(sock, len(data)) == data)
        sock.shutdown(socket.SHUT_WR)
        say("last", sock.recv(100), sock.recv(100))
    else:
        for size in (0, 1, 60000):
            sock.send(pattern()[:size])
        say("packet", len(sock.recv(100)))
    sock.close()


def serve_dgram(path):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(path)
    os.chmod(path, 0o777)
    say("bound")
    data, who = sock.recvfrom(100)
    say("from", os.path.basename(who), data)
    sock.sendto(b"answer", who)
    for size in (0, 1, 60000):
        data = sock.recv(100000)
        say("datagram", len(data), data == pattern()[:size])
    time.sleep(0.3)  # meanwhile the queue fills, and the other end has to wait
    say("many", sum(int(sock.recv(10)) for _ in range(100)))
    os.unlink(path)


def call_dgram(path, own):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(own)
    sock.sendto(b"question", path)
    data, who = sock.recvfrom(100)
    say("answer", data, os.path.basename(who))
    sock.connect(path)
    say("peer", os.path.basename(sock.getpeername()))
    for size in (0, 1, 60000):
        sock.send(pattern()[:size])
    for i in range(50):
        sock.send(b"%d" % i)
    for i in range(50, 100):
        sock.sendto(b"%d" % i, path)
    os.unlink(own)


role, kind, path = sys.argv[1:4]
if role == "serve":
    serve_dgram(path) if kind == "dgram" else serve_connections(kind, path)
else:
    call_dgram(path, sys.argv[4]) if kind == "dgram" else call_connection(kind, path)
