/* /proc/PID/map_files and /proc/PID/timers. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "show.h"

static char name[128];

static const char *link_of(void *start, long size, const char *more)
{
	sprintf(name, "/proc/self/map_files/%lx-%lx%s", (long)start, (long)start + size, more);
	return name;
}

static void timers(void)
{
	char line[256];
	FILE *f = fopen("/proc/self/timers", "r");
	int pid;

	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "notify: %*[a-z]/%*[a-z].%d", &pid) == 1)
			printf("  %.*s %s\n", (int)(strchr(line, '.') - line), line, pid == getpid() ? "me" : "?");
		else
			printf("  %s", line);
	fclose(f);
}

int main(void)
{
	int fd = open("data", O_RDWR | O_CREAT, 0600), n = 0, links = 0;
	char target[256] = "", *map, *read_only;
	struct sigevent none = { .sigev_notify = SIGEV_NONE, .sigev_value.sival_int = 77 };
	struct sigevent own = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_ptr = (void *)0x1234 };
	struct sigevent thread = { .sigev_notify = SIGEV_SIGNAL | SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 1 };
	struct dirent *e;
	struct stat st;
	timer_t t[4];
	DIR *d;

	ftruncate(fd, 4 * 4096);
	map = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	read_only = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open("data", O_RDONLY), 4096);
	strcpy(map, "through the link");
	SHOW(readlink(link_of(map, 2 * 4096, ""), target, sizeof(target)) > 0);
	SHOW(strcmp(strrchr(target, '/'), "/data"));
	SHOW(lstat(name, &st));
	printf("%o %ld\n", st.st_mode, (long)st.st_size);
	SHOW(lstat(link_of(read_only, 4096, ""), &st));
	printf("%o\n", st.st_mode);
	SHOW(stat("/proc/self/map_files", &st));
	printf("%o\n", st.st_mode);
	SHOW(readlink(link_of(map, 4096, ""), target, sizeof(target)));
	SHOW(readlink(link_of(map + 4096, 4096, ""), target, sizeof(target)));
	SHOW(readlink(link_of(map, 2 * 4096, "0"), target, sizeof(target)));
	SHOW(readlink("/proc/self/map_files/0-0", target, sizeof(target)));
	SHOW(readlink("/proc/self/map_files/x", target, sizeof(target)));
	sprintf(name, "/proc/self/map_files/0%lx-%lx", (long)map, (long)map + 8192);
	SHOW(readlink(name, target, sizeof(target)));
	sprintf(name, "/proc/self/map_files/%lX-%lX", (long)map, (long)map + 8192);
	SHOW(readlink(name, target, sizeof(target)) > 0);
	SHOW(open("/proc/self/map_files/new", O_CREAT | O_WRONLY, 0600));
	d = opendir("/proc/self/map_files");
	while ((e = readdir(d)))
		n++, links += e->d_type == DT_LNK;
	printf("%d without links, ours are %s\n", n - links, links >= 3 ? "there" : "not there");
	closedir(d);
	munmap(map, 4096);
	SHOW(readlink(link_of(map, 2 * 4096, ""), target, sizeof(target)));
	SHOW(readlink(link_of(map + 4096, 4096, ""), target, sizeof(target)) > 0);
	unlink("data");
	SHOW(readlink(name, target, sizeof(target)) > 0);
	target[readlink(link_of(map + 4096, 4096, ""), target, sizeof(target) - 1)] = 0;
	SHOW(strcmp(strrchr(target, '/'), "/data (deleted)"));

	timers();
	thread._sigev_un._tid = getpid();
	SHOW(timer_create(CLOCK_MONOTONIC, NULL, &t[0]));
	SHOW(timer_create(CLOCK_REALTIME, &none, &t[1]));
	SHOW(timer_create(CLOCK_BOOTTIME, &own, &t[2]));
	SHOW(timer_create(CLOCK_MONOTONIC, &thread, &t[3]));
	timers();
	SHOW(timer_delete(t[1]));
	timers();
	fflush(stdout);
	if (!fork()) {
		printf("a child has none\n");
		timers();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	return 0;
}
