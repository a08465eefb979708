// needs-root: net.unix.max_dgram_qlen
// host-skip: the host's knob stays as it is
/* net.unix.max_dgram_qlen: how many messages wait for sockets that are made from now on; and knobs that only tell. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "show.h"

static const char *get(const char *path)
{
	static char buf[64];
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, buf, sizeof(buf) - 1);

	close(fd);
	buf[n > 0 ? n : 0] = 0;
	return buf;
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), ret;

	if (fd < 0)
		return -1;
	ret = (int)write(fd, text, strlen(text));
	close(fd);
	return ret;
}

/* A socket that is bound to an address of its own. */
static int bound(const char *name)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	strcpy(to.sun_path, name);
	return bind(fd, (struct sockaddr *)&to, sizeof(to)) ? -1 : fd;
}

static int fills(const char *name)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), n = 0;

	strcpy(to.sun_path, name);
	while (sendto(fd, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof(to)) == 1)
		n++;
	printf("%s\n", errno_name(errno));
	close(fd);
	return n;
}

#define QLEN "/proc/sys/net/unix/max_dgram_qlen"

int main(void)
{
	printf("%s", get(QLEN));
	SHOW(bound("before") >= 0);
	SHOW(put(QLEN, "3"));
	printf("%s", get(QLEN));
	SHOW(bound("after") >= 0);
	SHOW(fills("before"));
	SHOW(fills("after"));
	printf("%s", get("/proc/sys/net/ipv4/tcp_available_congestion_control"));
	SHOW(put("/proc/sys/net/ipv4/tcp_available_congestion_control", "x"));
	SHOW(put("/proc/sys/net/ipv4/conf/all/forwarding", "1"));
	printf("%s", get("/proc/sys/net/ipv4/ip_forward"));
	return 0;
}
