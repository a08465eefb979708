/* open with O_CREAT and O_EXCL in all its cases, creat, O_DIRECTORY, O_NOFOLLOW, O_TRUNC, invalid flags. */
#include "both.h"

static void all(void)
{
	struct stat st;
	int fd;

	umask(022);
	mkdir("d", 0755);
	symlink("f", "l"); symlink("nothing", "dang"); symlink("d", "dl");
	SHOW(open("f", O_RDONLY));
	SHOW(open("f", O_CREAT | O_RDONLY, 0444) >= 0);
	SHOW(stat("f", &st) == 0 && (st.st_mode & 07777) == 0444);
	SHOW(open("f", O_CREAT | O_EXCL | O_RDONLY, 0644));
	SHOW(open("l", O_CREAT | O_EXCL | O_RDONLY, 0644));
	SHOW(open("dang", O_CREAT | O_EXCL | O_RDONLY, 0644));
	SHOW(open("d", O_CREAT | O_EXCL | O_RDONLY, 0644));
	SHOW(open("d", O_CREAT | O_RDONLY, 0644));
	SHOW(open("d", O_WRONLY));
	SHOW(open("d", O_RDWR));
	SHOW(open("d", O_RDONLY | O_TRUNC));
	SHOW(open("d", O_RDONLY | O_CREAT | O_DIRECTORY, 0644));
	SHOW(open("new", O_RDONLY | O_CREAT | O_DIRECTORY, 0644));
	SHOW(open("f", O_RDONLY | O_DIRECTORY));
	SHOW(open("l", O_RDONLY | O_NOFOLLOW));
	SHOW(open("dl", O_RDONLY | O_NOFOLLOW));
	SHOW(open("dl/", O_RDONLY | O_NOFOLLOW) >= 0);
	SHOW(open("dl", O_RDONLY | O_NOFOLLOW | O_DIRECTORY));
	fd = open("ro", O_CREAT | O_WRONLY, 0);
	SHOW(write(fd, "x", 1));
	SHOW(stat("ro", &st) == 0 && st.st_mode == S_IFREG);
	fd = creat("c", 0666);
	SHOW(read(fd, &st, 1));
	SHOW(write(fd, "abc", 3));
	close(creat("c", 0600));
	SHOW(stat("c", &st) == 0 && st.st_size == 0 && (st.st_mode & 0777) == 0644);
	put_file("t", "12345");
	SHOW(open("t", O_RDONLY | O_TRUNC) >= 0);
	SHOW(stat("t", &st) == 0 && st.st_size == 0);
	SHOW(open("t", 3) >= 0);
	fd = open("t", 3);
	SHOW(read(fd, &st, 1));
	SHOW(write(fd, "x", 1));
	SHOW(open("t", O_RDONLY | 0x40000000) >= 0);
	SHOW(open("", O_RDONLY));
	SHOW(open(NULL, O_RDONLY));
	SHOW(open("d/none/x", O_CREAT | O_WRONLY, 0600));
	SHOW(open("t/x", O_CREAT | O_WRONLY, 0600));
	SHOW(openat(-1, "x", O_CREAT | O_WRONLY, 0600));
	SHOW(openat(fd, "x", O_CREAT | O_WRONLY, 0600));
	SHOW(openat(-1, "/proc/self/status", O_RDONLY) >= 0);
	SHOW(open("/", O_CREAT | O_RDONLY, 0600));
	SHOW(open(".", O_RDONLY | O_CREAT, 0600));
	SHOW(open("..", O_RDONLY | O_CREAT | O_EXCL, 0600));
}
int main(void)
{
	in_both(all);
	return 0;
}
