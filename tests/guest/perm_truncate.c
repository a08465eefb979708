/* truncate and ftruncate: who may; set-user-ID and set-group-ID go when contents change. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned mode;
static void prepare(const char *a) { (void)a; unlink("f"); make_at("f", mode, 1001, 1001); }
static int trunc_(const char *a) { return truncate(a, 10); }
static int write_(const char *a) { int fd = open(a, O_WRONLY); return fd < 0 ? -1 : write(fd, "x", 1); }
static int alloc(const char *a) { int fd = open(a, O_WRONLY); return fd < 0 ? -1 : fallocate(fd, 0, 0, 100); }

static void table(void)
{
	static const struct { const char *name; int (*fn)(const char *a); } ops[] = { { "truncate", trunc_ }, { "write", write_ },
		{ "fallocate", alloc } };
	static const unsigned modes[] = { 0400, 0200, 0020, 0002, 06777, 02666, 04766 };
	char label[32];
	struct stat st;

	for (unsigned o = 0; o < 3; o++) {
		perm_head(ops[o].name);
		for (unsigned i = 0; i < 7; i++) {
			mode = modes[i];
			snprintf(label, sizeof(label), "%04o", mode);
			perm_row(label, prepare, ops[o].fn, "f");
			if (!(mode & 06000))
				continue;
			for (unsigned u = 0; u < NUSERS; u++) {
				prepare("");
				as_user(&perm_users[u], ops[o].fn, "f");
				stat("f", &st);
				printf("  %s leaves %o\n", perm_users[u].name, st.st_mode & 07777);
			}
		}
	}
}
int main(void)
{
	in_both(table);
	return 0;
}
