/* Internet checksums, RFC 1071. */
#include "skbuff.h"
#include "byteorder.h"
#include "kerrno.h"
#include <linux/in6.h>

/* Sums 64 bits at a time, with the carries kept apart; the result is the same in any byte order. */
u32 csum_partial(const void *p, size_t size, u32 sum)
{
	const u8 *b = p;
	u64 lo = sum, hi = 0;

	for (; size >= 16; size -= 16, b += 16) {
		u64 x = get_unaligned64(b), y = get_unaligned64(b + 8);

		lo += (u32)x + (u64)(u32)y;
		hi += (x >> 32) + (y >> 32);
	}
	lo = (lo & 0xffffffff) + (lo >> 32) + (hi & 0xffffffff) + (hi >> 32);
	for (; size >= 4; size -= 4, b += 4)
		lo += get_unaligned32(b);
	if (size >= 2) {
		lo += get_unaligned16(b);
		b += 2;
		size -= 2;
	}
	if (size)
		lo += *b;
	lo = (lo & 0xffffffff) + (lo >> 32);
	return (u32)(lo & 0xffffffff) + (u32)(lo >> 32);
}

u16 ip_fast_csum(const void *header, unsigned words)
{
	return csum_fold(csum_partial(header, words * 4, 0));
}

u32 csum_tcpudp_nofold(u32 saddr, u32 daddr, u32 len, u8 proto, u32 sum)
{
	return csum_add(csum_add(csum_add(sum, saddr), daddr), htonl(len + proto));
}

u16 csum_ipv6_magic(const struct in6_addr *saddr, const struct in6_addr *daddr, u32 len, u8 proto, u32 sum)
{
	sum = csum_partial(saddr, 16, sum);
	sum = csum_partial(daddr, 16, sum);
	return csum_fold(csum_add(csum_add(sum, htonl(len)), htonl(proto)));
}

int skb_checksum_help(struct sk_buff *skb)
{
	u8 *start;
	u16 csum;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return 0;
	if (skb_cow(skb, 0))
		return -ENOMEM;
	start = skb->head + skb->csum_start;
	csum = csum_fold(csum_partial(start, skb->tail - start, 0));
	put_unaligned16(csum ? csum : 0xffff, start + skb->csum_offset);
	skb->ip_summed = CHECKSUM_NONE;
	return 0;
}

bool skb_checksum_ok(struct sk_buff *skb, u32 pseudo)
{
	u8 *start = skb_transport_header(skb);

	if (skb->ip_summed == CHECKSUM_UNNECESSARY || skb->ip_summed == CHECKSUM_PARTIAL)
		return true;
	if (csum_fold(csum_partial(start, skb->tail - start, pseudo)))
		return false;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return true;
}
