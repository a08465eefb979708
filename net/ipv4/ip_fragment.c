/* IPv4 fragments: cutting packets that are larger than their way allows, and putting together what comes in, RFC 791 and
 * 815, with Linux's limits: net.ipv4.ipfrag_high_thresh of memory, ipfrag_time of patience. A fragment that overlaps what is
 * there condemns its whole packet. */
#include "../frag.h"
#include "../ip.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"

static struct frag_table ip4_frags;

struct ip4_frag_key {
	__be32 saddr, daddr;
	__be16 id;
	u8 protocol;
	u8 pad;
	int dev;
};

/* Too late: the sender is told if the first fragment came. */
static void ip_expire(struct frag_queue *q)
{
	struct sk_buff *head = frag_first(q);

	IP_INC_STATS(IPSTATS_MIB_REASMFAILS);
	IP_INC_STATS(IPSTATS_MIB_REASMTIMEOUT);
	if (!head || FRAG_CB(head)->offset || !q->first_in)
		return;
	skb_unlink(head, &q->fragments);
	q->meat -= FRAG_CB(head)->len;
	skb_push(head, head->transport_header - head->network_header);
	if (!head->dst)
		ip_route_input(head, ip_hdr(head)->daddr, ip_hdr(head)->saddr, ip_hdr(head)->tos, head->dev);
	if (head->dst)
		icmp_send(head, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0);
	frag_unaccount(q, head);
	kfree_skb(head);
}

/* All are there: one packet with the first one's header. NULL: no memory, or longer than a packet can be. */
static struct sk_buff *ip_frag_reasm(struct frag_queue *q)
{
	struct sk_buff *head = frag_first(q), *skb;
	unsigned hlen = head->transport_header - head->network_header;
	struct iphdr *iph;

	if (hlen + q->len > 65535)
		return NULL;
	skb = frag_join(q, hlen);
	if (!skb)
		return NULL;
	iph = ip_hdr(skb);
	iph->tot_len = htons(hlen + q->len);
	iph->tos |= q->ecn;
	iph->frag_off = 0;
	/* Whoever fragments it again keeps to what came. */
	if (q->max_df_size == q->max_size) {
		IPCB(skb)->flags |= IPSKB_FRAG_PMTU;
		iph->frag_off = htons(IP_DF);
	}
	IPCB(skb)->frag_max_size = q->max_size;
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
	return skb;
}

struct sk_buff *ip_defrag(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct ip4_frag_key key = { .saddr = iph->saddr, .daddr = iph->daddr, .id = iph->id, .protocol = iph->protocol };
	u16 frag_off = ntohs(iph->frag_off);
	unsigned hlen = ip_hdrlen(skb), offset = (frag_off & IP_OFFSET) << 3, end;
	struct dst_entry *dst = skb->dst;
	struct frag_queue *q;
	struct sk_buff *whole;
	int err;

	skb->dst = NULL;
	IP_INC_STATS(IPSTATS_MIB_REASMREQDS);
	q = frag_find(&ip4_frags, &key);
	if (!q)
		goto fail;
	skb_pull(skb, hlen);
	end = offset + skb->len;
	/* What is not the last has a multiple of eight bytes; the rest is cut. */
	if (frag_off & IP_MF && end & 7) {
		end &= ~7u;
		skb_trim(skb, end - offset);
	}
	if (skb->len + hlen > q->max_size)
		q->max_size = skb->len + hlen;
	if (frag_off & IP_DF && skb->len + hlen > q->max_df_size)
		q->max_df_size = skb->len + hlen;
	if ((iph->tos & 3) == 3)
		q->ecn |= 3;
	err = frag_insert(q, skb, offset, end, !(frag_off & IP_MF));
	if (err) {
		if (err == -EEXIST) { /* a copy of one that is there */
			dst_release(dst);
			kfree_skb(skb);
			return NULL;
		}
		frag_kill(q);
		goto fail;
	}
	if (!frag_complete(q)) {
		dst_release(dst);
		return NULL;
	}
	whole = ip_frag_reasm(q);
	frag_kill(q);
	if (whole) {
		IP_INC_STATS(IPSTATS_MIB_REASMOKS);
		skb_dst_set(whole, dst);
		return whole;
	}
	skb = NULL;
fail:
	dst_release(dst);
	IP_INC_STATS(IPSTATS_MIB_REASMFAILS);
	kfree_skb(skb);
	return NULL;
}

void ipfrag_init(void)
{
	frag_table_init(&ip4_frags, sizeof(struct ip4_frag_key), &net_sysctl.ipfrag_high_thresh, &net_sysctl.ipfrag_time,
		ip_expire);
}

void ipfrag_exit(void)
{
	frag_table_exit(&ip4_frags);
}

/* ---- out ---- */

/* One fragment of @len bytes at @offset of the payload. */
static struct sk_buff *ip_frag_next(struct sk_buff *skb, unsigned hlen, unsigned offset, unsigned len, bool last)
{
	struct sk_buff *n = alloc_skb(LL_MAX_HEADER + hlen + len);
	u16 frag_off = ntohs(ip_hdr(skb)->frag_off);
	struct iphdr *iph;

	if (!n)
		return NULL;
	skb_reserve(n, LL_MAX_HEADER);
	skb_reset_network_header(n);
	n->transport_header = n->network_header + hlen;
	memcpy(skb_put(n, hlen + len), skb_network_header(skb), hlen);
	memcpy(skb_transport_header(n), skb->data + hlen + offset, len);
	n->protocol = skb->protocol;
	n->pkt_type = skb->pkt_type;
	n->priority = skb->priority;
	n->mark = skb->mark;
	n->dev = skb->dev;
	n->dst = dst_hold(skb->dst);
	memcpy(n->cb, skb->cb, sizeof(n->cb));
	iph = ip_hdr(n);
	iph->tot_len = htons(hlen + len);
	frag_off = (frag_off & (IP_DF | IP_MF)) | ((frag_off & IP_OFFSET) + (offset >> 3));
	if (IPCB(skb)->flags & IPSKB_FRAG_PMTU)
		frag_off |= IP_DF;
	if (!last)
		frag_off |= IP_MF;
	iph->frag_off = htons(frag_off);
	ip_send_check(iph);
	return n;
}

int ip_fragment(struct sock *sk, struct sk_buff *skb, u32 mtu, int (*output)(struct sock *, struct sk_buff *))
{
	unsigned hlen = ip_hdrlen(skb), left = skb->len - hlen, offset = 0, room;
	int err = 0;

	if (skb_checksum_help(skb)) {
		err = -ENOMEM;
		goto fail;
	}
	if (ip_hdr(skb)->frag_off & htons(IP_DF) && !skb->local_df && !(IPCB(skb)->flags & IPSKB_FRAG_PMTU)) {
		IP_INC_STATS(IPSTATS_MIB_FRAGFAILS);
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
		kfree_skb(skb);
		return -EMSGSIZE;
	}
	room = mtu > hlen ? (mtu - hlen) & ~7u : 0;
	if (!room) {
		err = -EMSGSIZE;
		goto fail;
	}
	while (left) {
		unsigned len = left > mtu - hlen ? min(left, room) : left;
		struct sk_buff *n = ip_frag_next(skb, hlen, offset, len, len == left);

		if (!n) {
			err = -ENOMEM;
			goto fail;
		}
		/* Only the first repeats options that are not copied. */
		if (!offset)
			ip_options_fragment(skb);
		skb_set_owner_w_maybe(n, skb->sk);
		left -= len;
		offset += len;
		err = output(sk, n);
		if (err)
			goto fail;
		IP_INC_STATS(IPSTATS_MIB_FRAGCREATES);
	}
	kfree_skb(skb);
	IP_INC_STATS(IPSTATS_MIB_FRAGOKS);
	return err;
fail:
	kfree_skb(skb);
	IP_INC_STATS(IPSTATS_MIB_FRAGFAILS);
	return err;
}
