/* fsconfig(2) on what fsmount(2) has mounted, or fspick(2) has picked: options anew, once and again. */
// needs-root: mount(2)
#include "mnt.h"
#include <sys/statfs.h>

#define fsopen_(...) syscall(430, __VA_ARGS__)
#define fsconfig_(...) syscall(431, __VA_ARGS__)
#define fsmount_(...) syscall(432, __VA_ARGS__)
#define fspick_(...) syscall(433, __VA_ARGS__)
enum { SET_FLAG, SET_STRING, CREATE = 6, RECONFIGURE };

static int mnt;

static void now(void)
{
	struct statfs st;

	SHOW(fstatfs(mnt, &st));
	printf("  %ld inodes, %ld blocks, %s\n", (long)st.f_files, (long)st.f_blocks, st.f_flags & 1 ? "ro" : "rw");
}

static void change(int fs)
{
	SHOW(fsconfig_(fs, SET_STRING, "nr_inodes", "200", 0));
	SHOW(fsconfig_(fs, SET_FLAG, "ro", NULL, 0));
	now();
	SHOW(fsconfig_(fs, RECONFIGURE, NULL, NULL, 0));
	now();
	/* the option before is not repeated */
	SHOW(fsconfig_(fs, SET_STRING, "nr_inodes", "300", 0));
	SHOW(fsconfig_(fs, RECONFIGURE, NULL, NULL, 0));
	now();
	SHOW(fsconfig_(fs, SET_FLAG, "rw", NULL, 0));
	SHOW(fsconfig_(fs, RECONFIGURE, NULL, NULL, 0));
	now();
	SHOW(fsconfig_(fs, RECONFIGURE, NULL, NULL, 0));
	now();
	SHOW(fsconfig_(fs, CREATE, NULL, NULL, 0));
	SHOW(fsmount_(fs, 0, 0));
	SHOW(fsconfig_(fs, SET_FLAG, "nothing", NULL, 0));
	/* fewer than there are: it fails, and so does all that follows */
	SHOW(fsconfig_(fs, SET_STRING, "nr_inodes", "1", 0));
	SHOW(fsconfig_(fs, RECONFIGURE, NULL, NULL, 0));
	now();
	SHOW(fsconfig_(fs, SET_STRING, "nr_inodes", "400", 0));
	SHOW(fsconfig_(fs, RECONFIGURE, NULL, NULL, 0));
	now();
}

int main(void)
{
	int fs;

	own_mounts();
	fs = (int)fsopen_("tmpfs", 0);
	SHOW(fsconfig_(fs, SET_STRING, "nr_inodes", "100", 0));
	SHOW(fsconfig_(fs, SET_STRING, "size", "1m", 0));
	SHOW(fsconfig_(fs, RECONFIGURE, NULL, NULL, 0));
	SHOW(fsconfig_(fs, CREATE, NULL, NULL, 0));
	SHOW(fsconfig_(fs, SET_FLAG, "ro", NULL, 0));
	mnt = (int)fsmount_(fs, 0, 0);
	SHOW(mkdirat(mnt, "d", 0700));
	now();
	change(fs);
	fs = (int)fspick_(mnt, "", 8 /* FSPICK_EMPTY_PATH */);
	SHOW(fs >= 0);
	change(fs);
	return 0;
}
