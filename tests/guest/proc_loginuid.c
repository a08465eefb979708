// host-file: /proc/self/loginuid 4294967295
/* /proc/PID/loginuid and sessionid, as pam_loginuid(8) uses them: who may log in and again, what can be written, who inherits it. */
// needs-root: another user's login
// musl
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

static int put(const char *path, const char *text)
{
	int fd = open(path, O_RDWR | O_NOFOLLOW), ret;

	if (fd < 0)
		return -1;
	ret = (int)write(fd, text, strlen(text));
	close(fd);
	return ret;
}

static long get(const char *path)
{
	char buf[32] = "";
	int fd = open(path, O_RDONLY);

	if (read(fd, buf, sizeof(buf) - 1) < 0)
		exit(1);
	close(fd);
	return strtol(buf, NULL, 10);
}

#define LOGINUID "/proc/self/loginuid"
#define SESSIONID "/proc/self/sessionid"

static void child(const char *what, void (*fn)(long session), long session)
{
	pid_t pid;

	printf("-- %s\n", what);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		fn(session);
		exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void inherits(long session)
{
	char path[64];

	SHOW(get(LOGINUID));
	SHOW(get(SESSIONID) == session);
	snprintf(path, sizeof(path), "/proc/%d/loginuid", getppid());
	SHOW(get(path));
	SHOW(put(path, "1003"));
	SHOW(put(LOGINUID, "4294967295"));
	SHOW(get(LOGINUID));
	SHOW(get(SESSIONID));
}

static void as_user(long session)
{
	SHOW(setresuid(1001, 1001, 1001));
	SHOW(put(LOGINUID, "1002"));
	SHOW(get(LOGINUID));
	SHOW(get(SESSIONID) == session);
}

int main(void)
{
	static const char *const texts[] = { "-1", "", "x", "0x10", " 5", "5 ", "99999999999", "007", "1001\n" };
	struct stat st;
	long session;

	SHOW(stat(LOGINUID, &st));
	printf("%o\n", st.st_mode);
	SHOW(stat(SESSIONID, &st));
	printf("%o\n", st.st_mode);
	SHOW(get(LOGINUID));
	SHOW(get(SESSIONID));
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		SHOW(put(LOGINUID, texts[i]));
	SHOW(get(LOGINUID));
	session = get(SESSIONID);
	SHOW(session > 0 && session != 4294967295);
	SHOW(put(LOGINUID, "1002"));
	SHOW(get(LOGINUID));
	SHOW(get(SESSIONID) > session);
	session = get(SESSIONID);
	child("a child", inherits, session);
	child("a user", as_user, session);
	SHOW(get(LOGINUID));
	return 0;
}
