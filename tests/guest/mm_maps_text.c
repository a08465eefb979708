/* The text of /proc/self/maps: the program, its heap and stack, files with odd names, order. */
#include <sys/stat.h>

#include "maps.h"
#include "show.h"

static char data = 1;

/* The line that covers @p, from its permissions on, without the inode. */
static void line_of(const char *what, const void *p)
{
	char *line = proc_text("/proc/self/maps"), *next, perm[8], dev[16], name[4200];
	unsigned long start, end, off, ino;

	for (; *line; line = next) {
		next = strchr(line, '\n') + 1;
		name[0] = 0;
		if (sscanf(line, "%lx-%lx %7s %lx %15s %lu%*[ ]%4199[^\n]", &start, &end, perm, &off, dev, &ino, name) < 6)
			continue;
		if ((unsigned long)p < start || (unsigned long)p >= end)
			continue;
		printf("%s: %s %s %s%s", what, perm, ino ? "inode" : "-", strcmp(dev, "00:00") ? "device" : "-", name[0] ? " " : "");
		printf("%s\n", strrchr(name, '/') ? strrchr(name, '/') : name);
		return;
	}
	printf("%s: none\n", what);
}

int main(void)
{
	char *line, *next, *a, local = 0;
	unsigned long start, end, last = 0;
	int fd, columns = 0, order = 1;
	struct stat st;

	line_of("text", (void *)main);
	line_of("data", &data);
	line_of("stack", &local);
	a = sbrk(P);
	a[0] = 1;
	line_of("heap", a);
	line_of("anonymous", mmap(NULL, P, RW, ANON, -1, 0));
	fd = open("a name with blanks", O_RDWR | O_CREAT, 0600);
	ftruncate(fd, P);
	a = mmap(NULL, P, RW, MAP_SHARED, fd, 0);
	line_of("blanks", a);
	unlink("a name with blanks");
	line_of("deleted", a);
	fd = open("new\nline", O_RDWR | O_CREAT, 0600);
	ftruncate(fd, P);
	line_of("newline", mmap(NULL, P, PROT_READ, MAP_PRIVATE, fd, 0));
	fd = open("f", O_RDWR | O_CREAT, 0600);
	ftruncate(fd, P);
	a = mmap(NULL, P, PROT_READ, MAP_PRIVATE, fd, 0);
	rename("f", "g");
	line_of("renamed", a);
	fd = (int)syscall(SYS_memfd_create, "some memory", 0);
	ftruncate(fd, P);
	line_of("memfd", mmap(NULL, P, PROT_READ, MAP_SHARED, fd, 0));
	/* The inode number is the file's. */
	fd = open("g", O_RDONLY);
	fstat(fd, &st);
	for (line = proc_text("/proc/self/maps"); *line; line = next) {
		unsigned long ino = 0;

		next = strchr(line, '\n') + 1;
		sscanf(line, "%lx-%lx %*s %*s %*s %lu", &start, &end, &ino);
		order &= start >= last && end > start;
		last = end;
		if (start == (unsigned long)a)
			SHOW(ino == st.st_ino);
		if (strchr(line, '[') && strchr(line, '[') < next)
			columns |= strchr(line, '[') - line != 73;
	}
	SHOW(order);
	SHOW(columns);
	/* A heap that is gone has no name. */
	mprotect(&local, 1, RW);
	return 0;
}
