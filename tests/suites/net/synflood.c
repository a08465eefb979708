/* synflood N: N SYNs from addresses that never answer, sent through a raw socket to a listener that also serves others: its
 * connections live and new ones come through. As root, in a network of its own: it makes a tun device, into which the
 * listener's SYN-ACKs vanish. */
#include "tcp_pair.h"
#include "net_stat.h"
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <sys/wait.h>

#define EVERY 500 /* SYNs between two looks */

static uint32_t sum(const void *data, size_t size, uint32_t s)
{
	const uint8_t *p = data;

	for (size_t i = 0; i + 1 < size; i += 2)
		s += (uint32_t)(p[i] << 8 | p[i + 1]);
	return s;
}

static uint16_t fold(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return htons((uint16_t)~s);
}

/* 10.0.0.0/8 lies behind a device whose other end nobody reads; 10.0.0.1 is here. */
static void make_void(void)
{
	struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	struct sockaddr_in *sin = (struct sockaddr_in *)&r.ifr_addr;
	int tun = open("/dev/net/tun", O_RDWR), s = socket(AF_INET, SOCK_DGRAM, 0);

	strcpy(r.ifr_name, "void0");
	if (tun < 0 || ioctl(tun, TUNSETIFF, &r))
		die("tun");
	*sin = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x0a000001) };
	if (ioctl(s, SIOCSIFADDR, &r))
		die("SIOCSIFADDR");
	sin->sin_addr.s_addr = htonl(0xff000000);
	if (ioctl(s, SIOCSIFNETMASK, &r))
		die("SIOCSIFNETMASK");
	r.ifr_flags = IFF_UP;
	if (ioctl(s, SIOCSIFFLAGS, &r))
		die("SIOCSIFFLAGS");
	strcpy(r.ifr_name, "lo");
	ioctl(s, SIOCGIFFLAGS, &r);
	r.ifr_flags |= IFF_UP;
	if (ioctl(s, SIOCSIFFLAGS, &r))
		die("lo");
	close(s);
}

/* A listener for any address; *addr names it by @ip. */
static int listener_at(uint32_t ip, struct sockaddr_in *addr)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	socklen_t len = sizeof(any);
	int l = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(l, (struct sockaddr *)&any, len) || listen(l, 128) || getsockname(l, (struct sockaddr *)&any, &len))
		die("listener");
	*addr = any;
	addr->sin_addr.s_addr = htonl(ip);
	return l;
}

static void send_syn(int raw, const struct sockaddr_in *to, int i)
{
	struct {
		struct iphdr ip;
		struct tcphdr tcp;
	} p = { .ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP, .tot_len = htons(sizeof(p)) } };
	uint32_t s = IPPROTO_TCP + sizeof(p.tcp);

	p.ip.saddr = htonl(0x0a000002 + (uint32_t)i % 0xfffff0);
	p.ip.daddr = to->sin_addr.s_addr;
	p.tcp.source = htons((uint16_t)(1024 + i % 60000));
	p.tcp.dest = to->sin_port;
	p.tcp.seq = htonl((uint32_t)i * 2654435761u);
	p.tcp.syn = 1;
	p.tcp.doff = 5;
	p.tcp.window = htons(65535);
	p.tcp.check = fold(sum(&p.tcp, sizeof(p.tcp), sum(&p.ip.saddr, 8, s)));
	if (sendto(raw, &p, sizeof(p), 0, (const struct sockaddr *)to, sizeof(*to)) != sizeof(p))
		die("sendto");
}

static int echoed(int fd)
{
	char b = 0;

	return write(fd, "x", 1) == 1 && wait_for(fd, POLLIN) == 1 && read(fd, &b, 1) == 1 && b == 'x';
}

/* Serves each connection in a process of its own: the first for the whole time, the others for a byte. */
static void serve(int l)
{
	int fd;

	while ((fd = accept(l, NULL, NULL)) >= 0) {
		if (!fork()) {
			char b;

			while (read(fd, &b, 1) == 1)
				write(fd, &b, 1);
			_exit(0);
		}
		close(fd);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 0, l, raw, old, lived = 0, fresh = 0, looks = 0;
	struct sockaddr_in addr;
	pid_t server;

	make_void();
	l = listener_at(0x0a000001, &addr);
	server = fork();
	if (!server) {
		serve(l);
		_exit(1);
	}
	close(l);
	raw = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	if (raw < 0)
		die("raw socket");
	old = tcp_connect_to(&addr);
	for (int i = 0; i < n; i++) {
		send_syn(raw, &addr, i);
		if (i % EVERY != EVERY - 1)
			continue;
		int fd = tcp_connect_to(&addr);

		looks++;
		lived += echoed(old);
		fresh += echoed(fd);
		close(fd);
	}
	printf("= the old connection lived: %d of %d, new ones came through: %d of %d\n", lived, looks, fresh, looks);
	printf("= cookies were sent: %d, and came back: %d\n", tcp_ext("SyncookiesSent") > 0, tcp_ext("SyncookiesRecv") > 0);
	fprintf(stderr, "cookies sent %ld, returned %ld; half-open connections dropped %ld\n", tcp_ext("SyncookiesSent"),
		tcp_ext("SyncookiesRecv"), tcp_ext("TCPReqQFullDrop"));
	kill(server, SIGKILL);
	return lived != looks || fresh != looks;
}
