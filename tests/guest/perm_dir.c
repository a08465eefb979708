/* Searching and changing directories: what each bit of a directory lets each user do in it. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned mode;
static void prepare(const char *arg)
{
	(void)arg;
	chmod("d", 0700);
	unlink("d/new"); unlink("d/f2"); rmdir("d/sub");
	dir_at("d", 0700, 1001, 1001);
	make_at("d/f", 0666, 1001, 1001);
	chmod("d", mode);
}
static int look(const char *a) { struct stat st; (void)a; return stat("d/f", &st); }
static int none(const char *a) { struct stat st; (void)a; return stat("d/none", &st); }
static int list(const char *a) { return open(a, O_RDONLY | O_DIRECTORY); }
static int go(const char *a) { return chdir(a); }
static int make(const char *a) { (void)a; return open("d/new", O_CREAT | O_EXCL | O_WRONLY, 0600); }
static int kill_(const char *a) { (void)a; return unlink("d/f"); }
static int move(const char *a) { (void)a; return rename("d/f", "d/f2"); }
static int sub(const char *a) { (void)a; return mkdir("d/sub", 0700); }
static int tmp(const char *a) { return open(a, O_TMPFILE | O_RDWR, 0600); }

static void table(void)
{
	static const struct { const char *name; int (*fn)(const char *a); } ops[] = { { "stat", look }, { "stat none", none },
		{ "list", list }, { "chdir", go }, { "create", make }, { "unlink", kill_ }, { "rename", move }, { "mkdir", sub },
		{ "O_TMPFILE", tmp } };
	static const unsigned modes[] = { 0, 0100, 0300, 0500, 0600, 0700, 0070, 0007, 0711, 0777, 01777 };
	char label[32];

	for (unsigned o = 0; o < 9; o++) {
		perm_head(ops[o].name);
		for (unsigned i = 0; i < 11; i++) {
			mode = modes[i];
			snprintf(label, sizeof(label), "%05o", mode);
			perm_row(label, prepare, ops[o].fn, "d");
		}
	}
}
int main(void)
{
	in_both(table);
	return 0;
}
