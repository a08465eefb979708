/* musl */
/* /proc/PID/fd and fdinfo as directories: names, modes, following, another process's, after its end. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int count(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int n = 0;

	if (!d)
		return -1;
	while ((e = readdir(d)))
		n += e->d_name[0] >= '0' && e->d_name[0] <= '9';
	closedir(d);
	return n;
}

int main(void)
{
	char path[64], buf[100];
	struct stat st, st2;
	int fd = open("file", O_RDWR | O_CREAT, 0640), before = count("/proc/self/fd");
	pid_t pid;
	long n;

	SHOW(count("/proc/self/fdinfo") == before);
	dup2(fd, 50);
	SHOW(count("/proc/self/fd") == before + 1);
	SHOW(stat("/proc/self/fd/50", &st));
	SHOW(fstat(fd, &st2));
	SHOW(st.st_ino == st2.st_ino && st.st_dev == st2.st_dev);
	SHOW(lstat("/proc/self/fd/50", &st));
	printf("%o %ld\n", st.st_mode, (long)st.st_size);
	SHOW(stat("/proc/self/fd", &st));
	printf("%o\n", st.st_mode);
	SHOW(stat("/proc/self/fdinfo", &st));
	printf("%o\n", st.st_mode);
	SHOW(lstat("/proc/self/fd/51", &st));
	SHOW(lstat("/proc/self/fd/050", &st));
	SHOW(lstat("/proc/self/fd/x", &st));
	SHOW(lstat("/proc/self/fd/99999999999", &st));
	SHOW(open("/proc/self/fd/50/", O_RDONLY));
	SHOW(open("/proc/self/fd/50", O_RDONLY | O_NOFOLLOW));
	SHOW_OK(open("/proc/self/fd/50", O_RDONLY | O_NOFOLLOW | O_PATH));
	SHOW(open("/proc/self/fd/50", O_RDWR | O_CREAT | O_EXCL, 0600));
	SHOW(rename("file", "moved"));
	n = readlink("/proc/self/fd/50", buf, sizeof(buf) - 1);
	buf[n] = 0;
	SHOW(!strcmp(strrchr(buf, '/'), "/moved"));
	SHOW(chdir("/proc/self/fd"));
	SHOW(open("50", O_RDONLY) >= 0);
	SHOW(access("50", R_OK));
	SHOW(chdir("/"));
	pid = fork();
	if (!pid) {
		close(50);
		dup2(fd, 60);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(pid, NULL, WUNTRACED);
	snprintf(path, sizeof(path), "/proc/%d/fd/60", pid);
	SHOW(stat(path, &st));
	SHOW(st.st_ino == st2.st_ino);
	snprintf(path, sizeof(path), "/proc/%d/fd/50", pid);
	SHOW(stat(path, &st));
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	SHOW(count(path) > 3);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	SHOW(openat(fd, "60", O_RDONLY));
	SHOW(stat(path, &st));
	SHOW(fstat(fd, &st));
	return 0;
}
