/* Bind mounts: of directories and files, recursive, on top of each other, read-only alone, moved. */
// needs-root: mount(2)
/* musl */
#include "mnt.h"

int main(void)
{
	struct stat a, b;

	own_mounts();
	SHOW(mkdir("a", 0755) | mkdir("a/sub", 0755) | mkdir("b", 0755) | mkdir("c", 0755));
	SHOW(mount("base", "a", "tmpfs", 0, NULL));
	mkdir("a/sub", 0755);
	mkdir("a/sub/deep", 0755);
	make_file("a/f", "from a");
	make_file("target", "covered");
	SHOW(mount("a", "b", NULL, MS_BIND, NULL));
	show_file("b/f");
	show_mount("/b");
	SHOW(stat("a/f", &a) | stat("b/f", &b));
	SHOW(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	make_file("b/new", "by b");
	show_file("a/new");
	SHOW(rename("a/new", "b/new2"));
	SHOW(link("a/new", "b/new2"));
	SHOW(rename("a/new", "a/new2"));
	show_file("b/new2");
	/* a file on a file */
	SHOW(mount("a/f", "target", NULL, MS_BIND, NULL));
	show_file("target");
	show_mount("/target");
	SHOW(unlink("target"));
	SHOW(rename("target", "other"));
	SHOW(rename("a/f", "target"));
	SHOW(mount("a/f", "c", NULL, MS_BIND, NULL));
	SHOW(mount("a/sub", "target", NULL, MS_BIND, NULL));
	SHOW(umount("target"));
	show_file("target");
	/* a mount below: only a recursive bind shows it */
	SHOW(mount("under", "a/sub", "tmpfs", 0, NULL));
	make_file("a/sub/in", "under");
	show_file("b/sub/in");
	SHOW(mount("a", "c", NULL, MS_BIND, NULL));
	show_file("c/sub/in");
	SHOW(umount("c"));
	SHOW(mount("a", "c", NULL, MS_BIND | MS_REC, NULL));
	show_file("c/sub/in");
	show_mount("/c/sub");
	SHOW(umount("c"));
	SHOW(umount2("c", MNT_DETACH));
	show_mount("/c/sub");
	/* stacked */
	SHOW(mount("over", "b", "tmpfs", 0, NULL));
	show_file("b/f");
	SHOW(umount("b"));
	show_file("b/f");
	/* read-only in one place */
	SHOW(mount(NULL, "b", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	SHOW(make_file("b/x", "x"));
	SHOW(make_file("a/x", "x"));
	/* a directory of a mount */
	SHOW(umount("a/sub"));
	SHOW(mount("a/sub", "c", NULL, MS_BIND, NULL));
	show_mount("/c");
	SHOW(stat("c/deep", &a));
	SHOW(chdir("c/deep"));
	SHOW(stat("../../a", &a));
	SHOW(umount("../../c"));
	SHOW(chdir("../.."));
	/* moving */
	SHOW(mkdir("d", 0755));
	SHOW(mount("c", "d", NULL, MS_MOVE, NULL));
	show_mount("/c");
	show_mount("/d");
	SHOW(mount("d/deep", "c", NULL, MS_MOVE, NULL));
	SHOW(mount("a", "a/sub", NULL, MS_MOVE, NULL));
	SHOW(mount("none", "c", NULL, MS_MOVE, NULL));
	SHOW(mount(NULL, "c", NULL, MS_MOVE, NULL));
	SHOW(mount("a", "c", NULL, MS_BIND | MS_REC, NULL));
	SHOW(umount("c") | umount("d") | umount("b") | umount("a"));
	SHOW(umount("a"));
	return 0;
}
