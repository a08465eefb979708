"""Commands for gdb on umk:  source tools/gdb/umk-gdb.py

  umk tasks        every task: pid, thread group, state, command, the call it is in
  umk bt [PID]     the kernel backtrace of a task (current's when no pid is given)
  umk regs [PID]   the guest's registers of a task
  umk sockets      every AF_UNIX socket

They read memory only; nothing in umk runs.
"""
import gdb


def table_of(head, typename, member):
    """The entries of a struct list_head."""
    kind = gdb.lookup_type(typename)
    offset = next(int(f.bitpos) // 8 for f in kind.fields() if f.name == member)
    start = int(head.address)
    node = head["next"]
    while int(node) != start:
        yield gdb.Value(int(node) - offset).cast(kind.pointer())
        node = node["next"]


def all_tasks():
    return table_of(gdb.parse_and_eval("all_tasks"), "struct task", "task_node")


def current_task():
    return gdb.parse_and_eval("current")


def find_task(arg):
    if not arg:
        return current_task()
    pid = int(gdb.parse_and_eval(arg))
    for t in all_tasks():
        if int(t["pid"]) == pid:
            return t
    raise gdb.GdbError("no task %d" % pid)


def call_name(nr):
    if nr < 0:
        return "-"
    try:
        return gdb.parse_and_eval("syscall_names[%d]" % nr).string()
    except (gdb.error, gdb.MemoryError):
        return str(nr)


class Umk(gdb.Command):
    """Looks at umk's kernel: tasks, bt, regs, sockets."""

    def __init__(self):
        super().__init__("umk", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)


class Tasks(gdb.Command):
    """umk tasks: lists every task."""

    def __init__(self):
        super().__init__("umk tasks", gdb.COMMAND_STACK)

    def invoke(self, arg, tty):
        here = int(current_task())
        print("    PID  TGID  PPID STATE                 COMM             CALL")
        for t in all_tasks():
            leader = t["signal"]["leader"] if int(t["signal"]) else t
            parent = leader["real_parent"]
            print("%s %5d %5d %5d %-21s %-16s %s" % (
                "*" if int(t) == here else " ", int(t["pid"]), int(t["tgid"]),
                int(parent["pid"]) if int(parent) else 0, str(t["state"]), t["comm"].string(errors="replace"),
                call_name(int(t["in_syscall"]))))


class Backtrace(gdb.Command):
    """umk bt [PID]: the kernel's call chain of a task."""

    def __init__(self):
        super().__init__("umk bt", gdb.COMMAND_STACK)

    def invoke(self, arg, tty):
        t = find_task(arg)
        if int(t) == int(current_task()):
            gdb.execute("bt")
            return
        if not int(t["stack"]) or not int(t["ksp"]):
            print("task %d has no kernel stack" % int(t["pid"]))
            return
        # context_switch() left the callee-saved registers on the stack, the return address above them.
        frame = gdb.newest_frame()
        frame.select()
        word = gdb.lookup_type("unsigned long").pointer()
        saved = gdb.Value(int(t["ksp"])).cast(word)
        layout = SWITCH_FRAME
        values = {name: int(saved[i]) for i, name in enumerate(layout)}
        names = ["rip", "rsp", "rbp", "rbx", "r12", "r13", "r14", "r15"]
        before = {r: int(gdb.parse_and_eval("(unsigned long)$" + r)) for r in names}
        try:
            for name, value in values.items():
                gdb.execute("set $%s = %d" % (name, value))
            gdb.execute("set $rsp = %d" % (int(t["ksp"]) + 8 * len(layout)))
            gdb.execute("bt")
        finally:
            # rsp first: the frame that gdb shows must be the real one again before the rest is stored.
            for r in ["rsp"] + [r for r in names if r != "rsp"]:
                gdb.execute("set $%s = %d" % (r, before[r]))


class Regs(gdb.Command):
    """umk regs [PID]: the guest's registers, as of its last entry into the kernel."""

    def __init__(self):
        super().__init__("umk regs", gdb.COMMAND_DATA)

    def invoke(self, arg, tty):
        regs = find_task(arg)["regs"]
        line = []
        for f in regs.type.fields():
            line.append("%-7s 0x%016x" % (f.name, int(regs[f.name])))
            if len(line) == 3:
                print("   ".join(line))
                line = []
        if line:
            print("   ".join(line))


class Sockets(gdb.Command):
    """umk sockets: every AF_UNIX socket."""

    def __init__(self):
        super().__init__("umk sockets", gdb.COMMAND_DATA)

    def invoke(self, arg, tty):
        types = {1: "stream", 2: "dgram", 5: "seqpacket"}
        states = {1: "established", 7: "close", 10: "listen"}
        print("sock               type      state        queued  sndbuf used  peer               name")
        for u in table_of(gdb.parse_and_eval("unix_sockets"), "struct unix_sock", "all_node"):
            sk = u["sk"]
            name = ""
            if int(u["addr"]):
                size = int(u["addr"]["len"]) - 2
                raw = bytes(int(u["addr"]["name"]["sun_path"][i]) & 0xff for i in range(min(size, 108)))
                name = "@" + raw[1:].decode("latin1") if raw[:1] == b"\0" else raw.rstrip(b"\0").decode("latin1")
            print("0x%016x %-9s %-12s %6d %12d  0x%016x %s" % (
                int(u), types.get(int(sk["sk_type"]), "?"), states.get(int(sk["sk_state"]), str(int(sk["sk_state"]))),
                int(sk["sk_receive_queue"]["qlen"]), int(sk["sk_wmem_alloc"]), int(u["peer"]), name))


# What kernel/sched/switch.S pushes, from the saved stack pointer upwards.
SWITCH_FRAME = ["r15", "r14", "r13", "r12", "rbx", "rbp", "rip"]

Umk()
Tasks()
Backtrace()
Regs()
Sockets()
