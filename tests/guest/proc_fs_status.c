/* /proc/PID/status and stat: fields that a test can know. */
#include "show.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char text[8192];

static const char *slurp(const char *path)
{
	int fd = open(path, O_RDONLY);
	long n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	text[n < 0 ? 0 : n] = 0;
	close(fd);
	return text;
}

static const char *line(const char *path, const char *name)
{
	char *at = strstr(slurp(path), name), *end;

	if (!at)
		return "no such line";
	end = strchr(at, '\n');
	*end = 0;
	return at;
}

static char letter(pid_t pid)
{
	char path[64], *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	at = strrchr((char *)slurp(path), ')');
	return at ? at[2] : '-';
}

static void wait_for(pid_t pid, char state)
{
	for (int i = 0; i < 2000 && letter(pid) != state; i++)
		usleep(1000);
	printf("state %c\n", letter(pid));
}

static void *thread(void *arg)
{
	prctl(PR_SET_NAME, "a thread");
	pause();
	return arg;
}

int main(void)
{
	char path[64];
	sigset_t s;
	pthread_t t;
	pid_t pid;
	long f[60] = { 0 };

	umask(027);
	prctl(PR_SET_NAME, "na) (me\\");
	printf("%s\n", line("/proc/self/status", "Name:"));
	printf("%s\n", line("/proc/self/status", "Umask:"));
	printf("%s\n", line("/proc/self/status", "State:"));
	printf("%s\n", line("/proc/self/status", "TracerPid:"));
	printf("%s\n", line("/proc/self/status", "NoNewPrivs:"));
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	printf("%s\n", line("/proc/self/status", "NoNewPrivs:"));
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigaddset(&s, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &s, NULL);
	raise(SIGUSR1);
	kill(getpid(), SIGRTMIN + 3);
	signal(SIGUSR2, SIG_IGN);
	signal(SIGHUP, exit);
	printf("%s\n", line("/proc/self/status", "SigPnd:"));
	printf("%s\n", line("/proc/self/status", "ShdPnd:"));
	printf("%s\n", line("/proc/self/status", "SigBlk:"));
	printf("%s\n", line("/proc/self/status", "SigCgt:"));
	SHOW(strtoull(line("/proc/self/status", "SigIgn:") + 8, NULL, 16) >> (SIGUSR2 - 1) & 1);
	printf("%s\n", line("/proc/self/status", "Threads:"));
	pthread_create(&t, NULL, thread, NULL);
	usleep(50000);
	printf("%s\n", line("/proc/self/status", "Threads:"));
	SHOW(atoi(line("/proc/self/status", "Pid:") + 5) == getpid());
	SHOW(atoi(line("/proc/self/status", "PPid:") + 6) == getppid());
	SHOW(strtol(line("/proc/self/status", "VmRSS:") + 7, NULL, 10) > 0);
	SHOW(strtol(line("/proc/self/status", "VmSize:") + 8, NULL, 10) >= strtol(line("/proc/self/status", "VmRSS:") + 7, NULL, 10));
	slurp("/proc/self/stat");
	{
		char *at = strrchr(text, ')'), state;

		printf("%s\n", strchr(text, '(') ? (at[1] = 0, strchr(text, '(')) : "");
		at[1] = ' ';
		state = at[2];
		at += 4;
		for (int i = 4; i < 53; i++)
			f[i] = strtol(at, &at, 10);
		printf("state %c ppid %d pgrp %d sid %d threads %ld nice %d\n", state, f[4] == getppid(), f[5] == getpgrp(),
			f[6] == getsid(0), f[20], f[19] == getpriority(PRIO_PROCESS, 0));
		printf("code %d stack %d exit signal %ld last %d\n", f[26] < f[27], f[28] > 0, f[38], *at == '\n');
	}
	pid = fork();
	if (!pid) {
		pause();
		_exit(0);
	}
	wait_for(pid, 'S');
	kill(pid, SIGSTOP);
	wait_for(pid, 'T');
	kill(pid, SIGCONT);
	wait_for(pid, 'S');
	kill(pid, SIGKILL);
	wait_for(pid, 'Z');
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	SHOW(strlen(slurp(path)));
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	SHOW(strstr(slurp(path), "VmSize") == NULL);
	printf("%s\n", line(path, "State:"));
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	SHOW(readlink(path, text, sizeof(text)));
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	SHOW(open(path, O_RDONLY) >= 0);
	waitpid(pid, NULL, 0);
	SHOW(open(path, O_RDONLY));
	return 0;
}
