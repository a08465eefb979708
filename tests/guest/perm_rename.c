/* rename: what the rights to both directories and to the moved one must be. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned mode, mode2, own;
static void prepare(const char *a)
{
	(void)a;
	chmod("a", 0777); chmod("b", 0777);
	unlink("a/f"); unlink("b/f"); rmdir("a/d"); rmdir("b/d"); unlink("b/t");
	dir_at("a", 0777, 1001, 1001);
	dir_at("b", 0777, 1001, 1001);
	make_at("a/f", 0600, own, own);
	make_at("b/t", 0600, own, own);
	dir_at("a/d", 0755, own, own);
	chmod("a", mode); chmod("b", mode2);
}
static int file(const char *a) { (void)a; return rename("a/f", "b/f"); }
static int over(const char *a) { (void)a; return rename("a/f", "b/t"); }
static int dir(const char *a) { (void)a; return rename("a/d", "b/d"); }
static int none(const char *a) { (void)a; return rename("a/none", "b/f"); }

static void table(void)
{
	static const struct { const char *name; int (*fn)(const char *a); } ops[] = { { "file", file }, { "over", over },
		{ "directory", dir }, { "missing", none } };
	static const unsigned modes[] = { 0755, 0777, 0555, 0666, 01777 };
	char label[32];

	for (own = 1001; own <= 1003; own += 2)
		for (unsigned o = 0; o < 4; o++) {
			perm_head(ops[o].name);
			for (unsigned i = 0; i < 25; i++) {
				mode = modes[i / 5], mode2 = modes[i % 5];
				if (i / 5 && i % 5 && i / 5 != i % 5)
					continue;
				snprintf(label, sizeof(label), "%u %o %o", own, mode, mode2);
				perm_row(label, prepare, ops[o].fn, "");
			}
		}
}
int main(void)
{
	in_both(table);
	return 0;
}
