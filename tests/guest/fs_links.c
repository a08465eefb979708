/* Symbolic links: chains, loops and their limit, long targets, dangling ones, and where they are followed. */
#include "both.h"

static void all(void)
{
	static char text[5000];
	char name[16], next[16];
	struct stat st;
	int i;

	put_file("end", "end");
	symlink("end", "l0");
	for (i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		snprintf(next, sizeof(next), "l%d", i - 1);
		symlink(next, name);
	}
	SHOW(stat("l38", &st));
	SHOW(stat("l39", &st));
	SHOW(stat("l40", &st));
	SHOW(open("l40", O_RDONLY));
	SHOW(symlink("a", "b") | symlink("b", "a"));
	SHOW(stat("a", &st));
	SHOW(lstat("a", &st));
	SHOW(open("a", O_RDONLY | O_NOFOLLOW));
	SHOW(open("a", O_CREAT | O_WRONLY, 0600));
	SHOW(open("a", O_CREAT | O_EXCL | O_WRONLY, 0600));
	SHOW(chdir("a"));
	SHOW(mkdir("a/x", 0700));
	SHOW(symlink("", "empty"));
	memset(text, 120, 4096);
	text[4096] = 0;
	SHOW(symlink(text, "long"));
	text[4095] = 0;
	SHOW(symlink(text, "long"));
	SHOW(lstat("long", &st) == 0 && st.st_size == 4095);
	SHOW(stat("long", &st));
	SHOW(readlink("long", text, 10));
	SHOW(readlink("l1", text, sizeof(text)));
	SHOW(readlink("end", text, 10));
	SHOW(readlink("l1", text, 0));
	SHOW(readlink("none", text, 10));
	SHOW(readlink("l1", BAD_PTR, 10));
	symlink("new", "dangling");
	SHOW(open("dangling", O_RDONLY));
	SHOW(open("dangling", O_CREAT | O_EXCL | O_WRONLY, 0600));
	SHOW(mkdir("dangling", 0700));
	SHOW(open("dangling", O_CREAT | O_WRONLY, 0600) >= 0);
	SHOW(stat("new", &st));
	SHOW(unlink("dangling"));
	SHOW(stat("new", &st));
	mkdir("dir", 0755);
	symlink("dir", "dl");
	SHOW(rmdir("dl"));
	SHOW(rmdir("dl/"));
	SHOW(unlink("dl/"));
	SHOW(stat("dl/", &st) == 0 && S_ISDIR(st.st_mode));
	SHOW(lstat("dl/", &st) == 0 && S_ISDIR(st.st_mode));
	SHOW(lstat("dl", &st) == 0 && S_ISLNK(st.st_mode));
	SHOW(lstat("l1/", &st));
	SHOW(link("dl", "hard"));
	SHOW(lstat("hard", &st) == 0 && S_ISLNK(st.st_mode));
	SHOW(linkat(AT_FDCWD, "l1", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
	SHOW(lstat("followed", &st) == 0 && S_ISREG(st.st_mode));
	SHOW(rename("dl", "dl2"));
	SHOW(lstat("dl2", &st) == 0 && S_ISLNK(st.st_mode));
	SHOW(open("dl2", O_RDONLY | O_DIRECTORY) >= 0);
	SHOW(open("dl2", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
	SHOW(open("dl2", O_PATH | O_NOFOLLOW) >= 0);
	SHOW(fchmodat(AT_FDCWD, "dl2", 0600, 0) == 0);
}
int main(void)
{
	in_both(all);
	return 0;
}
