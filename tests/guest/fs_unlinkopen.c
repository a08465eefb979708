/* Files and directories that were removed while open: contents, attributes, new names, the same name again. */
#include "both.h"

static void all(void)
{
	char buf[16] = "";
	struct stat st, st2;
	int a, b, d;

	put_file("f", "first");
	a = open("f", O_RDWR);
	SHOW(unlink("f"));
	SHOW(unlink("f"));
	put_file("f", "second");
	b = open("f", O_RDWR);
	SHOW(read(a, buf, 15));
	puts(buf);
	SHOW(read(b, buf, 15));
	puts(buf);
	SHOW(fstat(a, &st) | fstat(b, &st2));
	SHOW(st.st_ino != st2.st_ino && st.st_nlink == 0 && st2.st_nlink == 1);
	SHOW(pwrite(a, "FIRST+", 6, 0));
	SHOW(pread(a, buf, 15, 0));
	cat("f");
	SHOW(fchmod(a, 0600) | ftruncate(a, 2));
	SHOW(fstat(a, &st) == 0 && st.st_size == 2 && (st.st_mode & 0777) == 0600);
	SHOW(rename("f", "g"));
	cat("g");
	close(a);
	mkdir("d", 0755);
	d = open("d", O_RDONLY | O_DIRECTORY);
	SHOW(rmdir("d"));
	mkdir("d", 0700);
	SHOW(openat(d, "x", O_CREAT | O_WRONLY, 0600));
	SHOW(mkdirat(d, "x", 0700));
	SHOW(symlinkat("x", d, "y"));
	SHOW(linkat(AT_FDCWD, "g", d, "y", 0));
	SHOW(renameat(AT_FDCWD, "g", d, "y"));
	SHOW(mknodat(d, "z", S_IFIFO | 0600, 0));
	SHOW(fstatat(d, "x", &st, 0));
	SHOW(fstat(d, &st) == 0 && st.st_nlink == 0);
	SHOW(unlinkat(d, "x", 0));
}
int main(void)
{
	in_both(all);
	return 0;
}
