#!/bin/sh
# --strace of System V IPC, message queues, timers, signalfd and futexes reads as strace's does.
fail() { echo "$1"; shift; [ $# = 0 ] || cat "$@"; exit 1; }
cat >calls.c <<'C'
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
	struct { long type; char text[8]; } m = { 3, "abc" };
	struct sembuf ops[2] = { { 0, 1, SEM_UNDO }, { 1, 0, IPC_NOWAIT } };
	struct mq_attr a = { 0, 2, 16 };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 7 }, none = { .sigev_notify =
		SIGEV_NONE, .sigev_signo = SIGUSR2 };
	struct itimerspec its = { { 7, 8 }, { 5, 0 } }, off = { { 0, 0 }, { 0, 0 } };
	struct { uint64_t val, addr; uint32_t flags, res; } v = { 1, (uintptr_t)&m, 130, 0 };
	struct timespec ts = { 0, 1000 };
	struct shmid_ds sd;
	struct semid_ds smd;
	struct msqid_ds md;
	char buf[16];
	unsigned prio, t;
	sigset_t set;
	void *p;
	int id, q;

	id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	p = shmat(id, NULL, SHM_RDONLY);
	shmat(id, (char *)1, SHM_RND | SHM_REMAP);
	shmctl(id, IPC_STAT, &sd);
	shmctl(id, IPC_RMID, NULL);
	shmctl(-1, IPC_STAT, &sd);
	shmdt(p);
	shmget(0x5e7123, 1, 0);
	id = semget(IPC_PRIVATE, 2, IPC_EXCL | 0600);
	semop(id, ops, 2);
	semtimedop(id, ops, 1, &ts);
	semop(id, (void *)16, 1);
	semctl(id, 0, SETVAL, 5);
	semctl(id, 0, GETVAL);
	semctl(id, 0, IPC_STAT, &smd);
	semctl(id, 0, IPC_RMID);
	id = msgget(IPC_PRIVATE, 0600);
	msgsnd(id, &m, 3, IPC_NOWAIT);
	msgrcv(id, &m, 8, -3, MSG_NOERROR);
	msgrcv(id, &m, 8, 0, IPC_NOWAIT);
	msgctl(id, IPC_STAT, &md);
	msgctl(id, IPC_RMID, NULL);
	mq_unlink("/umk-trace");
	q = mq_open("/umk-trace", O_RDWR | O_CREAT, 0600, &a);
	mq_send(q, "hello", 5, 3);
	mq_receive(q, buf, 16, &prio);
	mq_timedreceive(q, buf, 16, &prio, &ts);
	mq_notify(q, &none);
	mq_notify(q, NULL);
	mq_getattr(q, &a);
	mq_unlink("/umk-trace");
	syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, &t);
	syscall(SYS_timer_settime, t, 0, &its, NULL);
	syscall(SYS_timer_settime, t, TIMER_ABSTIME, &off, NULL);
	syscall(SYS_timer_gettime, t, &its);
	syscall(SYS_timer_getoverrun, t);
	syscall(SYS_timer_delete, t);
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	q = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	timerfd_settime(q, TFD_TIMER_ABSTIME, &off, NULL);
	syscall(449, &v, 1, 0, &ts, CLOCK_MONOTONIC);
	syscall(SYS_futex, &t, FUTEX_UNLOCK_PI, 0);
	syscall(SYS_futex, &t, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL);
	return 0;
}
C
gcc -static -w -o calls calls.c || { echo "no static C compiler"; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo "strace does not work here"; exit 77; }
# Identifiers, addresses, numbers of processes and times differ.
norm() {
	sed -n -E -e '/^shmget/,$p' "$@" | sed -E -e 's/0x[0-9a-f]{4,}/A/g' -e 's/(pid|time)=[0-9]+/\1=N/g' \
		-e 's/^((shm|sem|msg)[a-z]*)\([0-9]+,/\1(I,/' -e 's/^((shm|sem|msg)get.*) = [0-9]+$/\1 = I/' -e 's/\) += /) = /'
}
strace -o host.trace ./calls
norm host.trace >a
for mode in seccomp ptrace; do
	timeout 30 "$UMK" --trap=$mode --strace -o umk.trace ./calls || fail "$mode: exit $?"
	norm umk.trace >b
	diff a b >diff || fail "$mode: not as strace prints it" diff
done
[ "$(wc -l <a)" -gt 40 ] || fail "the trace is too short" a
exit 0
