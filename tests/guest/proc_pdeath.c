/* PR_SET_PDEATHSIG: sent when the parent ends, cleared by fork, kept by execve. */
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

int main(void)
{
	int pipes[2], status;
	pid_t middle, pid;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (int how = 0; how < 3; how++) {
		pipe(pipes);
		middle = fork();
		if (!middle) {
			char c = (char)how;

			pid = fork();
			if (!pid) {
				prctl(PR_SET_PDEATHSIG, SIGUSR1);
				if (how == 1 && fork() == 0) { /* its child has it no more */
					int v = -1;

					prctl(PR_GET_PDEATHSIG, &v);
					_exit(v);
				}
				if (how == 1)
					wait(&status);
				write(pipes[1], &c, 1);
				if (how == 2)
					execl("/bin/sleep", "sleep", "10", NULL);
				for (;;)
					pause();
			}
			read(pipes[0], &c, 1);
			if (how == 2)
				usleep(50000);
			_exit(3);
		}
		SHOW(waitpid(middle, &status, 0) == middle);
		SHOW(WEXITSTATUS(status));
		SHOW(wait(&status) > 0);
		SHOW(WIFSIGNALED(status) ? WTERMSIG(status) : -1);
		SHOW(wait(&status));
	}
	return 0;
}
