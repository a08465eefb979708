"""Whole programs for bench.py, natively and under umk, in turns: a walk over many files, git status, a C build with make -j2, the
start of Python. Each works in a directory made for it below the temporary one."""
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

FILES, PER_DIRECTORY, SOURCES = 10000, 50, 24
LIMIT = 600  # seconds that one may take

# name: (command, greatest ratio to native, repetitions a round)
JOBS = {
    "find": (["find", "tree", "-size", "+1000k"], 2.0, 3),
    "git_status": (["git", "-C", "tree", "status", "--porcelain"], 1.5, 3),
    "c_build": (["make", "-s", "-j2", "-B", "-C", "source"], 1.5, 1),
    "python_pass": (["python3", "-c", "pass"], 1.5, 5),
}


def make_tree():
    for number in range(FILES):
        directory = f"tree/d{number // PER_DIRECTORY // 10}/s{number // PER_DIRECTORY % 10}"
        if number % PER_DIRECTORY == 0:
            os.makedirs(directory)
        with open(f"{directory}/f{number % PER_DIRECTORY}.c", "w", encoding="ascii") as f:
            f.write(f"int x{number};\n")
    if shutil.which("git"):
        git = ["git", "-C", "tree", "-c", "user.name=x", "-c", "user.email=x", "-c", "gc.auto=0"]
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
            subprocess.run(git + words, stdin=subprocess.DEVNULL, check=True)


def make_source():
    os.mkdir("source")
    for number in range(SOURCES):
        with open(f"source/m{number}.c", "w", encoding="ascii") as f:
            f.write("#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n#include <sys/socket.h>\n")
            for function in range(20):
                f.write(f"int m{number}_{function}(const char *s, int n) {{ char b[64]; int sum = 0; for (int i = 0; i < n; i++) "
                        f"sum += snprintf(b, sizeof(b), \"%s %d\", s, i * {function + 1}); return sum + (int)strlen(b); }}\n")
    with open("source/Makefile", "w", encoding="ascii") as f:
        objects = " ".join(f"m{n}.o" for n in range(SOURCES))
        f.write(f"all.o: {objects}\n\tld -r -o $@ $^\n%.o: %.c\n\tcc -O1 -c -o $@ $<\n")


def timed(command, env=None):
    """Seconds from start to end. With a timeout subprocess would look at ever longer intervals whether the program has ended."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=env) as p:
        killer = threading.Timer(LIMIT, p.kill)
        killer.start()
        status = p.wait()
        end = time.perf_counter()
        killer.cancel()
    if status:
        raise subprocess.CalledProcessError(status, command)
    return end - start


def measure(umk, rounds):
    """name -> {"native": median s, "umk": median s}; a job whose program is missing is left out."""
    # not a wrapper script that a user's PATH may have before the system's
    env = dict(os.environ, PATH="/usr/local/bin:/usr/bin:/bin")
    found = {name: {"native": [], "umk": []} for name, (words, _, _) in JOBS.items()
             if shutil.which(words[0], path=env["PATH"]) and (name != "c_build" or shutil.which("cc", path=env["PATH"]))}
    with tempfile.TemporaryDirectory(prefix="umk-bench-") as top:
        here = os.getcwd()
        os.chdir(top)
        try:
            make_tree()
            make_source()
            for _ in range(rounds):
                for name, times in found.items():
                    words, _, repeat = JOBS[name]
                    for _ in range(repeat):
                        for kind, command in (("native", words), ("umk", [umk] + words)):
                            times[kind].append(timed(command, env))
        finally:
            os.chdir(here)
    return {name: {kind: statistics.median(t) for kind, t in times.items()} for name, times in found.items()}
