/* Opening files: every mode against every user, by what is asked for. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned mode;
static void prepare(const char *arg) { (void)arg; unlink("f"); make_at("f", mode, 1001, 1001); }
static int rd(const char *a) { return open(a, O_RDONLY); }
static int wr(const char *a) { return open(a, O_WRONLY); }
static int rw(const char *a) { return open(a, O_RDWR); }
static int tr(const char *a) { return open(a, O_RDONLY | O_TRUNC); }
static int cr(const char *a) { return open(a, O_CREAT | O_WRONLY, 0600); }
static int na(const char *a) { return open(a, O_RDONLY | O_NOATIME); }
static int pa(const char *a) { return open(a, O_PATH); }

static void table(void)
{
	static const struct { const char *name; int (*fn)(const char *a); } ops[] = { { "O_RDONLY", rd }, { "O_WRONLY", wr },
		{ "O_RDWR", rw }, { "O_TRUNC", tr }, { "O_CREAT", cr }, { "O_NOATIME", na }, { "O_PATH", pa } };
	static const unsigned modes[] = { 0, 0400, 0200, 0600, 0040, 0020, 0004, 0006, 0444, 0666 };
	char label[32];

	for (unsigned o = 0; o < 7; o++) {
		perm_head(ops[o].name);
		for (unsigned i = 0; i < 10; i++) {
			mode = modes[i];
			snprintf(label, sizeof(label), "%04o", mode);
			perm_row(label, prepare, ops[o].fn, "f");
		}
	}
}
int main(void)
{
	in_both(table);
	return 0;
}
