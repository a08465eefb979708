/* IPv6 extension headers: hop-by-hop and destination options, routing headers (RFC 8200, 5095), and those that a sender adds. */
#include "../ipv6.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"
#include <linux/if_packet.h>

static bool ipv6_ext_hdr(u8 nexthdr)
{
	return nexthdr == NEXTHDR_HOP || nexthdr == NEXTHDR_ROUTING || nexthdr == NEXTHDR_FRAGMENT || nexthdr == NEXTHDR_AUTH
		|| nexthdr == NEXTHDR_NONE || nexthdr == NEXTHDR_DEST;
}

int ipv6_skip_exthdr(const struct sk_buff *skb, int start, u8 *nexthdrp, __be16 *frag_offp)
{
	u8 nexthdr = *nexthdrp;

	*frag_offp = 0;
	while (ipv6_ext_hdr(nexthdr)) {
		const struct ipv6_opt_hdr *hp;
		int hdrlen;

		if (nexthdr == NEXTHDR_NONE || start + (int)sizeof(*hp) > (int)skb->len)
			return -1;
		hp = (const struct ipv6_opt_hdr *)(skb->data + start);
		if (nexthdr == NEXTHDR_FRAGMENT) {
			if (start + 4 > (int)skb->len)
				return -1;
			*frag_offp = get_unaligned16(skb->data + start + 2);
			if (ntohs(*frag_offp) & ~7u)
				break;
			hdrlen = 8;
		} else if (nexthdr == NEXTHDR_AUTH) {
			hdrlen = (hp->hdrlen + 2) << 2;
		} else {
			hdrlen = (hp->hdrlen + 1) << 3;
		}
		nexthdr = hp->nexthdr;
		start += hdrlen;
	}
	*nexthdrp = nexthdr;
	return start;
}

/* An option of a type that is not known: the top bits say what to do. True: skip it; otherwise the packet is gone. */
static bool unknown_option(struct sk_buff *skb, int offset)
{
	switch (skb_network_header(skb)[offset] >> 6) {
	case 0:
		return true;
	case 3: /* an error unless it was sent to a group */
		if (ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr))
			break;
		/* fall through */
	case 2:
		icmpv6_param_prob(skb, ICMPV6_UNK_OPTION, offset);
		return false;
	}
	kfree_skb(skb);
	return false;
}

/* The options of the header at the transport header, @len bytes of it with the fixed two. False: the packet is gone. */
static bool parse_tlv(struct sk_buff *skb, int len, bool hop, int max_count)
{
	int offset = skb->transport_header - skb->network_header + 2, left = len - 2, padlen = 0, count = 0;

	while (left > 0) {
		const u8 *p = skb_network_header(skb) + offset;
		int optlen;

		if (p[0] == 0) {
			offset++;
			left--;
			if (++padlen > 7)
				goto bad;
			continue;
		}
		if (left < 2)
			goto bad;
		optlen = p[1] + 2;
		if (optlen > left)
			goto bad;
		if (p[0] == 1) { /* PadN: zeroes, to the next multiple of 8 at most */
			padlen += optlen;
			if (padlen > 7)
				goto bad;
			for (int i = 2; i < optlen; i++)
				if (p[i])
					goto bad;
		} else {
			if (max_count >= 0 && ++count > max_count)
				goto bad;
			if (hop && p[0] == 5 && p[1] == 2)
				IP6CB(skb)->ra = (u16)offset;
			else if (!unknown_option(skb, offset))
				return false;
			padlen = 0;
		}
		offset += optlen;
		left -= optlen;
	}
	if (!left)
		return true;
bad:
	kfree_skb(skb);
	return false;
}

/* The length of the extension header at the transport header, or 0: there is not so much. */
static int ext_len(const struct sk_buff *skb)
{
	const u8 *p = skb_transport_header(skb);
	int len;

	if (p + 8 > skb->tail)
		return 0;
	len = (p[1] + 1) << 3;
	return p + len > skb->tail ? 0 : len;
}

int ipv6_parse_hopopts(struct sk_buff *skb)
{
	int len = ext_len(skb);

	if (!len) {
		kfree_skb(skb);
		return -1;
	}
	if (!parse_tlv(skb, len, true, net_sysctl.ip6_max_hbh_opts_number))
		return -1;
	IP6CB(skb)->flags |= 2; /* IP6SKB_HOPBYHOP */
	IP6CB(skb)->nhoff = sizeof(struct ipv6hdr);
	skb->transport_header += len;
	return 1;
}

static int ipv6_destopt_rcv(struct sk_buff *skb)
{
	int len = ext_len(skb);
	u16 at = (u16)skb_network_header_len(skb);

	if (!len) {
		IP6_INC_STATS(IPSTATS_MIB_INHDRERRORS);
		kfree_skb(skb);
		return -1;
	}
	IP6CB(skb)->dst0 = IP6CB(skb)->dst1;
	IP6CB(skb)->dst1 = at;
	if (!parse_tlv(skb, len, false, net_sysctl.ip6_max_dst_opts_number)) {
		IP6_INC_STATS(IPSTATS_MIB_INHDRERRORS);
		return -1;
	}
	IP6CB(skb)->nhoff = at;
	skb->transport_header += len;
	return 1;
}

/* Only headers whose route is done are taken: type 0 is deprecated (RFC 5095), the others are not for this host. */
static int ipv6_rthdr_rcv(struct sk_buff *skb)
{
	int len = ext_len(skb);
	u16 at = (u16)skb_network_header_len(skb);
	const u8 *p = skb_transport_header(skb);

	if (!len || skb->pkt_type != PACKET_HOST || ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr)) {
		IP6_INC_STATS(len ? IPSTATS_MIB_INADDRERRORS : IPSTATS_MIB_INHDRERRORS);
		kfree_skb(skb);
		return -1;
	}
	if (p[2] == IPV6_SRCRT_TYPE_4) {
		kfree_skb(skb); /* segment routing is off: net.ipv6.conf.all.seg6_enabled */
		return -1;
	}
	if (p[3]) {
		IP6_INC_STATS(IPSTATS_MIB_INHDRERRORS);
		icmpv6_param_prob(skb, ICMPV6_HDR_FIELD, at + 2);
		return -1;
	}
	IP6CB(skb)->srcrt = at;
	IP6CB(skb)->lastopt = at;
	IP6CB(skb)->nhoff = at;
	skb->transport_header += len;
	return 1;
}

static int ipv6_nodata_rcv(struct sk_buff *skb)
{
	kfree_skb(skb);
	return 0;
}

const struct inet6_protocol ipv6_destopt_protocol = { .handler = ipv6_destopt_rcv, .flags = INET6_PROTO_NOPOLICY };
const struct inet6_protocol ipv6_rthdr_protocol = { .handler = ipv6_rthdr_rcv, .flags = INET6_PROTO_NOPOLICY };
const struct inet6_protocol ipv6_nodata_protocol = { .handler = ipv6_nodata_rcv, .flags = INET6_PROTO_NOPOLICY };

/* ---- a sender's ---- */

void txopt_put(struct ipv6_txoptions *opt)
{
	if (opt && !--opt->refs)
		kfree(opt);
}

static void push_exthdr(struct sk_buff *skb, u8 *proto, u8 type, const struct ipv6_opt_hdr *opt)
{
	unsigned len = (opt->hdrlen + 1u) << 3;
	struct ipv6_opt_hdr *h = skb_push(skb, len);

	memcpy(h, opt, len);
	h->nexthdr = *proto;
	*proto = type;
}

/* May it be a segment routing header (RFC 8754, 2) of a program? Segments, then whole TLVs. */
bool seg6_validate_srh(const void *hdr, unsigned len)
{
	const struct ipv6_sr_hdr *srh = hdr;
	unsigned at;

	if (srh->type != IPV6_SRCRT_TYPE_4 || (srh->hdrlen + 1u) << 3 != len || srh->segments_left > srh->first_segment
			|| srh->first_segment > (srh->hdrlen >> 1) - 1)
		return false;
	for (at = sizeof(*srh) + ((srh->first_segment + 1u) << 4); at + 2 <= len; at += 2u + ((const u8 *)hdr)[at + 1])
		;
	return at == len;
}

/* Where the packet goes first. */
struct in6_addr *ipv6_srcrt_first(const struct ipv6_rt_hdr *opt)
{
	return ((struct ipv6_sr_hdr *)opt)->segments + opt->segments_left;
}

/* The first segment is the last of the way, and its place that of the destination. */
static void push_rthdr(struct sk_buff *skb, u8 *proto, const struct ipv6_rt_hdr *opt, struct in6_addr **addr)
{
	unsigned len = (opt->hdrlen + 1u) << 3;
	u8 *h = skb_push(skb, len);

	memcpy(h, opt, len);
	memcpy(h + sizeof(struct ipv6_sr_hdr), *addr, sizeof(**addr));
	*addr = ipv6_srcrt_first(opt);
	h[0] = *proto;
	*proto = NEXTHDR_ROUTING;
}

void ipv6_push_nfrag_opts(struct sk_buff *skb, struct ipv6_txoptions *opt, u8 *proto, struct in6_addr **daddr,
	const struct in6_addr *saddr __maybe_unused)
{
	if (opt->srcrt) {
		push_rthdr(skb, proto, opt->srcrt, daddr);
		if (opt->dst0opt)
			push_exthdr(skb, proto, NEXTHDR_DEST, opt->dst0opt);
	}
	if (opt->hopopt)
		push_exthdr(skb, proto, NEXTHDR_HOP, opt->hopopt);
}

void ipv6_push_frag_opts(struct sk_buff *skb, struct ipv6_txoptions *opt, u8 *proto)
{
	if (opt->dst1opt)
		push_exthdr(skb, proto, NEXTHDR_DEST, opt->dst1opt);
}
