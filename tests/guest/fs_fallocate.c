/* fallocate and posix_fallocate: growth, punched holes, errors. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "show.h"

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0644), p[2];
	char *buf = malloc(40000), *map;
	struct stat st;

	memset(buf, 'x', 40000);
	SHOW(write(fd, buf, 40000));
	map = mmap(NULL, 40960, PROT_READ, MAP_SHARED, fd, 0);
	SHOW(map[8192]);
	SHOW(fallocate(fd, 0, 0, 60000));
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 100000));
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 8192, 8192));
	SHOW(pread(fd, buf, 40000, 0));
	SHOW(buf[8191] + buf[8192] + buf[16383] + buf[16384]);
	SHOW(map[8191] + map[8192] + map[16383] + map[16384]);
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 10));
	SHOW(fallocate(fd, 0, -1, 10));
	SHOW(fallocate(fd, 0, 0, 0));
	SHOW(fallocate(fd, 0, 0x7ffffffffffffff0, 100));
	SHOW(fallocate(open("file", O_RDONLY), 0, 0, 10));
	SHOW(fallocate(999, 0, 0, 10));
	if (pipe(p))
		return 1;
	SHOW(fallocate(p[1], 0, 0, 10));
	SHOW(fallocate(open("/dev/null", O_WRONLY), 0, 0, 10));
	SHOW(fsync(fd));
	SHOW(fdatasync(fd));
	SHOW(fsync(p[0]));
	SHOW(fsync(999));
	SHOW(syncfs(fd));
	SHOW(syncfs(999));
	return 0;
}
