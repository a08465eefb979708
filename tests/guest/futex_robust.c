/* Robust mutexes: the owner dies with the lock, by exit of the thread, of the process, and by a signal. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/futex.h>
#include <unistd.h>

static pthread_mutex_t *make(int shared)
{
	pthread_mutex_t *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setpshared(&a, shared ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE);
	pthread_mutex_init(m, &a);
	return m;
}

static void *die(void *m)
{
	pthread_mutex_lock(m);
	return NULL;
}

static void take(const char *what, pthread_mutex_t *m)
{
	int r = pthread_mutex_lock(m);

	printf("%s: %s\n", what, r == EOWNERDEAD ? "EOWNERDEAD" : strerror(r));
	if (r == EOWNERDEAD)
		pthread_mutex_consistent(m);
	pthread_mutex_unlock(m);
}

int main(void)
{
	pthread_mutex_t *m = make(0);
	struct robust_list_head *head;
	size_t len;
	pthread_t t;
	pid_t pid;
	int fd[2];
	char c;

	pthread_create(&t, NULL, die, m);
	pthread_join(t, NULL);
	take("thread ended", m);
	take("again", m);
	for (int how = 0; how < 3; how++) {
		m = make(1);
		if (pipe(fd))
			return 1;
		pid = fork();
		if (!pid) {
			pthread_mutex_lock(m);
			if (write(fd[1], "x", 1) != 1)
				_exit(1);
			if (how == 0)
				_exit(0);
			if (how == 1)
				raise(SIGKILL);
			usleep(50000); /* the parent waits in the lock by then */
			_exit(0);
		}
		if (read(fd[0], &c, 1) != 1)
			return 1;
		if (how < 2)
			waitpid(pid, NULL, 0);
		take(how == 0 ? "process ended" : how == 1 ? "process killed" : "woken out of the lock", m);
		if (how == 2)
			waitpid(pid, NULL, 0);
	}
	printf("set, bad length: %ld", syscall(SYS_set_robust_list, NULL, 23));
	printf(" %s\n", strerrorname_np(errno));
	printf("get: %ld", syscall(SYS_get_robust_list, 0, &head, &len));
	printf(" length %zu, some list %d\n", len, head != NULL);
	printf("get, no such thread: %ld", syscall(SYS_get_robust_list, 0x3fffffff, &head, &len));
	printf(" %s\n", strerrorname_np(errno));
	return 0;
}
