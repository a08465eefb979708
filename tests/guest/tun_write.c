/* What a tun device refuses to take from its program, and in which order: before the packet is looked at, and when it is down. */
// needs-root: it makes a network device, in a network of its own
#include "netlink.h"
#include <fcntl.h>
#include <linux/if_tun.h>
#include <sys/uio.h>

static void up(const char *name)
{
	struct ifreq r;
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	memset(&r, 0, sizeof(r));
	strcpy(r.ifr_name, name);
	SHOW(ioctl(s, SIOCGIFFLAGS, &r));
	r.ifr_flags |= IFF_UP;
	SHOW(ioctl(s, SIOCSIFFLAGS, &r));
	close(s);
}

static void writes(int fd, int head)
{
	static const unsigned char v4[4 + 20] = { 0, 0, 8, 0, 0x45, 0, 0, 20 }, other[4 + 20] = { 0, 0, 8, 0, 0x95 }, none[4 + 20] = { 0, 0, 0, 0, 0x45 };
	int at = head ? 0 : 4;

	SHOW(write(fd, v4, 0));
	SHOW(write(fd, v4 + at, 1));
	SHOW(write(fd, v4 + at, 3));
	SHOW(write(fd, v4 + at, 4));
	SHOW(write(fd, other + at, 1));
	SHOW(write(fd, other + at, sizeof(other) - at));
	SHOW(write(fd, none + at, sizeof(none) - at));
	SHOW(write(fd, v4 + at, sizeof(v4) - at));
	SHOW(writev(fd, &(struct iovec) { BAD_PTR, 20 }, 1));
}

int main(void)
{
	static const short flags[] = { IFF_TUN | IFF_NO_PI, IFF_TUN };

	if (unshare(CLONE_NEWNET) && errno != EINVAL)
		return 1; /* never without a network of its own */
	own_network();
	for (unsigned i = 0; i < 2; i++) {
		struct ifreq r = { .ifr_name = "t0" };
		int fd = open("/dev/net/tun", O_RDWR);

		SHOW(write(fd, "x", 1));
		r.ifr_flags = flags[i];
		SHOW(ioctl(fd, TUNSETIFF, &r));
		printf("down\n");
		writes(fd, i);
		printf("up\n");
		up("t0");
		writes(fd, i);
		close(fd);
	}
	return 0;
}
