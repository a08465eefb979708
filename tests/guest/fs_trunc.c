/* O_TRUNC, truncate and ftruncate, with what mappings and other descriptors then see. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "show.h"

static long size(void)
{
	struct stat st;

	return stat("file", &st) ? -1 : (long)st.st_size;
}

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0644), other = open("file", O_RDONLY);
	char *buf = malloc(20000), *map;
	long sum = 0;

	memset(buf, 'x', 20000);
	SHOW(write(fd, buf, 20000));
	map = mmap(NULL, 20480, PROT_READ, MAP_SHARED, other, 0);
	printf("map: %c %c %d\n", map[0], map[19999], map[20000]);
	SHOW(ftruncate(fd, 5000));
	SHOW(size());
	printf("map: %c %d\n", map[4999], map[5000]);
	SHOW(ftruncate(fd, 12000));
	for (int i = 0; i < 12000; i++)
		sum += map[i];
	printf("sum %ld\n", sum - 5000l * 'x');
	SHOW(pread(other, buf, 20000, 4990));
	printf("bytes %c %d\n", buf[9], buf[10]);
	SHOW(truncate("file", 3));
	SHOW(size());
	SHOW(pread(other, buf, 10, 0));
	SHOW(truncate("file", -1));
	SHOW(truncate("nothing", 0));
	SHOW(truncate(".", 0));
	SHOW(truncate("file/x", 0));
	SHOW(truncate("", 0));
	SHOW(truncate(BAD_PTR, 0));
	SHOW(ftruncate(other, 0));
	SHOW(ftruncate(999, 0));
	SHOW(ftruncate(fd, -1));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(write(fd, "end", 3));
	SHOW(size());
	SHOW(close(open("file", O_RDONLY | O_TRUNC)));
	SHOW(size());
	SHOW(write(fd, "1", 1));
	SHOW(size());
	SHOW(close(creat("file", 0600)));
	SHOW(size());
	return 0;
}
