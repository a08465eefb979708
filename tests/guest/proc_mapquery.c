/* PROCMAP_QUERY of /proc/self/maps: every area by its own address agrees with the text; areas by what they allow; names, sizes of the
 * structure, errors and their order. */
// musl
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

struct query {
	uint64_t size, flags, addr, start, end, perms, page, offset, inode;
	uint32_t major, minor, name_size, id_size;
	uint64_t name, id;
};
#define QUERY 0xc0686611u

static int fd;
static char name[4096];

static int ask(struct query *q, uint64_t addr, uint64_t flags)
{
	memset(q, 0, sizeof(*q));
	q->size = sizeof(*q);
	q->addr = addr;
	q->flags = flags;
	q->name = (uintptr_t)name;
	q->name_size = sizeof(name);
	name[0] = 0;
	return ioctl(fd, QUERY, q);
}

/* Lines of the text that the query tells otherwise. The C library's own memory moves meanwhile: not looked at. */
static int compare(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	static char line[5000];
	int wrong = 0, lines = 0;

	while (fgets(line, sizeof(line), f)) {
		unsigned long start, end, offset, inode;
		unsigned major, minor;
		char perm[5], text[4096] = "";
		struct query q;

		if (sscanf(line, "%lx-%lx %4s %lx %x:%x %lu %4095[^\n]", &start, &end, perm, &offset, &major, &minor, &inode, text) < 7)
			exit(1);
		if (strstr(text, "[heap]") || strstr(text, "[stack]") || strstr(text, "[vvar") || strstr(text, "[vsyscall]"))
			continue;
		lines++;
		if (ask(&q, end - 1, 0) || q.start != start || q.end != end || q.offset != offset || q.inode != inode || q.major != major ||
				q.minor != minor || strcmp(name, text) || q.page != 4096 || !(q.perms & 1) != (perm[0] != 'r') ||
				!(q.perms & 2) != (perm[1] != 'w') || !(q.perms & 4) != (perm[2] != 'x') || !(q.perms & 8) != (perm[3] != 's'))
			wrong++;
	}
	fclose(f);
	return lines > 4 ? wrong : -1;
}

static void by_flags(void)
{
	char *p = mmap(NULL, 7 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t base = (uintptr_t)p;
	int file = open("file", O_RDWR | O_CREAT, 0600);
	struct query q;

	SHOW(ftruncate(file, 8192));
	SHOW(mmap(p + 4096, 4096, PROT_READ, MAP_SHARED | MAP_FIXED, file, 4096) == p + 4096);
	SHOW(mprotect(p + 3 * 4096, 4096, PROT_READ | PROT_WRITE));
	SHOW(mmap(p + 5 * 4096, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, 0) == p + 5 * 4096);
	for (uint64_t flags = 0; flags < 0x40; flags++) {
		int err = ask(&q, base, flags);

		/* what lies beyond this area is the loader's choice */
		if (err)
			printf("%#x: %s\n", (int)flags, errno_name(errno));
		else if (q.start < base || q.start >= base + 7 * 4096)
			printf("%#x: elsewhere\n", (int)flags);
		else
			printf("%#x: page %d, %d long, allows %x, offset %x, %s\n", (int)flags, (int)((q.start - base) / 4096),
				(int)(q.end - q.start) / 4096, (int)q.perms, (int)q.offset, q.inode ? "a file" : "none");
	}
	close(file);
	unlink("file");
	SHOW(ask(&q, base + 4096, 0));
	printf("%s\n", strrchr(name, '/'));
	munmap(p, 7 * 4096);
	SHOW(ask(&q, base, 0));
}

static void errors(void)
{
	struct { struct query q; char more[32]; } big = { 0 };
	struct query q, *lone = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t addr = (uintptr_t)lone;
	uint8_t id[64];

	SHOW(ioctl(fd, QUERY, BAD_PTR));
	SHOW(ioctl(fd, QUERY + 1, &q));
	big.q.size = 4097;
	SHOW(ioctl(fd, QUERY, &big));
	big.q.size = 23;
	SHOW(ioctl(fd, QUERY, &big));
	big.q.size = 24;
	big.q.addr = addr;
	SHOW(ioctl(fd, QUERY, &big));
	SHOW(big.q.start == 0);
	big.q.size = 40;
	SHOW(ioctl(fd, QUERY, &big));
	SHOW(big.q.start && big.q.start <= addr && !big.q.page);
	big.q.size = sizeof(big);
	SHOW(ioctl(fd, QUERY, &big));
	big.more[5] = 1;
	SHOW(ioctl(fd, QUERY, &big));
	SHOW(ask(&q, addr, 0x40));
	memset(&q, 0, sizeof(q));
	q.size = sizeof(q), q.addr = addr, q.name_size = 5;
	SHOW(ioctl(fd, QUERY, &q));
	q.name_size = 0, q.name = (uintptr_t)name;
	SHOW(ioctl(fd, QUERY, &q));
	q.name = 0, q.id_size = 20;
	SHOW(ioctl(fd, QUERY, &q));
	q.id = (uintptr_t)id;
	SHOW(ioctl(fd, QUERY, &q));
	printf("no build id of anonymous memory: %u\n", q.id_size);
	SHOW(ask(&q, ~0ull, 0));
	SHOW(ask(&q, 0, 0));
	SHOW(ask(&q, 0, 0x10));
	SHOW(q.name_size == strlen(name) + 1 && name[0] == '/');
	q.name_size = 3, q.addr = q.start;
	SHOW(ioctl(fd, QUERY, &q));
	q.name_size = 4096, q.name = 16;
	SHOW(ioctl(fd, QUERY, &q));
	close(fd);
	fd = open("/proc/self/smaps", O_RDONLY);
	SHOW(ask(&q, addr, 0));
	close(fd);
	fd = open("/proc/self/stat", O_RDONLY);
	SHOW(ask(&q, addr, 0));
	munmap(lone, 8192);
}

int main(void)
{
	fd = open("/proc/self/maps", O_RDONLY);
	SHOW(compare());
	by_flags();
	errors();
	return 0;
}
