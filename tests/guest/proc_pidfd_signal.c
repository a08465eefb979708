/* pidfd_send_signal: to processes and threads, with and without a siginfo, and what it refuses. */
#include <pthread.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

#define PIDFD_THREAD O_EXCL
#include <fcntl.h>

static siginfo_t got;
static int got_in_thread;
static volatile sig_atomic_t handled;
static pid_t main_tid;

static void handler(int sig, siginfo_t *si, void *context)
{
	(void)sig;
	(void)context;
	got = *si;
	got_in_thread = syscall(SYS_gettid) != main_tid;
	handled = 1;
}

static long send(int fd, int sig, siginfo_t *si, unsigned flags)
{
	return syscall(SYS_pidfd_send_signal, fd, sig, si, flags);
}

static void show_got(void)
{
	printf(" signo %d, code %d, pid %d, value %d, thread %d\n", got.si_signo, got.si_code, got.si_pid == getpid(),
		got.si_code == SI_QUEUE ? got.si_value.sival_int : 0, got_in_thread);
	memset(&got, 0, sizeof(got));
	got_in_thread = handled = 0;
}

static int thread_fd[2], done[2];

static void *thread(void *arg)
{
	sigset_t set;
	char c;
	int tid = (int)syscall(SYS_gettid);

	(void)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	write(thread_fd[1], &tid, sizeof(tid));
	while (read(done[0], &c, 1) < 0 && errno == EINTR)
		;
	return NULL;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART };
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0), tid, tfd, status, other;
	siginfo_t si;
	char path[32];
	pthread_t t;
	pid_t pid;

	main_tid = getpid();
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	sigaction(SIGRTMIN, &sa, NULL);
	SHOW(send(fd, 0, NULL, 0));
	SHOW(send(fd, SIGUSR1, NULL, 0));
	show_got();
	memset(&si, 0, sizeof(si));
	si.si_signo = SIGRTMIN;
	si.si_code = SI_QUEUE;
	si.si_pid = getpid();
	si.si_value.sival_int = 42;
	SHOW(send(fd, SIGRTMIN, &si, 0));
	show_got();
	/* to oneself even a forged origin is allowed */
	si.si_signo = SIGUSR1;
	si.si_code = SI_KERNEL;
	SHOW(send(fd, SIGUSR1, &si, 0));
	SHOW(got.si_code == SI_KERNEL);
	/* errors */
	SHOW(send(fd, SIGUSR2, &si, 0));
	SHOW(send(fd, SIGUSR1, BAD_PTR, 0));
	SHOW(send(fd, 65, NULL, 0));
	SHOW(send(fd, -1, NULL, 0));
	SHOW(send(fd, SIGUSR1, NULL, 8));
	SHOW(send(fd, SIGUSR1, NULL, 3));
	SHOW(send(0, SIGUSR1, NULL, 0));
	SHOW(send(999, SIGUSR1, NULL, 0));
	/* another process: no forged origin */
	pid = fork();
	if (!pid) {
		for (;;)
			pause();
	}
	other = (int)syscall(SYS_pidfd_open, pid, 0);
	SHOW(send(other, SIGUSR1, &si, 0));
	si.si_signo = SIGKILL;
	si.si_code = SI_QUEUE;
	SHOW(send(other, SIGTERM, &si, 0));
	SHOW(send(other, SIGKILL, NULL, 0));
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(WTERMSIG(status));
	SHOW(send(other, SIGKILL, NULL, 0));
	/* a thread that unblocks what main blocks; the pidfd of a thread, and the flags */
	pipe(thread_fd);
	pipe(done);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pthread_create(&t, NULL, thread, NULL);
	read(thread_fd[0], &tid, sizeof(tid));
	handled = 0;
	tfd = (int)syscall(SYS_pidfd_open, tid, PIDFD_THREAD);
	SHOW(tfd >= 0);
	SHOW(send(tfd, SIGUSR2, NULL, 0));
	while (!handled)
		;
	show_got();
	SHOW(send(tfd, SIGUSR1, NULL, 2)); /* PIDFD_SIGNAL_THREAD_GROUP */
	while (!handled)
		;
	SHOW(got.si_code);
	close(done[1]);
	pthread_join(t, NULL);
	close(tfd);
	/* a process's directory of /proc is as good as a pidfd */
	fd = open("/proc/self", O_RDONLY | O_DIRECTORY);
	SHOW(send(fd, 0, NULL, 0));
	SHOW(send(fd, SIGUSR1, NULL, 0));
	show_got();
	close(fd);
	fd = open("/proc/self/task", O_RDONLY | O_DIRECTORY);
	SHOW(send(fd, 0, NULL, 0));
	close(fd);
	fd = open("/proc/self", O_PATH);
	SHOW(send(fd, 0, NULL, 0));
	close(fd);
	pid = fork();
	if (!pid)
		_exit(0);
	snprintf(path, sizeof(path), "/proc/%d", pid);
	fd = open(path, O_RDONLY);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(send(fd, 0, NULL, 0));
	SHOW(send(fd, -1, NULL, 0));
	return 0;
}
