/* /proc/self/mounts and mountinfo: order, escapes, options, roots of bind mounts; statfs's flags. */
// needs-root: mount(2)
#include <sys/statvfs.h>

#include "mnt.h"

static void lines(const char *file, const char *with)
{
	char line[1024];
	FILE *f = fopen(file, "r");

	while (f && fgets(line, sizeof(line), f)) {
		char *at = strstr(line, with);

		if (at)
			printf("%s", at);
	}
	if (f)
		fclose(f);
}

int main(void)
{
	struct statvfs sv;

	own_mounts();
	mkdir("odd name\t\\x", 0755);
	mkdir("m", 0755);
	SHOW(mount("a source", "odd name\t\\x", "tmpfs", MS_NOSUID | MS_NODEV, "size=64k,mode=700"));
	lines("/proc/self/mounts", "odd");
	SHOW(mount("odd name\t\\x", "m", NULL, MS_BIND, NULL));
	SHOW(statvfs("m", &sv));
	SHOW(!!(sv.f_flag & ST_NOSUID) && !!(sv.f_flag & ST_NODEV) && !(sv.f_flag & ST_RDONLY));
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOEXEC, NULL));
	SHOW(statvfs("m", &sv));
	SHOW(!!(sv.f_flag & ST_RDONLY) && !!(sv.f_flag & ST_NOEXEC) && !(sv.f_flag & ST_NOSUID));
	SHOW(statvfs("odd name\t\\x", &sv));
	SHOW(!(sv.f_flag & ST_RDONLY));
	SHOW(sv.f_bsize == 4096 && sv.f_blocks == 16 && sv.f_namemax == 255);
	mkdir("odd name\t\\x/dir", 0755);
	SHOW(umount("m"));
	SHOW(mount("odd name\t\\x/dir", "m", NULL, MS_BIND, NULL));
	show_mount("/m");
	SHOW(chroot("odd name\t\\x"));
	lines("/proc/self/mounts", "/");
	return 0;
}
