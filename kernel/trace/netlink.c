/* Netlink messages as strace shows them: each header with type and flags by name, its payload as bytes; of NLMSG_ERROR and
 * NLMSG_DONE the error, and of a question about netlink sockets its fields, too. */
#include "decode.h"
#include "fs.h"
#include "kerrno.h"
#include "socket.h"
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/netlink_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#define MOST_MESSAGES 16

static const struct trace_name control_types[] = { TN(NLMSG_NOOP), TN(NLMSG_ERROR), TN(NLMSG_DONE), TN(NLMSG_OVERRUN), TN_END };
static const struct trace_name route_types[] = { TN(RTM_NEWLINK), TN(RTM_DELLINK), TN(RTM_GETLINK), TN(RTM_SETLINK), TN(RTM_NEWADDR),
	TN(RTM_DELADDR), TN(RTM_GETADDR), TN(RTM_NEWROUTE), TN(RTM_DELROUTE), TN(RTM_GETROUTE), TN(RTM_NEWNEIGH), TN(RTM_DELNEIGH),
	TN(RTM_GETNEIGH), TN(RTM_NEWRULE), TN(RTM_DELRULE), TN(RTM_GETRULE), TN(RTM_NEWQDISC), TN(RTM_DELQDISC), TN(RTM_GETQDISC),
	TN(RTM_NEWTCLASS), TN(RTM_DELTCLASS), TN(RTM_GETTCLASS), TN(RTM_NEWTFILTER), TN(RTM_DELTFILTER), TN(RTM_GETTFILTER),
	TN(RTM_NEWACTION), TN(RTM_DELACTION), TN(RTM_GETACTION), TN(RTM_NEWPREFIX), TN(RTM_GETMULTICAST), TN(RTM_GETANYCAST),
	TN(RTM_NEWNEIGHTBL), TN(RTM_GETNEIGHTBL), TN(RTM_SETNEIGHTBL), TN(RTM_NEWNDUSEROPT), TN(RTM_NEWADDRLABEL), TN(RTM_DELADDRLABEL),
	TN(RTM_GETADDRLABEL), TN(RTM_GETDCB), TN(RTM_SETDCB), TN(RTM_NEWNETCONF), TN(RTM_DELNETCONF), TN(RTM_GETNETCONF), TN(RTM_NEWMDB),
	TN(RTM_DELMDB), TN(RTM_GETMDB), TN(RTM_NEWNSID), TN(RTM_DELNSID), TN(RTM_GETNSID), TN(RTM_NEWSTATS), TN(RTM_GETSTATS),
	TN(RTM_NEWCHAIN), TN(RTM_DELCHAIN), TN(RTM_GETCHAIN), TN(RTM_NEWNEXTHOP), TN(RTM_DELNEXTHOP), TN(RTM_GETNEXTHOP),
	TN(RTM_NEWLINKPROP), TN(RTM_DELLINKPROP), TN(RTM_GETLINKPROP), TN_END };
static const struct trace_name diag_types[] = { TN(SOCK_DIAG_BY_FAMILY), TN(SOCK_DESTROY), TN_END };
static const struct trace_name genl_types[] = { { GENL_ID_CTRL, "nlctrl" }, TN_END };
#define COMMON TN(NLM_F_REQUEST), TN(NLM_F_MULTI), TN(NLM_F_ACK), TN(NLM_F_ECHO), TN(NLM_F_DUMP_INTR), TN(NLM_F_DUMP_FILTERED)
static const struct trace_name get_flags[] = { COMMON, TN(NLM_F_DUMP), TN(NLM_F_ROOT), TN(NLM_F_MATCH), TN(NLM_F_ATOMIC), TN_END };
static const struct trace_name new_flags[] = { COMMON, TN(NLM_F_REPLACE), TN(NLM_F_EXCL), TN(NLM_F_CREATE), TN(NLM_F_APPEND), TN_END };
static const struct trace_name ack_flags[] = { COMMON, TN(NLM_F_CAPPED), TN(NLM_F_ACK_TLVS), TN_END };

/* The protocol of the netlink socket that the call is about (its first argument), or -1: it is about something else. */
int trace_netlink_protocol(const struct trace_state *ts)
{
	struct file *f = fget((unsigned)ts->args[0]);
	int protocol = f ? netlink_protocol_of(f) : -1;

	if (f)
		file_put(f);
	return protocol;
}

static void show_header(struct trace_state *ts, const struct nlmsghdr *h, int protocol)
{
	bool route = protocol == NETLINK_ROUTE && h->nlmsg_type >= RTM_BASE;
	bool makes = route && ((h->nlmsg_type & 3) == 0 || (h->nlmsg_type & 3) == 3);

	tprintf(ts, "{nlmsg_len=%u, nlmsg_type=", h->nlmsg_len);
	if (h->nlmsg_type < NLMSG_MIN_TYPE)
		tname(ts, control_types, h->nlmsg_type, "NLMSG_???");
	else if (route)
		tname(ts, route_types, h->nlmsg_type, "RTM_???");
	else if (protocol == NETLINK_SOCK_DIAG)
		tname(ts, diag_types, h->nlmsg_type, "SOCK_DIAG_???");
	else if (protocol == NETLINK_GENERIC)
		tname(ts, genl_types, h->nlmsg_type, "GENERIC_FAMILY_???");
	else
		tprintf(ts, "%#x", h->nlmsg_type);
	tputs(ts, ", nlmsg_flags=");
	tflags(ts, h->nlmsg_type < NLMSG_MIN_TYPE ? ack_flags : makes ? new_flags : get_flags, h->nlmsg_flags, "NLM_F_???");
	tprintf(ts, ", nlmsg_seq=%u, nlmsg_pid=%d}", h->nlmsg_seq, (int)h->nlmsg_pid);
}

static void show_error(struct trace_state *ts, int error)
{
	const char *name = error < 0 && error >= -4095 ? errno_name(-error) : NULL;

	if (name)
		tprintf(ts, "-%s", name);
	else
		tprintf(ts, "%d", error);
}

static const struct trace_name diag_show[] = { TN(NDIAG_SHOW_MEMINFO), TN(NDIAG_SHOW_GROUPS), TN(NDIAG_SHOW_RING_CFG),
	TN(NDIAG_SHOW_FLAGS), TN_END };

/* What asks for netlink sockets. False: it is another request. */
static bool show_diag_req(struct trace_state *ts, u64 addr, u64 size)
{
	struct netlink_diag_req r;

	if (size < sizeof(r) || !tread(&r, addr, sizeof(r)) || r.sdiag_family != AF_NETLINK)
		return false;
	tputs(ts, ", {sdiag_family=AF_NETLINK, sdiag_protocol=");
	if (r.sdiag_protocol == NDIAG_PROTO_ALL)
		tputs(ts, "NDIAG_PROTO_ALL");
	else
		tname(ts, trace_netlink_protocols, r.sdiag_protocol, "NETLINK_???");
	tprintf(ts, ", ndiag_ino=%u, ndiag_show=", r.ndiag_ino);
	tflags(ts, diag_show, r.ndiag_show, "NDIAG_SHOW_???");
	tprintf(ts, ", ndiag_cookie=[%u, %u]}", r.ndiag_cookie[0], r.ndiag_cookie[1]);
	return true;
}

/* One message of @size bytes at @addr. */
static void show_message(struct trace_state *ts, const struct nlmsghdr *h, u64 addr, u64 size, int protocol)
{
	u64 payload = addr + NLMSG_HDRLEN, rest = size > NLMSG_HDRLEN ? size - NLMSG_HDRLEN : 0;
	struct nlmsgerr e;
	int done;

	show_header(ts, h, protocol);
	if (h->nlmsg_type == NLMSG_ERROR && rest >= sizeof(e) && tread(&e, payload, sizeof(e))) {
		tputs(ts, ", {error=");
		show_error(ts, e.error);
		tputs(ts, ", msg=");
		show_header(ts, &e.msg, protocol);
		tputs(ts, "}");
	} else if (h->nlmsg_type == NLMSG_DONE && rest >= sizeof(done) && tread(&done, payload, sizeof(done))) {
		tputs(ts, ", ");
		show_error(ts, done);
	} else if (protocol == NETLINK_SOCK_DIAG && h->nlmsg_type == SOCK_DIAG_BY_FAMILY && h->nlmsg_flags & NLM_F_REQUEST
			&& show_diag_req(ts, payload, rest)) {
		return;
	} else if (rest) {
		tputs(ts, ", ");
		tbuffer(ts, payload, rest);
	}
}

void tnetlink(struct trace_state *ts, u64 addr, u64 size, int protocol)
{
	struct nlmsghdr h;
	bool several;
	unsigned n = 0;

	if (!addr || size < sizeof(h) || !tread(&h, addr, sizeof(h)) || h.nlmsg_len < sizeof(h)) {
		tbuffer(ts, addr, size);
		return;
	}
	several = NLMSG_ALIGN(h.nlmsg_len) + sizeof(h) <= size;
	tputs(ts, several ? "[" : "");
	do {
		u64 len = min((u64)h.nlmsg_len, size), step = min((u64)NLMSG_ALIGN(h.nlmsg_len), size);

		tputs(ts, n ? ", [" : "[");
		show_message(ts, &h, addr, len, protocol);
		tputs(ts, "]");
		addr += step;
		size -= step;
	} while (size >= sizeof(h) && ++n < MOST_MESSAGES && tread(&h, addr, sizeof(h)) && h.nlmsg_len >= sizeof(h));
	tputs(ts, !several ? "" : n == MOST_MESSAGES ? ", ...]" : "]");
}

/* Payloads of calls on sockets: messages if it is a netlink socket. */
static void show_payload(struct trace_state *ts, u64 addr, u64 size)
{
	int protocol = trace_netlink_protocol(ts);

	if (protocol >= 0)
		tnetlink(ts, addr, size, protocol);
	else
		tbuffer(ts, addr, size);
}

static void show_in(struct trace_state *ts, unsigned arg) { show_payload(ts, ts->args[arg], ts->args[arg + 1]); }
static void show_out(struct trace_state *ts, unsigned arg) { show_payload(ts, ts->args[arg], min((u64)ts->ret, ts->args[arg + 1])); }

const struct arg_decoder d_payload_in = { .show = show_in }, d_payload_out = { .when = AT_EXIT, .show = show_out };
