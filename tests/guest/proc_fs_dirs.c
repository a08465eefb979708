/* musl */
/* /proc as directories: listing, positions, processes that come and go, what cannot be done. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>

static int has(const char *dir, const char *name, int type)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int found = 0;

	while (d && (e = readdir(d)))
		found |= !strcmp(e->d_name, name) && e->d_type == type;
	if (d)
		closedir(d);
	return found;
}

/* How many links a directory has beyond those of the directories in it. */
static int links_left(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	struct stat st;
	int dirs = 0;

	while ((e = readdir(d)))
		dirs += e->d_type == DT_DIR && e->d_name[0] != '.';
	closedir(d);
	return stat(path, &st) ? -1 : (int)st.st_nlink - dirs;
}

int main(void)
{
	char name[64], target[64];
	struct statfs fs;
	struct stat st;
	struct dirent *e;
	DIR *d;
	long at, n;
	pid_t pid;
	int self = 0, twice = 0;

	SHOW(statfs("/proc", &fs));
	printf("%lx\n", (long)fs.f_type);
	snprintf(name, sizeof(name), "%d", getpid());
	SHOW(has("/proc", name, DT_DIR));
	SHOW(has("/proc", "self", DT_LNK));
	SHOW(has("/proc", "meminfo", DT_REG));
	SHOW(has("/proc/self", "task", DT_DIR));
	SHOW(has("/proc/self/task", name, DT_DIR));
	SHOW(has("/proc/self", "exe", DT_LNK));
	SHOW(has("/proc/self", "children", DT_REG));
	SHOW(has("/proc/thread-self", "children", DT_REG));
	n = readlink("/proc/self", target, sizeof(target));
	SHOW(n == (long)strlen(name) && !memcmp(target, name, n));
	n = readlink("/proc/thread-self", target, sizeof(target) - 1);
	target[n < 0 ? 0 : n] = 0;
	printf("%s\n", strstr(target, "/task/") ? "thread-self" : target);
	d = opendir("/proc");
	while ((e = readdir(d)) && strcmp(e->d_name, name))
		;
	at = telldir(d);
	while ((e = readdir(d)))
		twice += !strcmp(e->d_name, name);
	SHOW(twice);
	rewinddir(d);
	while ((e = readdir(d)))
		self += !strcmp(e->d_name, name);
	SHOW(self);
	seekdir(d, at);
	for (twice = 0; (e = readdir(d));)
		twice += !strcmp(e->d_name, name);
	SHOW(twice);
	closedir(d);
	pid = fork();
	if (!pid) {
		pause();
		_exit(0);
	}
	snprintf(name, sizeof(name), "/proc/%d", pid);
	SHOW(stat(name, &st));
	printf("%o nlink %d\n", st.st_mode, st.st_nlink > 1);
	SHOW(chdir(name));
	SHOW(open("stat", O_RDONLY) >= 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	SHOW(stat(name, &st));
	SHOW(chdir("/proc"));
	SHOW(open("new", O_RDWR | O_CREAT, 0600));
	SHOW(mkdir("new", 0700));
	SHOW(mkdir("self", 0700));
	SHOW(unlink("meminfo"));
	SHOW(rmdir("self/task"));
	SHOW(symlink("a", "new"));
	SHOW(open("00", O_RDONLY));
	SHOW(open("99999999", O_RDONLY));
	SHOW(open("meminfo/x", O_RDONLY));
	SHOW(open("self/task/1x", O_RDONLY));
	SHOW(links_left("/proc/self"));
	SHOW(links_left("/proc/self/task"));
	SHOW(links_left("/proc/self/ns"));
	SHOW(links_left("/proc/sysvipc"));
	SHOW(stat("/proc/self/stat", &st));
	SHOW(st.st_blksize);
	SHOW(stat("/proc/sys/kernel/pid_max", &st));
	SHOW(st.st_blksize);
	return 0;
}
