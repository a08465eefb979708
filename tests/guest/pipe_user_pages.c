// needs-root: becomes a user of its own
/* fs.pipe-user-pages-soft and -hard (pipe(7)): a user with too many pipes gets small ones, and none grows; root has no limit. The
 * knobs stay as they are: 16384 pages and no hard limit. */
// musl
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "show.h"

static long knob(const char *path)
{
	char buf[32] = "";
	int fd = open(path, O_RDONLY);

	if (read(fd, buf, sizeof(buf) - 1) < 0)
		exit(1);
	close(fd);
	return atol(buf);
}

static int one_pipe(void)
{
	int p[2];

	if (pipe(p))
		exit(2);
	return p[0];
}

static void as_user(void)
{
	int first = one_pipe(), kept[16], n;

	for (n = 0; n < 15; n++) {
		kept[n] = one_pipe();
		SHOW(fcntl(kept[n], F_SETPIPE_SZ, 1024 * 1024));
	}
	/* 16 + 15 * 256 of 16384 */
	for (n = 0; n < 783; n++)
		if (fcntl(one_pipe(), F_GETPIPE_SZ) != 65536)
			exit(3);
	SHOW(fcntl(one_pipe(), F_GETPIPE_SZ));
	SHOW(fcntl(first, F_SETPIPE_SZ, 131072));
	SHOW(fcntl(first, F_SETPIPE_SZ, 65536));
	SHOW(fcntl(first, F_SETPIPE_SZ, 4096));
	SHOW(fcntl(first, F_SETPIPE_SZ, 8192));
	SHOW(fcntl(kept[0], F_SETPIPE_SZ, 65536));
	SHOW(fcntl(one_pipe(), F_GETPIPE_SZ));
}

int main(void)
{
	struct rlimit many = { 4096, 4096 };
	uid_t user = 1000000 + (uid_t)getpid(); /* nobody else has pipes as this user */
	int n, status;
	pid_t pid;

	SHOW(knob("/proc/sys/fs/pipe-user-pages-soft"));
	SHOW(knob("/proc/sys/fs/pipe-user-pages-hard"));
	SHOW(setrlimit(RLIMIT_NOFILE, &many));
	pid = fork();
	if (!pid) {
		if (setresuid(user, user, user))
			_exit(1);
		as_user();
		exit(0);
	}
	waitpid(pid, &status, 0);
	SHOW(status);
	for (n = 0; n < 1100; n++)
		if (fcntl(one_pipe(), F_GETPIPE_SZ) != 65536)
			return 1;
	SHOW(n);
	return 0;
}
