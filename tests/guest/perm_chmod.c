/* chmod, fchmod, fchmodat: who may, and set-user-ID, set-group-ID and sticky bits that do not stay. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned uid, gid, want;
static void prepare(const char *a) { (void)a; unlink("f"); make_at("f", 0644, uid, gid); chmod("d", 0755); dir_at("d", 0755, uid, gid); }
static int change(const char *a) { return chmod(a, want); }
static int by_fd(const char *a) { int fd = open(a, O_RDONLY); return fchmod(fd, want); }
static int by_path(const char *a) { int fd = open(a, O_PATH); return fchmod(fd, want); }
static void result(const char *a) { struct stat st; stat(a, &st); printf("%-14s    -> %o %o\n", "", want, st.st_mode & 07777); }

static void table(void)
{
	static const unsigned wants[] = { 0600, 04755, 02755, 02644, 01644, 07777 };
	static const unsigned ids[][2] = { { 1001, 1001 }, { 1001, 1003 }, { 0, 0 }, { 1003, 1001 } };
	char label[32];

	for (unsigned w = 0; w < 6; w++)
		for (unsigned i = 0; i < 4; i++) {
			want = wants[w];
			uid = ids[i][0], gid = ids[i][1];
			perm_head("chmod");
			snprintf(label, sizeof(label), "%u:%u %o", uid, gid, want);
			perm_row(label, prepare, change, "f");
			prepare("f");
			as_user(&perm_users[0], change, "f");
			result("f");
			prepare("f");
			as_user(&perm_users[0], change, "d");
			result("d");
		}
	uid = gid = 1001, want = 0640;
	perm_row("fchmod", prepare, by_fd, "f");
	perm_row("O_PATH", prepare, by_path, "f");
	perm_row("missing", prepare, change, "none");
}
int main(void)
{
	in_both(table);
	return 0;
}
