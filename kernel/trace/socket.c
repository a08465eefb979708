/* Arguments of the socket calls: families, addresses, messages with their control messages, options. */
#include "decode.h"
#include "socket.h"
#include "string.h"
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/tcp.h>

static const struct trace_name families[] = { TN(AF_UNSPEC), TN(AF_UNIX), TN(AF_INET), TN(AF_AX25), TN(AF_IPX), TN(AF_APPLETALK),
	TN(AF_NETROM), TN(AF_BRIDGE), TN(AF_ATMPVC), TN(AF_X25), TN(AF_INET6), TN(AF_ROSE), TN(AF_DECnet), TN(AF_NETBEUI),
	TN(AF_SECURITY), TN(AF_KEY), TN(AF_NETLINK), TN(AF_PACKET), TN(AF_ASH), TN(AF_ECONET), TN(AF_ATMSVC), TN(AF_RDS),
	TN(AF_SNA), TN(AF_IRDA), TN(AF_PPPOX), TN(AF_WANPIPE), TN(AF_LLC), TN(AF_IB), TN(AF_MPLS), TN(AF_CAN), TN(AF_TIPC),
	TN(AF_BLUETOOTH), TN(AF_IUCV), TN(AF_RXRPC), TN(AF_ISDN), TN(AF_PHONET), TN(AF_IEEE802154), TN(AF_CAIF), TN(AF_ALG),
	TN(AF_NFC), TN(AF_VSOCK), TN(AF_KCM), TN(AF_QIPCRTR), TN(AF_SMC), TN(AF_XDP), TN(AF_MCTP), TN_END };
static const struct trace_name types[] = { TN(SOCK_STREAM), TN(SOCK_DGRAM), TN(SOCK_RAW), TN(SOCK_RDM), TN(SOCK_SEQPACKET),
	TN(SOCK_DCCP), TN(SOCK_PACKET), TN_END };
static const struct trace_name type_flags[] = { TN(SOCK_CLOEXEC), TN(SOCK_NONBLOCK), TN_END };
static const struct trace_name inet_protocols[] = { TN(IPPROTO_IP), TN(IPPROTO_ICMP), TN(IPPROTO_IGMP), TN(IPPROTO_TCP),
	TN(IPPROTO_UDP), TN(IPPROTO_IPV6), TN(IPPROTO_ICMPV6), TN(IPPROTO_SCTP), TN(IPPROTO_UDPLITE), TN(IPPROTO_RAW),
	TN(IPPROTO_MPTCP), TN_END };
const struct trace_name trace_netlink_protocols[] = { TN(NETLINK_ROUTE), TN(NETLINK_SOCK_DIAG), TN(NETLINK_NETFILTER),
	TN(NETLINK_AUDIT), TN(NETLINK_KOBJECT_UEVENT), TN(NETLINK_GENERIC), TN_END };
static const struct trace_name msg_flags[] = { TN(MSG_OOB), TN(MSG_PEEK), TN(MSG_DONTROUTE), TN(MSG_CTRUNC), TN(MSG_PROXY),
	TN(MSG_TRUNC), TN(MSG_DONTWAIT), TN(MSG_EOR), TN(MSG_WAITALL), TN(MSG_FIN), TN(MSG_SYN), TN(MSG_CONFIRM), TN(MSG_RST),
	TN(MSG_ERRQUEUE), TN(MSG_NOSIGNAL), TN(MSG_MORE), TN(MSG_WAITFORONE), TN(MSG_BATCH), TN(MSG_ZEROCOPY),
	TN(MSG_FASTOPEN), TN(MSG_CMSG_CLOEXEC), TN_END };
static const struct trace_name netlink_names[] = { TN(NETLINK_ADD_MEMBERSHIP), TN(NETLINK_DROP_MEMBERSHIP), TN(NETLINK_PKTINFO),
	TN(NETLINK_BROADCAST_ERROR), TN(NETLINK_NO_ENOBUFS), TN(NETLINK_RX_RING), TN(NETLINK_TX_RING), TN(NETLINK_LISTEN_ALL_NSID),
	TN(NETLINK_LIST_MEMBERSHIPS), TN(NETLINK_CAP_ACK), TN(NETLINK_EXT_ACK), TN(NETLINK_GET_STRICT_CHK), TN_END };
static const struct trace_name shuts[] = { TN(SHUT_RD), TN(SHUT_WR), TN(SHUT_RDWR), TN_END };
static const struct trace_name levels[] = { TN(SOL_SOCKET), TN(SOL_IP), TN(SOL_TCP), TN(SOL_UDP), TN(SOL_IPV6), TN(SOL_ICMPV6),
	TN(SOL_RAW), TN(SOL_PACKET), TN(SOL_NETLINK), TN_END };
static const struct trace_name scm_types[] = { TN(SCM_RIGHTS), TN(SCM_CREDENTIALS), TN(SCM_TIMESTAMP), TN(SCM_TIMESTAMPNS),
	TN_END };
static const struct trace_name so_names[] = { TN(SO_DEBUG), TN(SO_REUSEADDR), TN(SO_TYPE), TN(SO_ERROR), TN(SO_DONTROUTE),
	TN(SO_BROADCAST), TN(SO_SNDBUF), TN(SO_RCVBUF), TN(SO_SNDBUFFORCE), TN(SO_RCVBUFFORCE), TN(SO_KEEPALIVE),
	TN(SO_OOBINLINE), TN(SO_NO_CHECK), TN(SO_PRIORITY), TN(SO_LINGER), TN(SO_BSDCOMPAT), TN(SO_REUSEPORT), TN(SO_PASSCRED),
	TN(SO_PEERCRED), TN(SO_RCVLOWAT), TN(SO_SNDLOWAT), TN(SO_RCVTIMEO_OLD), TN(SO_SNDTIMEO_OLD), TN(SO_BINDTODEVICE),
	TN(SO_ATTACH_FILTER), TN(SO_DETACH_FILTER), TN(SO_PEERNAME), TN(SO_TIMESTAMP_OLD), TN(SO_ACCEPTCONN), TN(SO_PEERSEC),
	TN(SO_PASSSEC), TN(SO_TIMESTAMPNS_OLD), TN(SO_MARK), TN(SO_TIMESTAMPING_OLD), TN(SO_PROTOCOL), TN(SO_DOMAIN),
	TN(SO_RXQ_OVFL), TN(SO_WIFI_STATUS), TN(SO_PEEK_OFF), TN(SO_NOFCS), TN(SO_LOCK_FILTER), TN(SO_SELECT_ERR_QUEUE),
	TN(SO_BUSY_POLL), TN(SO_MAX_PACING_RATE), TN(SO_BPF_EXTENSIONS), TN(SO_INCOMING_CPU), TN(SO_ATTACH_BPF), TN(SO_CNX_ADVICE),
	TN(SO_MEMINFO), TN(SO_INCOMING_NAPI_ID), TN(SO_COOKIE), TN(SO_PEERGROUPS), TN(SO_ZEROCOPY), TN(SO_TXTIME),
	TN(SO_BINDTOIFINDEX), TN(SO_RCVTIMEO_NEW), TN(SO_SNDTIMEO_NEW), TN_END };
static const struct trace_name tcp_names[] = { TN(TCP_NODELAY), TN(TCP_MAXSEG), TN(TCP_CORK), TN(TCP_KEEPIDLE), TN(TCP_KEEPINTVL),
	TN(TCP_KEEPCNT), TN(TCP_SYNCNT), TN(TCP_LINGER2), TN(TCP_DEFER_ACCEPT), TN(TCP_WINDOW_CLAMP), TN(TCP_INFO),
	TN(TCP_QUICKACK), TN(TCP_CONGESTION), TN(TCP_USER_TIMEOUT), TN(TCP_FASTOPEN), TN(TCP_NOTSENT_LOWAT), TN_END };
static const struct trace_name ip_names[] = { TN(IP_TOS), TN(IP_TTL), TN(IP_HDRINCL), TN(IP_OPTIONS), TN(IP_RECVOPTS),
	TN(IP_PKTINFO), TN(IP_MTU_DISCOVER), TN(IP_RECVERR), TN(IP_RECVTTL), TN(IP_RECVTOS), TN(IP_MTU), TN(IP_FREEBIND),
	TN(IP_MULTICAST_IF), TN(IP_MULTICAST_TTL), TN(IP_MULTICAST_LOOP), TN(IP_ADD_MEMBERSHIP), TN(IP_DROP_MEMBERSHIP),
	TN(IP_BIND_ADDRESS_NO_PORT), TN_END };
static const struct trace_name ipv6_names[] = { TN(IPV6_UNICAST_HOPS), TN(IPV6_MULTICAST_IF), TN(IPV6_MULTICAST_HOPS),
	TN(IPV6_MULTICAST_LOOP), TN(IPV6_V6ONLY), TN(IPV6_RECVPKTINFO), TN(IPV6_RECVERR), TN(IPV6_RECVHOPLIMIT),
	TN(IPV6_RECVTCLASS), TN(IPV6_TCLASS), TN(IPV6_MTU_DISCOVER), TN_END };

/* ---- socket(2) ---- */

static void show_family(struct trace_state *ts, unsigned arg) { tname(ts, families, (u32)ts->args[arg], "AF_???"); }

static void show_type(struct trace_state *ts, unsigned arg)
{
	u32 flags = (u32)ts->args[arg] & ~SOCK_TYPE_MASK;

	tname(ts, types, (u32)ts->args[arg] & SOCK_TYPE_MASK, "SOCK_???");
	if (flags) {
		tputs(ts, "|");
		tflags(ts, type_flags, flags, "SOCK_???");
	}
}

static void show_protocol(struct trace_state *ts, unsigned arg)
{
	u32 protocol = (u32)ts->args[arg];

	if (ts->args[0] == AF_INET || ts->args[0] == AF_INET6)
		tname(ts, inet_protocols, protocol, "IPPROTO_???");
	else if (ts->args[0] == AF_NETLINK)
		tname(ts, trace_netlink_protocols, protocol, "NETLINK_???");
	else
		tprintf(ts, protocol ? "%#x" : "%u", protocol);
}

static void show_msg_flags(struct trace_state *ts, unsigned arg) { tflags(ts, msg_flags, (u32)ts->args[arg], "MSG_???"); }
static void show_shut(struct trace_state *ts, unsigned arg) { tname(ts, shuts, (u32)ts->args[arg], "SHUT_???"); }
static void show_accept_flags(struct trace_state *ts, unsigned arg) { tflags(ts, type_flags, (u32)ts->args[arg], "SOCK_???"); }

const struct arg_decoder d_family = { .show = show_family }, d_socktype = { .show = show_type },
	d_sockproto = { .show = show_protocol }, d_msg_flags = { .show = show_msg_flags }, d_shut = { .show = show_shut },
	d_accept_flags = { .show = show_accept_flags };

/* ---- addresses ---- */

static void show_inet6(struct trace_state *ts, const u8 *a)
{
	int best = -1, run = 0;

	/* The longest run of at least two zero groups becomes "::", RFC 5952. */
	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && !a[2 * (i + n)] && !a[2 * (i + n) + 1])
			n++;
		if (n > run && n > 1) {
			best = i;
			run = n;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			tputs(ts, "::");
			i += run - 1;
			continue;
		}
		/* an IPv4 address at the end: compatible, or mapped */
		if (best == 0 && i == 6 && (run == 6 || (run == 5 && a[10] == 0xff && a[11] == 0xff))) {
			tprintf(ts, "%s%u.%u.%u.%u", run == 5 ? ":" : "", a[12], a[13], a[14], a[15]);
			return;
		}
		tprintf(ts, i && i != best + run ? ":%x" : "%x", a[2 * i] << 8 | a[2 * i + 1]);
	}
}

static void show_sun(struct trace_state *ts, const struct sockaddr_un *sun, u64 len)
{
	size_t size = len - offsetof(struct sockaddr_un, sun_path);

	if (len <= offsetof(struct sockaddr_un, sun_path))
		return;
	size = min(size, sizeof(sun->sun_path));
	tputs(ts, ", sun_path=");
	if (sun->sun_path[0]) {
		tquote(ts, (const u8 *)sun->sun_path, strnlen(sun->sun_path, size), false);
	} else {
		tputs(ts, "@");
		tquote(ts, (const u8 *)sun->sun_path + 1, size - 1, false);
	}
}

static void tsockaddr(struct trace_state *ts, u64 addr, u64 len)
{
	union {
		u16 family;
		struct sockaddr_un un;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_nl nl;
		u8 bytes[128];
	} sa;

	memset(&sa, 0, sizeof(sa));
	len = min(len, (u64)sizeof(sa));
	if (!addr || len < 2 || !tread(&sa, addr, len)) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "{sa_family=");
	tname(ts, families, sa.family, "AF_???");
	if (sa.family == AF_UNIX) {
		show_sun(ts, &sa.un, len);
	} else if (sa.family == AF_INET && len >= 8) {
		const u8 *a = (const u8 *)&sa.in.sin_addr;

		tprintf(ts, ", sin_port=htons(%u), sin_addr=inet_addr(\"%u.%u.%u.%u\")", sa.bytes[2] << 8 | sa.bytes[3], a[0],
			a[1], a[2], a[3]);
	} else if (sa.family == AF_INET6 && len >= 24) {
		tprintf(ts, ", sin6_port=htons(%u), sin6_flowinfo=htonl(%u), inet_pton(AF_INET6, \"",
			sa.bytes[2] << 8 | sa.bytes[3], __builtin_bswap32(sa.in6.sin6_flowinfo));
		show_inet6(ts, (const u8 *)&sa.in6.sin6_addr);
		tprintf(ts, "\", &sin6_addr), sin6_scope_id=%u", sa.in6.sin6_scope_id);
	} else if (sa.family == AF_NETLINK) {
		tprintf(ts, ", nl_pid=%u, nl_groups=%08x", sa.nl.nl_pid, sa.nl.nl_groups);
	} else if (len > 2) {
		tputs(ts, ", sa_data=");
		tquote(ts, sa.bytes + 2, len - 2, false);
	}
	tputs(ts, "}");
}

static void show_sockaddr(struct trace_state *ts, unsigned arg) { tsockaddr(ts, ts->args[arg], (u32)ts->args[arg + 1]); }

/* The length that the guest offers, which the call replaces. */
static void note_socklen(struct trace_state *ts, unsigned arg)
{
	u32 len;

	ts->saved = tread(&len, ts->args[arg], sizeof(len)) ? len : 0;
}

static void show_sockaddr_out(struct trace_state *ts, unsigned arg)
{
	u32 len;

	if (!ts->args[arg] || !tread(&len, ts->args[arg + 1], sizeof(len)))
		taddr(ts, ts->args[arg]);
	else
		tsockaddr(ts, ts->args[arg], ts->saved ? min(len, (u32)ts->saved) : len);
}

/* [offered => told], or one number when they are equal. */
static void show_socklen(struct trace_state *ts, unsigned arg)
{
	u32 len;

	if (!tread(&len, ts->args[arg], sizeof(len)))
		taddr(ts, ts->args[arg]);
	else if (ts->saved && (u32)ts->saved != len)
		tprintf(ts, "[%u => %u]", (u32)ts->saved, len);
	else
		tprintf(ts, "[%u]", len);
}

const struct arg_decoder d_sockaddr = { .show = show_sockaddr },
	d_sockaddr_out = { .when = AT_EXIT, .show = show_sockaddr_out },
	d_socklen = { .when = AT_EXIT, .show = show_socklen, .note = note_socklen };

/* ---- messages ---- */

static void show_cmsg_data(struct trace_state *ts, const struct cmsghdr *c, u64 addr, u64 size)
{
	struct ucred uc;
	int fd;

	if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		tputs(ts, "[");
		for (u64 i = 0; i + sizeof(fd) <= size && tread(&fd, addr + i, sizeof(fd)); i += sizeof(fd))
			tprintf(ts, i ? ", %d" : "%d", fd);
		tputs(ts, "]");
	} else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS && size >= sizeof(uc)
		&& tread(&uc, addr, sizeof(uc))) {
		tprintf(ts, "{pid=%d, uid=%d, gid=%d}", (int)uc.pid, (int)uc.uid, (int)uc.gid);
	} else {
		tbuffer(ts, addr, size);
	}
}

static void show_control(struct trace_state *ts, u64 addr, u64 len)
{
	struct cmsghdr c;
	u64 off = 0;

	if (!addr || len < sizeof(c) || !tread(&c, addr, sizeof(c))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	while (off + sizeof(c) <= len && tread(&c, addr + off, sizeof(c))) {
		tprintf(ts, "%s{cmsg_len=%lu, cmsg_level=", off ? ", " : "", (unsigned long)c.cmsg_len);
		tname(ts, levels, (u32)c.cmsg_level, "SOL_???");
		tputs(ts, ", cmsg_type=");
		if (c.cmsg_level == SOL_SOCKET)
			tname(ts, scm_types, (u32)c.cmsg_type, "SCM_???");
		else
			tprintf(ts, "%#x", (unsigned)c.cmsg_type);
		if (c.cmsg_len > sizeof(c)) {
			tputs(ts, ", cmsg_data=");
			show_cmsg_data(ts, &c, addr + off + sizeof(c), min(c.cmsg_len, len - off) - sizeof(c));
		}
		tputs(ts, "}");
		if (c.cmsg_len < sizeof(c) || c.cmsg_len > len - off)
			break;
		off += CMSG_ALIGN(c.cmsg_len);
	}
	tputs(ts, "]");
}

/* @data bytes of the payload; @offered: length of the name buffer before the call, or the name's own. */
static void tmsghdr(struct trace_state *ts, u64 addr, u64 data, int offered)
{
	int protocol = trace_netlink_protocol(ts);
	struct user_msghdr m;
	struct iovec iov;

	if (!tread(&m, addr, sizeof(m))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "{msg_name=");
	tsockaddr(ts, (u64)m.msg_name, m.msg_namelen < 0 ? 0 : (u64)m.msg_namelen);
	if (offered != m.msg_namelen)
		tprintf(ts, ", msg_namelen=%d => %d", offered, m.msg_namelen);
	else
		tprintf(ts, ", msg_namelen=%d", m.msg_namelen);
	tputs(ts, ", msg_iov=");
	if (protocol >= 0 && m.msg_iovlen == 1 && tread(&iov, (u64)m.msg_iov, sizeof(iov))) {
		tputs(ts, "[{iov_base=");
		tnetlink(ts, (u64)iov.iov_base, min((u64)iov.iov_len, data), protocol);
		tprintf(ts, ", iov_len=%lu}]", (unsigned long)iov.iov_len);
	} else {
		tiovec(ts, (u64)m.msg_iov, m.msg_iovlen, data);
	}
	tprintf(ts, ", msg_iovlen=%lu", (unsigned long)m.msg_iovlen);
	if (m.msg_controllen) {
		tputs(ts, ", msg_control=");
		show_control(ts, (u64)m.msg_control, m.msg_controllen);
	}
	tprintf(ts, ", msg_controllen=%lu, msg_flags=", (unsigned long)m.msg_controllen);
	tflags(ts, msg_flags, m.msg_flags, "MSG_???");
	tputs(ts, "}");
}

static int namelen_of(u64 addr)
{
	struct user_msghdr m;

	return tread(&m, addr, sizeof(m)) ? m.msg_namelen : 0;
}

static void show_msghdr(struct trace_state *ts, unsigned arg)
{
	tmsghdr(ts, ts->args[arg], ~0ull, namelen_of(ts->args[arg]));
}

static void note_msghdr(struct trace_state *ts, unsigned arg) { ts->saved = (u64)namelen_of(ts->args[arg]); }

static void show_msghdr_out(struct trace_state *ts, unsigned arg)
{
	tmsghdr(ts, ts->args[arg], (u64)ts->ret, (int)ts->saved);
}

static void tmmsghdr(struct trace_state *ts, u64 addr, u64 count, bool out)
{
	struct mmsghdr m;

	if (!addr || !count) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (u64 i = 0; i < min(count, (u64)32); i++) {
		u64 at = addr + i * sizeof(m);

		if (!tread(&m, at, sizeof(m)))
			break;
		tputs(ts, i ? ", {msg_hdr=" : "{msg_hdr=");
		tmsghdr(ts, at, out ? m.msg_len : ~0ull, m.msg_hdr.msg_namelen);
		if (out)
			tprintf(ts, ", msg_len=%u", m.msg_len);
		tputs(ts, "}");
	}
	tputs(ts, "]");
}

static void show_mmsghdr_in(struct trace_state *ts, unsigned arg) { tmmsghdr(ts, ts->args[arg], (u32)ts->args[arg + 1], false); }
static void show_mmsghdr_out(struct trace_state *ts, unsigned arg) { tmmsghdr(ts, ts->args[arg], (u64)ts->ret, true); }

const struct arg_decoder d_msghdr = { .show = show_msghdr },
	d_msghdr_out = { .when = AT_EXIT, .show = show_msghdr_out, .note = note_msghdr },
	d_mmsghdr_in = { .show = show_mmsghdr_in }, d_mmsghdr_out = { .when = AT_EXIT, .show = show_mmsghdr_out };

/* ---- options ---- */

static void show_sol(struct trace_state *ts, unsigned arg) { tname(ts, levels, (u32)ts->args[arg], "SOL_???"); }

static void show_sockopt(struct trace_state *ts, unsigned arg)
{
	u32 name = (u32)ts->args[arg];

	switch ((int)ts->args[arg - 1]) {
	case SOL_SOCKET: tname(ts, so_names, name, "SO_???"); break;
	case SOL_IP: tname(ts, ip_names, name, "IP_???"); break;
	case SOL_IPV6: tname(ts, ipv6_names, name, "IPV6_???"); break;
	case SOL_TCP: tname(ts, tcp_names, name, "TCP_???"); break;
	case SOL_NETLINK: tname(ts, netlink_names, name, "NETLINK_???"); break;
	default: tprintf(ts, "%#x", name);
	}
}

static void toptval(struct trace_state *ts, u64 addr, u32 len)
{
	bool sol_socket = (int)ts->args[1] == SOL_SOCKET;
	u32 name = (u32)ts->args[2];
	struct ucred uc;
	struct linger l;
	int v;

	if (sol_socket && name == SO_PEERCRED && len >= sizeof(uc) && tread(&uc, addr, sizeof(uc)))
		tprintf(ts, "{pid=%d, uid=%d, gid=%d}", (int)uc.pid, (int)uc.uid, (int)uc.gid);
	else if (sol_socket && name == SO_LINGER && len >= sizeof(l) && tread(&l, addr, sizeof(l)))
		tprintf(ts, "{l_onoff=%d, l_linger=%d}", l.l_onoff, l.l_linger);
	else if (len == sizeof(v) && tread(&v, addr, sizeof(v)))
		tprintf(ts, "[%d]", v);
	else
		tbuffer(ts, addr, len);
}

static void show_optval(struct trace_state *ts, unsigned arg) { toptval(ts, ts->args[arg], (u32)ts->args[arg + 1]); }

static void show_optval_out(struct trace_state *ts, unsigned arg)
{
	u32 len;

	if (tread(&len, ts->args[arg + 1], sizeof(len)))
		toptval(ts, ts->args[arg], len);
	else
		taddr(ts, ts->args[arg]);
}

const struct arg_decoder d_sol = { .show = show_sol }, d_sockopt = { .show = show_sockopt }, d_optval = { .show = show_optval },
	d_optval_out = { .when = AT_EXIT, .show = show_optval_out };
