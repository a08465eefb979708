/* EDEADLK: two and three processes that wait in a circle; waiting locks that a signal ends; the order of waking. */
// timeout: 40
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "show.h"

static int fd, ready[2];

static int lock(int cmd, int type, int at)
{
	struct flock fl = { .l_type = type, .l_start = at, .l_len = 1 };

	return fcntl(fd, cmd, &fl);
}

static void on_alarm(int sig) { (void)sig; }

/* Until @pid sleeps, in the F_SETLKW that is all it has left to do. */
static void settle(pid_t pid)
{
	char name[64], line[256], state = 0;

	for (int tries = 0; tries < 2000 && state != 'S'; tries++) {
		FILE *f;

		usleep(5000);
		snprintf(name, sizeof(name), "/proc/%d/stat", pid);
		f = fopen(name, "r");
		if (!f || !fgets(line, sizeof(line), f) || sscanf(line, "%*d (%*[^)]) %c", &state) != 1)
			state = 'S';
		if (f)
			fclose(f);
	}
	usleep(20000);
}

int main(void)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	char c;
	int status;

	fd = open("f", O_CREAT | O_RDWR, 0644);
	pipe(ready);
	sigaction(SIGALRM, &sa, NULL);
	/* two */
	SHOW(lock(F_SETLK, F_WRLCK, 0));
	fflush(stdout);
	pid_t child = fork(), two[2];
	if (!child) {
		lock(F_SETLK, F_WRLCK, 1);
		write(ready[1], "x", 1);
		lock(F_SETLKW, F_WRLCK, 0);
		_exit(7);
	}
	read(ready[0], &c, 1);
	settle(child);
	SHOW(lock(F_SETLKW, F_WRLCK, 1));
	SHOW(lock(F_SETLK, F_WRLCK, 1));
	SHOW(lock(F_SETLK, F_UNLCK, 0));
	wait(&status);
	SHOW(WEXITSTATUS(status));
	/* three */
	SHOW(lock(F_SETLK, F_WRLCK, 0));
	fflush(stdout);
	for (int i = 2; i >= 1; i--) {
		two[i - 1] = fork();
		if (!two[i - 1]) {
			lock(F_SETLK, F_WRLCK, i);
			write(ready[1], "x", 1);
			lock(F_SETLKW, F_WRLCK, i == 1 ? 2 : 0);
			_exit(0);
		}
		read(ready[0], &c, 1);
	}
	settle(two[0]);
	settle(two[1]);
	SHOW(lock(F_SETLKW, F_WRLCK, 1));
	SHOW(lock(F_SETLK, F_UNLCK, 0));
	wait(&status);
	wait(&status);
	/* a signal */
	fflush(stdout);
	if (!fork()) {
		lock(F_SETLK, F_WRLCK, 5);
		write(ready[1], "x", 1);
		pause();
		_exit(0);
	}
	read(ready[0], &c, 1);
	struct itimerval { long a, b, s, us; } it = { 0, 0, 0, 50000 };
	syscall(SYS_setitimer, 0, &it, NULL);
	SHOW(lock(F_SETLKW, F_WRLCK, 5));
	sa.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &sa, NULL);
	syscall(SYS_setitimer, 0, &it, NULL);
	fflush(stdout);
	if (!fork()) {
		usleep(200000);
		kill(0, SIGUSR1);
		_exit(0);
	}
	signal(SIGUSR1, SIG_IGN);
	/* no circle: the holder waits for nothing of ours */
	SHOW(lock(F_SETLK, F_RDLCK, 6));
	SHOW(lock(F_SETLK, F_WRLCK, 6));
	SHOW(lock(F_SETLKW, F_WRLCK, 6));
	kill(0, SIGTERM == 0);
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(&status) > 0)
		;
	return 0;
}
