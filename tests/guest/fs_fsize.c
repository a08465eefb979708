/* RLIMIT_FSIZE: partial writes up to it, SIGXFSZ and EFBIG at it; RLIMIT_NOFILE. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "show.h"

static volatile int signals, own;

static void count(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	signals++;
	own += info->si_code == SI_USER && info->si_pid == getpid() && info->si_uid == getuid();
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = count, .sa_flags = SA_SIGINFO };
	struct rlimit rl = { 1000, 1000 }, nf = { 8, 8 };
	char buf[900] = "";
	int fd = open("file", O_RDWR | O_CREAT, 0644), status, p[2];

	if (!fork()) {
		setrlimit(RLIMIT_FSIZE, &rl);
		write(fd, buf, 900);
		write(fd, buf, 900);
		write(fd, buf, 900);
		_exit(0);
	}
	wait(&status);
	printf("killed by %d\n", WIFSIGNALED(status) ? WTERMSIG(status) == SIGXFSZ : -1);
	SHOW(lseek(fd, 0, SEEK_END));
	sigaction(SIGXFSZ, &sa, NULL);
	SHOW(setrlimit(RLIMIT_FSIZE, &rl));
	SHOW(lseek(fd, 500, SEEK_SET));
	SHOW(write(fd, buf, 900));
	SHOW(write(fd, buf, 1));
	SHOW(signals);
	SHOW(ftruncate(fd, 1001));
	SHOW(signals);
	SHOW(truncate("file", 2000));
	SHOW(ftruncate(fd, 999));
	SHOW(pwrite(fd, buf, 10, 5000));
	SHOW(signals);
	SHOW(fallocate(fd, 0, 0, 1000));
	SHOW(fallocate(fd, 0, 0, 1001));
	SHOW(fallocate(fd, 0, 900, 101));
	SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 900, 101));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(signals);
	SHOW(own == signals);
	if (pipe(p))
		return 1;
	for (int i = 0; i < 3; i++)
		SHOW(write(p[1], buf, 900));
	SHOW(setrlimit(RLIMIT_NOFILE, &nf));
	SHOW(open("file", O_RDONLY));
	SHOW(open("file", O_RDONLY));
	SHOW(open("file", O_RDONLY));
	SHOW(dup(0));
	SHOW(dup2(0, 8));
	SHOW(fcntl(0, F_DUPFD, 8));
	SHOW(fcntl(0, F_DUPFD, 7));
	SHOW(pipe(p));
	close(6);
	SHOW(pipe(p));
	SHOW(open("file", O_RDONLY));
	return 0;
}
