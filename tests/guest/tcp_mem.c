/* net.ipv4.tcp_mem and udp_mem bound what all sockets together hold, as soon as they are written: writers wait, readers take
 * what is there and nothing is lost; afterwards all is as before. */
// host-skip: the limits are the whole machine's
// needs-root: knobs are root's to set
#include "tcp_pair.h"
#include "net_stat.h"

#define PAIRS 8

static void set_limits(const char *file, const char *limits)
{
	int fd = open(file, O_WRONLY);

	if (fd < 0 || write(fd, limits, strlen(limits)) < 0)
		die(file);
	close(fd);
}

/* Pages that "TCP:" or "UDP:" of sockstat has in use. */
static long pages(const char *proto)
{
	char line[256];
	long v = -1;
	FILE *f = fopen("/proc/net/sockstat", "r");

	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, proto, strlen(proto)))
			v = atol(strstr(line, " mem ") + 5);
	fclose(f);
	return v;
}

/* The byte of the stream of pair @i at @at. */
static unsigned char byte_of(int i, unsigned long at) { return (unsigned char)(at * 7 + (at >> 8) + (unsigned)i); }

static unsigned long fill(int fd, int i)
{
	static unsigned char buf[65536];
	unsigned long sent = 0;
	ssize_t n;

	do {
		for (unsigned k = 0; k < sizeof(buf); k++)
			buf[k] = byte_of(i, sent + k);
		n = send(fd, buf, sizeof(buf), MSG_DONTWAIT);
		sent += n > 0 ? (unsigned long)n : 0;
	} while (n > 0);
	return sent;
}

/* Reads to the end: bytes, ~0 if one is wrong. */
static unsigned long drain(int fd, int i)
{
	static unsigned char buf[65536];
	unsigned long got = 0;
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (ssize_t k = 0; k < n; k++, got++)
			if (buf[k] != byte_of(i, got))
				return ~0ul;
	return n ? ~0ul : got;
}

static void tcp(void)
{
	unsigned long sent[PAIRS], total = 0;
	int p[PAIRS][2], all = 1;

	set_limits("/proc/sys/net/ipv4/tcp_mem", "100 200 300");
	for (int i = 0; i < PAIRS; i++) {
		tcp_pair(p[i]);
		sent[i] = fill(p[i][0], i);
		total += sent[i];
	}
	printf("everybody could send something: %d\n", sent[0] && sent[1] && sent[PAIRS - 1]);
	printf("within the limit, but for a buffer each: %d\n", pages("TCP:") <= 300 + PAIRS * 17 && total < (300 + PAIRS * 17) * 4096ul);
	printf("pressure: %d\n", tcp_ext("TCPMemoryPressures") > 0);
	for (int i = 0; i < PAIRS; i++) {
		shutdown(p[i][0], SHUT_WR);
		all &= drain(p[i][1], i) == sent[i];
		close(p[i][0]);
		close(p[i][1]);
	}
	printf("nothing is lost: %d\n", all);
	set_limits("/proc/sys/net/ipv4/tcp_mem", "30000 40000 60000");
	tcp_pair(p[0]);
	printf("more than before: %d\n", fill(p[0][0], 0) > 300 * 4096);
	close(p[0][0]);
	close(p[0][1]);
	printf("no pressure, for some time there was: %d\n", tcp_ext("TCPMemoryPressuresChrono") >= 0);
}

static void udp(void)
{
	static char buf[30000];
	struct sockaddr_in a = LOOPBACK;
	socklen_t len = sizeof(a);
	int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0), got = 0;

	set_limits("/proc/sys/net/ipv4/udp_mem", "8 16 24");
	bind(s, (struct sockaddr *)&a, sizeof(a));
	getsockname(s, (struct sockaddr *)&a, &len);
	for (int i = 0; i < 5; i++)
		sendto(c, buf, sizeof(buf), 0, (struct sockaddr *)&a, sizeof(a));
	printf("UDP within the limit: %d\n", pages("UDP:") <= 24);
	while (recv(s, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		got++;
	printf("of 5 datagrams some came: %d, others were counted: %d\n", got > 0 && got < 5, snmp("Udp:", "MemErrors") == 5 - got);
	printf("and now nothing is held: %d\n", !pages("UDP:"));
	set_limits("/proc/sys/net/ipv4/udp_mem", "1000 2000 3000");
	for (int i = 0; i < 5; i++)
		sendto(c, buf, sizeof(buf), 0, (struct sockaddr *)&a, sizeof(a));
	for (got = 0; recv(s, buf, sizeof(buf), MSG_DONTWAIT) > 0; got++)
		;
	printf("all: %d\n", got == 5);
}

int main(void)
{
	tcp();
	udp();
	return 0;
}
