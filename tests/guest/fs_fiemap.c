/* FS_IOC_FIEMAP: what has extents, the order of the checks, data and holes of a file, many extents and little room for them. */
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "show.h"

#define BLOCK 65536
#define PIECES 200

static struct {
	struct fiemap head;
	struct fiemap_extent extents[PIECES + 1];
} map;

static int fiemap(int fd, uint64_t start, uint64_t length, uint32_t flags, uint32_t count)
{
	memset(&map, 0, sizeof(map));
	map.head = (struct fiemap){ .fm_start = start, .fm_length = length, .fm_flags = flags, .fm_extent_count = count };
	return ioctl(fd, FS_IOC_FIEMAP, &map);
}

static void nothing_to_map(void)
{
	int p[2];

	SHOW(pipe(p));
	SHOW(fiemap(p[0], 0, 0, 0xf0, 0));
	SHOW(fiemap(socket(AF_UNIX, SOCK_STREAM, 0), 0, ~0ull, 0, 0));
	SHOW(fiemap(memfd_create("m", 0), 0, ~0ull, 0, 0));
	SHOW(fiemap(epoll_create1(0), 0, ~0ull, 0, 0));
	SHOW(fiemap(open("/dev/null", O_RDONLY), 0, ~0ull, 0, 0));
	SHOW(fiemap(open("/proc/self/stat", O_RDONLY), 0, ~0ull, 0, 0));
	SHOW(fiemap(open("/proc", O_RDONLY), 0, ~0ull, 0, 0));
	SHOW(fiemap(open(".", O_PATH), 0, ~0ull, 0, 0));
	SHOW(ioctl(p[0], FS_IOC_FIEMAP, 8));
}

static void checks(int fd)
{
	SHOW(ioctl(fd, FS_IOC_FIEMAP, 8));
	SHOW(fiemap(fd, 0, 0, 0, 0));
	SHOW(fiemap(fd, 0, 0, 0xf0, 0));
	SHOW(fiemap(fd, 0, 1, 0xf0, ~0u));
	SHOW(fiemap(fd, ~0ull, 1, 0, 0));
	SHOW(fiemap(fd, 0, 1, FIEMAP_FLAG_SYNC | 0xf0, 0));
	printf("flags %#x\n", map.head.fm_flags);
	SHOW(fiemap(fd, 0, ~0ull, FIEMAP_FLAG_SYNC, 0));
	printf("an empty file: %u extents\n", map.head.fm_mapped_extents);
}

/* Whether the extents found, in order and apart, cover exactly the blocks of @fd that have data: every second one of PIECES. */
static bool as_written(uint32_t n)
{
	uint64_t end = 0, covered = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct fiemap_extent *e = &map.extents[i];

		if (e->fe_logical < end || (e->fe_logical / BLOCK) % 2 || e->fe_logical % BLOCK + e->fe_length > BLOCK)
			return false;
		end = e->fe_logical + e->fe_length;
		covered += e->fe_length;
	}
	return covered == (uint64_t)PIECES * BLOCK;
}

static void holes(int fd)
{
	char *block = malloc(BLOCK);
	uint32_t n, last = 0;
	bool more = true;

	memset(block, 'x', BLOCK);
	for (int i = 0; i < PIECES; i++)
		if (pwrite(fd, block, BLOCK, (off_t)i * 2 * BLOCK) != BLOCK)
			perror("pwrite");
	SHOW(fiemap(fd, 0, ~0ull, FIEMAP_FLAG_SYNC, 0));
	n = map.head.fm_mapped_extents;
	printf("enough extents to tell the pieces apart: %d\n", n >= PIECES);
	if (n > PIECES + 1)
		n = PIECES + 1;
	SHOW(fiemap(fd, 0, ~0ull, FIEMAP_FLAG_SYNC, PIECES + 1));
	printf("as many: %d, as written: %d\n", map.head.fm_mapped_extents == n, as_written(map.head.fm_mapped_extents));
	printf("the last is: %d, the first is not: %d\n", !!(map.extents[n - 1].fe_flags & FIEMAP_EXTENT_LAST),
		!(map.extents[0].fe_flags & FIEMAP_EXTENT_LAST));
	/* little room: the rest is asked for from where it ended */
	for (uint64_t at = 0; more; last++) {
		if (fiemap(fd, at, ~0ull - at, 0, 1) || map.head.fm_mapped_extents != 1)
			break;
		at = map.extents[0].fe_logical + map.extents[0].fe_length;
		more = !(map.extents[0].fe_flags & FIEMAP_EXTENT_LAST);
	}
	printf("one by one: as many: %d\n", last == n);
	/* of a range: nothing in a hole, one in a piece */
	SHOW(fiemap(fd, BLOCK, BLOCK, 0, 1));
	printf("in a hole: %u\n", map.head.fm_mapped_extents);
	SHOW(fiemap(fd, 4 * BLOCK, BLOCK, 0, 0));
	printf("in a piece: %d\n", map.head.fm_mapped_extents > 0);
	/* what is stored through a mapping is there, too */
	char *p = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, BLOCK);
	memset(p, 'y', BLOCK);
	SHOW(fiemap(fd, BLOCK, BLOCK, FIEMAP_FLAG_SYNC, 0));
	printf("stored through a mapping: %d\n", map.head.fm_mapped_extents > 0);
	/* room for the extents that cannot be written to */
	char *room = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct fiemap *tight = (struct fiemap *)(room + 4096 - sizeof(*tight));
	munmap(room + 4096, 4096);
	*tight = (struct fiemap){ .fm_length = ~0ull, .fm_extent_count = 1 };
	SHOW(ioctl(fd, FS_IOC_FIEMAP, tight));
	free(block);
}

int main(int argc, char **argv)
{
	struct statfs fs;
	int fd;

	(void)argc;
	nothing_to_map();
	/* A scratch folder in memory has no extents: then a folder that has is found beside the program. */
	if (!statfs(".", &fs) && fs.f_type == TMPFS_MAGIC) {
		*strrchr(argv[0], '/') = 0;
		if (chdir(argv[0]))
			perror("chdir");
	}
	fd = open("fiemap.tmp", O_CREAT | O_RDWR | O_TRUNC, 0600);
	unlink("fiemap.tmp");
	checks(fd);
	holes(fd);
	SHOW(fiemap(open(".", O_RDONLY), 0, ~0ull, 0, 0));
	return 0;
}
