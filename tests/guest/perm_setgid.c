/* Directories with set-group-ID: the group of what is made in them, and the bit on programs. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned mode;
static void prepare(const char *a)
{
	(void)a;
	chmod("d", 0777);
	unlink("d/x"); rmdir("d/x");
	dir_at("d", 02777, 1001, 1001);
}
static int file(const char *a) { umask(0); return open(a, O_CREAT | O_EXCL | O_WRONLY, mode); }
static int mkd(const char *a) { umask(0); return mkdir(a, mode); }
static int nod(const char *a) { umask(0); return mknod(a, S_IFREG | mode, 0); }
static int masked(const char *a) { umask(027); return open(a, O_CREAT | O_EXCL | O_WRONLY, 0777); }

static void table(void)
{
	static const struct { const char *name; int (*fn)(const char *a); } ops[] = { { "open", file }, { "mkdir", mkd },
		{ "mknod", nod }, { "umask", masked } };
	static const unsigned modes[] = { 0644, 02755, 02745, 06777, 01777 };
	struct stat st;

	for (unsigned o = 0; o < 4; o++)
		for (unsigned i = 0; i < 5; i++)
			for (unsigned u = 0; u < NUSERS; u++) {
				int err;

				mode = modes[i];
				prepare("");
				err = as_user(&perm_users[u], ops[o].fn, "d/x");
				if (err || stat("d/x", &st))
					printf("%s %o by %s: %s\n", ops[o].name, mode, perm_users[u].name, errno_name(err));
				else
					printf("%s %o by %s: %o %u:%u\n", ops[o].name, mode, perm_users[u].name, st.st_mode & 07777, st.st_uid,
						st.st_gid);
			}
}
int main(void)
{
	in_both(table);
	return 0;
}
