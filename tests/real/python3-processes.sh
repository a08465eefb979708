# run: /usr/bin/python3 @
import os, queue, select, signal, socket, subprocess, sys, tempfile, threading, time
from concurrent.futures import ThreadPoolExecutor

print(subprocess.run(["sh", "-c", "read x; echo got $x; exit 4"], input="text\n", capture_output=True, text=True).stdout.strip())
p = subprocess.Popen(["sleep", "100"])
try:
    p.wait(timeout=0.1)
except subprocess.TimeoutExpired:
    p.terminate()
print("terminated", p.wait())
print(subprocess.check_output("echo shell | tr a-z A-Z", shell=True))
try:
    subprocess.run(["/no/such/program"])
except FileNotFoundError as e:
    print(e.errno)
procs = [subprocess.Popen([sys.executable, "-c", f"import sys; sys.exit({i})"]) for i in range(3)]
print([q.wait() for q in procs])

total = 0
lock = threading.Lock()
def add(n):
    global total
    for _ in range(1000):
        with lock:
            total += n
threads = [threading.Thread(target=add, args=(i,)) for i in range(8)]
for t in threads: t.start()
for t in threads: t.join()
print(total)
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(lambda x: x * x, range(100))))
q = queue.Queue(2)
def producer():
    for i in range(20): q.put(i)
    q.put(None)
threading.Thread(target=producer).start()
print(sum(iter(q.get, None)))

got = []
signal.signal(signal.SIGALRM, lambda s, f: got.append(s))
signal.setitimer(signal.ITIMER_REAL, 0.05)
time.sleep(0.1)
print(got == [signal.SIGALRM])
r, w = os.pipe()
threading.Timer(0.05, lambda: os.write(w, b"late")).start()
print(select.select([r], [], [], 5)[0] == [r], os.read(r, 10))
ep = select.epoll()
ep.register(r, select.EPOLLIN)
os.write(w, b"x")
print(ep.poll(1) == [(r, select.EPOLLIN)])

path = os.path.join(tempfile.mkdtemp(dir="."), "s")
s = socket.socket(socket.AF_UNIX)
s.bind(path)
s.listen()
def serve():
    for _ in range(5):
        c, _ = s.accept()
        c.sendall(c.recv(100).upper())
        c.close()
t = threading.Thread(target=serve)
t.start()
for i in range(5):
    c = socket.socket(socket.AF_UNIX)
    c.connect(path)
    c.sendall(b"hello %d" % i)
    print(c.recv(100))
    c.close()
t.join()
pid = os.fork()
if pid == 0:
    os.setsid()
    os._exit(0 if os.getsid(0) == os.getpid() else 1)
print(os.waitpid(pid, 0)[1])
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "kill -9 $$"], {})
print(os.waitpid(pid, 0)[1])
import multiprocessing
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(3) as pool:
        print(pool.map(abs, range(-5, 5)))
os.execvp("sh", ["sh", "-c", "exit 12"])
