/* The *at calls: relative to directories, to nothing valid, with absolute paths, and their flags. */
#include "both.h"

static void all(void)
{
	struct stat st;
	char buf[64] = "";
	int d, f;

	mkdir("d", 0755);
	put_file("d/f", "in d");
	put_file("f", "outside");
	d = open("d", O_RDONLY | O_DIRECTORY);
	f = open("f", O_RDONLY);
	SHOW(openat(d, "f", O_RDONLY) >= 0);
	SHOW(openat(d, "../f", O_RDONLY) >= 0);
	SHOW(openat(f, "f", O_RDONLY));
	SHOW(openat(99, "f", O_RDONLY));
	SHOW(openat(99, "/", O_RDONLY) >= 0);
	SHOW(mkdirat(d, "sub", 0755));
	SHOW(symlinkat("f", d, "l"));
	SHOW(readlinkat(d, "l", buf, sizeof(buf)));
	puts(buf);
	SHOW(linkat(d, "f", d, "h", 0));
	SHOW(linkat(d, "l", d, "hl", 0));
	SHOW(fstatat(d, "hl", &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode));
	SHOW(linkat(d, "l", d, "hf", AT_SYMLINK_FOLLOW));
	SHOW(fstatat(d, "hf", &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 3);
	SHOW(renameat(d, "h", AT_FDCWD, "out"));
	cat("out");
	SHOW(fchmodat(d, "f", 0600, 0));
	SHOW(fchmodat(d, "none", 0600, 0));
	SHOW(fchownat(d, "l", -1, -1, AT_SYMLINK_NOFOLLOW));
	SHOW(fchownat(d, "l", -1, -1, 0x8000));
	SHOW(faccessat(d, "f", R_OK, 0));
	SHOW(faccessat(d, "f", 8, 0));
	SHOW(utimensat(d, "f", NULL, 0));
	SHOW(utimensat(f, "", NULL, AT_EMPTY_PATH));
	SHOW(fstatat(f, "", &st, AT_EMPTY_PATH));
	SHOW(fstatat(f, "", &st, 0));
	SHOW(fstatat(AT_FDCWD, "", &st, AT_EMPTY_PATH) == 0 && S_ISDIR(st.st_mode));
	SHOW(unlinkat(d, "sub", 0));
	SHOW(unlinkat(d, "sub", AT_REMOVEDIR));
	SHOW(unlinkat(d, "f", AT_REMOVEDIR));
	SHOW(unlinkat(f, "x", 0));
	SHOW(mknodat(d, "p", S_IFIFO | 0600, 0));
	SHOW(renameat(99, "x", d, "y"));
	SHOW(renameat(d, "p", 99, "y"));
	SHOW(linkat(99, "x", d, "y", 0));
	SHOW(symlinkat("x", 99, "y"));
	SHOW(readlinkat(99, "x", buf, 10));
}
int main(void)
{
	in_both(all);
	return 0;
}
