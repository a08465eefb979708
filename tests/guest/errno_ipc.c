// needs-root: changes its user
/* Errors of IPC, queue, timer and signal calls that the other programs do not meet. */
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

#define SEMOP(id, ops, n) syscall(SYS_semop, id, ops, n)

static void nothing(int sig) { }

static void semop_errors(void)
{
	int id = semget(IPC_PRIVATE, 2, 0600), status;
	struct sembuf take = { 0, -1, 0 }, nowait = { 0, -1, IPC_NOWAIT }, far = { 2, 1, 0 }, much = { 0, 32767, 0 }, one = { 1, 1, 0 };
	pid_t pid;

	SHOW(SEMOP(id, &one, 1));
	SHOW(SEMOP(id, &nowait, 1));
	SHOW(SEMOP(id, &far, 1));
	SHOW(SEMOP(id, &one, 501));
	SHOW(SEMOP(id, &one, 0));
	SHOW(SEMOP(id, BAD_PTR, 1));
	much.sem_num = 1;
	SHOW(SEMOP(id, &much, 1));
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = nothing }, NULL);
	ualarm(10000, 0);
	SHOW(SEMOP(id, &take, 1));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		SHOW(SEMOP(id, &take, 1));
		_exit(0);
	}
	for (int i = 0; i < 5000 && semctl(id, 0, GETNCNT) != 1; i++)
		usleep(1000);
	semctl(id, 0, IPC_RMID);
	waitpid(pid, &status, 0);
}

static void msg_errors(void)
{
	int id = msgget(IPC_PRIVATE, 0600), status;
	struct { long type; char text[8192]; } m = { 1 };
	pid_t pid;

	while (!msgsnd(id, &m, 8192, IPC_NOWAIT))
		;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		SHOW(msgsnd(id, &m, 8192, 0));
		_exit(0);
	}
	usleep(100000);
	msgctl(id, IPC_RMID, NULL);
	waitpid(pid, &status, 0);
}

static void as_user(int shm, int sem)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 1 };
	struct itimerspec its = { { 0, 0 }, { 1, 0 } };
	struct rlimit rl = { 0, 0 };
	struct shmid_ds ds;
	struct timex tx = { .modes = ADJ_FREQUENCY };
	struct timeval tv = { 1, 0 };
	struct sembuf one = { 0, 1, 0 };
	siginfo_t si = { .si_code = SI_QUEUE };
	void *head;
	size_t len;
	char name[32];
	int n;

	if (setgid(4250) || setuid(4250))
		_exit(1);
	SHOW(shmctl(shm, IPC_STAT, &ds));
	SHOW(SEMOP(sem, &one, 1));
	SHOW(syscall(SYS_get_robust_list, getppid(), &head, &len));
	SHOW(timerfd_create(CLOCK_REALTIME_ALARM, 0));
	SHOW(timerfd_create(CLOCK_BOOTTIME_ALARM, 0));
	SHOW(syscall(SYS_adjtimex, &tx));
	SHOW(syscall(SYS_settimeofday, &tv, NULL));
	tv.tv_usec = 1000000;
	SHOW(syscall(SYS_settimeofday, &tv, NULL));
	for (n = 0; n < 2000; n++) {
		snprintf(name, sizeof(name), "umk-many-%d", n);
		if (syscall(SYS_mq_open, name, O_RDWR | O_CREAT, 0600, &attr) < 0)
			break;
		if (n % 50 == 49)
			for (int i = 3; i < 60; i++)
				close(i);
	}
	printf("queues until %s: %d\n", n < 2000 ? errno_name(errno) : "?", n > 100);
	while (n-- > 0) {
		snprintf(name, sizeof(name), "umk-many-%d", n);
		syscall(SYS_mq_unlink, name);
	}
	setrlimit(RLIMIT_SIGPENDING, &rl);
	signal(SIGRTMIN, SIG_DFL);
	{
		sigset_t all;

		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, NULL);
	}
	SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), SIGRTMIN, &si));
	SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGRTMIN, &si));
	SHOW(syscall(SYS_tgkill, getpid(), getpid(), SIGRTMIN));
	SHOW(syscall(SYS_tkill, getpid(), SIGRTMIN));
	SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &n));
	(void)its;
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	struct rlimit rl, few;
	struct timex tx = { .modes = 0 };
	char longname[300];
	sigset_t set;
	int shm = shmget(IPC_PRIVATE, 100, 0600), sem = semget(IPC_PRIVATE, 1, 0600);
	mqd_t q = mq_open("/umk-errno", O_RDWR | O_CREAT, 0600, NULL);

	semop_errors();
	msg_errors();
	SHOW(syscall(SYS_adjtimex, &tx) >= 0);
	tx.modes = 0x8000;
	SHOW(syscall(SYS_adjtimex, &tx));
	SHOW(syscall(SYS_clock_adjtime, CLOCK_REALTIME, &tx));
	sigemptyset(&set);
	SHOW(syscall(SYS_signalfd, 99, &set, 8));
	SHOW(syscall(SYS_signalfd, -1, BAD_PTR, 8));
	SHOW(syscall(SYS_mq_notify, q, BAD_PTR));
	memset(longname, 'x', 299);
	longname[299] = 0;
	SHOW(syscall(SYS_mq_unlink, longname));
	SHOW(syscall(SYS_mq_unlink, "a/b"));
	SHOW(syscall(454, BAD_PTR, 1, 1, 2));
	SHOW(syscall(SYS_time, BAD_PTR));
	SHOW(syscall(SYS_clock_getres, 77, NULL));
	getrlimit(RLIMIT_NOFILE, &rl);
	few = (struct rlimit){ 3, rl.rlim_max };
	setrlimit(RLIMIT_NOFILE, &few);
	SHOW(timerfd_create(CLOCK_MONOTONIC, 0));
	SHOW(signalfd(-1, &set, 0));
	SHOW(syscall(SYS_signalfd, -1, &set, 8));
	SHOW(mq_open("/umk-errno", O_RDWR));
	setrlimit(RLIMIT_NOFILE, &rl);
	fflush(stdout);
	if (!fork())
		as_user(shm, sem);
	wait(NULL);
	shmctl(shm, IPC_RMID, NULL);
	semctl(sem, 0, IPC_RMID);
	SHOW(mq_unlink("/umk-errno"));
	return 0;
}
