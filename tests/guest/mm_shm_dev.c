/* /dev/shm: files that processes share, with and without names, and their size. */
/* musl */
#include <sys/stat.h>
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

int main(void)
{
	char name[64], buf[16], *a, *b;
	struct stat st;
	int fd, fd2, status;

	snprintf(name, sizeof(name), "/dev/shm/umk-test-%d", getpid());
	fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	SHOW(fd >= 0);
	SHOW(open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
	SHOW(ftruncate(fd, 4 * P));
	a = mmap(NULL, 4 * P, RW, MAP_SHARED, fd, 0);
	strcpy(a + P, "from the parent");
	if (!fork()) {
		fd2 = open(name, O_RDWR);
		b = mmap(NULL, 4 * P, RW, MAP_SHARED, fd2, 0);
		printf("%s\n", b + P);
		strcpy(b + 2 * P, "from the child");
		SHOW(pwrite(fd2, "written", 8, 3 * P));
		_exit(0);
	}
	wait(&status);
	printf("%s, %s\n", a + 2 * P, a + 3 * P);
	SHOW(pread(fd, buf, sizeof(buf), P));
	printf("%s\n", buf);
	SHOW(fstat(fd, &st));
	printf("size %ld links %ld\n", (long)st.st_size, (long)st.st_nlink);
	SHOW(unlink(name));
	SHOW(fstat(fd, &st));
	printf("links %ld\n", (long)st.st_nlink);
	SHOW(open(name, O_RDWR));
	close(fd);
	printf("still there: %s\n", a + P);
	/* A hole stays one when it is read. */
	fd = open("/dev/shm", O_RDWR | O_TMPFILE, 0600);
	SHOW(ftruncate(fd, 1l << 40));
	SHOW(pread(fd, buf, 8, 1l << 39));
	printf("%d\n", buf[0]);
	SHOW(fstat(fd, &st));
	printf("size %ld blocks %ld\n", (long)st.st_size, (long)st.st_blocks);
	SHOW(pwrite(fd, "x", 1, 1l << 39));
	SHOW(fstat(fd, &st));
	printf("blocks %ld\n", (long)st.st_blocks);
	SHOW(fallocate(fd, 3, 0, 1l << 40)); /* punch, keep size */
	SHOW(fstat(fd, &st));
	printf("size %ld blocks %ld\n", (long)st.st_size, (long)st.st_blocks);
	SHOW(fallocate(fd, 0, 0, 1l << 45));
	return 0;
}
