#!/bin/sh
# umk on a real terminal: a shell's job control by keys, resizing, hang-up, a CPU-bound guest that uses no CPU time while
# it is stopped, terminal modes after every way out. A pty is driven; every step waits for the text that shows it has come
# to pass.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
exec python3 - <<'PYTHON'
import fcntl, os, pty, re, select, signal, struct, sys, termios, time

UMK = os.environ["UMK"]
SCALE = int(os.environ.get("TIMEOUT_SCALE", "1"))

class Session:
    def __init__(self, argv, rows=24, cols=80):
        self.argv, self.text = argv, ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            os.execvp(argv[0], argv)
        self.resize(rows, cols)

    def resize(self, rows, cols):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def expect(self, pattern):
        end = time.time() + 30 * SCALE
        while True:
            found = re.search(pattern, self.text)
            if found:
                self.text = self.text[found.end():]
                return found
            if time.time() > end or not select.select([self.fd], [], [], max(0, end - time.time()))[0]:
                sys.exit("%s: no %r in %r" % (self.argv, pattern, self.text))
            try:
                self.text += os.read(self.fd, 4096).decode(errors="replace").replace("\r", "")
            except OSError:
                sys.exit("%s: ended without %r: %r" % (self.argv, pattern, self.text))

    def send(self, text):
        os.write(self.fd, text.encode())

    def ended(self):
        end = time.time() + 20 * SCALE
        while time.time() < end:
            if select.select([self.fd], [], [], 0.05)[0]:
                try:
                    os.read(self.fd, 4096)
                except OSError:
                    pass
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        sys.exit("%s: does not end" % (self.argv,))

def cpu_of_children(pid):
    """Ticks that the process and all below it have used."""
    procs = {}
    for p in os.listdir("/proc"):
        if p.isdigit():
            try:
                text = open("/proc/%s/stat" % p).read()
            except OSError:
                continue
            f = text[text.rindex(")") + 2:].split()
            procs[int(p)] = (int(f[1]), int(f[11]) + int(f[12]))
    total, todo = 0, [pid]
    while todo:
        at = todo.pop()
        total += procs.get(at, (0, 0))[1]
        todo += [p for p, (parent, _) in procs.items() if parent == at]
    return total

os.environ.update(PS1="READY", TERM="dumb")
os.environ.pop("PROMPT_COMMAND", None)
shell = ["bash", "--norc", "--noprofile", "--noediting", "-i"]
for backend in "seccomp", "ptrace":
    umk = [UMK, "--trap=" + backend]
    s = Session(umk + shell)
    s.expect("READY")
    # keys
    s.send("sleep 100\n")
    time.sleep(0.3)
    s.send("\x03")
    s.expect("READY")
    s.send("echo status $?\n")
    s.expect("status 130\n")
    s.expect("READY")
    s.send("sleep 101\n")
    time.sleep(0.3)
    s.send("\x1c")
    s.expect("Quit")
    s.expect("READY")
    s.send("sleep 102\n")
    time.sleep(0.3)
    s.send("\x1a")
    s.expect("Stopped +sleep 102")
    s.expect("READY")
    s.send("jobs; bg; jobs\n")
    s.expect("Stopped +sleep 102")
    s.expect("Running +sleep 102")
    s.send("fg\n")
    s.expect("sleep 102\n")
    time.sleep(0.2)
    s.send("\x03")
    s.expect("READY")
    # a pipeline is one job
    s.send("cat | cat\n")
    time.sleep(0.3)
    s.send("line\n")
    s.expect("line\nline\n")
    s.send("\x1a")
    s.expect("Stopped +cat")
    s.expect("READY")
    s.send("fg\n")
    s.expect("cat \\| cat\n")
    time.sleep(0.2)
    s.send("more\n")
    s.expect("more\nmore\n")
    s.send("\x04")
    s.expect("READY")
    # the background may not read
    s.send("cat & sleep 0.5\n\n")
    s.expect("Stopped +cat")
    s.send("kill %1; wait; echo go''ne\n")
    s.expect("gone\n")
    # size
    s.send("trap 'echo size changed' WINCH; stty size\n")
    s.expect("24 80\n")
    s.expect("READY")
    s.send("echo at the pro''mpt\n")
    s.expect("at the prompt\n")
    time.sleep(0.3) # bash is in the foreground again
    s.resize(40, 100)
    time.sleep(0.2)
    s.send("\nstty size\n")
    s.expect("size changed")
    s.expect("40 100\n")
    s.send("trap - WINCH; tty; exec 3<>/dev/tty; echo to the terminal >&3\n")
    s.expect("/dev/pts/[0-9]+\n")
    s.expect("to the terminal\n")
    # a pty of the guest's own
    s.send("script -qec 'tty; stty size' /dev/null\n")
    s.expect("/dev/pts/[0-9]+\n40 100\n")
    s.expect("READY")
    # a program that computes is stopped for good
    s.send("while :; do :; done & echo pid $!\n")
    s.expect("pid [0-9]+\n")
    s.send("kill -STOP $!; sleep 0.5; echo stop''ped\n")
    s.expect("stopped\n")
    before = cpu_of_children(s.pid)
    time.sleep(1)
    used = cpu_of_children(s.pid) - before
    if used > 30:
        sys.exit("a stopped guest has used %d ticks in a second" % used)
    s.send("kill -KILL $!; wait; exit 7\n")
    if s.ended() != 7:
        sys.exit("exit status of the shell is lost")

    # umk as the job of a shell outside, with a guest that computes
    s = Session(shell)
    s.expect("READY")
    s.send("%s bash -c 'echo run''ning; while :; do :; done'\n" % " ".join(umk))
    s.expect("running\n")
    s.send("\x1a")
    s.expect("Stopped")
    s.expect("READY")
    before = cpu_of_children(s.pid)
    time.sleep(1)
    used = cpu_of_children(s.pid) - before
    if used > 5:
        sys.exit("%s: stopped with ^Z, umk has used %d ticks" % (backend, used))
    s.send("bg\n")
    s.expect("READY")
    before = cpu_of_children(s.pid)
    time.sleep(1)
    if cpu_of_children(s.pid) - before < 5:
        sys.exit("%s: continued, umk does nothing" % backend)
    s.send("fg\n")
    s.expect("bash -c")
    time.sleep(0.3)
    s.send("\x03")
    s.expect("READY")
    s.send("exit\n")
    s.ended()

    # modes after every way out: the program's own end leaves them as the program did, a signal puts them back
    for way, sig in ("-TERM", 15), ("-INT", 2), ("-HUP", 1), ("-KILL", 9):
        m, t = pty.openpty()
        modes = termios.tcgetattr(t)
        pid = os.fork()
        if pid == 0:
            os.setsid()
            fcntl.ioctl(t, termios.TIOCSCTTY, 0)
            for fd in 0, 1, 2:
                os.dup2(t, fd)
            os.execvp(UMK, umk + ["bash", "-c", "stty raw -echo; echo ready; exec sleep 60"])
        out = b""
        while b"ready" not in out:
            out += os.read(m, 100)
        time.sleep(0.2)
        os.kill(pid, sig)
        os.waitpid(pid, 0)
        if sig not in (9,) and termios.tcgetattr(t)[3] != modes[3]:
            sys.exit("%s: modes are not put back after %s" % (backend, way))
        os.close(m)
        os.close(t)

    # hang-up: the shell, its background jobs that are stopped, and the job in the foreground all end
    marker = "/tmp/umk-hup-%d" % os.getpid()
    for foreground in False, True:
        s = Session(umk + ["bash", "--norc", "--noprofile", "--noediting", "-i"])
        s.expect("READY")
        s.send("trap 'echo hup >%s' HUP\n" % marker if not foreground else
               "trap exit HUP; (trap 'echo hup >%s; exit' HUP; echo in''ner; while :; do sleep 0.1; done)\n" % marker)
        s.expect("READY" if not foreground else "inner\n")
        os.close(s.fd)
        end = time.time() + 20 * SCALE
        while time.time() < end:
            pid, status = os.waitpid(s.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(0.05)
        else:
            os.kill(s.pid, 9)
            sys.exit("%s: umk survives its terminal (foreground job: %s)" % (backend, foreground))
        if foreground and not os.path.exists(marker):
            sys.exit("%s: the foreground job gets no SIGHUP" % backend)
        if os.path.exists(marker):
            os.unlink(marker)
PYTHON
