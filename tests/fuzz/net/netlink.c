/* Netlink: requests of all kernel sides, with headers and attributes that fit more or less, and the answers read. What requests
 * change (addresses, routes) stays for the inputs that follow; main.c begins anew now and then. */
#include "net.h"
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#define AT 16384u          /* of the messages, in guest memory */
#define MOST 8000u

static const u8 protocols[] = { NETLINK_ROUTE, NETLINK_ROUTE, NETLINK_ROUTE, NETLINK_SOCK_DIAG, NETLINK_GENERIC, NETLINK_USERSOCK,
	NETLINK_KOBJECT_UEVENT };

static void put_bytes(u8 *buf, u32 *at, const void *p, u32 n)
{
	n = min(n, MOST - *at);
	memcpy(buf + *at, p, n);
	*at += n;
}

static void align(u8 *buf, u32 *at)
{
	static const u8 zero[4];

	put_bytes(buf, at, zero, -*at & 3);
}

/* What chance does not spell. */
static void a_name(struct input *in, u8 *buf, u32 *at)
{
	static const char *const names[] = { "lo", "d0", "dummy", "tun", "netem", "nlctrl", "pfifo", "d%d" };
	const char *name = names[in8(in) % ARRAY_SIZE(names)];

	put_bytes(buf, at, name, (u32)strlen(name) + 1);
}

/* Attributes, three levels deep; a filter of sock_diag's is one, too. */
static void attributes(struct input *in, u8 *buf, u32 *at, u32 depth)
{
	for (u32 n = in8(in) % 6; n && *at + 64 < MOST; n--) {
		u8 kind = in8(in), data[256] = { 0 };
		struct rtattr a = { .rta_type = kind & 0x80 ? in16(in) : kind & 31 };
		u32 start = *at, size = 4;

		put_bytes(buf, at, &a, sizeof(a));
		switch (kind >> 5 & 3) {
		case 0:
			in_bytes(in, data, 4);
			put_bytes(buf, at, data, 4);
			break;
		case 1:
			size = in8(in);
			in_bytes(in, data, size);
			put_bytes(buf, at, data, size);
			break;
		case 2: /* an address that may be there */
			data[0] = 127, data[3] = in8(in) & 3;
			if (kind & 1)
				data[0] = 0, data[3] = 0, data[15] = in8(in) & 3;
			put_bytes(buf, at, data, kind & 1 ? 16 : 4);
			break;
		case 3:
			if (depth && in8(in) & 1)
				attributes(in, buf, at, depth - 1);
			else
				a_name(in, buf, at);
			break;
		}
		a.rta_len = (u16)(*at - start);
		if (in8(in) >= 0xf0)
			a.rta_len = (u16)(a.rta_len + in8(in) - 128);
		memcpy(buf + start, &a, sizeof(a));
		align(buf, at);
	}
}

static void message(struct input *in, u8 *buf, u32 *at)
{
	static const u8 heads[] = { 16, 8, 12, 24, 56, 4, 1, 20 };
	u8 what = in8(in), head[128] = { 0 };
	struct nlmsghdr h = { .nlmsg_flags = (u16)(NLM_F_REQUEST | in8(in) << 2 | (what & 1 ? NLM_F_DUMP : 0)), .nlmsg_seq = in8(in) };
	u32 start = *at, n = heads[what >> 1 & 7];

	h.nlmsg_type = what & 0x80 ? in16(in) : (u16)(16 + in8(in) % 100);
	if (what & 0x40)
		h.nlmsg_pid = in32(in);
	put_bytes(buf, at, &h, sizeof(h));
	in_bytes(in, head, min(n, 20u));
	if (what & 0x20)
		head[0] = in8(in) & 1 ? AF_INET6 : AF_INET;
	put_bytes(buf, at, head, n);
	align(buf, at);
	attributes(in, buf, at, 2);
	h.nlmsg_len = *at - start;
	if (what & 0x10)
		h.nlmsg_len += in8(in) & 1 ? in32(in) : (u32)(s32)(s8)in8(in);
	memcpy(buf + start, &h, min((u32)sizeof(h), MOST - start));
}

static void set_one(struct input *in, int s)
{
	static const u8 names[] = { NETLINK_ADD_MEMBERSHIP, NETLINK_DROP_MEMBERSHIP, NETLINK_PKTINFO, NETLINK_BROADCAST_ERROR,
		NETLINK_NO_ENOBUFS, NETLINK_LISTEN_ALL_NSID, NETLINK_LIST_MEMBERSHIPS, NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK };
	u8 which = in8(in);
	u32 v = in8(in) & 0x80 ? in32(in) : in8(in);

	if (which & 0x80) {
		poke(0, &v, 4);
		__sys_getsockopt(s, SOL_NETLINK, names[which % ARRAY_SIZE(names)], G(1024), G(0));
	} else {
		fuzz_set(s, SOL_NETLINK, names[which % ARRAY_SIZE(names)], (int)v);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, data + size };
	static u8 buf[MOST];
	int socks[4], others[2];

	fuzz_start();
	for (unsigned i = 0; i < ARRAY_SIZE(socks); i++) {
		socks[i] = (int)__sys_socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, protocols[i ? in8(&in) % ARRAY_SIZE(protocols) : 0]);
		FUZZ_ASSERT(socks[i] >= 0);
	}
	/* for sock_diag to find */
	others[0] = (int)__sys_socket(AF_INET, SOCK_DGRAM, 0);
	others[1] = (int)__sys_socket(AF_UNIX, SOCK_STREAM, 0);
	for (unsigned n = 0; n < 30 && in_left(&in); n++) {
		u8 op = in8(&in);
		int s = socks[op >> 4 & 3];
		u32 at = 0;

		switch (op & 7) {
		case 0:
			set_one(&in, s);
			break;
		case 1: {
			struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_pid = in8(&in), .nl_groups = op & 8 ? in32(&in) : in8(&in) };

			poke(0, &a, sizeof(a));
			if (op & 0x80)
				__sys_connect(s, G(0), sizeof(a));
			else
				__sys_bind(s, G(0), sizeof(a));
			break;
		}
		case 2:
			fuzz_recvmsg(s, in8(&in), op & 8 ? MSG_PEEK | MSG_TRUNC : 0);
			break;
		case 3:
			fuzz_pass(in8(&in) * SECOND);
			break;
		default:
			for (u32 k = in8(&in) & 3, first = 1; (k || first) && at + 256 < MOST; first = 0, k -= !!k)
				message(&in, buf, &at);
			poke(AT, buf, at);
			__sys_sendto(s, G(AT), op & 8 ? at - min(at, (u32)in8(&in)) : at, MSG_DONTWAIT, NULL, 0);
			for (unsigned k = 0; k < 20 && op & 0x80 && fuzz_recvmsg(s, 64, 0) > 0; k++)
				;
		}
	}
	for (unsigned i = 0; i < ARRAY_SIZE(socks); i++) {
		for (unsigned k = 0; k < 50 && fuzz_recvmsg(socks[i], 64, 0) > 0; k++)
			;
		do_close(socks[i]);
	}
	do_close(others[0]);
	do_close(others[1]);
	return 0;
}
