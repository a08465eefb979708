/* Helper of the inotify_* programs: prints what has happened, with the names that programs gave to their watches. */
#ifndef INOTIFY_H
#define INOTIFY_H

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "show.h"

static inline void print_mask(unsigned mask)
{
	static const struct { unsigned bit; const char *name; } names[] = {
		{ IN_ACCESS, "ACCESS" }, { IN_MODIFY, "MODIFY" }, { IN_ATTRIB, "ATTRIB" }, { IN_CLOSE_WRITE, "CLOSE_WRITE" },
		{ IN_CLOSE_NOWRITE, "CLOSE_NOWRITE" }, { IN_OPEN, "OPEN" }, { IN_MOVED_FROM, "MOVED_FROM" },
		{ IN_MOVED_TO, "MOVED_TO" }, { IN_CREATE, "CREATE" }, { IN_DELETE, "DELETE" }, { IN_DELETE_SELF, "DELETE_SELF" },
		{ IN_MOVE_SELF, "MOVE_SELF" }, { IN_UNMOUNT, "UNMOUNT" }, { IN_Q_OVERFLOW, "Q_OVERFLOW" },
		{ IN_IGNORED, "IGNORED" }, { IN_ISDIR, "ISDIR" },
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (mask & names[i].bit)
			printf(" %s", names[i].name);
}

/* Everything that is queued; descriptors must be O_NONBLOCK. Cookies are numbered from the first one on. */
static inline void events(int fd, const char *what)
{
	static char buf[65536] __attribute__((aligned(8)));
	static unsigned first_cookie;
	int n;

	printf("-- %s\n", what);
	while ((n = (int)read(fd, buf, sizeof(buf))) > 0) {
		for (char *p = buf; p < buf + n;) {
			struct inotify_event *e = (void *)p;

			printf("   %d", e->wd);
			print_mask(e->mask);
			if (e->len)
				printf(" \"%s\" (%u)", e->name, e->len);
			if (e->cookie) {
				if (!first_cookie)
					first_cookie = e->cookie;
				printf(" cookie %u", e->cookie - first_cookie);
			}
			printf("\n");
			p += sizeof(*e) + e->len;
		}
	}
	fflush(stdout);
}

#endif
