/* setsockopt and getsockopt of every level: each option with values and lengths of its own kind and of others. What is shown of
 * a value is the same on every machine. */
#include <linux/filter.h>
#include <linux/in6.h>
#include <linux/net_tstamp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/if.h>
#include <sys/time.h>

#include "diff_net.h"

/* What the C library's headers lack. */
enum { IP_LOCAL_PORT_RANGE_ = 51, IPV6_FREEBIND_ = 78, SO_TXREHASH_ = 74, SO_RESERVE_MEM_ = 73, SO_BUF_LOCK_ = 72 };

enum kind { INT, HIDDEN, TIME, LINGER, NAME, FILTER, CONGESTION, GROUP4, GROUP6, BYTES, INDEX, NETINDEX };
static const struct option {
	int level, name;
	enum kind kind;
} options[] = {
	{ SOL_SOCKET, SO_DEBUG, INT }, { SOL_SOCKET, SO_REUSEADDR, INT }, { SOL_SOCKET, SO_TYPE, INT }, { SOL_SOCKET, SO_ERROR, INT },
	{ SOL_SOCKET, SO_DONTROUTE, INT }, { SOL_SOCKET, SO_BROADCAST, INT }, { SOL_SOCKET, SO_SNDBUF, HIDDEN }, { SOL_SOCKET, SO_RCVBUF, HIDDEN },
	{ SOL_SOCKET, SO_KEEPALIVE, INT }, { SOL_SOCKET, SO_OOBINLINE, INT }, { SOL_SOCKET, SO_NO_CHECK, INT }, { SOL_SOCKET, SO_PRIORITY, INT },
	{ SOL_SOCKET, SO_LINGER, LINGER }, { SOL_SOCKET, SO_BSDCOMPAT, INT }, { SOL_SOCKET, SO_REUSEPORT, INT }, { SOL_SOCKET, SO_PASSCRED, INT },
	{ SOL_SOCKET, SO_PEERCRED, HIDDEN }, { SOL_SOCKET, SO_RCVLOWAT, INT }, { SOL_SOCKET, SO_SNDLOWAT, INT }, { SOL_SOCKET, SO_RCVTIMEO, TIME },
	{ SOL_SOCKET, SO_SNDTIMEO, TIME }, { SOL_SOCKET, SO_BINDTODEVICE, NAME }, { SOL_SOCKET, SO_ATTACH_FILTER, FILTER },
	{ SOL_SOCKET, SO_DETACH_FILTER, INT }, { SOL_SOCKET, SO_PEERNAME, HIDDEN }, { SOL_SOCKET, SO_TIMESTAMP, INT },
	{ SOL_SOCKET, SO_ACCEPTCONN, INT }, { SOL_SOCKET, SO_PASSSEC, INT }, { SOL_SOCKET, SO_TIMESTAMPNS, INT }, { SOL_SOCKET, SO_MARK, INT },
	{ SOL_SOCKET, SO_TIMESTAMPING, INT }, { SOL_SOCKET, SO_PROTOCOL, INT }, { SOL_SOCKET, SO_DOMAIN, INT }, { SOL_SOCKET, SO_RXQ_OVFL, INT },
	{ SOL_SOCKET, SO_WIFI_STATUS, INT }, { SOL_SOCKET, SO_PEEK_OFF, INT }, { SOL_SOCKET, SO_NOFCS, INT }, { SOL_SOCKET, SO_LOCK_FILTER, INT },
	{ SOL_SOCKET, SO_SELECT_ERR_QUEUE, INT }, { SOL_SOCKET, SO_MAX_PACING_RATE, HIDDEN }, { SOL_SOCKET, SO_BPF_EXTENSIONS, HIDDEN },
	{ SOL_SOCKET, SO_INCOMING_CPU, HIDDEN }, { SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, FILTER }, { SOL_SOCKET, SO_MEMINFO, HIDDEN },
	{ SOL_SOCKET, SO_COOKIE, HIDDEN }, { SOL_SOCKET, SO_PEERGROUPS, HIDDEN }, { SOL_SOCKET, SO_ZEROCOPY, INT },
	{ SOL_SOCKET, SO_BINDTOIFINDEX, INDEX }, { SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, INT }, { SOL_SOCKET, SO_TXREHASH_, INT },
	{ SOL_SOCKET, SO_BUF_LOCK_, INT }, { SOL_SOCKET, 500, INT },
	{ IPPROTO_IP, IP_TOS, INT }, { IPPROTO_IP, IP_TTL, INT }, { IPPROTO_IP, IP_HDRINCL, INT }, { IPPROTO_IP, IP_OPTIONS, BYTES },
	{ IPPROTO_IP, IP_RECVOPTS, INT }, { IPPROTO_IP, IP_RETOPTS, INT }, { IPPROTO_IP, IP_PKTINFO, INT }, { IPPROTO_IP, IP_MTU_DISCOVER, INT },
	{ IPPROTO_IP, IP_RECVERR, INT }, { IPPROTO_IP, IP_RECVTTL, INT }, { IPPROTO_IP, IP_RECVTOS, INT }, { IPPROTO_IP, IP_MTU, INT },
	{ IPPROTO_IP, IP_FREEBIND, INT }, { IPPROTO_IP, IP_TRANSPARENT, INT }, { IPPROTO_IP, IP_RECVORIGDSTADDR, INT }, { IPPROTO_IP, IP_MINTTL, INT },
	{ IPPROTO_IP, IP_NODEFRAG, INT }, { IPPROTO_IP, IP_CHECKSUM, INT }, { IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, INT },
	{ IPPROTO_IP, IP_MULTICAST_IF, NETINDEX }, { IPPROTO_IP, IP_MULTICAST_TTL, INT }, { IPPROTO_IP, IP_MULTICAST_LOOP, INT },
	{ IPPROTO_IP, IP_ADD_MEMBERSHIP, GROUP4 }, { IPPROTO_IP, IP_DROP_MEMBERSHIP, GROUP4 }, { IPPROTO_IP, IP_MULTICAST_ALL, INT },
	{ IPPROTO_IP, IP_UNICAST_IF, NETINDEX }, { IPPROTO_IP, IP_RECVFRAGSIZE, INT }, { IPPROTO_IP, IP_RECVERR_RFC4884, INT },
	{ IPPROTO_IP, IP_LOCAL_PORT_RANGE_, INT }, { IPPROTO_IP, IP_PKTOPTIONS, HIDDEN }, { IPPROTO_IP, 500, INT },
	{ IPPROTO_IPV6, IPV6_V6ONLY, INT }, { IPPROTO_IPV6, IPV6_UNICAST_HOPS, INT }, { IPPROTO_IPV6, IPV6_MULTICAST_HOPS, INT },
	{ IPPROTO_IPV6, IPV6_MULTICAST_LOOP, INT }, { IPPROTO_IPV6, IPV6_MULTICAST_IF, INDEX }, { IPPROTO_IPV6, IPV6_JOIN_GROUP, GROUP6 },
	{ IPPROTO_IPV6, IPV6_LEAVE_GROUP, GROUP6 }, { IPPROTO_IPV6, IPV6_MTU_DISCOVER, INT }, { IPPROTO_IPV6, IPV6_MTU, INT },
	{ IPPROTO_IPV6, IPV6_RECVERR, INT }, { IPPROTO_IPV6, IPV6_RECVPKTINFO, INT }, { IPPROTO_IPV6, IPV6_RECVHOPLIMIT, INT },
	{ IPPROTO_IPV6, IPV6_RECVHOPOPTS, INT }, { IPPROTO_IPV6, IPV6_RECVRTHDR, INT }, { IPPROTO_IPV6, IPV6_RECVDSTOPTS, INT },
	{ IPPROTO_IPV6, IPV6_HOPOPTS, BYTES }, { IPPROTO_IPV6, IPV6_DSTOPTS, BYTES }, { IPPROTO_IPV6, IPV6_RTHDR, BYTES },
	{ IPPROTO_IPV6, IPV6_RECVTCLASS, INT }, { IPPROTO_IPV6, IPV6_TCLASS, INT },
	{ IPPROTO_IPV6, IPV6_DONTFRAG, INT }, { IPPROTO_IPV6, IPV6_RECVPATHMTU, INT }, { IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, INT },
	{ IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, INT }, { IPPROTO_IPV6, IPV6_MINHOPCOUNT, INT }, { IPPROTO_IPV6, IPV6_RECVORIGDSTADDR, INT },
	{ IPPROTO_IPV6, IPV6_UNICAST_IF, NETINDEX }, { IPPROTO_IPV6, IPV6_RECVFRAGSIZE, INT }, { IPPROTO_IPV6, IPV6_FREEBIND_, INT },
	{ IPPROTO_IPV6, IPV6_FLOWINFO_SEND, INT }, { IPPROTO_IPV6, IPV6_FLOWINFO, INT }, { IPPROTO_IPV6, IPV6_CHECKSUM, INT },
	{ IPPROTO_IPV6, IPV6_ADDRFORM, INT }, { IPPROTO_IPV6, IPV6_MULTICAST_ALL, INT }, { IPPROTO_IPV6, IPV6_2292PKTINFO, INT },
	{ IPPROTO_IPV6, IPV6_2292PKTOPTIONS, HIDDEN }, { IPPROTO_IPV6, 500, INT },
	{ IPPROTO_TCP, TCP_NODELAY, INT }, { IPPROTO_TCP, TCP_MAXSEG, HIDDEN }, { IPPROTO_TCP, TCP_CORK, INT }, { IPPROTO_TCP, TCP_KEEPIDLE, INT },
	{ IPPROTO_TCP, TCP_KEEPINTVL, INT }, { IPPROTO_TCP, TCP_KEEPCNT, INT }, { IPPROTO_TCP, TCP_SYNCNT, INT }, { IPPROTO_TCP, TCP_LINGER2, INT },
	{ IPPROTO_TCP, TCP_DEFER_ACCEPT, INT }, { IPPROTO_TCP, TCP_WINDOW_CLAMP, HIDDEN }, { IPPROTO_TCP, TCP_INFO, HIDDEN },
	{ IPPROTO_TCP, TCP_QUICKACK, HIDDEN }, { IPPROTO_TCP, TCP_CONGESTION, CONGESTION }, { IPPROTO_TCP, TCP_USER_TIMEOUT, INT },
	{ IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, INT }, { IPPROTO_TCP, TCP_THIN_DUPACK, INT }, { IPPROTO_TCP, TCP_FASTOPEN, INT },
	{ IPPROTO_TCP, TCP_FASTOPEN_CONNECT, INT }, { IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, INT }, { IPPROTO_TCP, TCP_NOTSENT_LOWAT, INT },
	{ IPPROTO_TCP, TCP_SAVE_SYN, INT }, { IPPROTO_TCP, TCP_SAVED_SYN, HIDDEN }, { IPPROTO_TCP, TCP_INQ, INT },
	{ IPPROTO_TCP, TCP_TIMESTAMP, HIDDEN }, { IPPROTO_TCP, TCP_TX_DELAY, INT }, { IPPROTO_TCP, 500, INT },
	{ IPPROTO_UDP, UDP_CORK, INT }, { IPPROTO_UDP, UDP_NO_CHECK6_TX, INT }, { IPPROTO_UDP, UDP_NO_CHECK6_RX, INT },
	{ IPPROTO_UDP, UDP_SEGMENT, INT }, { IPPROTO_UDP, UDP_GRO, INT }, { IPPROTO_UDP, 500, INT }, { 136, 10, INT }, { 500, 1, INT },
};

static const struct option *an_option(void)
{
	const struct option *o = &PICK(options);

	out(" %d/%d", o->level, o->name);
	return o;
}

static size_t a_filter(void *to)
{
	static struct sock_filter code[] = { { BPF_RET | BPF_K, 0, 0, 0 } };
	static const struct sock_filter loop[] = { { BPF_JMP | BPF_JA, 0, 0, 7 } };
	struct sock_fprog prog = { 1, code };

	code[0].k = (uint32_t)VALUE(-1, -1, 5, 0);
	if (chance(10))
		prog.filter = (struct sock_filter *)loop;
	else if (chance(10))
		prog.len = (unsigned short)VALUE(0, 5000);
	else if (chance(5))
		prog.filter = BAD_PTR;
	memcpy(to, &prog, sizeof(prog));
	return sizeof(prog);
}

static size_t a_group(void *to, bool six)
{
	struct ip_mreq four = { { htonl((uint32_t)VALUE(0xe0000005, 0xe0000005, 0xe0000006, 0x7f000001)) },
		{ htonl((uint32_t)VALUE(0x7f000001, 0x7f000001, 0xc0000201)) } };
	struct ipv6_mreq v6 = { .ipv6mr_multiaddr.s6_addr = { (uint8_t)VALUE(0xff, 0xff, 0x20), (uint8_t)VALUE(1, 2), [15] = 9 },
		.ipv6mr_ifindex = (int)VALUE(1, 1, 1, 1000) };

	if (six)
		memcpy(to, &v6, sizeof(v6));
	else
		memcpy(to, &four, sizeof(four));
	return six ? sizeof(v6) : sizeof(four);
}

/* A value of the option's kind; its size. */
static size_t an_option_value(const struct option *o, char *to)
{
	static const char *const names[] = { "lo", "lo", "", "nodev", "a-name-that-is-too-long" };
	static const char *const congestion[] = { "reno", "cubic", "reno", "none-such", "" };
	static const char bytes[][8] = { { 1, 1, 1, 0 }, { 7, 7, 4 }, { 0, 0, 1, 4 }, { 0, 0, 5, 2 }, { 68, 8, 5 }, { 59, 0, 1, 0 } };
	long v[2];

	switch (o->kind) {
	case TIME: case LINGER:
		v[0] = VALUE(0, 1, 10, -1), v[1] = VALUE(0, 1000, 999999, 1000000, -1);
		if (o->kind == LINGER) {
			struct linger l = { (int)v[1] & 1, 0 };

			memcpy(to, &l, sizeof(l));
			return sizeof(l);
		}
		memcpy(to, v, sizeof(v));
		return sizeof(v);
	case NAME:
		return (size_t)snprintf(to, 32, "%s", PICK(names));
	case CONGESTION:
		return (size_t)snprintf(to, 32, "%s", PICK(congestion));
	case FILTER:
		return a_filter(to);
	case GROUP4: case GROUP6:
		return a_group(to, o->kind == GROUP6);
	case INDEX: case NETINDEX: /* only lo is on every machine */
		v[0] = VALUE(0, 1, 1, 1000000);
		memcpy(to, &(uint32_t){ o->kind == INDEX ? (uint32_t)v[0] : htonl((uint32_t)v[0]) }, sizeof(uint32_t));
		return sizeof(uint32_t);
	case BYTES:
		memcpy(to, PICK(bytes), 8);
		return (size_t)VALUE(8, 8, 4, 0, 40);
	default:
		memcpy(to, &(int){ (int)VALUE(0, 1, 1, 2, 3, 5, 7, 64, 100, 255, 256, 1000, 1500, 65536, -1, -2, 0x7fffffff) }, sizeof(int));
		return sizeof(int);
	}
}

static void op_set(void)
{
	const struct option *o = an_option();
	char value[256] = { 0 };
	int fd = a_sock();
	socklen_t len = (socklen_t)an_option_value(o, value);

	if (chance(12))
		len = (socklen_t)VALUE(0, 1, 2, 3, 4, 8, 12, 16, 20, 128, -1);
	/* With no room to speak of, what fits is a matter of each kernel's accounts. */
	if (o->level == SOL_SOCKET && (o->name == SO_SNDBUF || o->name == SO_RCVBUF))
		memcpy(value, &(int){ 100000 }, sizeof(int));
	/* A connection that ends by a reset does so when the peer's delayed acknowledgement comes. */
	if (o->level == IPPROTO_TCP && o->name == TCP_LINGER2)
		value[3] &= 0x7f;
	/* Whether a segment that is there already has a time depends on whether anybody on the machine has asked for times. */
	if (o->level == SOL_SOCKET && (o->name == SO_TIMESTAMP || o->name == SO_TIMESTAMPNS) && tcp_more(fd))
		memset(value, 0, sizeof(value));
	result(setsockopt(fd, o->level, o->name, chance(98) ? value : BAD_PTR, len));
}

static void op_get(void)
{
	const struct option *o = an_option();
	char value[512];
	int fd = a_sock();
	socklen_t len = (socklen_t)VALUE(4, 4, 4, 16, 8, 1, 0, 3, 256, -1);

	memset(value, 0x55, sizeof(value));
	if (result(getsockopt(fd, o->level, o->name, chance(98) ? value : BAD_PTR, &len)) || o->kind == HIDDEN || o->kind == CONGESTION)
		return;
	out("  %u %08x\n", len, hash(value, len < sizeof(value) ? len : sizeof(value)));
}

const struct op sockopt_ops[] = { { "set", op_set, 20 }, { "get", op_get, 12 }, { 0 } };
