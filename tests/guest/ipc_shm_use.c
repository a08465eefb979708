/* Segments in use: mutexes in them, calls that read and write there, mremap, madvise, mlock, copies by fork, attach by many. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include "show.h"

#define PAGES 16
struct shared { pthread_mutex_t m; long count; };

static int id;

static int attached(void)
{
	struct shmid_ds ds;

	return shmctl(id, IPC_STAT, &ds) ? -1 : (int)ds.shm_nattch;
}

int main(void)
{
	pthread_mutexattr_t attr;
	struct shared *s;
	char *p, *q, buf[64];
	int pipe_[2], fd, status, same = 1;
	pid_t pids[4];

	id = shmget(IPC_PRIVATE, PAGES * 4096 - 100, IPC_CREAT | 0600);
	p = shmat(id, NULL, 0);
	s = (struct shared *)p;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&s->m, &attr);
	fflush(stdout);
	for (int i = 0; i < 4; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			struct shared *mine = shmat(id, NULL, 0); /* another address */

			for (int n = 0; n < 2000; n++) {
				pthread_mutex_lock(&mine->m);
				mine->count++;
				pthread_mutex_unlock(&mine->m);
			}
			_exit(mine == s);
		}
	}
	for (int i = 0; i < 4; i++) {
		waitpid(pids[i], &status, 0);
		same &= WEXITSTATUS(status);
	}
	printf("counted %ld, at other addresses %d, attached %d\n", s->count, !same, attached());

	/* the kernel reads and writes there, over a page's end; the size's page is whole */
	pipe(pipe_);
	memcpy(p + 4090, "over the edge", 14);
	SHOW(write(pipe_[1], p + 4090, 14));
	SHOW(read(pipe_[0], p + 8190, 14));
	printf("%s\n", p + 8190);
	SHOW(write(pipe_[1], p + PAGES * 4096 - 10, 10));
	fd = open("file", O_RDWR | O_CREAT, 0600);
	SHOW(pwrite(fd, p, PAGES * 4096, 0));
	SHOW(pread(fd, p + 4096, 4096, 4096));

	SHOW(mlock(p, PAGES * 4096));
	SHOW(munlock(p, PAGES * 4096));
	SHOW(msync(p, PAGES * 4096, MS_SYNC));
	strcpy(p + 12288, "kept");
	SHOW(madvise(p + 12288, 4096, MADV_DONTNEED)); /* shared: the pages stay */
	printf("%s\n", p + 12288);
	/* moved: still one attachment, and shmdt finds it at its new place */
	q = mmap(NULL, PAGES * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	SHOW(mremap(p, PAGES * 4096, PAGES * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, q) == q);
	printf("%s, attached %d\n", q + 12288, attached());
	SHOW(shmdt(p));
	SHOW(shmdt(q));
	printf("attached %d\n", attached());
	/* private to the parent: MADV_DONTFORK */
	p = shmat(id, NULL, 0);
	SHOW(madvise(p, PAGES * 4096, MADV_DONTFORK));
	fflush(stdout);
	pids[0] = fork();
	if (!pids[0])
		_exit(attached());
	waitpid(pids[0], &status, 0);
	printf("child sees %d attached\n", WEXITSTATUS(status));
	snprintf(buf, sizeof(buf), "content %s", p + 12288);
	puts(buf);
	shmctl(id, IPC_RMID, NULL);
	return 0;
}
