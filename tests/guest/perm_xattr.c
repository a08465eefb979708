/* Who may read, set, list and remove extended attributes of which name space. */
// needs-root: users
// timeout: 60
#include "perm.h"

#include <sys/xattr.h>
static const char *name = "user.a";
static unsigned mode;
static void prepare(const char *a)
{
	unlink("f");
	make_at("f", mode, 1001, 1001);
	dir_at("d", mode | 01000, 1001, 1001);
	lsetxattr(a, name, "value", 5, 0);
}
static int get(const char *a) { char b[16]; return lgetxattr(a, name, b, sizeof(b)) < 0 ? -1 : 0; }
static int set(const char *a) { return lsetxattr(a, name, "other", 5, 0); }
static int del(const char *a) { return lremovexattr(a, name); }
static int list(const char *a) { char b[256]; return llistxattr(a, b, sizeof(b)) < 0 ? -1 : 0; }

static void table(void)
{
	static const struct { const char *name; int (*fn)(const char *a); } ops[] = { { "get", get }, { "set", set },
		{ "remove", del }, { "list", list } };
	static const char *const names[] = { "user.a", "trusted.a", "security.a" };
	static const unsigned modes[] = { 0600, 0644, 0666, 0000 };
	char label[32];

	for (unsigned n = 0; n < 3; n++)
		for (unsigned o = 0; o < 4; o++) {
			name = names[n];
			perm_head(ops[o].name);
			for (unsigned i = 0; i < 4; i++) {
				mode = modes[i];
				snprintf(label, sizeof(label), "%s %o", name, mode);
				perm_row(label, prepare, ops[o].fn, "f");
			}
			mode = 0777;
			snprintf(label, sizeof(label), "%s dir", name);
			perm_row(label, prepare, ops[o].fn, "d");
		}
}
int main(void)
{
	in_both(table);
	return 0;
}
