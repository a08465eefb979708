/* umount2: what keeps a mount busy, lazy and expiring unmounts, errors of mount and umount. */
// needs-root: mount(2)
#include "mnt.h"

int main(void)
{
	char buf[8] = "", dir[256];
	struct stat st;
	int fd;

	own_mounts();
	mkdir("m", 0755);
	SHOW(umount("m"));
	SHOW(umount("none"));
	SHOW(umount2("m", 0x100));
	SHOW(mount("t", "m", "tmpfs", 0, NULL));
	make_file("m/f", "kept");
	mkdir("m/d", 0755);
	fd = open("m/f", O_RDONLY);
	SHOW(umount("m"));
	SHOW(umount("m/d"));
	SHOW(umount2("m", MNT_DETACH));
	SHOW(open("m/f", O_RDONLY));
	SHOW(read(fd, buf, 4));
	printf("%s\n", buf);
	close(fd);
	/* somebody stands in it */
	SHOW(mount("t", "m", "tmpfs", 0, NULL));
	mkdir("m/d", 0755);
	SHOW(chdir("m/d"));
	SHOW(umount("../../m"));
	SHOW(umount2("../../m", MNT_DETACH));
	SHOW(stat(".", &st));
	SHOW(mkdir("x", 0700));
	SHOW(syscall(SYS_getcwd, dir, sizeof(dir)));
	puts(dir);
	SHOW(chdir(".."));
	SHOW(chdir(".."));
	SHOW(stat("d/x", &st));
	return 0;
}
