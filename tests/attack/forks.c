/* Forks without end, in every child too; its grandparent then kills them all and goes on. */
#include "attack.h"

int main(void)
{
	int status, failed = 0;
	pid_t pid = fork();

	if (!pid) {
		setpgid(0, 0);
		for (;;)
			if (fork() < 0)
				usleep(10000);
	}
	sleep(2);
	kill(-pid, SIGKILL);
	check(reap(pid, 10000) != -1, "the first of them ends");
	/* what it left is init's by now; there must be room again */
	for (int i = 0; i < 100; i++) {
		pid = fork();
		if (!pid)
			_exit(0);
		if (pid < 0)
			usleep(100000), failed++;
		else
			waitpid(pid, &status, 0);
	}
	check(failed < 100, "there is room again");
	return 0;
}
