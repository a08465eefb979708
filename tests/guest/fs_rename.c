/* rename and renameat2: over files and directories, with open descriptors, flags. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "show.h"

static void make(const char *name, const char *text)
{
	int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0644);

	if (write(fd, text, strlen(text)) < 0)
		perror(name);
	close(fd);
}

static void content(const char *name)
{
	char buf[32] = "";
	int fd = open(name, O_RDONLY), n = fd < 0 ? -1 : read(fd, buf, 31);

	printf("%s: %s\n", name, n < 0 ? errno_name(errno) : buf);
	if (fd >= 0)
		close(fd);
}

int main(void)
{
	char buf[32] = "";
	struct stat st;
	int fd;

	make("a", "A");
	make("b", "B");
	fd = open("b", O_RDONLY);
	SHOW(rename("a", "b"));
	content("a");
	content("b");
	SHOW(read(fd, buf, 31));
	printf("old b: %s\n", buf);
	SHOW(fstat(fd, &st));
	SHOW(st.st_nlink);
	make("c", "C");
	SHOW(renameat2(AT_FDCWD, "b", AT_FDCWD, "c", RENAME_NOREPLACE));
	SHOW(renameat2(AT_FDCWD, "b", AT_FDCWD, "c", RENAME_EXCHANGE));
	content("b");
	content("c");
	SHOW(renameat2(AT_FDCWD, "b", AT_FDCWD, "none", RENAME_EXCHANGE));
	SHOW(renameat2(AT_FDCWD, "b", AT_FDCWD, "e", RENAME_NOREPLACE));
	SHOW(renameat2(AT_FDCWD, "e", AT_FDCWD, "b", 0x100));
	SHOW(renameat2(AT_FDCWD, "e", AT_FDCWD, "b", RENAME_NOREPLACE | RENAME_EXCHANGE));
	SHOW(mkdir("d1", 0755));
	SHOW(mkdir("d2", 0755));
	make("d1/x", "X");
	SHOW(rename("d1", "d2"));
	content("d2/x");
	SHOW(mkdir("d1", 0755));
	SHOW(rename("d1", "d2"));
	SHOW(rename("d2", "d1"));
	SHOW(rename("c", "d1"));
	SHOW(rename("d1", "c"));
	SHOW(rename("d1", "d1/sub"));
	SHOW(rename("d1/x", "d1"));
	SHOW(rename("c", "d1/"));
	SHOW(rename("c", "new/"));
	SHOW(rename("c/", "new"));
	SHOW(rename("d1/", "d3/"));
	SHOW(rename("d3", "."));
	SHOW(rename("..", "x"));
	SHOW(rename("d3/.", "x"));
	SHOW(link("c", "c2"));
	SHOW(rename("c", "c2"));
	content("c");
	content("c2");
	SHOW(rename("c/", "c"));
	SHOW(rename("c", "c/"));
	SHOW(rename("c/x", ""));
	SHOW(rename("d3/", "d3"));
	memset(buf, 'n', sizeof(buf));
	SHOW(rename("c", "/proc/x"));
	SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "d3", RENAME_EXCHANGE));
	SHOW(stat("c/x", &st));
	content("d3");
	/* with itself, and with another name of the same file */
	SHOW(renameat2(AT_FDCWD, "d3", AT_FDCWD, "d3", RENAME_EXCHANGE));
	SHOW(link("d3", "d4"));
	SHOW(renameat2(AT_FDCWD, "d3", AT_FDCWD, "d4", RENAME_EXCHANGE));
	SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "c", RENAME_EXCHANGE));
	SHOW(unlink("d4"));
	content("d3");
	SHOW(stat("nowhere", &st));
	SHOW(rename("missing/x", "c"));
	SHOW(rename("", "c"));
	return 0;
}
