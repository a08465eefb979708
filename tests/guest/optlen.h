/* For the opt_* programs: every option of a level on a fresh socket, get and set, with every length that matters. Values are not
 * shown, only what the call says. */
#ifndef OPTLEN_H
#define OPTLEN_H

#include <stdlib.h>
#include <sys/socket.h>
#include "show.h"

static inline void opt_get(int fd, int level, int name, int len)
{
	unsigned char buf[512];
	socklen_t l = (socklen_t)len;

	if (getsockopt(fd, level, name, buf, &l))
		printf(" %s", errno_name(errno));
	else
		printf(" %d", (int)l);
}

static inline void opt_set(int fd, int level, int name, int value, int len, const void *from)
{
	union { int v[64]; char bytes[256]; } u;

	memset(&u, 0, sizeof(u));
	u.v[0] = value;
	printf(" %s", setsockopt(fd, level, name, from ? from : &u, (socklen_t)len) ? errno_name(errno) : "ok");
}

struct opt_range { int first, last; };

/* Options @r of @level on sockets that @make makes; those in @skip (0-ended) are left out. */
static inline void opt_matrix(const char *what, int (*make)(void), int level, struct opt_range r, const int *skip)
{
	static const int lens[] = { 0, 1, 3, 4, 8, 100, -1 };

	for (int name = r.first; name <= r.last; name++) {
		int left_out = 0;

		for (const int *s = skip; s && *s; s++)
			left_out |= *s == name;
		if (left_out)
			continue;
		printf("%s %d: get", what, name);
		for (unsigned i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
			int fd = make();

			opt_get(fd, level, name, lens[i]);
			close(fd);
		}
		printf("; set");
		for (unsigned i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
			int fd = make();

			opt_set(fd, level, name, 1, lens[i], NULL);
			close(fd);
		}
		for (int v = -1; v <= 300; v += 301) {
			int fd = make();

			printf("; %d", v);
			opt_set(fd, level, name, v, 4, NULL);
			opt_get(fd, level, name, 4);
			close(fd);
		}
		{
			int fd = make();

			printf("; bad");
			opt_set(fd, level, name, 0, 4, BAD_PTR);
			close(fd);
		}
		printf("\n");
	}
	fflush(stdout);
}

#endif
