/* Rename and rmdir of what somebody stands in or has open; the cwd after its name is gone. */
#include "both.h"

static void all(void)
{
	char here[256], buf[512];
	struct stat st;
	int fd;

	getcwd(here, sizeof(here));
	mkdir("a", 0755); mkdir("a/b", 0755); mkdir("c", 0755);
	SHOW(chdir("a/b"));
	SHOW(rename("../../a", "../../c/moved"));
	SHOW(getcwd(buf, sizeof(buf)) != NULL);
	puts(buf + strlen(here));
	SHOW(stat("../..", &st));
	SHOW(mkdir("sub", 0755));
	SHOW(chdir(".."));
	SHOW(rename("b/sub", "../../top"));
	SHOW(chdir("../../top"));
	SHOW(getcwd(buf, sizeof(buf)) != NULL);
	puts(buf + strlen(here));
	SHOW(rmdir("../top"));
	SHOW(getcwd(buf, sizeof(buf)) == NULL ? -1 : 0);
	SHOW(stat(".", &st));
	SHOW(st.st_nlink);
	SHOW(stat("..", &st));
	SHOW(open("x", O_CREAT | O_WRONLY, 0600));
	SHOW(mkdir("x", 0755));
	SHOW(symlink("a", "x"));
	SHOW(open(".", O_RDONLY | O_DIRECTORY) >= 0);
	SHOW(chdir("."));
	SHOW(chdir(here));
	/* an open file goes on under any name */
	put_file("f", "old"); put_file("g", "new");
	fd = open("f", O_RDWR);
	SHOW(rename("g", "f"));
	SHOW(read(fd, buf, 10));
	SHOW(write(fd, "more", 4));
	cat("f");
	SHOW(fstat(fd, &st) == 0 && st.st_nlink == 0 && st.st_size == 7);
	SHOW(fchmod(fd, 0600));
	SHOW(fchown(fd, -1, -1));
	SHOW(futimens(fd, NULL));
	SHOW(ftruncate(fd, 1));
	SHOW(fsync(fd));
	SHOW(fstat(fd, &st) == 0 && st.st_size == 1 && (st.st_mode & 07777) == 0600);
}
int main(void)
{
	in_both(all);
	return 0;
}
