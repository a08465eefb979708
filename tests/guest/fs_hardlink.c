/* Hard links: counts, one file behind many names, directories, across file systems, after unlink. */
#include <linux/capability.h>
#include <sys/syscall.h>

#include "both.h"

static int nlink_of(const char *n) { struct stat st; return lstat(n, &st) ? -1 : (int)st.st_nlink; }

/* By a descriptor links who has opened it, or may read everything; the question comes before all others about the path. */
static void by_others(int fd)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };
	int status, own;

	fflush(stdout);
	if (!fork()) {
		SHOW(syscall(SYS_capset, &header, none));
		SHOW(linkat(fd, "", AT_FDCWD, "other", AT_EMPTY_PATH));
		SHOW(linkat(fd, "x", AT_FDCWD, "other", AT_EMPTY_PATH));
		SHOW(linkat(fd, "x", AT_FDCWD, "other", 0));
		SHOW(linkat(fd, "/proc/version", AT_FDCWD, "other", AT_EMPTY_PATH));
		SHOW(linkat(999, "", AT_FDCWD, "other", AT_EMPTY_PATH));
		SHOW(linkat(999, "x", AT_FDCWD, "other", AT_EMPTY_PATH));
		SHOW(linkat(AT_FDCWD, "", AT_FDCWD, "other", AT_EMPTY_PATH));
		own = open("g", O_RDONLY);
		SHOW(linkat(own, "", AT_FDCWD, "other", AT_EMPTY_PATH));
		SHOW(linkat(own, "x", AT_FDCWD, "other2", AT_EMPTY_PATH));
		SHOW(unlink("other"));
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
}

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
	by_others(fd);
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
