/* tmpfs mounts: sizes, numbers of inodes, mode and owner of the root, options that are none. */
// needs-root: mount(2)
#include <sys/statfs.h>

#include "mnt.h"

static long fill(const char *name, size_t want)
{
	static char buf[65536];
	int fd = open(name, O_CREAT | O_WRONLY, 0644);
	size_t done = 0;
	long n = 0;

	while (done < want && (n = write(fd, buf, want - done < sizeof(buf) ? want - done : sizeof(buf))) > 0)
		done += n;
	if (n < 0)
		printf("%s: %s after %zu\n", name, errno_name(errno), done);
	else
		printf("%s: %zu\n", name, done);
	close(fd);
	return done;
}

int main(void)
{
	struct statfs sf;
	struct stat st;
	char name[16];
	int i;

	own_mounts();
	SHOW(mkdir("m", 0755));
	SHOW(mount("none", "m", "tmpfs", 0, "size=256k,nr_inodes=8,mode=750,uid=5,gid=6"));
	SHOW(stat("m", &st));
	printf("mode %o uid %d gid %d\n", st.st_mode, st.st_uid, st.st_gid);
	SHOW(statfs("m", &sf));
	printf("type %lx bsize %ld blocks %ld free %ld files %ld ffree %ld\n", (long)sf.f_type, (long)sf.f_bsize, (long)sf.f_blocks,
		(long)sf.f_bfree, (long)sf.f_files, (long)sf.f_ffree);
	show_mount("/m");
	fill("m/big", 1 << 20);
	SHOW(statfs("m", &sf));
	SHOW(sf.f_bfree);
	SHOW(stat("m/big", &st));
	SHOW(st.st_blocks);
	int fd = open("m/big", O_RDWR);
	SHOW(ftruncate(fd, 4096));
	SHOW(statfs("m", &sf));
	SHOW(sf.f_bfree);
	SHOW(fallocate(fd, 0, 0, 300000));
	SHOW(statfs("m", &sf));
	SHOW(sf.f_bfree);
	SHOW(fallocate(fd, 0, 0, 100000));
	SHOW(statfs("m", &sf));
	SHOW(sf.f_bfree);
	SHOW(ftruncate(fd, 10 << 20));
	SHOW(pread(fd, name, 4, 9 << 20));
	SHOW(statfs("m", &sf));
	SHOW(sf.f_bfree);
	close(fd);
	for (i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "m/f%d", i);
		if (mknod(name, S_IFREG | 0600, 0)) {
			printf("%s: %s\n", name, errno_name(errno));
			break;
		}
	}
	SHOW(mkdir("m/d", 0700));
	SHOW(symlink("x", "m/l"));
	SHOW(unlink("m/f0"));
	SHOW(mkdir("m/d", 0700));
	SHOW(mount("none", "m", NULL, MS_REMOUNT, "size=1m"));
	SHOW(statfs("m", &sf));
	SHOW(sf.f_blocks);
	fill("m/big2", 1 << 20);
	fill("m/f1", 1 << 20);
	SHOW(mount("none", "m", NULL, MS_REMOUNT, "size=8k"));
	SHOW(mount("none", "m", NULL, MS_REMOUNT, "nr_inodes=2"));
	SHOW(mount("none", "m", NULL, MS_REMOUNT, "nonsense=2"));
	SHOW(umount("m"));
	SHOW(mount("none", "m", "tmpfs", 0, "size=x"));
	SHOW(mount("none", "m", "tmpfs", 0, "nonsense"));
	SHOW(mount("none", "m", "tmpfs", 0, "mode=9"));
	SHOW(mount("src", "m", "tmpfs", 0, NULL));
	SHOW(stat("m", &st));
	printf("mode %o\n", st.st_mode);
	show_mount("/m");
	SHOW(umount("m"));
	SHOW(mount("r", "m", "ramfs", 0, "mode=711"));
	SHOW(stat("m", &st));
	printf("mode %o\n", st.st_mode);
	SHOW(umount2("m", MNT_DETACH));
	return 0;
}
