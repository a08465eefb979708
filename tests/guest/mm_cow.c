/* Copy on write through generations of processes: each sees its own stores and no other's. */
/* musl */
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

#define PAGES 600

static char *a;

static unsigned long sum(void)
{
	unsigned long s = 0;

	for (int i = 0; i < PAGES; i++)
		s = s * 31 + (unsigned char)a[i * P] + (unsigned char)a[i * P + P - 1];
	return s;
}

static void generation(int depth)
{
	unsigned long before = sum();
	int status;

	for (int child = 0; child < 2 && depth < 4; child++) {
		fflush(stdout);
		if (!fork()) {
			for (int i = depth * 7 + child; i < PAGES; i += 13 + depth)
				a[i * P] = (char)(depth * 16 + child + 1);
			printf("%*sdepth %d child %d: %lx\n", depth, "", depth, child, sum());
			generation(depth + 1);
			fflush(stdout);
			_exit(0);
		}
		wait(&status);
		if (status)
			printf("status %x\n", status);
		/* The parent goes on writing where the children shared. */
		a[(depth * 50 + child) * P + P - 1]++;
		before = before == sum();
	}
	if (before == 1)
		printf("a store was lost\n");
}

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), status;
	char *f, buf[4];

	a = map_at(hole(PAGES), PAGES, RW, ANON);
	for (int i = 0; i < PAGES; i += 2)
		memset(a + i * P, i, P);
	generation(0);
	printf("first: %lx\n", sum());

	/* The same with a file's pages: never its own. */
	ftruncate(fd, 4 * P);
	pwrite(fd, "abcd", 4, 0);
	f = mmap(NULL, 4 * P, RW, MAP_PRIVATE, fd, 0);
	fflush(stdout);
	if (!fork()) {
		f[0] = 'X';
		printf("child %.4s\n", f);
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
	printf("parent %.4s\n", f);
	f[1] = 'Y';
	pwrite(fd, "1234", 4, 0);
	printf("own page %.4s\n", f);
	SHOW(pread(fd, buf, 4, 0));
	printf("file %.4s\n", buf);
	pwrite(fd, "wxyz", 4, P);
	printf("not yet copied %.4s\n", f + P);
	/* System calls break copy on write like stores do. */
	fflush(stdout);
	if (!fork()) {
		SHOW(pread(fd, a, 4, 0));
		printf("child %.4s\n", a);
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
	printf("parent %d\n", a[0]);
	return 0;
}
