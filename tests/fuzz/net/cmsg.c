/* Control messages and addresses on their way in and out: sendmsg with what the input holds on a socket of its choice, then
 * recvmsg on all of them with a buffer of its choice. */
#include "net.h"

enum { UNIX_DGRAM, UNIX_PEER, UNIX_STREAM, UNIX_STREAM_PEER, UNIX_SEQ, UNIX_SEQ_PEER, UDP4, UDP6, LITE4, RAW4, RAW6, PING4, PING6, TCP4,
	NR_SOCKS };
static int socks[NR_SOCKS];

static void make_pair(int type, int at)
{
	pair(type | SOCK_NONBLOCK, &socks[at]);
}

static int make(int family, int type, int protocol, bool bound)
{
	struct sockaddr_in6 a = { .sin6_family = (u16)family, .sin6_port = htons(2000) };
	int s = (int)__sys_socket(family, type | SOCK_NONBLOCK, protocol);

	FUZZ_ASSERT(s >= 0);
	poke(0, &a, sizeof(a));
	if (bound)
		FUZZ_ASSERT(!__sys_bind(s, G(0), family == AF_INET ? 16 : 28));
	if (family == AF_INET6 || family == AF_INET) {
		a = (struct sockaddr_in6){ .sin6_family = (u16)family, .sin6_port = htons(2000) };
		if (family == AF_INET)
			a.sin6_flowinfo = htonl(0x7f000001);
		else
			a.sin6_addr.s6_addr[15] = 1;
		poke(0, &a, sizeof(a));
		if (bound)
			__sys_connect(s, G(0), family == AF_INET ? 16 : 28);
	}
	return s;
}

static void open_all(void)
{
	make_pair(SOCK_DGRAM, UNIX_DGRAM);
	make_pair(SOCK_STREAM, UNIX_STREAM);
	make_pair(SOCK_SEQPACKET, UNIX_SEQ);
	socks[UDP4] = make(AF_INET, SOCK_DGRAM, 0, true);
	socks[UDP6] = make(AF_INET6, SOCK_DGRAM, 0, false);
	socks[LITE4] = make(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE, true);
	socks[RAW4] = make(AF_INET, SOCK_RAW, 200, false);
	socks[RAW6] = make(AF_INET6, SOCK_RAW, 201, false);
	socks[PING4] = make(AF_INET, SOCK_DGRAM, IPPROTO_ICMP, false);
	socks[PING6] = make(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, false);
	socks[TCP4] = make(AF_INET, SOCK_STREAM, 0, false);
	for (unsigned i = 0; i < NR_SOCKS; i++)
		fuzz_set(socks[i], SOL_SOCKET, SO_TIMESTAMPING, 0x1ff);
}

/* Control messages: each with a length that is right or not, and bytes of the input. The size of all. */
static u32 build(struct input *in, u64 at)
{
	u32 size = 0;

	for (unsigned n = in8(in) % 5; n; n--) {
		static const u8 levels[] = { SOL_SOCKET, SOL_IP, SOL_IPV6, SOL_UDP, SOL_SOCKET, SOL_IPV6, SOL_TCP, 255 };
		u8 what = in8(in), data[256] = { 0 };
		u32 len = what & 0x10 ? in8(in) : what & 0x20 ? 4 : what & 0x40 ? 20 : 1 + (what >> 7) * 7u;
		struct cmsghdr c = { .cmsg_len = sizeof(c) + len, .cmsg_level = levels[what & 7], .cmsg_type = in8(in) };

		if (what & 8)
			c.cmsg_len += in8(in) & 1 ? (size_t)in32(in) << (in8(in) & 31) : (size_t)(s64)(s8)in8(in);
		in_bytes(in, data, len);
		if (c.cmsg_level == SOL_SOCKET && c.cmsg_type <= 3) /* descriptors that exist, more often than not */
			for (u32 i = 0; i + 4 <= len; i += 4)
				data[i] %= 24, data[i + 1] = data[i + 2] = data[i + 3] = data[i + 3] == 0xff ? 0xff : 0;
		poke(at + size, &c, sizeof(c));
		poke(at + size + sizeof(c), data, len);
		size += (u32)(sizeof(c) + len + 7) & ~7u;
	}
	return size;
}

static u32 build_name(struct input *in, u64 at, u8 how)
{
	struct sockaddr_in6 a = { .sin6_family = how & 1 ? AF_INET6 : AF_INET, .sin6_port = htons(2000) };
	u8 raw[130] = { 0 };
	u32 n;

	if (how & 4) {
		n = in_bytes(in, raw, in8(in) % sizeof(raw));
		if (how & 8)
			raw[0] = how & 1 ? AF_UNIX : AF_INET6, raw[1] = 0;
		poke(at, raw, sizeof(raw));
		return n;
	}
	if (how & 1)
		a.sin6_addr.s6_addr[15] = 1, a.sin6_scope_id = how >> 6;
	else
		a.sin6_flowinfo = htonl(0x7f000001);
	poke(at, &a, sizeof(a));
	return how & 1 ? 28 : 16;
}

static void send_one(struct input *in)
{
	u8 which = in8(in), how = in8(in);
	struct iovec iov = { G(8192), which & 0x80 ? in16(in) : in8(in) };
	struct user_msghdr m = { .msg_iov = G(256), .msg_iovlen = 1, .msg_control = G(16384) };
	unsigned flags = MSG_DONTWAIT | MSG_NOSIGNAL | (which & 0x40 ? in16(in) & ~(unsigned)MSG_CMSG_COMPAT : 0);

	m.msg_controllen = build(in, 16384);
	if (how & 0x10)
		m.msg_controllen += (u64)(s64)(s8)in8(in);
	if (how & 2) {
		m.msg_name = G(512);
		m.msg_namelen = (int)build_name(in, 512, how);
	}
	poke(0, &m, sizeof(m));
	poke(256, &iov, sizeof(iov));
	__sys_sendmsg(socks[which % NR_SOCKS], G(0), flags, true);
}

static void set_one(struct input *in)
{
	static const int levels[] = { SOL_SOCKET, SOL_IP, SOL_IPV6, SOL_UDP, SOL_TCP };
	u8 which = in8(in), level = in8(in), name = in8(in), data[128] = { 0 };
	u32 n = in8(in) % sizeof(data);

	in_bytes(in, data, n);
	/* None that keeps what the input has sent from ever being read. */
	if (levels[level % 5] == SOL_SOCKET && (name == SO_LINGER || name == SO_RCVLOWAT))
		return;
	poke(1024, data, sizeof(data));
	if (level & 0x80) {
		poke(0, &(u32){ n }, 4);
		__sys_getsockopt(socks[which % NR_SOCKS], levels[level % 5], name, G(1024), G(0));
	} else {
		__sys_setsockopt(socks[which % NR_SOCKS], levels[level % 5], name, G(1024), n);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, data + size };

	fuzz_start();
	open_all();
	for (unsigned n = 0; n < 40 && in_left(&in); n++) {
		u8 op = in8(&in);

		if (op & 1)
			send_one(&in);
		else if (op & 2)
			set_one(&in);
		else
			fuzz_recvmsg(socks[in8(&in) % NR_SOCKS], in8(&in), op & 4 ? MSG_ERRQUEUE : op & 8 ? MSG_PEEK : op & 16 ? MSG_CMSG_CLOEXEC : 0);
	}
	for (unsigned i = 0; i < NR_SOCKS; i++)
		for (unsigned k = 0; k < 20 && (fuzz_recvmsg(socks[i], 300, 0) >= 0 || fuzz_recvmsg(socks[i], 300, MSG_ERRQUEUE) >= 0); k++)
			;
	for (unsigned i = 0; i < 64; i++)
		do_close(i);
	fuzz_pass(100 * SECOND);
	FUZZ_ASSERT(!unix_tot_inflight && list_empty(&unix_sockets));
	return 0;
}
