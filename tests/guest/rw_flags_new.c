/* The flags of preadv2 and pwritev2 that came last: RWF_DONTCACHE (Linux 6.14) and RWF_NOSIGNAL (Linux 6.18). */
// host-skip: the kernel below may be older
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "show.h"

#define DONTCACHE 0x80
#define NOSIGNAL 0x100

static int signals;
static void count(int sig) { signals++; }

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644), mem = memfd_create("m", 0), p[2], s[2];
	char buf[6000], back[6000];
	struct iovec v = { buf, sizeof(buf) }, w = { back, sizeof(back) };
	char *map;

	memset(buf, 'd', sizeof(buf));
	SHOW(pwritev2(fd, &v, 1, 100, DONTCACHE));
	map = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
	SHOW(map[100] == 'd' && map[6099] == 'd' && !map[99]);
	SHOW(preadv2(fd, &w, 1, 100, DONTCACHE));
	SHOW(memcmp(buf, back, sizeof(buf)));
	SHOW(map[200] == 'd');
	v.iov_len = 1;
	SHOW(pwritev2(mem, &v, 1, 0, DONTCACHE));
	SHOW(pwritev2(fd, &v, 1, 0, 0x40)); /* RWF_ATOMIC, which the file system does not have */
	signal(SIGPIPE, count);
	pipe(p);
	close(p[0]);
	SHOW(pwritev2(p[1], &v, 1, -1, NOSIGNAL));
	SHOW(signals);
	SHOW(pwritev2(p[1], &v, 1, -1, RWF_HIPRI));
	SHOW(signals);
	SHOW(write(p[1], "x", 1));
	SHOW(signals);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	close(s[0]);
	SHOW(pwritev2(s[1], &v, 1, -1, NOSIGNAL));
	SHOW(signals);
	SHOW(write(s[1], "x", 1));
	SHOW(signals);
	SHOW(pwritev2(fd, &v, 1, 0, NOSIGNAL));
	return 0;
}
