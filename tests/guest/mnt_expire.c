/* MNT_EXPIRE, errors of mount(2) in their order, mounts on files and on what is gone, change of propagation. */
// needs-root: mount(2)
/* musl */
#include <sys/wait.h>

#include "mnt.h"

int main(void)
{
	char cwd[256];
	struct stat st;

	own_mounts();
	getcwd(cwd, sizeof(cwd));
	mkdir("m", 0755);
	make_file("f", "file");
	SHOW(mount("t", "m", "tmpfs", 0, NULL));
	SHOW(umount2("m", MNT_EXPIRE | MNT_DETACH));
	SHOW(umount2("m", MNT_EXPIRE));
	SHOW(stat("m/x", &st));
	SHOW(umount2("m", MNT_EXPIRE));
	SHOW(umount2("m", MNT_EXPIRE));
	show_mount("/m");
	/* errors */
	SHOW(mount("t", "none", "tmpfs", 0, NULL));
	SHOW(mount("t", "m", "nosuchfs", 0, NULL));
	SHOW(mount("t", "m", NULL, 0, NULL));
	SHOW(mount("t", "f", "tmpfs", 0, NULL));
	SHOW(mount("t", "f/x", "tmpfs", 0, NULL));
	SHOW(mount("t", BAD_PTR, "tmpfs", 0, NULL));
	SHOW(mount("t", "m", BAD_PTR, 0, NULL));
	SHOW(mount(BAD_PTR, "m", "tmpfs", 0, NULL));
	SHOW(mount("t", "m", "tmpfs", 0, BAD_PTR));
	SHOW(mount(NULL, "m", NULL, MS_BIND, NULL));
	SHOW(mount("", "m", NULL, MS_BIND, NULL));
	SHOW(mount("none", "m", NULL, MS_BIND, NULL));
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT, NULL));
	SHOW(mount(NULL, "m", NULL, MS_PRIVATE, NULL));
	SHOW(mount(NULL, "m", NULL, MS_MOVE, NULL));
	/* propagation */
	SHOW(mount("t", "m", "tmpfs", 0, NULL));
	SHOW(mount(NULL, "m", NULL, MS_PRIVATE, NULL));
	SHOW(mount(NULL, "m", NULL, MS_SLAVE, NULL));
	SHOW(mount(NULL, "m", NULL, MS_PRIVATE | MS_SLAVE, NULL));
	SHOW(mount(NULL, "m", NULL, MS_PRIVATE | MS_RDONLY, NULL));
	SHOW(mkdir("b", 0755));
	SHOW(mount(NULL, "m", NULL, MS_UNBINDABLE, NULL));
	SHOW(mount("m", "b", NULL, MS_BIND, NULL));
	SHOW(mount(NULL, "m", NULL, MS_PRIVATE, NULL));
	SHOW(mount("m", "b", NULL, MS_BIND, NULL));
	SHOW(umount("b"));
	/* proc again, and the magic number of old */
	SHOW(mkdir("p", 0755));
	SHOW(mount("proc", "p", "proc", 0xC0ED0000 | MS_NOSUID, NULL));
	SHOW(stat("p/self/status", &st));
	SHOW(umount("p"));
	SHOW(umount("m"));
	/* without the right to */
	if (!fork()) {
		if (setuid(1000))
			_exit(1);
		SHOW(mount("t", "m", "tmpfs", 0, NULL));
		SHOW(mount("t", "none", "tmpfs", 0, NULL));
		SHOW(umount("m"));
		SHOW(umount("none"));
		SHOW(umount2("m", 0x1000));
		_exit(0);
	}
	wait(NULL);
	return 0;
}
