/* The sticky bit: who may remove, rename and replace what in a shared directory. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned file_uid, dir_uid;
static void prepare(const char *a)
{
	(void)a;
	chmod("d", 0777);
	unlink("d/f"); unlink("d/g"); rmdir("d/sub"); unlink("d/mine");
	dir_at("d", 01777, dir_uid, 0);
	make_at("d/f", 0666, file_uid, file_uid);
	dir_at("d/sub", 0777, file_uid, file_uid);
}
static int rm(const char *a) { (void)a; return unlink("d/f"); }
static int rmd(const char *a) { (void)a; return rmdir("d/sub"); }
static int mv(const char *a) { (void)a; return rename("d/f", "d/g"); }
static int over(const char *a) { (void)a; close(open("d/mine", O_CREAT | O_WRONLY, 0600)); return rename("d/mine", "d/f"); }
static int xchg(const char *a) { (void)a; close(open("d/mine", O_CREAT | O_WRONLY, 0600));
	return syscall(SYS_renameat2, AT_FDCWD, "d/mine", AT_FDCWD, "d/f", 2); }
static int wr(const char *a) { (void)a; return open("d/f", O_WRONLY); }

static void table(void)
{
	static const struct { const char *name; int (*fn)(const char *a); } ops[] = { { "unlink", rm }, { "rmdir", rmd },
		{ "rename", mv }, { "over", over }, { "exchange", xchg }, { "write", wr } };
	static const unsigned ids[][2] = { { 1001, 0 }, { 0, 1001 }, { 1003, 1002 }, { 1001, 1003 } };
	char label[32];

	for (unsigned o = 0; o < 6; o++) {
		perm_head(ops[o].name);
		for (unsigned i = 0; i < 4; i++) {
			file_uid = ids[i][0], dir_uid = ids[i][1];
			snprintf(label, sizeof(label), "file %u in %u", file_uid, dir_uid);
			perm_row(label, prepare, ops[o].fn, "");
		}
	}
}
int main(void)
{
	in_both(table);
	return 0;
}
