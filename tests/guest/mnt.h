/* Helpers of the mnt_* programs: a mount namespace of their own on the host (umk has one anyway), files, /proc/self/mountinfo. */
#ifndef MNT_H
#define MNT_H

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "show.h"

#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif

static inline void own_mounts(void)
{
	unshare(CLONE_NEWNS);
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	umask(022);
}

static inline int make_file(const char *name, const char *text)
{
	int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0644), n = fd < 0 ? -1 : (int)write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

static inline void show_file(const char *name)
{
	char buf[64] = "";
	int fd = open(name, O_RDONLY), n = fd < 0 ? -1 : (int)read(fd, buf, 63);

	printf("%s: %s\n", name, n < 0 ? errno_name(errno) : buf);
	if (fd >= 0)
		close(fd);
}

/* The line of /proc/self/mountinfo for @where (an end of its path): root, options, optional fields, type, source. */
static inline void show_mount(const char *where)
{
	char line[1024], root[256], point[256], opts[256], rest[512];
	FILE *f = fopen("/proc/self/mountinfo", "r");
	int seen = 0;

	while (f && fgets(line, sizeof(line), f)) {
		int id, parent, maj, min;
		size_t a, b = strlen(where);

		if (sscanf(line, "%d %d %d:%d %255s %255s %255s %511[^\n]", &id, &parent, &maj, &min, root, point, opts, rest) != 8)
			continue;
		a = strlen(point);
		if (a < b || strcmp(point + a - b, where))
			continue;
		char *dash = strstr(rest, "- "), type[64] = "", source[64] = "";

		sscanf(dash ? dash + 2 : "", "%63s %63s", type, source);
		printf("mount %s: root %s opts %s type %s source %s\n", where, strrchr(root, '/'), opts, type, source);
		seen++;
	}
	if (!seen)
		printf("mount %s: none\n", where);
	if (f)
		fclose(f);
}

#endif
