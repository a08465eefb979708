# run: /bin/sh @
python3 -c 'print(sum(range(10**6)))'
python3 -c 'import os, sys, socket
a, b = socket.socketpair()
a.sendall(b"x" * 1000); print(len(b.recv(2000)))
pid = os.fork()
if pid == 0:
    b.send(b"child"); os._exit(3)
print(a.recv(10), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
import threading
l = []
t = [threading.Thread(target=lambda i=i: l.append(i)) for i in range(4)]
[x.start() for x in t]; [x.join() for x in t]
print(sorted(l))
print(sorted(os.listdir("/etc"))[:3], os.path.exists("/nope"))'
