/* IPv4 options, RFC 791: checking those of a guest or a packet, writing them, and turning them round for an answer. Offsets
 * count from the start of the header. */
#include "../ip.h"
#include "kerrno.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include <linux/capability.h>
#include <linux/if_packet.h>

#define IP_HEADER 20

static bool may_set_any(void)
{
	return capable(CAP_NET_RAW);
}

/* Milliseconds since midnight UT. */
static __be32 inet_current_timestamp(void)
{
	return htonl((u32)(ktime_get_real() / 1000000 % 86400000));
}

static u8 *compile_srr(struct ip_options *opt, u8 *p, bool from_guest, u8 offset)
{
	u8 len = p[1];

	if (len < 3)
		return p + 1;
	if (p[2] < 4)
		return p + 2;
	if (opt->srr)
		return p;
	if (from_guest) {
		if (p[2] != 4 || len < 7 || (len - 3) & 3)
			return p + 1;
		opt->faddr = get_unaligned32(p + 3);
		if (len > 7)
			memmove(p + 3, p + 7, len - 7);
	}
	opt->is_strictroute = *p == IPOPT_SSRR;
	opt->srr = offset;
	return NULL;
}

static u8 *compile_rr(struct ip_options *opt, u8 *p, const struct sk_buff *skb, u8 offset)
{
	u8 len = p[1];

	if (opt->rr)
		return p;
	if (len < 3)
		return p + 1;
	if (p[2] < 4)
		return p + 2;
	if (p[2] <= len) {
		if (p[2] + 3 > len)
			return p + 2;
		if (skb && skb->dst) {
			put_unaligned32(ip_hdr(skb)->daddr, p + p[2] - 1);
			opt->is_changed = true;
		}
		p[2] += 4;
		opt->rr_needaddr = true;
	}
	opt->rr = offset;
	return NULL;
}

/* The space for one more stamp. */
static u8 *compile_ts_entry(struct ip_options *opt, u8 *p, const struct sk_buff *skb)
{
	u8 len = p[1], *time = NULL;

	if (p[2] + 3 > len)
		return p + 2;
	switch (p[3] & 0xf) {
	case IPOPT_TS_TSONLY:
		time = skb ? p + p[2] - 1 : NULL;
		opt->ts_needtime = true;
		p[2] += 4;
		break;
	case IPOPT_TS_TSANDADDR:
		if (p[2] + 7 > len)
			return p + 2;
		if (skb && skb->dst) {
			put_unaligned32(ip_hdr(skb)->daddr, p + p[2] - 1);
			time = p + p[2] + 3;
		}
		opt->ts_needaddr = opt->ts_needtime = true;
		p[2] += 8;
		break;
	case IPOPT_TS_PRESPEC:
		if (p[2] + 7 > len)
			return p + 2;
		if (inet_addr_type(get_unaligned32(p + p[2] - 1)) == RTN_UNICAST)
			break;
		time = skb ? p + p[2] + 3 : NULL;
		opt->ts_needtime = true;
		p[2] += 8;
		break;
	default:
		if (!skb && !may_set_any())
			return p + 3;
		break;
	}
	if (time) {
		put_unaligned32(inet_current_timestamp(), time);
		opt->is_changed = true;
	}
	return NULL;
}

static u8 *compile_ts(struct ip_options *opt, u8 *p, const struct sk_buff *skb, u8 offset)
{
	u8 len = p[1], *bad;

	if (opt->ts)
		return p;
	if (len < 4)
		return p + 1;
	if (p[2] < 5)
		return p + 2;
	if (p[2] <= len) {
		bad = compile_ts_entry(opt, p, skb);
		if (bad)
			return bad;
	} else if ((p[3] & 0xf) != IPOPT_TS_PRESPEC) {
		unsigned overflow = p[3] >> 4;

		if (overflow == 15)
			return p + 3;
		if (skb) {
			p[3] = (u8)((p[3] & 0xf) | (overflow + 1) << 4);
			opt->is_changed = true;
		}
	}
	opt->ts = offset;
	return NULL;
}

/* One option at @p: NULL, or where it is wrong. */
static u8 *compile_one(struct ip_options *opt, u8 *p, struct sk_buff *skb, u8 offset)
{
	switch (*p) {
	case IPOPT_SSRR:
	case IPOPT_LSRR:
		return compile_srr(opt, p, !skb, offset);
	case IPOPT_RR:
		return compile_rr(opt, p, skb, offset);
	case IPOPT_TIMESTAMP:
		return compile_ts(opt, p, skb, offset);
	case IPOPT_RA:
		if (p[1] < 4)
			return p + 1;
		if (!p[2] && !p[3])
			opt->router_alert = offset;
		return NULL;
	case IPOPT_CIPSO:
		if ((!skb && !may_set_any()) || opt->cipso)
			return p;
		opt->cipso = offset;
		return NULL;
	default:
		return !skb && !may_set_any() ? p : NULL;
	}
}

int ip_options_compile(struct ip_options *opt, u8 *data, struct sk_buff *skb, __be32 *info)
{
	u8 *p = data, *bad = NULL;
	int left = opt->optlen;

	while (left > 0 && !bad) {
		if (*p == IPOPT_END) {
			for (; left > 0; left--, p++)
				if (*p != IPOPT_END) {
					*p = IPOPT_END;
					opt->is_changed = true;
				}
			return 0;
		}
		if (*p == IPOPT_NOOP) {
			p++;
			left--;
			continue;
		}
		if (left < 2 || p[1] < 2 || p[1] > left) {
			bad = p;
			break;
		}
		bad = compile_one(opt, p, skb, (u8)(p - data + IP_HEADER));
		left -= p[1];
		p += p[1];
	}
	if (!bad)
		return 0;
	if (info)
		*info = htonl((u32)(bad - data + IP_HEADER) << 24);
	if (skb)
		icmp_send(skb, ICMP_PARAMETERPROB, 0, htonl((u32)(bad - data + IP_HEADER) << 24));
	return -EINVAL;
}

int ip_options_get(struct ip_options_rcu **optp, const u8 *data, int optlen)
{
	struct ip_options_rcu *opt = kzalloc(sizeof(*opt));

	if (!opt)
		return -ENOMEM;
	memcpy(opt->data, data, optlen);
	while (optlen & 3)
		opt->data[optlen++] = IPOPT_END;
	opt->opt.optlen = (u8)optlen;
	if (optlen && ip_options_compile(&opt->opt, opt->data, NULL, NULL)) {
		kfree(opt);
		return -EINVAL;
	}
	kfree(*optp);
	*optp = opt;
	return 0;
}

void ip_options_build(struct sk_buff *skb, struct ip_options_rcu *rcu, __be32 daddr, struct rtable *rt __maybe_unused)
{
	struct ip_options *opt = &IPCB(skb)->opt;
	u8 *iph = skb_network_header(skb);

	*opt = rcu->opt;
	memcpy(iph + IP_HEADER, rcu->data, opt->optlen);
	if (opt->srr)
		put_unaligned32(daddr, iph + opt->srr + iph[opt->srr + 1] - 4);
	if (opt->rr_needaddr)
		put_unaligned32(ip_hdr(skb)->saddr, iph + opt->rr + iph[opt->rr + 2] - 5);
	if (opt->ts_needaddr)
		put_unaligned32(ip_hdr(skb)->saddr, iph + opt->ts + iph[opt->ts + 2] - 9);
	if (opt->ts_needtime)
		put_unaligned32(inet_current_timestamp(), iph + opt->ts + iph[opt->ts + 2] - 5);
}

/* The way back of a source route. Bytes of it at @to, or 0. */
static u8 echo_srr(struct ip_options *dopt, u8 *to, const u8 *from, const struct sk_buff *skb)
{
	int len = from[1], soffset = from[2], doffset = 4;
	__be32 faddr = 0;

	if (soffset > len)
		soffset = len + 1;
	soffset -= 4;
	if (soffset > 3) {
		faddr = get_unaligned32(from + soffset - 1);
		for (soffset -= 4; soffset > 3; soffset -= 4, doffset += 4)
			memcpy(to + doffset - 1, from + soffset - 1, 4);
		/* RFC 1812 requires to fix illegal source routes. */
		if (ip_hdr(skb)->saddr == get_unaligned32(from + soffset + 3))
			doffset -= 4;
	}
	if (doffset <= 3)
		return 0;
	dopt->faddr = faddr;
	to[0] = from[0];
	to[1] = (u8)(doffset + 3);
	to[2] = 4;
	return to[1];
}

/* The slot of a timestamp option at @p, behind what is recorded in it already, that the answer takes: 0 or -EINVAL. */
static int echo_ts(struct ip_options *dopt, u8 *p, const struct ip_options *sopt)
{
	u32 len = p[1], next = p[2];

	if (next > len)
		return 0;
	if (sopt->ts_needaddr) {
		if (next + 3 > len)
			return -EINVAL;
		dopt->ts_needaddr = true;
		next += 4;
	}
	if (sopt->ts_needtime) {
		if (next + 3 > len)
			return -EINVAL;
		if ((p[3] & 0xf) != IPOPT_TS_PRESPEC) {
			dopt->ts_needtime = true;
			next += 4;
		} else if (next + 7 <= len && inet_addr_type(get_unaligned32(p + next - 1)) != RTN_UNICAST) {
			/* The next stamp of those asked for by address is ours, too. */
			dopt->ts_needtime = true;
			next += 8;
		}
	}
	p[2] = (u8)next;
	return 0;
}

int ip_options_echo(struct ip_options_rcu *rcu, struct sk_buff *skb, const struct ip_options *sopt)
{
	struct ip_options *dopt = &rcu->opt;
	const u8 *start = skb_network_header(skb);
	u8 *to = rcu->data, len;

	memset(rcu, 0, sizeof(*rcu));
	if (!sopt->optlen)
		return 0;
	if (sopt->rr) {
		const u8 *from = start + sopt->rr;

		len = from[1];
		dopt->rr = (u8)(dopt->optlen + IP_HEADER);
		memcpy(to, from, len);
		if (sopt->rr_needaddr && from[2] <= len) {
			if (from[2] + 3 > len)
				return -EINVAL;
			to[2] = (u8)(from[2] + 4);
			dopt->rr_needaddr = true;
		}
		to += len;
		dopt->optlen += len;
	}
	if (sopt->ts) {
		len = start[sopt->ts + 1];
		dopt->ts = (u8)(dopt->optlen + IP_HEADER);
		memcpy(to, start + sopt->ts, len);
		if (echo_ts(dopt, to, sopt))
			return -EINVAL;
		to += len;
		dopt->optlen += len;
	}
	if (sopt->srr) {
		u8 offset = (u8)(dopt->optlen + IP_HEADER);

		len = echo_srr(dopt, to, start + sopt->srr, skb);
		if (len) {
			dopt->srr = offset;
			dopt->is_strictroute = sopt->is_strictroute;
			to += len;
			dopt->optlen += len;
		}
	}
	while (dopt->optlen & 3) {
		*to++ = IPOPT_END;
		dopt->optlen++;
	}
	return 0;
}

void ip_options_undo(struct ip_options *opt, u8 *data)
{
	if (opt->srr) {
		u8 *p = data + opt->srr - IP_HEADER;

		memmove(p + 7, p + 3, p[1] - 7);
		put_unaligned32(opt->faddr, p + 3);
	}
	if (opt->rr_needaddr) {
		u8 *p = data + opt->rr - IP_HEADER;

		p[2] -= 4;
		memset(p + p[2] - 1, 0, 4);
	}
	if (opt->ts) {
		u8 *p = data + opt->ts - IP_HEADER;

		if (opt->ts_needtime) {
			p[2] -= 4;
			memset(p + p[2] - 1, 0, 4);
			if ((p[3] & 0xf) == IPOPT_TS_PRESPEC)
				p[2] -= 4;
		}
		if (opt->ts_needaddr) {
			p[2] -= 4;
			memset(p + p[2] - 1, 0, 4);
		}
	}
}

void ip_options_fragment(struct sk_buff *skb)
{
	struct ip_options *opt = &IPCB(skb)->opt;
	u8 *p = skb_network_header(skb) + IP_HEADER;
	int left = ip_hdr(skb)->ihl * 4 - IP_HEADER;

	while (left > 0) {
		u8 len = 1;

		if (*p == IPOPT_END)
			break;
		if (*p != IPOPT_NOOP) {
			len = left < 2 ? 0 : p[1];
			if (len < 2 || len > left)
				break;
			if (!(*p & IPOPT_COPY))
				memset(p, IPOPT_NOOP, len);
		}
		left -= len;
		p += len;
	}
	opt->ts = opt->rr = 0;
	opt->rr_needaddr = opt->ts_needaddr = opt->ts_needtime = false;
}

/* A received packet with a source route: this is its last stop, or it is dropped (-EINVAL): nothing is forwarded here. */
int ip_options_rcv_srr(struct sk_buff *skb)
{
	struct ip_options *opt = &IPCB(skb)->opt;
	const u8 *p = skb_network_header(skb) + opt->srr;

	if (skb->pkt_type != PACKET_HOST || !skb->dst)
		return -EINVAL;
	if (p[2] > p[1])
		return 0;
	return -EINVAL;
}
