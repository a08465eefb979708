#!/bin/sh
# Job control on the host's terminal: ^C and ^Z for the foreground job of a shell inside umk, and for umk as a job of a
# shell outside. A pty is driven; every step waits for the text that shows it has come to pass.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
exec python3 - <<'PYTHON'
import os, pty, re, select, sys, time

UMK = os.environ["UMK"]
SCALE = int(os.environ.get("TIMEOUT_SCALE", "1"))

class Session:
    def __init__(self, argv):
        self.argv, self.text = argv, ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(argv[0], argv)

    def expect(self, pattern):
        end = time.time() + 20 * SCALE
        while True:
            found = re.search(pattern, self.text)
            if found:
                self.text = self.text[found.end():]
                return
            if time.time() > end or not select.select([self.fd], [], [], end - time.time())[0]:
                sys.exit("%s: no %r in %r" % (self.argv, pattern, self.text))
            try:
                self.text += os.read(self.fd, 4096).decode(errors="replace").replace("\r", "")
            except OSError:
                sys.exit("%s: ended without %r: %r" % (self.argv, pattern, self.text))

    def send(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        self.send("exit\n")
        while True:
            try:
                if not os.read(self.fd, 4096):
                    break
            except OSError:
                break
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

os.environ["PS1"] = "READY"
os.environ["TERM"] = "dumb"
for backend in "seccomp", "ptrace":
    umk = [UMK, "--trap=" + backend]
    job = "busybox sh -c 'echo run''ning; exec busybox sleep 60'"
    # a shell inside
    s = Session(umk + ["busybox", "sh", "-i"])
    s.expect("READY")
    s.send(job + "\n")
    s.expect("running\n")
    s.send("\x03")
    s.expect("READY")
    s.send("echo status $?\n")
    s.expect("status 130\n")
    s.send(job + "\n")
    s.expect("running\n")
    s.send("\x1a")
    s.expect("Stopped")
    s.send("bg; kill %1; wait %1; echo status $?\n")
    s.expect("status 143\n")
    if s.end():
        sys.exit("shell inside umk: exit status not 0")
    # a shell outside; umk is the job
    s = Session(["bash", "--norc", "--noediting", "-i"])
    s.expect("READY")
    s.send(" ".join(umk) + " " + job + "\n")
    s.expect("running\n")
    s.send("\x1a")
    s.expect("Stopped")
    s.send("fg\n")
    s.expect("umk")
    time.sleep(0.3)
    s.send("\x03")
    s.expect("READY")
    s.send("echo status $?\n")
    s.expect("status 130\n")
    s.end()
PYTHON
