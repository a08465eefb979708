/* cachestat(2): what is cached of a file, and who may ask. */
// needs-root: a file of somebody else
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "show.h"

struct range { unsigned long off, len; };
struct stats { unsigned long cache, dirty, writeback, evicted, recently; };

static void show(const char *what, int fd, unsigned long off, unsigned long len)
{
	struct range r = { off, len };
	struct stats s;

	memset(&s, 77, sizeof(s));
	if (syscall(451, fd, &r, &s, 0))
		printf("%s %lu+%lu: %s\n", what, off, len, errno_name(errno));
	else
		printf("%s %lu+%lu: %lu cached, %lu dirty, %lu under way\n", what, off, len, s.cache, s.dirty, s.writeback);
	fflush(stdout);
}

static void ranges(int fd)
{
	show("all", fd, 0, 0);
	show("one", fd, 4096, 4096);
	show("two", fd, 4095, 2);
	show("the end", fd, 5 * 4096, 0);
	show("its last byte", fd, 5 * 4096, 1);
	show("beyond", fd, 1 << 20, 0);
	show("at the very end", fd, ~0ul, 2);
	show("to the very end", fd, 0, ~0ul);
}

int main(void)
{
	int fd = open("f", O_CREAT | O_RDWR, 0644), mem = memfd_create("m", 0), p[2], other;
	struct range r = { 0, 0 };
	char buf[6 * 4096] = "";
	struct stats s;

	SHOW(write(fd, buf, 5 * 4096 + 1));
	SHOW(fsync(fd));
	SHOW(pread(fd, buf, sizeof(buf), 0));
	ranges(fd);
	SHOW(ftruncate(fd, 4096));
	show("cut", fd, 0, 0);
	SHOW(ftruncate(mem, 1 << 16));
	show("memory, untouched", mem, 0, 0);
	SHOW(pwrite(mem, buf, 3 * 4096, 4096));
	show("memory", mem, 0, 0);
	SHOW(pipe(p));
	show("pipe", p[0], 0, 0);
	show("O_PATH", open("f", O_PATH), 0, 0);
	show("none", -1, 0, 0);
	show("/proc", open("/proc/self/stat", O_RDONLY), 0, 0);
	SHOW(syscall(451, fd, &r, &s, 1));
	SHOW(syscall(451, fd, BAD_PTR, &s, 1));
	SHOW(syscall(451, -1, BAD_PTR, &s, 0));
	SHOW(syscall(451, fd, &r, BAD_PTR, 0));
	other = open("f", O_RDONLY);
	if (fork() == 0) {
		SHOW(setuid(1000));
		show("another's", other, 0, 0);
		SHOW(syscall(451, other, &r, &s, 1));
		SHOW(syscall(451, fd, &r, &s, 0)); /* it is open for writing */
		_exit(0);
	}
	wait(NULL);
	return 0;
}
