/* Hard links: counts, one file behind many names, directories, across file systems, after unlink. */
#include "both.h"

static int nlink_of(const char *n) { struct stat st; return lstat(n, &st) ? -1 : (int)st.st_nlink; }

static void all(void)
{
	char name[16], buf[8] = "";
	int fd, fd2;

	put_file("f", "one");
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		link(i ? "l0" : "f", name);
	}
	SHOW(nlink_of("f"));
	SHOW(nlink_of("l19"));
	fd = open("l7", O_WRONLY);
	SHOW(write(fd, "TWO", 3));
	cat("l13");
	SHOW(unlink("f"));
	SHOW(nlink_of("l3"));
	SHOW(chmod("l4", 0600));
	struct stat st;
	SHOW(stat("l5", &st) == 0 && (st.st_mode & 0777) == 0600);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		unlink(name);
	}
	SHOW(fstat(fd, &st) == 0 && st.st_nlink == 0);
	SHOW(pwrite(fd, "x", 1, 0));
	mkdir("d", 0755);
	SHOW(nlink_of("d") == 2 || nlink_of("d") == 1);
	SHOW(link("d", "d2"));
	SHOW(link("none", "x"));
	SHOW(link("d", "d"));
	put_file("g", "g");
	SHOW(link("g", "d/../g"));
	SHOW(link("g", "d"));
	SHOW(link("g", "none/x"));
	SHOW(link("g", "/proc/x"));
	SHOW(linkat(AT_FDCWD, "g", AT_FDCWD, "h", 0x8000));
	fd = open("g", O_RDONLY);
	SHOW(linkat(fd, "", AT_FDCWD, "byfd", AT_EMPTY_PATH));
	fd2 = open("g", O_PATH);
	SHOW(linkat(fd2, "", AT_FDCWD, "bypath", AT_EMPTY_PATH));
	SHOW(linkat(fd, "", AT_FDCWD, "noflag", 0));
	SHOW(nlink_of("g"));
	SHOW(rename("byfd", "bypath"));
	SHOW(nlink_of("g"));
	SHOW(unlink("g") | unlink("byfd") | unlink("bypath"));
	SHOW(linkat(fd, "", AT_FDCWD, "gone", AT_EMPTY_PATH));
	SHOW(read(fd, buf, 5));
}
int main(void)
{
	in_both(all);
	return 0;
}
