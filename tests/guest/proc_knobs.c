/* Knobs of /proc/sys that the kernel obeys: fs.pipe-max-size for those without CAP_SYS_RESOURCE, kernel.pid_max; what is on
 * them afterwards is what was before. */
// needs-root: knobs are root's to set
// host-skip: the knobs of the host are not for tests to turn
#include "show.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static long put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);
	long n = write(fd, value, strlen(value));

	close(fd);
	return n;
}

static void see(const char *path)
{
	char buf[64];
	int fd = open(path, O_RDONLY);
	long n = read(fd, buf, sizeof(buf) - 1);

	printf("%.*s", n < 0 ? 0 : (int)n, buf);
	close(fd);
}

#define PIPE "/proc/sys/fs/pipe-max-size"
#define PIDS "/proc/sys/kernel/pid_max"

static void pipes(void)
{
	static const char *const sizes[] = { "0", "1", "4097", "65536\n", "1048577", "2147483648", "99999999999", "-1", "x" };
	int p[2], status;

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		SHOW(put(PIPE, sizes[i]) > 0);
		see(PIPE);
	}
	SHOW(put(PIPE, "8192"));
	fflush(stdout);
	if (!fork()) {
		SHOW(setuid(12345));
		SHOW(pipe(p));
		SHOW(fcntl(p[0], F_GETPIPE_SZ));
		SHOW(fcntl(p[0], F_SETPIPE_SZ, 4096));
		SHOW(fcntl(p[0], F_SETPIPE_SZ, 8192));
		SHOW(fcntl(p[0], F_SETPIPE_SZ, 8193));
		exit(0);
	}
	wait(&status);
	SHOW(put(PIPE, "1048576"));
}

/* Numbers are below pid_max and begin again at 300. */
static void numbers(void)
{
	int status, most = 0, around = 0;
	pid_t before = 0;

	SHOW(put(PIDS, "300"));
	SHOW(put(PIDS, "4194305"));
	SHOW(put(PIDS, "500"));
	see(PIDS);
	for (int i = 0; i < 900; i++) {
		pid_t pid = vfork();

		if (!pid)
			_exit(0);
		waitpid(pid, &status, 0);
		most = pid > most ? pid : most;
		around += pid < before;
		before = pid;
	}
	printf("most %d, twice around at least: %d\n", most, around >= 2);
	SHOW(put(PIDS, "32768"));
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	pipes();
	numbers();
	return 0;
}
