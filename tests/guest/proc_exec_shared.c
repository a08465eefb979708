/* execve of a process that shares things with others: its descriptors, handlers, memory and directory become its own, others
 * keep theirs; a vfork parent goes on. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "show.h"

static char stack[65536] __attribute__((aligned(16)));
static int fd, word = 1;
static char **args;

static void handler(int sig) { (void)sig; }

static int runner(void *arg)
{
	char *argv[] = { args[0], arg, NULL };

	word = 2;
	execv("/proc/self/exe", argv);
	_exit(99);
}

static void with(const char *text, int flags)
{
	struct sigaction sa;
	char cwd[64], number[16];
	int status;
	pid_t pid;

	word = 1;
	signal(SIGUSR1, handler);
	chdir("/");
	fd = dup(1);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	snprintf(number, sizeof(number), "%d", fd);
	fflush(stdout);
	pid = clone(runner, stack + sizeof(stack), flags | SIGCHLD, number);
	waitpid(pid, &status, 0);
	sigaction(SIGUSR1, NULL, &sa);
	printf("%s: status %d; here: word %d, descriptor %s, handler %s, cwd %s\n", text, WEXITSTATUS(status), word,
		fcntl(fd, F_GETFD) < 0 ? "closed" : "open", sa.sa_handler == handler ? "kept" : "lost",
		getcwd(cwd, sizeof(cwd)));
	close(fd);
}

int main(int argc, char **argv)
{
	args = argv;
	if (argc > 1) {
		struct sigaction sa;

		sigaction(SIGUSR1, NULL, &sa);
		chdir("/usr");
		/* its close-on-exec descriptor is gone, its handler the default */
		return (fcntl(atoi(argv[1]), F_GETFD) < 0) | (sa.sa_handler == SIG_DFL) << 1;
	}
	with("nothing shared", 0);
	with("files", CLONE_FILES);
	with("directory", CLONE_FS);
	with("memory", CLONE_VM);
	with("memory, vfork", CLONE_VM | CLONE_VFORK);
	with("memory and handlers", CLONE_VM | CLONE_SIGHAND);
	with("all", CLONE_VM | CLONE_SIGHAND | CLONE_FILES | CLONE_FS);
	return 0;
}
