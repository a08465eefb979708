/* renameat2 with every flag, over all kinds of objects. */
// needs-root: RENAME_WHITEOUT makes a device
#include "both.h"

static long rn(const char *a, const char *b, unsigned flags) { return syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, flags); }

static void all(void)
{
	struct stat st, st2;

	put_file("a", "A"); put_file("b", "B");
	mkdir("d", 0755); mkdir("e", 0755); mkdir("e/in", 0755);
	symlink("a", "l");
	mknod("p", S_IFIFO | 0600, 0);
	SHOW(rn("a", "b", RENAME_NOREPLACE));
	SHOW(rn("a", "a", RENAME_NOREPLACE));
	SHOW(rn("a", "c", RENAME_NOREPLACE));
	SHOW(rn("c", "d", RENAME_NOREPLACE));
	SHOW(rn("c", "a", 0));
	SHOW(rn("a", "b", RENAME_EXCHANGE));
	cat("a"); cat("b");
	SHOW(rn("a", "d", RENAME_EXCHANGE));
	SHOW(stat("a", &st) == 0 && S_ISDIR(st.st_mode));
	cat("d");
	SHOW(rn("a", "d", RENAME_EXCHANGE));
	SHOW(rn("l", "p", RENAME_EXCHANGE));
	SHOW(lstat("p", &st) == 0 && S_ISLNK(st.st_mode));
	SHOW(rn("d", "e", RENAME_EXCHANGE));
	SHOW(stat("d/in", &st));
	SHOW(rn("d", "d/in", RENAME_EXCHANGE));
	SHOW(rn("d/in", "d", RENAME_EXCHANGE));
	SHOW(rn("d/in", "e", RENAME_EXCHANGE));
	SHOW(rn("a", "none", RENAME_EXCHANGE));
	SHOW(rn("none", "a", RENAME_EXCHANGE));
	SHOW(rn("a", "b", RENAME_EXCHANGE | RENAME_NOREPLACE));
	SHOW(rn("a", "b", 0x80));
	SHOW(rn("a", ".", RENAME_NOREPLACE));
	SHOW(rn("a", ".", RENAME_EXCHANGE));
	/* plain ones */
	SHOW(rn("a", "d", 0));
	SHOW(rn("d", "a", 0));
	SHOW(rn("d", "e", 0));
	SHOW(rn("e", "d", 0));
	mkdir("full", 0755); put_file("full/x", "x");
	SHOW(rn("d", "full", 0));
	SHOW(link("a", "hard"));
	SHOW(rn("a", "hard", 0));
	SHOW(stat("a", &st) | stat("hard", &st2));
	SHOW(st.st_ino == st2.st_ino);
	SHOW(rn("p", "a", 0));
	SHOW(lstat("a", &st) == 0 && S_ISLNK(st.st_mode));
	/* nlink of directories that move */
	mkdir("x", 0755); mkdir("x/y", 0755); mkdir("z", 0755);
	SHOW(stat("x", &st) | stat("z", &st2));
	int had = st.st_nlink, had2 = st2.st_nlink;
	SHOW(rename("x/y", "z/y"));
	SHOW(stat("x", &st) | stat("z", &st2));
	printf("%d %d\n", (int)st.st_nlink - had, (int)st2.st_nlink - had2);
}
int main(void)
{
	in_both(all);
	return 0;
}
