#!/bin/sh
# --strace reads like strace -f: the same program traced by both, addresses, pids and random bytes aside; lines of two tasks
# taking turns; a guest that is killed; hostile arguments; and no change of what the guest does.
fail() {
	echo "$1"
	shift
	[ $# = 0 ] || cat "$@"
	exit 1
}
# Addresses become A (three digits on; columns move with them), random bytes N, pids P. rseq is answered differently.
norm() {
	sed -E -e '/^rseq\(/d' -e 's/^\[pid +[0-9]+\] //' -e 's/0x[0-9a-f]{3,}/A/g' -e 's/\\x[0-9a-f]{2}/\\xN/g' \
		-e 's/\) += /) = /' -e '/^set_tid_address/s/= .*/= P/' -e '/^(getpid|gettid|clone|wait4|getppid)/s/= [0-9]+$/= P/' \
		-e 's/si_pid=[0-9]+/si_pid=P/g; s/si_uid=[0-9]+/si_uid=U/g; s/si_[us]time=[0-9]+/si_time=0/g' \
		-e 's/^(wait4|kill|tgkill)\(([0-9]+, )+/\1(P, /' -e 's/pid=[0-9]+, uid=[0-9]+, gid=[0-9]+/pid=P/' -e 's/, st_size=[0-9]+/, st_size=S/' \
		-e 's/umk-strace-[0-9]+/umk-strace-P/' -e 's/^strace: .*//' -e '/^$/d' "$@"
}

mkdir tree && touch tree/one tree/two && mkdir tree/dir && ln -s one tree/link
for mode in seccomp ptrace; do
	"$UMK" --trap=$mode --strace busybox ls tree >out 2>umk.trace || fail "busybox ls failed" umk.trace
	printf 'dir\nlink\none\ntwo\n' | cmp -s - out || fail "output changed" out
	grep -q '^execve("[^"]*busybox", \["busybox", "ls", "tree"\], 0x[0-9a-f]* /\* [0-9]* vars \*/) = 0$' umk.trace || fail "no execve" umk.trace
	grep -q '^openat(AT_FDCWD, "tree", O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY) = 3$' umk.trace || fail "no openat" umk.trace
	grep -Eq '^write\(1, "dir\\nlink\\none\\ntwo\\n", 17\)   = 17$' umk.trace || fail "no write" umk.trace
	[ "$(tail -n 2 umk.trace)" = "exit_group(0)                           = ?
+++ exited with 0 +++" ] || fail "wrong end" umk.trace
	if strace -o /dev/null -f true 2>/dev/null; then
		strace -f -o host.trace busybox ls tree >out
		sed -E 's/^[0-9]+ +//' host.trace | norm | sort >a
		norm umk.trace | sort >b
		diff a b >diff || fail "not as strace prints it" diff
	fi
done

cat >calls.c <<'C'
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
static void on_signal(int sig) { (void)sig; }
int main(void)
{
	char b[100], *none = (char *)16;
	struct iovec v[2] = { { "abc", 3 }, { "de", 2 } }, w = { b, 100 };
	union { char c[CMSG_SPACE(4)]; struct cmsghdr h; } u = { .h = { CMSG_LEN(4), SOL_SOCKET, SCM_RIGHTS } };
	struct msghdr m = { .msg_iov = v, .msg_iovlen = 2, .msg_control = &u, .msg_controllen = sizeof(u) };
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	struct ucred uc;
	struct epoll_event ev = { EPOLLIN | EPOLLET, { .u64 = 7 } };
	socklen_t l;
	int s[2], one = 1, st, x, e;

	socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s);
	send(s[0], "hello\n\1\2\0013", 10, MSG_NOSIGNAL);
	recv(s[1], b, 100, MSG_DONTWAIT | MSG_PEEK);
	recv(s[1], b, 100, 0);
	recv(s[1], b, 100, MSG_DONTWAIT);
	*(int *)CMSG_DATA(&u.h) = s[0];
	sendmsg(s[0], &m, 0);
	m.msg_iov = &w;
	m.msg_iovlen = 1;
	m.msg_name = &sa;
	m.msg_namelen = sizeof(sa);
	recvmsg(s[1], &m, MSG_CMSG_CLOEXEC);
	setsockopt(s[0], SOL_SOCKET, SO_PASSCRED, &one, 4);
	l = 4;
	getsockopt(s[0], SOL_SOCKET, SO_TYPE, &one, &l);
	l = sizeof(uc);
	getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &uc, &l);
	x = socket(AF_UNIX, SOCK_STREAM, 0);
	strcpy(sa.sun_path, "nowhere");
	connect(x, (void *)&sa, sizeof(sa));
	memset(sa.sun_path, 0, sizeof(sa.sun_path));
	bind(x, (void *)&sa, 3 + sprintf(sa.sun_path + 1, "umk-strace-%07d", getpid()));
	l = sizeof(sa);
	getsockname(x, (void *)&sa, &l);
	poll((struct pollfd[]){ { s[0], POLLIN | POLLOUT, 0 }, { s[1], POLLIN, 0 } }, 2, 100);
	poll((struct pollfd[]){ { s[0], POLLIN, 0 } }, 1, 1);
	e = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(e, EPOLL_CTL_ADD, s[0], &ev);
	epoll_wait(e, &ev, 1, 0);
	send(s[1], "q", 1, 0);
	epoll_wait(e, &ev, 1, 0);
	signal(SIGUSR1, on_signal);
	kill(getpid(), SIGUSR1);
	fcntl(s[0], F_SETFL, O_NONBLOCK);
	fcntl(s[0], F_GETFL);
	fcntl(s[0], F_SETFD, FD_CLOEXEC);
	fcntl(s[0], F_GETFD);
	writev(99, v, 2);
	lseek(s[0], 0, SEEK_SET);
	ioctl(s[0], FIONREAD, &one);
	ioctl(s[0], 0x12345678, b);
	/* what cannot be read is an address */
	write(s[0], none, 5);
	open(none, O_RDWR | O_CREAT, 0644);
	connect(x, (void *)none, 16);
	sendmsg(s[0], (void *)none, 0);
	writev(s[0], (void *)none, 3);
	poll((void *)none, 5, 0);
	epoll_ctl(e, EPOLL_CTL_MOD, s[0], (void *)none);
	mmap((void *)1, 0, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0x1000);
	if (!fork())
		_exit(3);
	wait4(-1, &st, 0, NULL);
	shutdown(s[0], SHUT_RDWR);
	write(s[0], "x", 1);
	return 0;
}
C
gcc -O1 -static -w -o calls calls.c || exit 1
"$UMK" --strace ./calls 2>umk.trace
[ $? = 141 ] || fail "the guest did not die of SIGPIPE" umk.trace
[ "$(tail -n 3 umk.trace | sed -E 's/si_(pid|uid)=[0-9]+/si_\1=N/g')" = 'write(3, "x", 1)                        = -1 EPIPE (Broken pipe)
--- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=N, si_uid=N} ---
+++ killed by SIGPIPE +++' ] || fail "wrong end" umk.trace
if strace -o /dev/null -f true 2>/dev/null; then
	strace -f -o host.trace ./calls
	# Without what two tasks print in turns, which may be cut anywhere.
	sed -E 's/^[0-9]+ +//' host.trace | norm | grep -v '^execve\|unfinished\|resumed\|set_robust\|^wait4\|^clone\|^exit_group\|exited' | sort >a
	norm umk.trace | grep -v '^execve\|unfinished\|resumed\|set_robust\|^wait4\|^clone\|^exit_group\|exited' | sort >b
	diff a b >diff || fail "not as strace prints it" diff
fi

# two tasks: a prefix, and calls that another interrupts on the page
"$UMK" --strace busybox sh -c '(sleep 1; exit 3) & wait $!; exit 5' 2>umk.trace
[ $? = 5 ] || fail "wrong status" umk.trace
grep -Eq '^\[pid +[0-9]+\] rt_sigsuspend\(\[\], 8 <unfinished \.\.\.>$' umk.trace || fail "nothing unfinished" umk.trace
grep -Eq '^<\.\.\. rt_sigsuspend resumed>\) += \? ERESTARTNOHAND \(To be restarted if no handler\)$' umk.trace || fail "nothing resumed" umk.trace
grep -Eq '^\[pid +[0-9]+\] \+\+\+ exited with 3 \+\+\+$' umk.trace || fail "no exit of the child" umk.trace
[ "$(tail -n 1 umk.trace)" = "+++ exited with 5 +++" ] || fail "wrong end" umk.trace

# expressions: names and sets, and their opposites
"$UMK" --strace=network -o umk.trace busybox wget -qO- http://127.0.0.1:1/ 2>/dev/null
grep -q '^socket(AF_INET' umk.trace && grep -q '^connect(3, {sa_family=AF_INET, sin_port=htons(1)' umk.trace || fail "--strace=network" umk.trace
grep -Ev '^(socket|connect|close|setsockopt|bind|getsockname|\+\+\+)' umk.trace && fail "--strace=network: more than that" umk.trace
"$UMK" --strace=trace=openat,%creds -o umk.trace busybox id >/dev/null
grep -q '^geteuid()' umk.trace || fail "--strace=%creds" umk.trace
grep -q '^write(' umk.trace && fail "--strace=openat,%creds: write" umk.trace
"$UMK" '--strace=!all' -o umk.trace busybox true
[ "$(cat umk.trace)" = "+++ exited with 0 +++" ] || fail "--strace=!all" umk.trace
"$UMK" --strace=nothing busybox true 2>umk.trace
[ $? = 125 ] && grep -q '^umk: --strace=nothing' umk.trace || fail "--strace=nothing" umk.trace
exit 0
