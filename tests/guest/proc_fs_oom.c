// needs-root: raising and lowering again
/* oom_score_adj: inherited by fork, kept by execve's process, lowered only with the right to it. */
#include "show.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static long get(const char *name)
{
	char path[64], buf[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/self/%s", name);
	fd = open(path, O_RDONLY);
	read(fd, buf, sizeof(buf) - 1);
	close(fd);
	return atol(buf);
}

static long put(const char *name, const char *value)
{
	char path[64];
	int fd;
	long n;

	snprintf(path, sizeof(path), "/proc/self/%s", name);
	fd = open(path, O_WRONLY);
	n = fd < 0 ? -1 : write(fd, value, strlen(value));
	close(fd);
	return n < 0 ? -1 : 0;
}

int main(void)
{
	SHOW(put("oom_score_adj", "300"));
	if (!fork()) {
		SHOW(get("oom_score_adj"));
		SHOW(put("oom_score_adj", "100"));
		SHOW(get("oom_score_adj"));
		prctl(PR_SET_DUMPABLE, 1);
		setgid(65534);
		setuid(65534);
		prctl(PR_SET_DUMPABLE, 1);
		SHOW(put("oom_score_adj", "200"));
		SHOW(put("oom_score_adj", "100"));
		SHOW(put("oom_score_adj", "99"));
		SHOW(put("oom_score_adj", "0"));
		SHOW(get("oom_score_adj"));
		exit(0);
	}
	wait(NULL);
	SHOW(get("oom_score_adj"));
	SHOW(put("oom_score_adj", "-1000"));
	SHOW(get("oom_score"));
	SHOW(get("oom_adj"));
	SHOW(put("oom_adj", "-17"));
	SHOW(get("oom_score_adj"));
	SHOW(put("oom_adj", "8"));
	SHOW(get("oom_score_adj"));
	SHOW(get("oom_adj"));
	SHOW(put("oom_score_adj", "1000"));
	SHOW(get("oom_score") >= 1300 / 2);
	SHOW(put("oom_score_adj", "0"));
	return 0;
}
