/* msync and mincore: flags, holes, what reaches the file. */
/* musl */
#include "maps.h"
#include "show.h"

int main(void)
{
	char *h = hole(16), *a, buf[16] = "";
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), fd2 = open("f", O_RDONLY);
	unsigned char v[16];

	ftruncate(fd, 4 * P);
	a = mmap(h, 4 * P, RW, MAP_SHARED | MAP_FIXED, fd, 0);
	strcpy(a + P, "one");
	SHOW(msync(a, 4 * P, MS_SYNC));
	SHOW(pread(fd2, buf, 4, P));
	printf("%s\n", buf);
	strcpy(a + 2 * P, "two");
	SHOW(msync(a + 2 * P, P, MS_ASYNC));
	SHOW(pread(fd2, buf, 4, 2 * P));
	printf("%s\n", buf);
	SHOW(msync(a, P, 0));
	SHOW(msync(a, P, MS_INVALIDATE));
	SHOW(msync(a, P, MS_SYNC | MS_INVALIDATE));
	SHOW(msync(a, P, MS_SYNC | MS_ASYNC));
	SHOW(msync(a, P, 8));
	SHOW(msync(a + 1, P, MS_SYNC));
	SHOW(msync(a, 0, MS_SYNC));
	SHOW(msync(a, -P, MS_SYNC));
	SHOW(msync(a, 8 * P, MS_SYNC));
	SHOW(msync(a + 4 * P, P, MS_SYNC));
	munmap(a + P, P);
	strcpy(a + 3 * P, "three");
	SHOW(msync(a, 4 * P, MS_SYNC));
	SHOW(pread(fd2, buf, 6, 3 * P));
	printf("%s\n", buf);
	SHOW(msync(mmap(NULL, P, RW, ANON, -1, 0), P, MS_SYNC));
	/* A store after msync is seen as well. */
	for (int i = 0; i < 3; i++) {
		a[0] = (char)('0' + i);
		SHOW(msync(a, P, MS_SYNC));
		SHOW(pread(fd2, buf, 1, 0));
		printf("%c\n", buf[0]);
	}
	SHOW(mincore(a, P, v));
	SHOW(mincore(a, 0, v));
	SHOW(mincore(a, 4 * P, v));
	SHOW(mincore(a + P, P, v));
	SHOW(mincore(a + 1, P, v));
	SHOW(mincore(a, P, BAD_PTR));
	SHOW(mincore(a, -P, v));
	SHOW(mincore((void *)-P, 2 * P, v));
	memset(v, 0xff, sizeof(v));
	SHOW(mincore(a + 2 * P, 1, v));
	printf("%x %x\n", v[0], v[1]);
	return 0;
}
