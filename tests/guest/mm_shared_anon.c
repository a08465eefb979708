/* Shared anonymous memory: across fork, growing, punching holes, its name in /proc. */
/* musl */
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

int main(void)
{
	char *a = mmap(NULL, 16 * P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0), *b, *c;
	int fd, status;
	pid_t pid;

	setvbuf(stdout, NULL, _IONBF, 0);
	show_maps("area", a, 16);
	memset(a, 1, 4 * P);
	pid = fork();
	if (!pid) {
		a[0] = 2;
		a[5 * P] = 3;
		munmap(a + P, P);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("from the child %d %d, still ours %d\n", a[0], a[5 * P], a[P]);
	SHOW(madvise(a, P, MADV_DONTNEED));
	printf("kept %d\n", a[0]);
	SHOW(madvise(a, 2 * P, MADV_REMOVE));
	printf("removed %d %d, kept %d\n", a[0], a[P], a[2 * P]);
	SHOW(mprotect(a + 4 * P, P, PROT_READ));
	SHOW(madvise(a + 4 * P, 2 * P, MADV_REMOVE));
	printf("removed %d\n", a[5 * P]);
	SHOW(mlock(a, P));
	SHOW(madvise(a, P, MADV_REMOVE));
	SHOW(munlock(a, P));
	b = mmap(NULL, 4 * P, RW, ANON, -1, 0);
	SHOW(madvise(b, P, MADV_REMOVE));
	fd = open("f", O_RDWR | O_CREAT, 0600);
	SHOW(ftruncate(fd, 4 * P));
	c = mmap(NULL, P, RW, MAP_PRIVATE, fd, 0);
	SHOW(madvise(c, P, MADV_REMOVE));
	fd = open("f", O_RDONLY);
	c = mmap(NULL, P, PROT_READ, MAP_SHARED, fd, 0);
	SHOW(madvise(c, P, MADV_REMOVE));

	/* A larger mapping has no memory behind its end: SIGBUS. */
	b = mremap(a, 16 * P, 20 * P, MREMAP_MAYMOVE);
	SHOW(b == MAP_FAILED);
	pid = fork();
	if (!pid) {
		b[15 * P] = 1;
		b[16 * P] = 1;
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("beyond the end: signal %d\n", WTERMSIG(status));

	/* /dev/zero shared is the same thing. */
	fd = open("/dev/zero", O_RDWR);
	a = mmap(NULL, 2 * P, RW, MAP_SHARED, fd, 0);
	show_maps("zero", a, 2);
	if (!fork()) {
		strcpy(a, "child");
		_exit(0);
	}
	wait(&status);
	printf("zero %s\n", a);
	b = mmap(NULL, 2 * P, RW, MAP_PRIVATE, fd, 0);
	if (!fork()) {
		strcpy(b, "child");
		_exit(0);
	}
	wait(&status);
	printf("private zero '%s'\n", b);
	show_maps("private zero", b, 2);
	return 0;
}
