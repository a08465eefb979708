/* IPv6 input: the header, the chain of extension headers, and the hand-over to protocols and raw sockets. */
#include "../ipv6.h"
#include "kerrno.h"
#include "string.h"
#include <linux/if.h>
#include <linux/if_packet.h>

static bool addresses_ok(const struct ipv6hdr *hdr, const struct net_device *dev)
{
	bool lo = dev->flags & IFF_LOOPBACK;

	if ((ipv6_addr_loopback(&hdr->saddr) || ipv6_addr_loopback(&hdr->daddr)) && !lo)
		return false;
	if (ipv6_addr_is_multicast(&hdr->saddr))
		return false;
	/* RFC 4291, 2.7: scope 0 is reserved, scope 1 does not leave the host. */
	if (ipv6_addr_is_multicast(&hdr->daddr) && ((hdr->daddr.s6_addr[1] & 0xf) == 0
			|| ((hdr->daddr.s6_addr[1] & 0xf) == 1 && !lo)))
		return false;
	return true;
}

void ipv6_rcv(struct sk_buff *skb, struct net_device *dev)
{
	static const u8 ecn[4] = { IPSTATS_MIB_NOECTPKTS, IPSTATS_MIB_ECT1PKTS, IPSTATS_MIB_ECT0PKTS, IPSTATS_MIB_CEPKTS };
	const struct ipv6hdr *hdr;
	u32 len;

	if (skb->pkt_type == PACKET_OTHERHOST)
		goto drop;
	IP6_INC_STATS(IPSTATS_MIB_INPKTS);
	IP6_ADD_STATS(IPSTATS_MIB_INOCTETS, skb->len);
	skb = skb_share_check(skb);
	if (!skb) {
		IP6_INC_STATS(IPSTATS_MIB_INDISCARDS);
		return;
	}
	memset(skb->cb, 0, sizeof(struct inet6_skb_parm));
	IP6CB(skb)->iif = skb->skb_iif;
	if (skb->len < sizeof(*hdr))
		goto error;
	hdr = ipv6_hdr(skb);
	if (hdr->version != 6)
		goto error;
	IP6_INC_STATS(ecn[ipv6_get_dsfield(hdr) & 3]);
	if (!addresses_ok(hdr, dev))
		goto error;
	skb->transport_header = (u16)(skb->network_header + sizeof(*hdr));
	IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
	len = ntohs(hdr->payload_len);
	if (len || hdr->nexthdr != NEXTHDR_HOP) {
		if (len + sizeof(*hdr) > skb->len) {
			IP6_INC_STATS(IPSTATS_MIB_INTRUNCATEDPKTS);
			goto drop;
		}
		skb_trim(skb, len + sizeof(*hdr));
	}
	if (hdr->nexthdr == NEXTHDR_HOP && ipv6_parse_hopopts(skb) < 0) {
		IP6_INC_STATS(IPSTATS_MIB_INHDRERRORS);
		return;
	}
	if (!skb->dst || skb->dst->ops->family != AF_INET6)
		ip6_route_input(skb);
	if (skb->dst->error) {
		IP6_INC_STATS(IPSTATS_MIB_INNOROUTES);
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_NOROUTE, 0);
		goto drop;
	}
	dst_input(skb);
	return;
error:
	IP6_INC_STATS(IPSTATS_MIB_INHDRERRORS);
drop:
	kfree_skb(skb);
}

/* Header after header, until a protocol has the packet. */
int ip6_input(struct sk_buff *skb)
{
	bool have_final = false;
	int limit = 32;

	for (;;) {
		const struct inet6_protocol *proto;
		unsigned nhoff = IP6CB(skb)->nhoff;
		u8 nexthdr;
		bool raw;
		int ret;

		if (!skb_pull(skb, (size_t)skb_transport_offset(skb)) || !limit--)
			break;
		nexthdr = skb_network_header(skb)[nhoff];
		raw = raw6_local_deliver(skb, nexthdr);
		proto = inet6_protos[nexthdr];
		if (!proto) {
			if (raw) {
				IP6_INC_STATS(IPSTATS_MIB_INDELIVERS);
				break;
			}
			IP6_INC_STATS(IPSTATS_MIB_INUNKNOWNPROTOS);
			icmpv6_send(skb, ICMPV6_PARAMPROB, ICMPV6_UNK_NEXTHDR, nhoff);
			break;
		}
		if (proto->flags & INET6_PROTO_FINAL) {
			have_final = true;
			if (ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr)
					&& !ipv6_chk_mcast_addr(dev_get_by_index(skb->skb_iif), &ipv6_hdr(skb)->daddr,
						&ipv6_hdr(skb)->saddr))
				break;
		} else if (have_final) {
			break;
		}
		ret = proto->handler(skb);
		if (ret <= 0) {
			if (!ret)
				IP6_INC_STATS(IPSTATS_MIB_INDELIVERS);
			return 0;
		}
	}
	kfree_skb(skb);
	return 0;
}

int ip6_mc_input(struct sk_buff *skb)
{
	IP6_INC_STATS(IPSTATS_MIB_INMCASTPKTS);
	IP6_ADD_STATS(IPSTATS_MIB_INMCASTOCTETS, skb->len);
	skb->pkt_type = PACKET_MULTICAST;
	if (!ipv6_chk_mcast_addr(skb->dev, &ipv6_hdr(skb)->daddr, NULL)) {
		kfree_skb(skb);
		return 0;
	}
	return ip6_input(skb);
}
