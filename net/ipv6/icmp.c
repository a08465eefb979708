/* ICMPv6, RFC 4443: echo replies, errors that this host reports, and errors that it is told of. */
#include "../ping.h"
#include "kerrno.h"
#include "string.h"
#include <linux/if.h>
#include <linux/if_packet.h>

int icmpv6_err_convert(u8 type, u8 code, int *err)
{
	static const struct icmp_err unreach[] = { { ENETUNREACH, false }, { EACCES, true }, { EHOSTUNREACH, false },
		{ EHOSTUNREACH, false }, { ECONNREFUSED, true }, { EACCES, true }, { EACCES, true } };
	int fatal = 0;

	*err = EPROTO;
	switch (type) {
	case ICMPV6_DEST_UNREACH:
		fatal = 1;
		if (code < ARRAY_SIZE(unreach)) {
			*err = unreach[code].error;
			fatal = unreach[code].fatal;
		}
		break;
	case ICMPV6_PKT_TOOBIG:
		*err = EMSGSIZE;
		break;
	case ICMPV6_PARAMPROB:
		*err = EPROTO;
		fatal = 1;
		break;
	case ICMPV6_TIME_EXCEED:
		*err = EHOSTUNREACH;
		break;
	}
	return fatal;
}

static u16 icmp6_csum(const struct in6_addr *saddr, const struct in6_addr *daddr, const void *p, size_t len)
{
	return csum_ipv6_magic(saddr, daddr, (u32)len, IPPROTO_ICMPV6, csum_partial(p, len, 0));
}

/* Sends @head with @len bytes at @data. */
static void icmp6_xmit(const struct icmp6hdr *head, const void *data, unsigned len, const struct in6_addr *saddr,
	const struct in6_addr *daddr, int oif, unsigned tclass, u32 mark)
{
	struct flowi6 fl6 = { .flowi6_proto = IPPROTO_ICMPV6, .daddr = *daddr, .flowi6_oif = oif, .flowi6_mark = mark };
	struct dst_entry *dst;
	struct icmp6hdr *icmp6h;
	struct sk_buff *skb;

	if (saddr)
		fl6.saddr = *saddr;
	dst = ip6_dst_lookup_flow(NULL, &fl6, NULL);
	if (IS_ERR(dst))
		return;
	skb = alloc_skb(LL_MAX_HEADER + sizeof(struct ipv6hdr) + sizeof(*icmp6h) + len);
	if (!skb) {
		dst_release(dst);
		return;
	}
	skb_reserve(skb, LL_MAX_HEADER + sizeof(struct ipv6hdr));
	skb_reset_transport_header(skb);
	icmp6h = skb_put(skb, sizeof(*icmp6h));
	*icmp6h = *head;
	memcpy(skb_put(skb, len), data, len);
	icmp6h->icmp6_cksum = 0;
	icmp6h->icmp6_cksum = icmp6_csum(&fl6.saddr, &fl6.daddr, icmp6h, sizeof(*icmp6h) + len);
	skb_dst_set(skb, dst);
	skb->local_df = true;
	net_mib.icmp6msg[256 + head->icmp6_type]++;
	ICMP6_INC_STATS(ICMP6_MIB_OUTMSGS);
	ip6_xmit(NULL, skb, &fl6, mark, NULL, (int)tclass, 0);
}

/* Is the packet at @skb an ICMPv6 error, or something that cannot be told? */
static bool is_ineligible(const struct sk_buff *skb)
{
	int ptr = (int)(skb_network_header(skb) - skb->data) + (int)sizeof(struct ipv6hdr);
	u8 nexthdr = ipv6_hdr(skb)->nexthdr;
	__be16 frag_off;

	ptr = ipv6_skip_exthdr(skb, ptr, &nexthdr, &frag_off);
	if (ptr < 0)
		return false;
	if (nexthdr == IPPROTO_ICMPV6) {
		if (ptr >= (int)skb->len)
			return true;
		return !(skb->data[ptr] & 0x80);
	}
	return false;
}

/* The header must be within the data for the walk over the extension headers. */
void icmpv6_send(struct sk_buff *skb, u8 type, u8 code, u32 info)
{
	struct icmp6hdr head = { .icmp6_type = type, .icmp6_code = code };
	const struct ipv6hdr *hdr = ipv6_hdr(skb);
	struct sk_buff whole = { .head = skb->head, .data = skb_network_header(skb), .tail = skb->tail, .end = skb->end,
		.network_header = skb->network_header };
	int addr_type;
	unsigned len;
	bool group;

	if (skb_network_header(skb) + sizeof(*hdr) > skb->tail)
		return;
	whole.len = (u32)(skb->tail - whole.data);
	group = ipv6_addr_is_multicast(&hdr->daddr) || skb->pkt_type != PACKET_HOST;
	/* What came to a group is answered only for Packet Too Big and for options that want it. */
	if (group && type != ICMPV6_PKT_TOOBIG && !(type == ICMPV6_PARAMPROB && code == ICMPV6_UNK_OPTION))
		return;
	addr_type = ipv6_addr_type(&hdr->saddr);
	if (addr_type == IPV6_ADDR_ANY || addr_type & IPV6_ADDR_MULTICAST || is_ineligible(&whole))
		return;
	head.icmp6_pointer = htonl(info);
	len = min(whole.len, (u32)(IPV6_MIN_MTU - sizeof(struct ipv6hdr) - sizeof(head)));
	icmp6_xmit(&head, whole.data, len, group ? NULL : &hdr->daddr, &hdr->saddr,
		addr_type & IPV6_ADDR_LINKLOCAL ? skb->skb_iif : 0, 0, net_sysctl.ip6_fwmark_reflect ? skb->mark : 0);
}

void icmpv6_param_prob(struct sk_buff *skb, u8 code, int pos)
{
	icmpv6_send(skb, ICMPV6_PARAMPROB, code, (u32)pos);
	kfree_skb(skb);
}

static void icmpv6_echo_reply(struct sk_buff *skb)
{
	const struct ipv6hdr *hdr = ipv6_hdr(skb);
	struct icmp6hdr head = *(const struct icmp6hdr *)skb->data;
	bool group = ipv6_addr_is_multicast(&hdr->daddr);

	if (net_sysctl.icmpv6_echo_ignore_all || (group && net_sysctl.icmpv6_echo_ignore_multicast))
		return;
	head.icmp6_type = ICMPV6_ECHO_REPLY;
	icmp6_xmit(&head, skb->data + sizeof(head), skb->len - (u32)sizeof(head), group ? NULL : &hdr->daddr, &hdr->saddr,
		ipv6_addr_type(&hdr->saddr) & IPV6_ADDR_LINKLOCAL ? skb->skb_iif : 0, ipv6_get_dsfield(hdr),
		net_sysctl.ip6_fwmark_reflect ? skb->mark : 0);
}

/* skb->data at the packet that the error is about. */
static void icmpv6_notify(struct sk_buff *skb, u8 type, u8 code, u32 info)
{
	const struct inet6_protocol *proto;
	int inner;
	u8 nexthdr;
	__be16 frag_off;

	if (skb->len < sizeof(struct ipv6hdr))
		goto error;
	nexthdr = ((const struct ipv6hdr *)skb->data)->nexthdr;
	inner = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &nexthdr, &frag_off);
	if (inner < 0 || skb->len < (u32)inner + 8)
		goto error;
	proto = inet6_protos[nexthdr];
	if (proto && proto->err_handler)
		proto->err_handler(skb, type, code, inner, info);
	raw6_icmp_error(skb, nexthdr, type, code, inner, info);
	return;
error:
	ICMP6_INC_STATS(ICMP6_MIB_INERRORS);
}

int icmpv6_rcv(struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	struct icmp6hdr hdr;

	ICMP6_INC_STATS(ICMP6_MIB_INMSGS);
	skb_reset_transport_header(skb);
	if (skb->ip_summed != CHECKSUM_UNNECESSARY && skb->ip_summed != CHECKSUM_PARTIAL
			&& icmp6_csum(&ip6->saddr, &ip6->daddr, skb->data, skb->len)) {
		ICMP6_INC_STATS(ICMP6_MIB_CSUMERRORS);
		goto error;
	}
	if (skb->len < sizeof(hdr))
		goto error;
	hdr = *(const struct icmp6hdr *)skb->data;
	net_mib.icmp6msg[hdr.icmp6_type]++;
	switch (hdr.icmp6_type) {
	case ICMPV6_ECHO_REQUEST:
		icmpv6_echo_reply(skb);
		break;
	case ICMPV6_ECHO_REPLY:
		ping_deliver(skb, ntohs(hdr.icmp6_identifier));
		break;
	case ICMPV6_PKT_TOOBIG:
	case ICMPV6_DEST_UNREACH:
	case ICMPV6_TIME_EXCEED:
	case ICMPV6_PARAMPROB:
		skb_pull(skb, sizeof(hdr));
		icmpv6_notify(skb, hdr.icmp6_type, hdr.icmp6_code, hdr.icmp6_mtu);
		break;
	default:
		/* Errors that are not known go to who sent the packet; neighbour and group messages have no meaning on lo. */
		if (!(hdr.icmp6_type & 0x80)) {
			skb_pull(skb, sizeof(hdr));
			icmpv6_notify(skb, hdr.icmp6_type, hdr.icmp6_code, hdr.icmp6_mtu);
		}
	}
	kfree_skb(skb);
	return 0;
error:
	ICMP6_INC_STATS(ICMP6_MIB_INERRORS);
	kfree_skb(skb);
	return -1;
}

int icmpv6_err(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info)
{
	const struct icmp6hdr *about = (const struct icmp6hdr *)(skb->data + offset);

	if (type == ICMPV6_PKT_TOOBIG)
		ip6_update_pmtu(skb, info, skb->skb_iif, 0, 0);
	if (about->icmp6_type == ICMPV6_ECHO_REQUEST)
		ping6_err(skb, type, code, offset, info);
	return 0;
}
