/* ICMP, RFC 792 and 1122: echo and time stamp replies, errors that this host reports, and errors that it is told of, which go
 * to the socket whose packet they are about. */
#include "../ip.h"
#include "kerrno.h"
#include "string.h"
#include <linux/if.h>
#include <linux/if_packet.h>

#define NR_ICMP_TYPES 18

const struct icmp_err icmp_err_convert[16] = {
	{ ENETUNREACH, false }, { EHOSTUNREACH, false }, { ENOPROTOOPT, true }, { ECONNREFUSED, true }, { EMSGSIZE, false },
	{ EOPNOTSUPP, false }, { ENETUNREACH, true }, { EHOSTDOWN, true }, { ENONET, true }, { ENETUNREACH, true },
	{ EHOSTUNREACH, true }, { ENETUNREACH, false }, { EHOSTUNREACH, false }, { EHOSTUNREACH, true },
	{ EHOSTUNREACH, true }, { EHOSTUNREACH, true },
};

int icmp_error_of(const struct inet_sock *inet, int type, int code, bool *hard)
{
	*hard = false;
	switch (type) {
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
		return 0;
	case ICMP_PARAMETERPROB:
		*hard = true;
		return EPROTO;
	case ICMP_DEST_UNREACH:
		if (code == ICMP_FRAG_NEEDED) {
			*hard = inet->pmtudisc != IP_PMTUDISC_DONT;
			return EMSGSIZE;
		}
		if (code > NR_ICMP_UNREACH)
			return EHOSTUNREACH;
		*hard = icmp_err_convert[code].fatal;
		return icmp_err_convert[code].error;
	}
	return EHOSTUNREACH;
}

static bool is_error_type(u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH || type == ICMP_REDIRECT || type == ICMP_TIME_EXCEEDED
		|| type == ICMP_PARAMETERPROB;
}

static void icmp_out_count(u8 type)
{
	net_mib.icmpmsg[256 + type]++;
	ICMP_INC_STATS(ICMP_MIB_OUTMSGS);
}

/* Sends @head and @len bytes at @data to @daddr from @saddr (0: the route's). */
static void icmp_xmit(const struct icmphdr *head, const u8 *data, unsigned len, __be32 daddr, __be32 saddr, u8 tos, u32 mark,
	struct ip_options_rcu *opt)
{
	struct flowi4 fl4 = { .daddr = opt->opt.srr ? opt->opt.faddr : daddr, .saddr = saddr, .flowi4_tos = tos & IPTOS_RT_MASK,
		.flowi4_mark = mark, .flowi4_proto = IPPROTO_ICMP };
	struct rtable *rt = ip_route_output_key(&fl4);
	struct sk_buff *skb;
	struct icmphdr *icmph;
	struct iphdr *iph;
	unsigned header = sizeof(*iph) + opt->opt.optlen;

	if (IS_ERR(rt))
		return;
	if (is_error_type(head->type)) {
		/* No more than fits in 576 bytes, RFC 1812, 4.3.2.3. */
		unsigned room = min(dst_mtu(&rt->dst), 576u) - header - sizeof(*icmph);

		len = min(len, room);
	}
	skb = alloc_skb(LL_MAX_HEADER + header + sizeof(*icmph) + len);
	if (!skb) {
		ip_rt_put(rt);
		return;
	}
	skb_reserve(skb, LL_MAX_HEADER + header);
	skb_reset_transport_header(skb);
	icmph = skb_put(skb, sizeof(*icmph));
	*icmph = *head;
	memcpy(skb_put(skb, len), data, len);
	icmph->checksum = 0;
	icmph->checksum = csum_fold(csum_partial(icmph, sizeof(*icmph) + len, 0));
	iph = skb_push(skb, header);
	skb_reset_network_header(skb);
	*iph = (struct iphdr){ .version = 4, .ihl = 5, .tos = tos, .ttl = ip4_dst_hoplimit(&rt->dst), .protocol = IPPROTO_ICMP,
		.saddr = fl4.saddr, .daddr = daddr };
	if (opt->opt.optlen) {
		iph->ihl += opt->opt.optlen >> 2;
		ip_options_build(skb, opt, daddr, rt);
	}
	skb->mark = mark;
	skb->local_df = true;
	skb_dst_set(skb, &rt->dst);
	ip_select_ident(skb, NULL, 1);
	icmp_out_count(icmph->type);
	ip_local_out(NULL, skb);
}

void icmp_send(struct sk_buff *skb, int type, int code, __be32 info)
{
	struct icmphdr head = { .type = (u8)type, .code = (u8)code, .un.gateway = info };
	const struct iphdr *iph = ip_hdr(skb);
	const struct rtable *rt = skb_rtable(skb);
	struct ip_options_rcu opt;
	unsigned left = (unsigned)(skb->tail - (u8 *)iph);
	__be32 saddr;
	u8 tos;

	if (!rt || left < sizeof(*iph) || skb->pkt_type != PACKET_HOST || rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)
			|| iph->frag_off & htons(IP_OFFSET))
		return;
	if (is_error_type(head.type) && iph->protocol == IPPROTO_ICMP) {
		/* Never about an error. */
		u8 inner = iph->ihl * 4u < left ? ((const u8 *)iph)[iph->ihl * 4] : NR_ICMP_TYPES + 1;

		if (inner > NR_ICMP_TYPES || is_error_type(inner))
			return;
	}
	saddr = rt->rt_flags & RTCF_LOCAL ? iph->daddr : 0;
	tos = is_error_type(head.type) ? (iph->tos & IPTOS_TOS_MASK) | 0xc0 : iph->tos;
	if (ip_options_echo(&opt, skb, &IPCB(skb)->opt))
		return;
	icmp_xmit(&head, (const u8 *)iph, left, iph->saddr, saddr, tos, net_sysctl.fwmark_reflect ? skb->mark : 0, &opt);
}

/* An answer to the sender of @skb (data at the ICMP header): the same with another header. */
static void icmp_reply(const struct icmphdr *head, struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct rtable *rt = skb_rtable(skb);
	struct ip_options_rcu opt;

	if (ip_options_echo(&opt, skb, &IPCB(skb)->opt))
		return;
	icmp_xmit(head, skb->data + sizeof(*head), skb->len - sizeof(*head), iph->saddr,
		rt && rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST) ? 0 : iph->daddr, iph->tos,
		net_sysctl.fwmark_reflect ? skb->mark : 0, &opt);
}

static void icmp_echo(struct sk_buff *skb)
{
	struct icmphdr head = *(const struct icmphdr *)skb->data;

	if (net_sysctl.icmp_echo_ignore_all)
		return;
	head.type = ICMP_ECHOREPLY;
	icmp_reply(&head, skb);
}

static void icmp_timestamp(struct sk_buff *skb)
{
	struct icmphdr head = *(const struct icmphdr *)skb->data;
	__be32 now = htonl((u32)(ktime_get_real() / 1000000 % 86400000));

	if (skb->len < sizeof(head) + 12 || skb_cow(skb, 0)) {
		ICMP_INC_STATS(ICMP_MIB_INERRORS);
		return;
	}
	skb_trim(skb, sizeof(head) + 12);
	put_unaligned32(now, skb->data + sizeof(head) + 4);
	put_unaligned32(now, skb->data + sizeof(head) + 8);
	head.type = ICMP_TIMESTAMPREPLY;
	head.code = 0;
	icmp_reply(&head, skb);
}

/* To the protocol of the packet that the error is about: skb->data at that packet's header. */
static void icmp_socket_deliver(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct net_protocol *proto = inet_protos[iph->protocol];
	u8 protocol = iph->protocol;

	if (skb->len < iph->ihl * 4u + 8) {
		ICMP_INC_STATS(ICMP_MIB_INERRORS);
		return;
	}
	raw_icmp_error(skb, protocol, info);
	if (proto && proto->err_handler)
		proto->err_handler(skb, info);
}

/* Destination unreachable, time exceeded, parameter problem, source quench, redirect. */
static void icmp_unreach(struct sk_buff *skb)
{
	const struct icmphdr icmph = *(const struct icmphdr *)skb->data;
	const struct iphdr *iph;
	u32 info = 0;

	if (skb->len < sizeof(icmph) + sizeof(*iph))
		goto error;
	skb_pull(skb, sizeof(icmph));
	iph = (const struct iphdr *)skb->data;
	if (iph->ihl < 5)
		goto error;
	switch (icmph.type) {
	case ICMP_DEST_UNREACH:
		if ((icmph.code & 15) == ICMP_FRAG_NEEDED) {
			if (net_sysctl.ip_no_pmtu_disc == 1)
				break;
			if (net_sysctl.ip_no_pmtu_disc == 2)
				return;
			info = ntohs(icmph.un.frag.mtu);
		} else if ((icmph.code & 15) == ICMP_SR_FAILED) {
			break;
		}
		if (icmph.code > NR_ICMP_UNREACH)
			return;
		break;
	case ICMP_PARAMETERPROB:
		info = ntohl(icmph.un.gateway) >> 24;
		break;
	case ICMP_TIME_EXCEEDED:
		if (icmph.code == ICMP_EXC_FRAGTIME)
			return;
		break;
	case ICMP_REDIRECT:
		info = icmph.un.gateway;
		break;
	}
	/* RFC 1122, 3.2.2: nothing about what was sent to everybody. */
	if (!net_sysctl.icmp_ignore_bogus_error_responses && inet_addr_type(iph->daddr) == RTN_BROADCAST)
		return;
	icmp_socket_deliver(skb, info);
	return;
error:
	ICMP_INC_STATS(ICMP_MIB_INERRORS);
}

int icmp_rcv(struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	const struct icmphdr *icmph;

	ICMP_INC_STATS(ICMP_MIB_INMSGS);
	skb_reset_transport_header(skb);
	if (!skb_checksum_ok(skb, 0)) {
		ICMP_INC_STATS(ICMP_MIB_CSUMERRORS);
		goto error;
	}
	if (skb->len < sizeof(*icmph))
		goto error;
	icmph = (const struct icmphdr *)skb->data;
	net_mib.icmpmsg[icmph->type]++;
	if (icmph->type > NR_ICMP_TYPES)
		goto error;
	/* RFC 1122, 3.2.2.6 and 3.2.2.8: of what came by broadcast or multicast little is answered. */
	if (rt && rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		if ((icmph->type == ICMP_ECHO || icmph->type == ICMP_TIMESTAMP) && net_sysctl.icmp_echo_ignore_broadcasts)
			goto error;
		if (icmph->type != ICMP_ECHO && icmph->type != ICMP_TIMESTAMP && icmph->type != ICMP_ADDRESS
				&& icmph->type != ICMP_ADDRESSREPLY)
			goto error;
	}
	if (icmph->type == ICMP_ECHO)
		icmp_echo(skb);
	else if (icmph->type == ICMP_ECHOREPLY)
		ping_rcv(skb);
	else if (icmph->type == ICMP_TIMESTAMP)
		icmp_timestamp(skb);
	else if (is_error_type(icmph->type))
		icmp_unreach(skb);
	kfree_skb(skb);
	return 0;
error:
	ICMP_INC_STATS(ICMP_MIB_INERRORS);
	kfree_skb(skb);
	return 0;
}

/* An error about an ICMP packet of ours: only ping sockets send those. */
int icmp_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	int offset = iph->ihl * 4;
	const struct icmphdr *about = (const struct icmphdr *)(skb->data + offset);
	const struct icmphdr *icmph = (const struct icmphdr *)skb_transport_header(skb);

	if (about->type != ICMP_ECHOREPLY) {
		ping_err(skb, offset, info);
		return 0;
	}
	if (icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED)
		ipv4_update_pmtu(skb, info, 0, IPPROTO_ICMP);
	return 0;
}

