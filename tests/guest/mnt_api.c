/* fsopen, fsconfig, fsmount, open_tree, move_mount, fspick, mount_setattr: a mount by descriptors, and errors. */
// needs-root: mount(2)
#include <sys/syscall.h>

#include "mnt.h"

#define fsopen_(...) syscall(430, __VA_ARGS__)
#define fsconfig_(...) syscall(431, __VA_ARGS__)
#define fsmount_(...) syscall(432, __VA_ARGS__)
#define fspick_(...) syscall(433, __VA_ARGS__)
#define open_tree_(...) syscall(428, __VA_ARGS__)
#define move_mount_(...) syscall(429, __VA_ARGS__)
#define setattr_(...) syscall(442, __VA_ARGS__)

struct attr { unsigned long set, clr, propagation, userns; };

int main(void)
{
	struct attr a = { 0, 0, 0, 0 };
	char buf[64];
	struct stat st;
	int fs, mnt, tree, file;

	own_mounts();
	mkdir("m", 0755);
	mkdir("n", 0755);
	make_file("plain", "plain");
	SHOW(fsopen_("nosuchfs", 0));
	SHOW(fsopen_("tmpfs", 0x100));
	SHOW(fsopen_(BAD_PTR, 0));
	fs = fsopen_("tmpfs", 1);
	SHOW(fcntl(fs, F_GETFD));
	SHOW(fsconfig_(fs, 1, "source", "by fd", 0));
	SHOW(fsconfig_(fs, 1, "source", "again", 0));
	SHOW(fsconfig_(fs, 1, "size", "64k", 0));
	SHOW(fsconfig_(fs, 1, "mode", "0750", 0));
	SHOW(fsconfig_(fs, 1, "nonsense", "x", 0));
	SHOW(fsconfig_(fs, 0, "nonsense", NULL, 0));
	SHOW(fsconfig_(fs, 0, "rw", NULL, 0));
	SHOW(fsconfig_(fs, 0, "ro", "x", 0));
	SHOW(fsconfig_(fs, 1, NULL, "x", 0));
	SHOW(fsconfig_(fs, 77, NULL, NULL, 0));
	SHOW(fsconfig_(-1, 6, NULL, NULL, 0));
	SHOW(fsconfig_(99, 6, NULL, NULL, 0));
	SHOW(fsconfig_(1, 6, NULL, NULL, 0));
	SHOW(fsconfig_(fs, 7, NULL, NULL, 0));
	SHOW(fsmount_(fs, 0, 0));
	SHOW(fsconfig_(fs, 6, NULL, NULL, 0));
	SHOW(fsconfig_(fs, 6, NULL, NULL, 0));
	SHOW(fsconfig_(fs, 1, "size", "1m", 0));
	SHOW(fsmount_(fs, 0x100, 0));
	SHOW(fsmount_(fs, 0, 0x30));
	SHOW(fsmount_(fs, 0, 0x10000));
	SHOW(fsmount_(1, 0, 0));
	SHOW(fsmount_(99, 0, 0));
	mnt = fsmount_(fs, 1, 2 /* MOUNT_ATTR_NOSUID */ | 0x10);
	SHOW(mnt >= 0);
	SHOW(fsmount_(fs, 0, 0));
	/* it is there before it is anywhere */
	file = openat(mnt, "f", O_CREAT | O_RDWR, 0644);
	SHOW(write(file, "inside", 6));
	close(file);
	SHOW(move_mount_(mnt, "", AT_FDCWD, "m", 0));
	SHOW(move_mount_(mnt, "", AT_FDCWD, "none", 4));
	SHOW(move_mount_(mnt, "", AT_FDCWD, "plain", 4));
	SHOW(move_mount_(mnt, "", AT_FDCWD, "m", 0x10000));
	SHOW(move_mount_(99, "", AT_FDCWD, "m", 4));
	SHOW(move_mount_(mnt, "", AT_FDCWD, "m", 4));
	show_file("m/f");
	show_mount("/m");
	SHOW(stat("m", &st));
	printf("%o\n", st.st_mode);
	close(mnt);
	close(fs);
	/* moved on, and copied */
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "n", 0));
	show_mount("/m");
	show_mount("/n");
	tree = open_tree_(AT_FDCWD, "n", 1);
	SHOW(tree >= 0);
	SHOW(openat(tree, "f", O_RDONLY) >= 0);
	SHOW(umount("n"));
	SHOW(umount2("n", MNT_DETACH));
	SHOW(move_mount_(tree, "", AT_FDCWD, "m", 4));
	show_file("m/f");
	close(tree);
	show_file("m/f");
	tree = open_tree_(AT_FDCWD, "m", 0);
	SHOW(fcntl(tree, F_GETFL) & O_PATH ? 1 : 0);
	SHOW(read(tree, buf, 1));
	close(tree);
	SHOW(open_tree_(AT_FDCWD, "m", 0x8000));
	SHOW(open_tree_(AT_FDCWD, "m", 0x10));
	SHOW(open_tree_(AT_FDCWD, "none", 1));
	/* attributes */
	a.set = 1 | 8;
	SHOW(setattr_(AT_FDCWD, "m", 0, &a, sizeof(a)));
	show_mount("/m");
	a = (struct attr){ .clr = 1 | 0x70, .set = 0x80 };
	SHOW(setattr_(AT_FDCWD, "m", 0, &a, sizeof(a)));
	show_mount("/m");
	file = open("m/f", O_RDWR);
	a = (struct attr){ .set = 1 };
	SHOW(setattr_(AT_FDCWD, "m", 0, &a, sizeof(a)));
	close(file);
	a = (struct attr){ .set = 0x10 };
	SHOW(setattr_(AT_FDCWD, "m", 0, &a, sizeof(a)));
	a = (struct attr){ .set = 0x8000 };
	SHOW(setattr_(AT_FDCWD, "m", 0, &a, sizeof(a)));
	a = (struct attr){ .propagation = 3 << 18 };
	SHOW(setattr_(AT_FDCWD, "m", 0, &a, sizeof(a)));
	a = (struct attr){ .propagation = MS_PRIVATE };
	SHOW(setattr_(AT_FDCWD, "m", 0x8000, &a, sizeof(a)));
	a = (struct attr){ .set = 1 };
	SHOW(setattr_(AT_FDCWD, "m/f", 0, &a, sizeof(a)));
	SHOW(setattr_(AT_FDCWD, "none", 0, &a, sizeof(a)));
	SHOW(setattr_(AT_FDCWD, "m", 0x2, &a, sizeof(a)));
	SHOW(setattr_(AT_FDCWD, "m", 0, &a, 8));
	SHOW(setattr_(AT_FDCWD, "m", 0, &a, 100000));
	SHOW(setattr_(AT_FDCWD, "m", 0, BAD_PTR, sizeof(a)));
	/* new options */
	fs = fspick_(AT_FDCWD, "m", 0);
	SHOW(fs >= 0);
	SHOW(fsconfig_(fs, 1, "size", "128k", 0));
	SHOW(fsconfig_(fs, 7, NULL, NULL, 0));
	SHOW(fspick_(AT_FDCWD, "m/f", 0));
	SHOW(fspick_(AT_FDCWD, "none", 0));
	SHOW(fspick_(AT_FDCWD, "m", 0x100));
	SHOW(umount("m"));
	close(fs);
	SHOW(umount("m"));
	SHOW(setuid(1000));
	SHOW(fsopen_("tmpfs", 0));
	SHOW(fsmount_(1, 0, 0));
	SHOW(open_tree_(AT_FDCWD, "m", 1));
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "n", 0));
	SHOW(fspick_(AT_FDCWD, "m", 0));
	return 0;
}
