/* How many inotify instances a user may have: /proc/sys/fs/inotify/max_user_instances. */
// needs-root: it becomes a user that has no instance yet
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/resource.h>

#include "show.h"

static long limit(const char *name)
{
	char path[64], text[32] = "";
	int fd;

	sprintf(path, "/proc/sys/fs/inotify/%s", name);
	fd = open(path, O_RDONLY);
	read(fd, text, sizeof(text) - 1);
	close(fd);
	return atol(text);
}

int main(void)
{
	long most = limit("max_user_instances"), n = 0;
	struct rlimit rl = { most + 64, most + 64 };
	int first = -1, fd, err;

	SHOW(limit("max_queued_events") > 0);
	SHOW(limit("max_user_watches") >= 8192);
	SHOW(setrlimit(RLIMIT_NOFILE, &rl));
	SHOW(setresuid(48123, 48123, 48123));
	while ((fd = inotify_init1(IN_CLOEXEC)) >= 0) {
		first = first < 0 ? fd : first;
		n++;
	}
	err = errno;
	SHOW(err == EMFILE);
	SHOW(n == most);
	SHOW(close(first));
	SHOW(inotify_init() >= 0);
	SHOW(inotify_init());
	return 0;
}
