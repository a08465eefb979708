/* IPv4 input: checks of the header, the route, and the hand-over to protocols and raw sockets. */
#include "../ip.h"
#include "kerrno.h"
#include "string.h"
#include <linux/if_packet.h>

static void ip_rcv_ecn_stats(u8 tos)
{
	static const u8 field[4] = { IPSTATS_MIB_NOECTPKTS, IPSTATS_MIB_ECT1PKTS, IPSTATS_MIB_ECT0PKTS, IPSTATS_MIB_CEPKTS };

	IP_INC_STATS(field[tos & 3]);
}

/* The whole header is sound and the packet no longer than it says. The packet, or NULL: it was dropped. */
static struct sk_buff *ip_rcv_core(struct sk_buff *skb)
{
	const struct iphdr *iph;
	u32 len;

	if (skb->pkt_type == PACKET_OTHERHOST)
		goto drop;
	IP_INC_STATS(IPSTATS_MIB_INPKTS);
	IP_ADD_STATS(IPSTATS_MIB_INOCTETS, skb->len);
	skb = skb_share_check(skb);
	if (!skb) {
		IP_INC_STATS(IPSTATS_MIB_INDISCARDS);
		return NULL;
	}
	if (skb->len < sizeof(*iph))
		goto inhdr_error;
	iph = ip_hdr(skb);
	if (iph->ihl < 5 || iph->version != 4)
		goto inhdr_error;
	ip_rcv_ecn_stats(iph->tos);
	if (skb->len < iph->ihl * 4u)
		goto inhdr_error;
	if (unlikely(ip_fast_csum(iph, iph->ihl))) {
		IP_INC_STATS(IPSTATS_MIB_CSUMERRORS);
		goto inhdr_error;
	}
	len = ntohs(iph->tot_len);
	if (skb->len < len) {
		IP_INC_STATS(IPSTATS_MIB_INTRUNCATEDPKTS);
		goto drop;
	}
	if (len < iph->ihl * 4u)
		goto inhdr_error;
	skb_trim(skb, len);
	skb->transport_header = skb->network_header + iph->ihl * 4;
	memset(skb->cb, 0, sizeof(struct inet_skb_parm));
	IPCB(skb)->iif = skb->skb_iif;
	return skb;
inhdr_error:
	IP_INC_STATS(IPSTATS_MIB_INHDRERRORS);
drop:
	kfree_skb(skb);
	return NULL;
}

/* Options of a received packet. False: it was bad and is gone. */
static bool ip_rcv_options(struct sk_buff *skb)
{
	struct ip_options *opt = &IPCB(skb)->opt;
	const struct iphdr *iph;

	if (skb_cow(skb, 0)) {
		IP_INC_STATS(IPSTATS_MIB_INDISCARDS);
		goto drop;
	}
	iph = ip_hdr(skb);
	opt->optlen = iph->ihl * 4 - sizeof(*iph);
	if (ip_options_compile(opt, (u8 *)(ip_hdr(skb) + 1), skb, NULL)) {
		IP_INC_STATS(IPSTATS_MIB_INHDRERRORS);
		goto drop;
	}
	/* net.ipv4.conf.lo.accept_source_route is 0 */
	if (opt->srr && !net_sysctl.accept_source_route)
		goto drop;
	if (opt->srr && ip_options_rcv_srr(skb))
		goto drop;
	return true;
drop:
	kfree_skb(skb);
	return false;
}

void ip_rcv(struct sk_buff *skb, struct net_device *dev)
{
	const struct iphdr *iph;
	const struct rtable *rt;

	skb = ip_rcv_core(skb);
	if (!skb)
		return;
	iph = ip_hdr(skb);
	if (iph->ihl > 5) {
		if (!ip_rcv_options(skb))
			return;
		iph = ip_hdr(skb);
	}
	if (!skb->dst || skb->dst->ops->family != AF_INET) {
		int err;

		skb_dst_drop(skb);
		err = ip_route_input(skb, iph->daddr, iph->saddr, iph->tos, dev);
		if (err) {
			if (err == -EHOSTUNREACH)
				IP_INC_STATS(IPSTATS_MIB_INADDRERRORS);
			else
				IP_INC_STATS(IPSTATS_MIB_INNOROUTES);
			kfree_skb(skb);
			return;
		}
	}
	rt = skb_rtable(skb);
	if (rt->rt_type == RTN_MULTICAST) {
		skb->pkt_type = PACKET_MULTICAST;
		IP_INC_STATS(IPSTATS_MIB_INMCASTPKTS);
		IP_ADD_STATS(IPSTATS_MIB_INMCASTOCTETS, skb->len);
	} else if (rt->rt_type == RTN_BROADCAST) {
		skb->pkt_type = PACKET_BROADCAST;
		IP_INC_STATS(IPSTATS_MIB_INBCASTPKTS);
		IP_ADD_STATS(IPSTATS_MIB_INBCASTOCTETS, skb->len);
	}
	dst_input(skb);
}

int ip_local_deliver(struct sk_buff *skb)
{
	const struct net_protocol *proto;
	bool raw;
	u8 protocol;

	if (unlikely(ip_is_fragment(ip_hdr(skb)))) {
		skb = ip_defrag(skb);
		if (!skb)
			return 0;
	}
	protocol = ip_hdr(skb)->protocol;
	skb_pull(skb, ip_hdrlen(skb));
	raw = raw_local_deliver(skb, protocol);
	proto = inet_protos[protocol];
	if (likely(proto)) {
		IP_INC_STATS(IPSTATS_MIB_INDELIVERS);
		return proto->handler(skb);
	}
	if (raw) {
		IP_INC_STATS(IPSTATS_MIB_INDELIVERS);
	} else {
		IP_INC_STATS(IPSTATS_MIB_INUNKNOWNPROTOS);
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
	}
	kfree_skb(skb);
	return 0;
}
