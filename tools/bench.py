#!/usr/bin/env python3
"""make bench: the benchmark guest (tests/bench) natively, natively on one CPU, under umk with both backends, and under
User-Mode Linux where Debian's is installed.

Rounds are interleaved; the table shows medians in ns and ratios to native. Also: what `umk busybox true` costs over
native, memory of umk itself (PSS of umk, zygote and stubs less the guest's own frames), and CPU time while idle.

    bench.py [--rounds N] [--json FILE] [--config NAME,...] [--skip-uml] BUILD-DIR [MEASUREMENT...]
"""
import argparse
import csv
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import benchjobs

# measurement: (configuration, greatest ratio to native)
TARGETS = {
    "null_call": ("umk-seccomp", 2.0),
    "null_call_trapped": ("umk-seccomp", 25.0),
    "unix_ping_pong": ("umk-seccomp", 0.3),
    "fork_exec_wait": ("umk-seccomp", 1.5),
    "anon_page": ("umk-seccomp", 1.5),
    "cow_page": ("umk-seccomp", 1.2),
    "thread_create_join": ("umk-seccomp", 2.0),
    "futex_ping_pong": ("umk-seccomp", 1.0),
    "signal_self": ("umk-seccomp", 2.0),
    "open_close": ("umk-seccomp", 2.0),
    "stat": ("umk-seccomp", 2.0),
    "read_4k": ("umk-seccomp", 2.0),
    "tcp_rr": ("umk-seccomp", 0.3),
    "tcp_connect": ("umk-seccomp", 1.0),
    "epoll_1000": ("umk-seccomp", 1.0),
    **{f"{family}_stream_{size}": ("umk-seccomp", 1 / 0.7) for family in ("tcp", "unix") for size in ("128k", "16k", "1k")},
}
# The same against native pinned to one CPU.
TARGETS_ONE_CPU = {
    "tcp_rr": ("umk-seccomp", 1.0),
    "unix_ping_pong": ("umk-seccomp", 1.0),
}
START_MS, PSS_MIB, IDLE_SECONDS = 15.0, 30.0, 10
SLEEPERS, SLEEPER_KIB = 1000, 150.0   # processes that sleep, and what each may cost beside guest memory
HOST_STACK_KIB = 16                   # a host thread's kernel stack, which no file of /proc shows
SCRIPT_PROCESSES = 2000
LATE_MS = 20                          # of a 1 ms timer's beats, 99 in 100
BEATS = {"none": "nothing", "zero": "a read of 1 GiB of /dev/zero", "fork": "a fork of a 2 GiB process",
         "unlink": "an unlink of a 4 GiB file", "fifo": "a FIFO that nobody writes"}
REDIS_PORT, REDIS_REQUESTS, REDIS_CLIENTS = 16379, 100000, 50
REDIS_SHARE = 0.8                     # of native's requests a second
TWO_THREADS = 1.8                     # times what one does, on two CPUs


def configurations(build, wanted, skip_uml):
    umk, bench = os.path.join(build, "umk"), os.path.join(build, "bench", "bench")
    all_of_them = {
        "native": [bench],
        "native-1cpu": ["taskset", "-c", str(min(os.sched_getaffinity(0))), bench],
        "umk-seccomp": [umk, "--trap=seccomp", bench],
        "umk-ptrace": [umk, "--trap=ptrace", bench],
    }
    uml = shutil.which("linux.uml")
    if uml and not skip_uml:
        all_of_them["uml"] = [uml, "mem=256M", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "rw",
                              "init=" + bench, "quiet", "panic=1", "con=null", "con0=null,fd:1"]
    return {k: v for k, v in all_of_them.items() if not wanted or k in wanted}


def run(command, names, limit):
    """The measurements of one run: name -> ns. What did not come out is missing."""
    uml = any(word.startswith("rootfstype=") for word in command)
    with subprocess.Popen(command + ([] if uml else names), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, start_new_session=True) as p:
        try:
            out, _ = p.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            out, _ = p.communicate()
    found = {}
    for line in out.splitlines():
        words = line.split()
        if len(words) == 2:
            try:
                found[words[0]] = float(words[1])
            except ValueError:
                pass
    return found


def start_times(build, rounds):
    """Median ms of `busybox true`, natively and under umk."""
    busybox, umk = shutil.which("busybox"), os.path.join(build, "umk")
    times = {"native": [], "umk": []}
    for _ in range(rounds * 4):
        for name, command in (("native", [busybox, "true"]), ("umk", [umk, busybox, "true"])):
            times[name].append(benchjobs.timed(command) * 1e3)
    return {name: statistics.median(t) for name, t in times.items()}


def family(pid):
    """@pid and all its descendants."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as f:
                    children.setdefault(int(f.read().rsplit(")", 1)[1].split()[1]), []).append(int(entry))
            except (OSError, IndexError):
                pass
    found, todo = [], [pid]
    while todo:
        p = todo.pop()
        found.append(p)
        todo += children.get(p, [])
    return found


def pss_of_umk(pids):
    """KiB: all mappings but those of guest memory."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps", encoding="utf-8", errors="replace") as f:
                guest = False
                for line in f:
                    words = line.split()
                    if "-" in words[0] and not words[0].endswith(":"):
                        guest = "physmem" in line or "guest-memory" in line
                    elif words[0] == "Pss:" and not guest:
                        total += int(words[1])
        except OSError:
            pass
    return total


def cpu_ns(pids):
    total = 0
    for pid in pids:
        try:
            for tid in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{tid}/schedstat", encoding="ascii") as f:
                    total += int(f.read().split()[0])
        except OSError:
            pass
    return total


def idle(build):
    """(PSS in MiB, CPU ms in IDLE_SECONDS) of umk with a guest that sleeps."""
    with subprocess.Popen([os.path.join(build, "umk"), shutil.which("busybox"), "sleep", str(IDLE_SECONDS + 20)],
                          stdin=subprocess.DEVNULL) as p:
        try:
            time.sleep(2)
            pids = family(p.pid)
            pss, before = pss_of_umk(pids), cpu_ns(pids)
            time.sleep(IDLE_SECONDS)
            return pss / 1024, (cpu_ns(pids) - before) / 1e6
        finally:
            p.terminate()


def page_table_kib(pids):
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as f:
                total += sum(int(line.split()[1]) for line in f if line.startswith("VmPTE:"))
        except OSError:
            pass
    return total


def sleepers(build):
    """(KiB a process beside guest memory, CPU ms in IDLE_SECONDS) of SLEEPERS processes that sleep in one umk."""
    def cost(pids):
        return pss_of_umk(pids) + page_table_kib(pids) + HOST_STACK_KIB * len(pids)

    def settled(count):
        with subprocess.Popen([os.path.join(build, "umk"), os.path.join(build, "bench", "bench"), "--sleepers", str(count)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as p:
            try:
                p.stdout.readline()
                time.sleep(2)
                pids = family(p.pid)
                kib, before = cost(pids), cpu_ns(pids)
                time.sleep(IDLE_SECONDS)
                return kib, (cpu_ns(pids) - before) / 1e6
            finally:
                p.terminate()

    few, _ = settled(1)
    many, busy = settled(SLEEPERS)
    return (many - few) / (SLEEPERS - 1), busy


def script_times(build, rounds):
    """Median s of a shell script that starts SCRIPT_PROCESSES programs, natively and under umk."""
    busybox = shutil.which("busybox")
    text = (f"i=0; while [ $i -lt {SCRIPT_PROCESSES // 2} ]; do {busybox} true; {busybox} expr $i + 1 >/dev/null; "
            "i=$((i+1)); done")
    times = {"native": [], "umk": []}
    for _ in range(rounds):
        for name, command in (("native", []), ("umk", [os.path.join(build, "umk")])):
            times[name].append(benchjobs.timed(command + ["/bin/sh", "-c", text]))
    return {name: statistics.median(t) for name, t in times.items()}


def beats(build, rounds):
    """How late a 1 ms timer is beside work that could hold a kernel up: {work: {"native": ns, "umk": ns}}, medians of the 99th
    percentiles."""
    beat, late = os.path.join(build, "bench", "beat"), {}
    for _ in range(rounds):
        for name, command in (("native", [beat]), ("umk", [os.path.join(build, "umk"), beat])):
            with tempfile.TemporaryDirectory(prefix="umk-beat-") as scratch:
                done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False, timeout=600,
                                      cwd=scratch)
            for line in done.stdout.splitlines():
                work, ns = line.split()
                late.setdefault(work.removeprefix("beat_"), {}).setdefault(name, []).append(float(ns))
    return {work: {name: statistics.median(ns) for name, ns in both.items()} for work, both in late.items()}


def redis(build, rounds):
    """Median requests a second of redis-benchmark, {test: {"native": n, "umk": n}}: server and clients in one shell."""
    text = (f"redis-server --port {REDIS_PORT} --bind 127.0.0.1 --save '' --appendonly no --daemonize no >/dev/null & "
            f"until redis-cli -p {REDIS_PORT} ping >/dev/null 2>&1; do sleep 0.1; done; "
            f"redis-benchmark -p {REDIS_PORT} -c {REDIS_CLIENTS} -n {REDIS_REQUESTS} -t set,get --csv; "
            f"redis-cli -p {REDIS_PORT} shutdown nosave; wait")
    rates = {}
    for _ in range(rounds):
        for name, command in (("native", []), ("umk", [os.path.join(build, "umk")])):
            done = subprocess.run(command + ["/bin/sh", "-c", text], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True, check=False, timeout=300)
            for words in csv.reader(done.stdout.splitlines()):
                if len(words) > 1 and words[0] in ("SET", "GET"):
                    rates.setdefault(words[0], {}).setdefault(name, []).append(float(words[1]))
    return {test: {name: statistics.median(r) for name, r in both.items()} for test, both in rates.items()}


def show(medians, names, configs):
    print(f"{'ns, median':20}" + "".join(f"{c:>24}" for c in configs))
    missed = []
    for name in names:
        native = medians.get("native", {}).get(name)
        cells = ""
        for c in configs:
            value = medians[c].get(name)
            ratio = f" ({value / native:7.2f}x)" if value and native else " " * 11
            cells += f"{value:13,.0f}{ratio}" if value else f"{'-':>24}"
        print(f"{name:20}{cells}")
        for base, targets in (("native", TARGETS), ("native-1cpu", TARGETS_ONE_CPU)):
            value_of_base = medians.get(base, {}).get(name)
            if name not in targets or not value_of_base:
                continue
            config, limit = targets[name]
            value = medians.get(config, {}).get(name)
            if config in medians and (value is None or value / value_of_base > limit):
                missed.append(f"{name}: {config} " + (f"{value / value_of_base:.2f}x" if value else "no result") +
                              f" of {base}, target {limit:.3g}x")
    return missed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json")
    parser.add_argument("--config", default="")
    parser.add_argument("--skip-uml", action="store_true")
    parser.add_argument("--limit", type=float, default=180, help="seconds that one run may take")
    parser.add_argument("build")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    build = os.path.abspath(args.build)
    configs = configurations(build, [c for c in args.config.split(",") if c], args.skip_uml)
    values = {c: {} for c in configs}
    order = []
    for number in range(args.rounds):
        for c, command in configs.items():
            print(f"\rround {number + 1} of {args.rounds}: {c:16}", end="", file=sys.stderr, flush=True)
            for name, ns in run(command, args.names, args.limit).items():
                values[c].setdefault(name, []).append(ns)
                if name not in order:
                    order.append(name)
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
    medians = {c: {n: statistics.median(v) for n, v in values[c].items()} for c in configs}
    missed = show(medians, order, list(configs))
    one, two = (medians.get("umk-seccomp", {}).get(n) for n in ("cpu_one", "cpu_two"))
    if one and two and len(os.sched_getaffinity(0)) > 1:
        print(f"two CPU-bound guest threads do {one / two:.2f} times what one does (target {TWO_THREADS})")
        if one / two < TWO_THREADS:
            missed.append(f"two threads: {one / two:.2f} times one, target {TWO_THREADS}")
    result = {"rounds": args.rounds, "cpus": len(os.sched_getaffinity(0)), "host": os.uname().release,
              "median_ns": medians, "all_ns": values}
    if not args.names:
        start = start_times(build, args.rounds)
        pss, busy = idle(build)
        over = start["umk"] - start["native"]
        print(f"\nbusybox true: native {start['native']:.1f} ms, umk {start['umk']:.1f} ms, {over:.1f} ms over "
              f"(target {START_MS:.0f})")
        print(f"PSS of umk, zygote and stubs without the guest's frames: {pss:.1f} MiB (target {PSS_MIB:.0f})")
        print(f"CPU time in {IDLE_SECONDS} s with a sleeping guest: {busy:.2f} ms (target 0)")
        each, crowd = sleepers(build)
        script = script_times(build, args.rounds)
        print(f"{SLEEPERS} sleeping processes: {each:.0f} KiB each beside guest memory (target {SLEEPER_KIB:.0f}), "
              f"{crowd:.2f} ms of CPU in {IDLE_SECONDS} s (target 0)")
        print(f"a script of {SCRIPT_PROCESSES} processes: native {script['native']:.2f} s, umk {script['umk']:.2f} s "
              "(target: no slower)")
        result.update(start_ms=start, pss_mib=pss, idle_cpu_ms=busy, sleeper_kib=each, sleepers_cpu_ms=crowd, script_s=script)
        result["beats"] = beats(build, args.rounds)
        for work, late in result["beats"].items():
            print(f"a 1 ms timer beside {BEATS[work]}: 99 in 100 beats no later than: native {late['native'] / 1e6:.2f} ms, umk "
                  f"{late.get('umk', 0) / 1e6:.2f} ms (target {LATE_MS})")
        jobs = benchjobs.measure(os.path.join(build, "umk"), args.rounds)
        for name, t in jobs.items():
            limit = benchjobs.JOBS[name][1]
            print(f"{name}: native {t['native'] * 1e3:.0f} ms, umk {t['umk'] * 1e3:.0f} ms, {t['umk'] / t['native']:.2f}x "
                  f"(target {limit}x)")
            if t["umk"] > limit * t["native"]:
                missed.append(f"{name}: {t['umk'] / t['native']:.2f}x native, target {limit}x")
        result["jobs_s"] = jobs
        if shutil.which("redis-server") and shutil.which("redis-benchmark"):
            result["redis"] = redis(build, args.rounds)
            for test, rate in result["redis"].items():
                share = rate.get("umk", 0) / rate["native"]
                print(f"redis-benchmark -c {REDIS_CLIENTS} {test}: native {rate['native']:,.0f} requests a second, umk "
                      f"{rate.get('umk', 0):,.0f}, {share:.2f} of it (target {REDIS_SHARE})")
                if share < REDIS_SHARE:
                    missed.append(f"redis {test}: {share:.2f} of native, target {REDIS_SHARE}")
        if each > SLEEPER_KIB:
            missed.append(f"sleeping processes: {each:.0f} KiB each, target {SLEEPER_KIB:.0f}")
        if crowd > 1:
            missed.append(f"sleeping processes: {crowd:.2f} ms of CPU, target 0")
        if script["umk"] > script["native"]:
            missed.append(f"script: {script['umk'] / script['native']:.2f}x native, target 1.0x")
        if over > START_MS:
            missed.append(f"start: {over:.1f} ms over native, target {START_MS:.0f}")
        if pss > PSS_MIB:
            missed.append(f"PSS: {pss:.1f} MiB, target {PSS_MIB:.0f}")
        if busy > 1:
            missed.append(f"idle: {busy:.2f} ms of CPU, target 0")
    result["missed"] = missed
    print("\n" + ("targets missed:\n  " + "\n  ".join(missed) if missed else "all targets met"))
    if args.json:
        with open(args.json, "w", encoding="utf-8") as f:
            json.dump(result, f, indent=1)


main()
