/* IPv6 fragments put together, RFC 8200, 4.5 and RFC 5722: overlapping ones condemn the packet. */
#include "../frag.h"
#include "../ipv6.h"
#include "kerrno.h"
#include "string.h"

static struct frag_table ip6_frags;

struct frag6_key {
	struct in6_addr saddr, daddr;
	__be32 id;
	u32 iif;
};

static void ip6_expire(struct frag_queue *q)
{
	struct sk_buff *head = frag_first(q);

	IP6_INC_STATS(IPSTATS_MIB_REASMFAILS);
	IP6_INC_STATS(IPSTATS_MIB_REASMTIMEOUT);
	if (!head || !q->first_in || FRAG_CB(head)->offset)
		return;
	skb_unlink(head, &q->fragments);
	skb_push(head, head->data - skb_network_header(head));
	ip6_route_input(head);
	icmpv6_send(head, ICMPV6_TIME_EXCEED, ICMPV6_EXC_FRAGTIME, 0);
	frag_unaccount(q, head);
	kfree_skb(head);
}

static bool frag6_insert_errors(struct frag_queue *q, struct sk_buff *skb, int err)
{
	if (err == -EEXIST) {
		kfree_skb(skb);
		return true;
	}
	frag_kill(q);
	return false;
}

/* The packet without its fragment header. */
static struct sk_buff *frag6_reasm(struct frag_queue *q, struct sk_buff *last)
{
	struct sk_buff *head = frag_first(q), *skb;
	unsigned hlen = (unsigned)(head->data - skb_network_header(head)) - sizeof(struct frag_hdr);
	u8 nexthdr = ((const struct frag_hdr *)(head->data - sizeof(struct frag_hdr)))->nexthdr;

	if (hlen - sizeof(struct ipv6hdr) + q->len > IPV6_MAXPLEN)
		return NULL;
	skb = frag_join(q, hlen);
	if (!skb)
		return NULL;
	skb_network_header(skb)[q->nhoffset] = nexthdr;
	ipv6_hdr(skb)->payload_len = htons((u16)(hlen - sizeof(struct ipv6hdr) + q->len));
	if (q->ecn) {
		u8 *h = skb_network_header(skb);

		h[1] |= 0x30; /* ECN's place in the first word */
	}
	IP6CB(skb)->nhoff = q->nhoffset;
	IP6CB(skb)->flags |= IP6SKB_FRAGMENTED;
	IP6CB(skb)->frag_max_size = q->max_size;
	skb->dst = last->dst;
	return skb;
}

/* Where the fragment lies: *offset and *end, in bytes of the payload, and whether it is the last. False: it cannot be, its sender has
 * been told, and it is gone. */
static bool frag6_place(struct sk_buff *skb, const struct frag_hdr *fh, unsigned *offset, unsigned *end, bool *last)
{
	int where;

	*offset = ntohs(fh->frag_off) & IP6_OFFSET;
	*last = !(fh->frag_off & htons(IP6_MF));
	*end = *offset + skb->len - sizeof(*fh);
	if (*end > IPV6_MAXPLEN)
		where = (int)((const u8 *)&fh->frag_off - skb_network_header(skb));
	else if (!*last && *end & 7)
		where = (int)offsetof(struct ipv6hdr, payload_len);
	else
		return true;
	IP6_INC_STATS(IPSTATS_MIB_INHDRERRORS);
	icmpv6_param_prob(skb, ICMPV6_HDR_FIELD, where);
	return false;
}

/* The packet is whole: it goes on with @dst, which the last fragment to come has brought. Takes over both. */
static void frag6_finish(struct frag_queue *q, struct sk_buff *skb, struct dst_entry *dst)
{
	struct sk_buff *whole;

	skb->dst = dst;
	whole = frag6_reasm(q, skb);
	skb->dst = NULL;
	frag_kill(q);
	if (!whole) {
		dst_release(dst);
		IP6_INC_STATS(IPSTATS_MIB_REASMFAILS);
		return;
	}
	IP6_INC_STATS(IPSTATS_MIB_REASMOKS);
	dst_input(whole);
}

/* skb->data at the fragment header. As every handler: 0 and less: it is gone; 1: go on with the next header. */
int ipv6_frag_rcv(struct sk_buff *skb)
{
	const struct ipv6hdr *hdr = ipv6_hdr(skb);
	const struct frag_hdr *fh = (const struct frag_hdr *)skb->data;
	struct frag6_key key = { .saddr = hdr->saddr, .daddr = hdr->daddr };
	struct dst_entry *dst;
	struct frag_queue *q;
	unsigned offset, end;
	bool last;
	int err;

	IP6_INC_STATS(IPSTATS_MIB_REASMREQDS);
	if (!hdr->payload_len || skb->len < sizeof(*fh)) {
		IP6_INC_STATS(IPSTATS_MIB_INHDRERRORS);
		icmpv6_param_prob(skb, ICMPV6_HDR_FIELD, skb_network_header_len(skb));
		return -1;
	}
	if (!(fh->frag_off & htons(IP6_OFFSET | IP6_MF))) {
		/* An atomic fragment: whole already, RFC 6946. */
		skb->transport_header += sizeof(*fh);
		IP6_INC_STATS(IPSTATS_MIB_REASMOKS);
		IP6CB(skb)->nhoff = (u16)(skb->data - skb_network_header(skb));
		IP6CB(skb)->flags |= IP6SKB_FRAGMENTED;
		return 1;
	}
	key.id = fh->identification;
	if (__ipv6_addr_type(&hdr->daddr) & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL))
		key.iif = (u32)skb->skb_iif;
	q = frag_find(&ip6_frags, &key);
	if (!q)
		goto fail;
	if (!frag6_place(skb, fh, &offset, &end, &last))
		return -1;
	if (!offset)
		q->nhoffset = IP6CB(skb)->nhoff;
	if (skb->len + (u32)(skb->data - skb_network_header(skb)) > q->max_size)
		q->max_size = (u16)(skb->len + (u32)(skb->data - skb_network_header(skb)));
	if ((ipv6_get_dsfield(hdr) & 3) == 3)
		q->ecn = 1;
	dst = skb->dst;
	skb->dst = NULL;
	skb_pull(skb, sizeof(*fh));
	err = frag_insert(q, skb, offset, end, last);
	if (err) {
		dst_release(dst);
		if (frag6_insert_errors(q, skb, err))
			return -1;
		goto fail;
	}
	if (frag_complete(q))
		frag6_finish(q, skb, dst);
	else
		dst_release(dst);
	return -1;
fail:
	IP6_INC_STATS(IPSTATS_MIB_REASMFAILS);
	kfree_skb(skb);
	return -1;
}

void ipv6_frag_init(void)
{
	frag_table_init(&ip6_frags, sizeof(struct frag6_key), &net_sysctl.ip6frag_high_thresh, &net_sysctl.ip6frag_time,
		ip6_expire);
}

void ipv6_frag_exit(void)
{
	frag_table_exit(&ip6_frags);
}
