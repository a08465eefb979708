/* chown: who may give what to whom, and what becomes of set-user-ID and set-group-ID. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned to_uid, to_gid, mode;
static void prepare(const char *a) { (void)a; unlink("f"); make_at("f", mode, 1001, 1001); }
static int change(const char *a) { return chown(a, to_uid, to_gid); }

static void table(void)
{
	static const unsigned ids[][2] = { { -1, -1 }, { 1001, -1 }, { 1001, 1001 }, { 1002, -1 }, { -1, 1001 }, { -1, 1002 },
		{ -1, 1003 }, { 0, 0 }, { 1003, 1003 } };
	static const unsigned modes[] = { 0644, 06755, 06644, 02755, 04711 };
	char label[32];
	struct stat st;

	mode = 0644;
	perm_head("chown");
	for (unsigned i = 0; i < 9; i++) {
		to_uid = ids[i][0], to_gid = ids[i][1];
		snprintf(label, sizeof(label), "%d:%d", (int)to_uid, (int)to_gid);
		perm_row(label, prepare, change, "f");
	}
	for (unsigned m = 0; m < 5; m++)
		for (unsigned u = 0; u < NUSERS; u++) {
			int err;

			mode = modes[m];
			to_uid = -1, to_gid = u == 1 ? -1 : 1001;
			prepare("f");
			err = as_user(&perm_users[u], change, "f");
			stat("f", &st);
			printf("%o by %s: %s %o\n", mode, perm_users[u].name, err ? errno_name(err) : "+", st.st_mode & 07777);
		}
	dir_at("d", 06755, 1001, 1001);
	to_uid = 1002;
	chown("d", 1002, 1002);
	stat("d", &st);
	printf("directory %o\n", st.st_mode & 07777);
	symlink("f", "l");
	lchown("l", 1003, 1003);
	lstat("l", &st);
	printf("link %u:%u\n", st.st_uid, st.st_gid);
}
int main(void)
{
	in_both(table);
	return 0;
}
