/* umount2: what keeps a mount busy, lazy and expiring unmounts, errors of mount and umount. */
// needs-root: mount(2)
#include "mnt.h"

int main(void)
{
	char buf[8] = "", dir[256], start[256];
	struct stat st, below;
	int fd;

	own_mounts();
	if (!getcwd(start, sizeof(start)))
		return 1;
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
	/* one over another, where somebody stands */
	SHOW(chdir(start));
	mkdir("s", 0755);
	SHOW(chdir("s"));
	stat(".", &below);
	SHOW(umount("."));
	SHOW(mount("t", ".", "tmpfs", 0, NULL));
	SHOW(mount("t", "../s", "tmpfs", 0, NULL));
	SHOW(mount("t", ".", "tmpfs", 0, NULL));
	stat(".", &st);
	SHOW(st.st_dev == below.st_dev);
	SHOW(umount("."));
	stat("../s", &st);
	SHOW(st.st_dev == below.st_dev);
	SHOW(umount2(".", MNT_DETACH));
	SHOW(umount2("../s/.", MNT_DETACH));
	stat("../s", &st);
	SHOW(st.st_dev == below.st_dev);
	SHOW(umount("."));
	return 0;
}
