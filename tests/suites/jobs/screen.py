"""Drives full-screen programs on a pty; each step waits for the text that shows it has come to pass."""
import fcntl, os, pty, re, select, struct, subprocess, sys, termios, time

SCALE = 4


class Session:
    def __init__(self, argv, rows=24, cols=80):
        self.argv, self.text = argv, ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm", LC_ALL="C.UTF-8", PS1="READY ")
            os.execvp(argv[0], argv)
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
                self.text += os.read(self.fd, 4096).decode(errors="replace")
            except OSError:
                sys.exit("%s: ended without %r: %r" % (self.argv, pattern, self.text))

    def send(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        while True:
            try:
                if not os.read(self.fd, 4096):
                    break
            except OSError:
                break
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def sh(command):
    return subprocess.run(command, shell=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def say(*words):
    print("=", *words, flush=True)


with open("poem", "w") as f:
    f.write("".join("line %d of the poem\n" % i for i in range(1, 501)))

# vim: insert, search and replace, a filter, undo, a second window, suspend and resume inside a shell
s = Session(["vim", "-N", "-u", "NONE", "-i", "NONE", "poem"])
s.expect("line 20 of the poem")
s.send("ggOfirst of all\x1b")
s.expect("first of all")
s.send(":%s/poem/song/g\r")
s.expect("500 substitutions on 500 lines")
s.send(":$r !echo from a command\r")
s.expect("from a command")
s.send("dd")
s.send("u")
s.expect("1 more line|1 line less|1 change")
s.send(":2,4!sort -r\r")
s.expect("3 lines filtered|line 3")
s.send(":split other\r")
s.expect("other")
s.send("iin the other file\x1b:w\r")
s.expect("written")
s.send(":wqa\r")
say("vim exits", s.end(), sh("sha256sum <poem"), sh("cat other"))

shell = Session(["bash", "--norc", "--noprofile", "--noediting", "-i"])
shell.expect("READY ")
shell.send("vim -N -u NONE -i NONE poem\r")
shell.expect("line 20 of the song")
shell.send("\x1a")
shell.expect("Stopped")
shell.expect("READY ")
shell.send("jobs | wc -l\r")
shell.expect(r"\n1\r")
shell.send("fg\r")
shell.expect("line 20 of the song")
shell.send(":q!\r")
shell.expect("READY ")
shell.send("echo status $?\r")
say("vim in the background and back:", shell.expect(r"\nstatus (\d+)")[1])
# less: end, search, a resize
shell.send("less poem\r")
shell.expect("line 20 of the song")
shell.send("G")
shell.expect(r"\(END\)")
shell.send("?line 77 \r")
shell.expect("line 77 ")
fcntl.ioctl(shell.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
shell.expect("line 100 ")
shell.send("q")
shell.expect("READY ")
shell.send("stty size; seq 100000 | less\r")
shell.expect("40 100")
shell.expect(r"\n36\r")
shell.send("G")
shell.expect("100000")
shell.send("q")
shell.expect("READY ")
say("less")
shell.send("man bash\r")
shell.expect("BASH.1.")
shell.send("/job control\r")
shell.expect("job control")
shell.send("q")
shell.expect("READY ")
say("man")
shell.send("top\r")
shell.expect("PID USER")
shell.send("q")
shell.expect("READY ")
say("top")
shell.send("exit 5\r")
say("the shell exits", shell.end())

# tmux: two panes, what they show, one of them ended
tmux = "tmux -L job -f /dev/null "
s = Session(["sh", "-c", "exec " + tmux + "new-session -s work 'env PS1=LEFT\\  bash --norc --noprofile'"], 30, 120)
s.expect("LEFT")
sh(tmux + "split-window -h -t work 'env PS1=RIGHT\\  bash --norc --noprofile'")
s.expect("RIGHT")
say("panes", sh(tmux + "list-panes -t work -F '#{pane_width}x#{pane_height}'").split())
sh(tmux + "send-keys -t work.0 'echo $((6*7)) left; stty size' Enter")
sh(tmux + "send-keys -t work.1 'echo $((7*8)) right; tty | cut -c1-9' Enter")
s.expect("42 left")
s.expect("56 right")


def pane(n, pattern):
    """The lines of pane @n when @pattern is among them."""
    for _ in range(300):
        lines = sh(tmux + "capture-pane -p -t work.%d" % n).split("\n")
        if any(re.fullmatch(pattern, x) for x in lines):
            return lines
        time.sleep(0.1)
    sys.exit("pane %d: no %r in %r" % (n, pattern, lines))


say("left", pane(0, r"29 \d+"))
say("right", pane(1, "/dev/pts/"))
s.send("\x02o")
s.send("exit\r")
for _ in range(300):
    if sh(tmux + "list-panes -t work | wc -l") == "1":
        break
    time.sleep(0.1)
say("panes left", sh(tmux + "list-panes -t work | wc -l"))
s.send("\x02d")
s.expect("detached")
say("tmux exits", s.end(), sh(tmux + "list-sessions -F '#{session_name} #{session_windows}'"))
s = Session(["sh", "-c", "exec " + tmux + "attach -t work"], 30, 120)
s.expect("42 left|56 right")
say("attached again")
sh(tmux + "kill-server")
say("tmux exits", s.end())
