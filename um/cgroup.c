/* What the memory cgroups of the host still grant, for versions 1 and 2, inside a container or not. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"

#define CGROUP_ROOT "/sys/fs/cgroup"

/* Reads @dir/@name whole into @text. False if it cannot be read. */
static bool read_text(const char *dir, const char *name, char *text, size_t size)
{
	char path[4600];
	ssize_t n;
	int fd;

	if (snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "", name) >= (int)sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, size - 1);
	close(fd);
	if (n < 0)
		return false;
	text[n] = 0;
	return true;
}

/* A limit file holds a number or "max". */
static u64 read_limit(const char *dir, const char *name)
{
	char text[64];

	if (!read_text(dir, name, text, sizeof(text)) || text[0] < '0' || text[0] > '9')
		return ~0ull;
	return strtoull(text, NULL, 10);
}

/* Page cache that the cgroup would drop before it runs out. */
static u64 reclaimable(const char *dir)
{
	char text[8192];
	const char *at;

	if (!read_text(dir, "memory.stat", text, sizeof(text)))
		return 0;
	at = strstr(text, "\ntotal_inactive_file ");
	if (!at)
		at = strstr(text, "\ninactive_file ");
	return at ? strtoull(strchr(at, ' ') + 1, NULL, 10) : 0;
}

static u64 headroom_of(const char *dir, bool v2)
{
	u64 limit, used, spare;

	limit = read_limit(dir, v2 ? "memory.max" : "memory.limit_in_bytes");
	if (v2)
		limit = min(limit, read_limit(dir, "memory.high"));
	/* version 1 says "none" by a number near the largest */
	if (limit >= 1ull << 60)
		return ~0ull;
	used = read_limit(dir, v2 ? "memory.current" : "memory.usage_in_bytes");
	if (used == ~0ull)
		return limit;
	spare = reclaimable(dir);
	used -= min(used, spare);
	return limit > used ? limit - used : 0;
}

/* The smallest headroom from @path (below @root) up to @root itself. Inside a container the path is often not there: its
 * cgroup is then what is mounted at the root. */
static u64 headroom_up(const char *root, const char *path, bool v2)
{
	char dir[4500];
	u64 least = ~0ull;
	char *slash;

	if (snprintf(dir, sizeof(dir), "%s%s", root, path) >= (int)sizeof(dir))
		return ~0ull;
	while (strlen(dir) >= strlen(root)) {
		least = min(least, headroom_of(dir, v2));
		slash = strrchr(dir, '/');
		if (!slash)
			break;
		*slash = 0;
	}
	return least;
}

u64 cgroup_memory_headroom(void)
{
	char text[8192], *save = NULL;
	u64 least = ~0ull;

	if (!read_text("", "/proc/self/cgroup", text, sizeof(text)))
		return ~0ull;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!path)
			continue;
		*path++ = 0;
		controllers++;
		if (!strcmp(path, "/"))
			path = (char *)"";
		if (!*controllers)
			least = min(least, headroom_up(CGROUP_ROOT, path, true));
		else if (!strcmp(controllers, "memory"))
			least = min(least, headroom_up(CGROUP_ROOT "/memory", path, false));
	}
	return least;
}
