/* The name of a thread: prctl, /proc's comm and stat, what execve and fork make of it, and writing it. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static void show_comm(const char *who, int tid)
{
	char path[64], text[64] = "", stat[256] = "", name[17] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tid);
	fd = open(path, O_RDONLY);
	read(fd, text, sizeof(text) - 1);
	close(fd);
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	fd = open(path, O_RDONLY);
	read(fd, stat, sizeof(stat) - 1);
	close(fd);
	text[strcspn(text, "\n")] = 0;
	if (strchr(stat, ')'))
		strrchr(stat, ')')[1] = 0;
	if (tid == syscall(SYS_gettid))
		prctl(PR_GET_NAME, name);
	printf("%s: comm '%s', stat '%s', prctl '%s'\n", who, text, strchr(stat, '(') ? strchr(stat, '(') : "", name);
	fflush(stdout);
}

static volatile int tid, go;

static void *thread(void *arg)
{
	int fd;

	(void)arg;
	show_comm("a new thread", (int)syscall(SYS_gettid));
	SHOW(prctl(PR_SET_NAME, "worker"));
	tid = (int)syscall(SYS_gettid);
	while (!go)
		usleep(500);
	show_comm("the thread", tid);
	fd = open("/proc/thread-self/comm", O_WRONLY);
	SHOW(write(fd, "by file\n", 8));
	close(fd);
	show_comm("the thread", tid);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t t;
	char path[64];
	int fd;

	(void)argv;
	if (argc > 1) {
		char name[17] = "";

		prctl(PR_GET_NAME, name);
		SHOW(!strcmp(name, "exe"));
		return 0;
	}
	SHOW(prctl(PR_SET_NAME, "a name (with) so"));
	show_comm("main", getpid());
	pthread_create(&t, NULL, thread, NULL);
	while (!tid)
		usleep(500);
	show_comm("the thread, seen by main", tid);
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tid);
	fd = open(path, O_WRONLY);
	SHOW(write(fd, "sixteen letters and more", 24));
	close(fd);
	show_comm("the thread, renamed by main", tid);
	go = 1;
	pthread_join(t, NULL);
	show_comm("main", getpid());
	fflush(stdout);
	if (!fork()) {
		show_comm("a child", getpid());
		execl("/proc/self/exe", "zero", "again", NULL);
		_exit(1);
	}
	wait(NULL);
	SHOW(prctl(PR_SET_NAME, ""));
	show_comm("main", getpid());
	return 0;
}
