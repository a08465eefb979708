/* mkdir, mkfifo, mknod, symlink, link: who may make what where, and whose it is then. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned mode;
static void prepare(const char *a)
{
	(void)a;
	chmod("d", 0700);
	unlink("d/x"); rmdir("d/x");
	dir_at("d", mode, 1001, 1001);
	make_at("f", 0666, 1001, 1001);
}
static int mkd(const char *a) { return mkdir(a, 0777); }
static int fifo(const char *a) { return mknod(a, S_IFIFO | 0666, 0); }
static int reg(const char *a) { return mknod(a, S_IFREG | 0666, 0); }
static int sock(const char *a) { return mknod(a, S_IFSOCK | 0666, 0); }
static int chr(const char *a) { return mknod(a, S_IFCHR | 0666, 0x103); }
static int blk(const char *a) { return mknod(a, S_IFBLK | 0666, 0x700); }
static int sym(const char *a) { return symlink("target", a); }
static int lnk(const char *a) { return link("f", a); }

static void table(void)
{
	static const struct { const char *name; int (*fn)(const char *a); } ops[] = { { "mkdir", mkd }, { "mkfifo", fifo },
		{ "mknod file", reg }, { "mknod socket", sock }, { "mknod char", chr }, { "mknod block", blk }, { "symlink", sym },
		{ "link", lnk } };
	static const unsigned modes[] = { 0700, 0770, 0777, 0555, 02777 };
	char label[32];
	struct stat st;

	for (unsigned o = 0; o < 8; o++) {
		perm_head(ops[o].name);
		for (unsigned i = 0; i < 5; i++) {
			mode = modes[i];
			snprintf(label, sizeof(label), "%05o", mode);
			perm_row(label, prepare, ops[o].fn, "d/x");
		}
		for (unsigned u = 0; u < NUSERS; u++) {
			prepare("");
			if (as_user(&perm_users[u], ops[o].fn, "d/x") || lstat("d/x", &st))
				continue;
			printf("  by %s: %o %u:%u\n", perm_users[u].name, st.st_mode, st.st_uid, st.st_gid);
		}
	}
}
int main(void)
{
	in_both(table);
	return 0;
}
