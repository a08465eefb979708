/* /proc/PID/task: threads by number, their names, what differs from the process. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static int tid[3];
static pthread_barrier_t ready, end;

static void *thread(void *arg)
{
	char name[16];
	long i = (long)arg;

	snprintf(name, sizeof(name), "thread %ld", i);
	prctl(PR_SET_NAME, name);
	tid[i] = gettid();
	pthread_barrier_wait(&ready);
	pthread_barrier_wait(&end);
	return NULL;
}

static int tasks(void)
{
	DIR *d = opendir("/proc/self/task");
	struct dirent *e;
	int n = 0;

	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static void cat(int t, const char *name)
{
	char path[64], buf[64];
	int fd;
	long n;

	snprintf(path, sizeof(path), "/proc/self/task/%d/%s", t, name);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
	buf[n < 0 ? 0 : n] = 0;
	printf("%s: %s", name, n < 0 ? "error\n" : buf);
	close(fd);
}

int main(void)
{
	pthread_t t[3];
	char path[64];
	struct stat st;
	int fd;

	pthread_barrier_init(&ready, NULL, 4);
	pthread_barrier_init(&end, NULL, 4);
	SHOW(tasks());
	for (long i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, thread, (void *)i);
	pthread_barrier_wait(&ready);
	SHOW(tasks());
	for (int i = 0; i < 3; i++)
		cat(tid[i], "comm");
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tid[1]);
	fd = open(path, O_WRONLY);
	SHOW(write(fd, "renamed", 7));
	cat(tid[1], "comm");
	cat(getpid(), "comm");
	snprintf(path, sizeof(path), "/proc/%d", tid[1]);
	SHOW(stat(path, &st));
	snprintf(path, sizeof(path), "/proc/%d/task/%d/fd", tid[1], getpid());
	SHOW(stat(path, &st));
	snprintf(path, sizeof(path), "/proc/self/task/%d/task", tid[1]);
	SHOW(stat(path, &st));
	snprintf(path, sizeof(path), "/proc/self/task/%d", getppid());
	SHOW(stat(path, &st));
	SHOW(stat("/proc/self/task", &st));
	printf("links %d\n", (int)st.st_nlink);
	pthread_barrier_wait(&end);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	usleep(20000);
	SHOW(tasks());
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tid[1]);
	SHOW(stat(path, &st));
	SHOW(write(fd, "x", 1));
	return 0;
}
