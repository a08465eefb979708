/* Classic BPF: programs that decide how much of a packet a socket keeps (SO_ATTACH_FILTER), or which member of a
 * SO_REUSEPORT group gets it. Programs are checked when they are attached, as Linux checks them, and interpreted; a checked
 * program ends (jumps go forward only) and touches nothing but the packet, its sixteen words and its two registers. */
#include "../sock.h"
#include "../dev.h"
#include "host.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netlink.h>
#include <linux/tcp.h>
#include <linux/udp.h>

/* ---- checking ---- */

/* Words of memory that are read have been written on every way there. */
static int check_load_and_stores(const struct sock_filter *f, unsigned count)
{
	u16 valid = 0, *masks = kmalloc(count * sizeof(*masks));
	int err = 0;

	if (!masks)
		return -ENOMEM;
	memset(masks, 0xff, count * sizeof(*masks));
	for (unsigned pc = 0; pc < count && !err; pc++) {
		valid &= masks[pc];
		switch (f[pc].code) {
		case BPF_ST:
		case BPF_STX:
			valid |= 1u << f[pc].k;
			break;
		case BPF_LD | BPF_MEM:
		case BPF_LDX | BPF_MEM:
			if (!(valid & 1u << f[pc].k))
				err = -EINVAL;
			break;
		case BPF_JMP | BPF_JA:
			masks[pc + 1 + f[pc].k] &= valid;
			valid = 0xffff;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JEQ | BPF_X:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_X:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_X:
		case BPF_JMP | BPF_JSET | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_X:
			masks[pc + 1 + f[pc].jt] &= valid;
			masks[pc + 1 + f[pc].jf] &= valid;
			valid = 0xffff;
			break;
		}
	}
	kfree(masks);
	return err;
}

static bool is_ancillary(u32 k)
{
	switch (k - (u32)SKF_AD_OFF) {
	case SKF_AD_PROTOCOL: case SKF_AD_PKTTYPE: case SKF_AD_IFINDEX: case SKF_AD_NLATTR: case SKF_AD_NLATTR_NEST:
	case SKF_AD_MARK: case SKF_AD_QUEUE: case SKF_AD_HATYPE: case SKF_AD_RXHASH: case SKF_AD_CPU:
	case SKF_AD_ALU_XOR_X: case SKF_AD_VLAN_TAG: case SKF_AD_VLAN_TAG_PRESENT: case SKF_AD_PAY_OFFSET:
	case SKF_AD_RANDOM: case SKF_AD_VLAN_TPID:
		return true;
	}
	return false;
}

/* One instruction at @pc of @count. */
static bool insn_ok(const struct sock_filter *f, unsigned pc, unsigned count)
{
	switch (f->code) {
	case BPF_ALU | BPF_ADD | BPF_K: case BPF_ALU | BPF_ADD | BPF_X: case BPF_ALU | BPF_SUB | BPF_K:
	case BPF_ALU | BPF_SUB | BPF_X: case BPF_ALU | BPF_MUL | BPF_K: case BPF_ALU | BPF_MUL | BPF_X:
	case BPF_ALU | BPF_DIV | BPF_X: case BPF_ALU | BPF_MOD | BPF_X: case BPF_ALU | BPF_AND | BPF_K:
	case BPF_ALU | BPF_AND | BPF_X: case BPF_ALU | BPF_OR | BPF_K: case BPF_ALU | BPF_OR | BPF_X:
	case BPF_ALU | BPF_XOR | BPF_K: case BPF_ALU | BPF_XOR | BPF_X: case BPF_ALU | BPF_LSH | BPF_X:
	case BPF_ALU | BPF_RSH | BPF_X: case BPF_ALU | BPF_NEG:
	case BPF_LD | BPF_W | BPF_LEN: case BPF_LD | BPF_IMM: case BPF_LDX | BPF_W | BPF_LEN: case BPF_LDX | BPF_IMM:
	case BPF_LD | BPF_W | BPF_IND: case BPF_LD | BPF_H | BPF_IND: case BPF_LD | BPF_B | BPF_IND:
	case BPF_LDX | BPF_B | BPF_MSH: case BPF_MISC | BPF_TAX: case BPF_MISC | BPF_TXA:
	case BPF_RET | BPF_K: case BPF_RET | BPF_A:
		return true;
	case BPF_ALU | BPF_DIV | BPF_K: case BPF_ALU | BPF_MOD | BPF_K:
		return f->k != 0;
	case BPF_ALU | BPF_LSH | BPF_K: case BPF_ALU | BPF_RSH | BPF_K:
		return f->k < 32;
	case BPF_LD | BPF_MEM: case BPF_LDX | BPF_MEM: case BPF_ST: case BPF_STX:
		return f->k < BPF_MEMWORDS;
	case BPF_LD | BPF_W | BPF_ABS: case BPF_LD | BPF_H | BPF_ABS: case BPF_LD | BPF_B | BPF_ABS:
		return f->k < (u32)SKF_AD_OFF || is_ancillary(f->k);
	case BPF_JMP | BPF_JA:
		return f->k < count - pc - 1;
	case BPF_JMP | BPF_JEQ | BPF_K: case BPF_JMP | BPF_JEQ | BPF_X: case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_X: case BPF_JMP | BPF_JGT | BPF_K: case BPF_JMP | BPF_JGT | BPF_X:
	case BPF_JMP | BPF_JSET | BPF_K: case BPF_JMP | BPF_JSET | BPF_X:
		return pc + f->jt + 1 < count && pc + f->jf + 1 < count;
	}
	return false;
}

int bpf_check_classic(const struct sock_filter *insns, unsigned count)
{
	for (unsigned pc = 0; pc < count; pc++)
		if (!insn_ok(&insns[pc], pc, count))
			return -EINVAL;
	if (insns[count - 1].code != (BPF_RET | BPF_K) && insns[count - 1].code != (BPF_RET | BPF_A))
		return -EINVAL;
	return check_load_and_stores(insns, count);
}

/* ---- running ---- */

/* @size bytes at @k: from the data on, or by SKF_NET_OFF and SKF_LL_OFF. NULL: not in the packet. */
static const u8 *load_pointer(const struct sk_buff *skb, int k, unsigned size)
{
	const u8 *p;

	if (k >= 0)
		return (u32)k <= skb->len && size <= skb->len - (u32)k ? skb->data + k : NULL;
	if (k >= SKF_NET_OFF)
		p = skb_network_header(skb) + (k - SKF_NET_OFF);
	else if (k >= SKF_LL_OFF)
		p = skb_mac_header(skb) + (k - SKF_LL_OFF);
	else
		return NULL;
	return p >= skb->head && p + size <= skb->tail ? p : NULL;
}

/* Where the payload begins, from the data on; 0 if the packet's headers are not understood. */
static u32 payload_offset(const struct sk_buff *skb)
{
	const u8 *net = skb_network_header(skb);
	u32 left = (u32)(skb->tail - net), thoff, base = (u32)(net - skb->data);
	u8 proto;

	if (skb->protocol == htons(ETH_P_IP) && left >= sizeof(struct iphdr)) {
		thoff = ((const struct iphdr *)net)->ihl * 4u;
		proto = ((const struct iphdr *)net)->protocol;
		if (((const struct iphdr *)net)->frag_off & htons(0x1fff))
			return base + thoff;
	} else if (skb->protocol == htons(ETH_P_IPV6) && left >= sizeof(struct ipv6hdr)) {
		thoff = sizeof(struct ipv6hdr);
		proto = ((const struct ipv6hdr *)net)->nexthdr;
	} else {
		return 0;
	}
	if (thoff > left)
		return 0;
	if (proto == IPPROTO_TCP && left >= thoff + sizeof(struct tcphdr))
		return base + thoff + max(20u, ((const struct tcphdr *)(net + thoff))->doff * 4u);
	if (proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE || proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6)
		thoff += 8;
	return base + thoff;
}

/* The netlink attribute of type @x in the packet from @a on, or within the one at @a. 0: none. */
static u32 find_nlattr(const struct sk_buff *skb, u32 a, u32 x, bool nested)
{
	u32 end = skb->len;

	if (skb->len < sizeof(struct nlattr) || a > skb->len - sizeof(struct nlattr))
		return 0;
	if (nested) {
		const struct nlattr *nla = (const struct nlattr *)(skb->data + a);

		if (nla->nla_len > skb->len - a)
			return 0;
		end = a + nla->nla_len;
		a += sizeof(*nla);
	}
	while (end - a >= sizeof(struct nlattr) && a < end) {
		const struct nlattr *nla = (const struct nlattr *)(skb->data + a);

		if (nla->nla_len < sizeof(*nla) || nla->nla_len > end - a)
			return 0;
		if ((nla->nla_type & NLA_TYPE_MASK) == x)
			return a;
		a += NLA_ALIGN(nla->nla_len);
	}
	return 0;
}

/* An ancillary load into *a. False: the program ends with 0. */
static bool load_ancillary(struct sk_buff *skb, u32 k, u32 *a, u32 x)
{
	switch (k - (u32)SKF_AD_OFF) {
	case SKF_AD_PROTOCOL: *a = ntohs(skb->protocol); break;
	case SKF_AD_PKTTYPE: *a = skb->pkt_type; break;
	case SKF_AD_IFINDEX:
		if (!skb->dev)
			return false;
		*a = (u32)skb->dev->ifindex;
		break;
	case SKF_AD_HATYPE:
		if (!skb->dev)
			return false;
		*a = skb->dev->type;
		break;
	case SKF_AD_NLATTR: *a = find_nlattr(skb, *a, x, false); break;
	case SKF_AD_NLATTR_NEST: *a = find_nlattr(skb, *a, x, true); break;
	case SKF_AD_MARK: *a = skb->mark; break;
	case SKF_AD_RXHASH: *a = skb->hash; break;
	case SKF_AD_ALU_XOR_X: *a ^= x; break;
	case SKF_AD_PAY_OFFSET: *a = payload_offset(skb); break;
	case SKF_AD_RANDOM: host_random(a, sizeof(*a)); break;
	default: *a = 0; break; /* one queue, one CPU, no VLAN tags */
	}
	return true;
}

/* The word, half-word or byte at @k of the packet into *a. False: it ends before, and the program with 0. */
static bool load_packet(const struct sk_buff *skb, unsigned size, int k, u32 *a)
{
	const u8 *p = load_pointer(skb, k, size == BPF_W ? 4 : size == BPF_H ? 2 : 1);

	if (!p)
		return false;
	switch (size) {
	case BPF_W: *a = get_unaligned_be32(p); break;
	case BPF_H: *a = get_unaligned_be16(p); break;
	default: *a = *p; break;
	}
	return true;
}

u32 bpf_prog_run(const struct sk_filter *prog, struct sk_buff *skb)
{
	const struct sock_filter *f = prog->insns;
	u32 a = 0, x = 0, mem[BPF_MEMWORDS] = { 0 };

	for (;; f++) {
		const u8 *p;
		u32 k = f->k;

		switch (f->code) {
		case BPF_ALU | BPF_ADD | BPF_K: a += k; continue;
		case BPF_ALU | BPF_ADD | BPF_X: a += x; continue;
		case BPF_ALU | BPF_SUB | BPF_K: a -= k; continue;
		case BPF_ALU | BPF_SUB | BPF_X: a -= x; continue;
		case BPF_ALU | BPF_MUL | BPF_K: a *= k; continue;
		case BPF_ALU | BPF_MUL | BPF_X: a *= x; continue;
		case BPF_ALU | BPF_DIV | BPF_K: a /= k; continue;
		case BPF_ALU | BPF_DIV | BPF_X:
			if (!x)
				return 0;
			a /= x;
			continue;
		case BPF_ALU | BPF_MOD | BPF_K: a %= k; continue;
		case BPF_ALU | BPF_MOD | BPF_X:
			if (!x)
				return 0;
			a %= x;
			continue;
		case BPF_ALU | BPF_AND | BPF_K: a &= k; continue;
		case BPF_ALU | BPF_AND | BPF_X: a &= x; continue;
		case BPF_ALU | BPF_OR | BPF_K: a |= k; continue;
		case BPF_ALU | BPF_OR | BPF_X: a |= x; continue;
		case BPF_ALU | BPF_XOR | BPF_K: a ^= k; continue;
		case BPF_ALU | BPF_XOR | BPF_X: a ^= x; continue;
		case BPF_ALU | BPF_LSH | BPF_K: a <<= k; continue;
		case BPF_ALU | BPF_LSH | BPF_X: a <<= x & 31; continue;
		case BPF_ALU | BPF_RSH | BPF_K: a >>= k; continue;
		case BPF_ALU | BPF_RSH | BPF_X: a >>= x & 31; continue;
		case BPF_ALU | BPF_NEG: a = -a; continue;
		case BPF_JMP | BPF_JA: f += k; continue;
		case BPF_JMP | BPF_JGT | BPF_K: f += a > k ? f->jt : f->jf; continue;
		case BPF_JMP | BPF_JGT | BPF_X: f += a > x ? f->jt : f->jf; continue;
		case BPF_JMP | BPF_JGE | BPF_K: f += a >= k ? f->jt : f->jf; continue;
		case BPF_JMP | BPF_JGE | BPF_X: f += a >= x ? f->jt : f->jf; continue;
		case BPF_JMP | BPF_JEQ | BPF_K: f += a == k ? f->jt : f->jf; continue;
		case BPF_JMP | BPF_JEQ | BPF_X: f += a == x ? f->jt : f->jf; continue;
		case BPF_JMP | BPF_JSET | BPF_K: f += a & k ? f->jt : f->jf; continue;
		case BPF_JMP | BPF_JSET | BPF_X: f += a & x ? f->jt : f->jf; continue;
		case BPF_LD | BPF_W | BPF_ABS:
		case BPF_LD | BPF_H | BPF_ABS:
		case BPF_LD | BPF_B | BPF_ABS:
			if (k >= (u32)SKF_AD_OFF) {
				if (!load_ancillary(skb, k, &a, x))
					return 0;
				continue;
			}
			break;
		case BPF_LD | BPF_W | BPF_IND:
		case BPF_LD | BPF_H | BPF_IND:
		case BPF_LD | BPF_B | BPF_IND:
			k += x;
			break;
		case BPF_LDX | BPF_B | BPF_MSH:
			p = load_pointer(skb, (int)k, 1);
			if (!p)
				return 0;
			x = (*p & 0xfu) << 2;
			continue;
		case BPF_LD | BPF_W | BPF_LEN: a = skb->len; continue;
		case BPF_LDX | BPF_W | BPF_LEN: x = skb->len; continue;
		case BPF_LD | BPF_IMM: a = k; continue;
		case BPF_LDX | BPF_IMM: x = k; continue;
		case BPF_LD | BPF_MEM: a = mem[k]; continue;
		case BPF_LDX | BPF_MEM: x = mem[k]; continue;
		case BPF_ST: mem[k] = a; continue;
		case BPF_STX: mem[k] = x; continue;
		case BPF_MISC | BPF_TAX: x = a; continue;
		case BPF_MISC | BPF_TXA: a = x; continue;
		case BPF_RET | BPF_K: return k;
		case BPF_RET | BPF_A: return a;
		default: return 0;
		}
		if (!load_packet(skb, BPF_SIZE(f->code), (int)k, &a))
			return 0;
	}
}

int sk_filter_trim_cap(struct sock *sk, struct sk_buff *skb, unsigned cap)
{
	struct sock *save = skb->sk;
	u32 keep;

	if (!sk->sk_filter)
		return 0;
	skb->sk = sk;
	keep = bpf_prog_run(sk->sk_filter, skb);
	skb->sk = save;
	if (!keep)
		return -EPERM;
	skb_trim(skb, max(cap, keep));
	return 0;
}

/* ---- attaching ---- */

static size_t filter_size(const struct sk_filter *f) { return sizeof(*f) + f->len * sizeof(struct sock_filter); }

struct sk_filter *bpf_prog_create_from_user(const struct sock_fprog *fprog)
{
	struct sk_filter *f;
	int err;

	if (!fprog->filter || !fprog->len || fprog->len > BPF_MAXINSNS)
		return ERR_PTR(-EINVAL);
	f = kmalloc(sizeof(*f) + fprog->len * sizeof(struct sock_filter));
	if (!f)
		return ERR_PTR(-ENOMEM);
	f->refs = 1;
	f->len = fprog->len;
	err = copy_from_user(f->insns, (const void __user *)fprog->filter, f->len * sizeof(struct sock_filter)) ? -EFAULT
		: bpf_check_classic(f->insns, f->len);
	if (!err)
		return f;
	kfree(f);
	return ERR_PTR(err);
}

void sk_filter_put(struct sk_filter *f)
{
	if (f && !--f->refs)
		kfree(f);
}

static void filter_uncharge(struct sock *sk)
{
	sk->sk_omem_alloc -= filter_size(sk->sk_filter);
	sk_filter_put(sk->sk_filter);
	sk->sk_filter = NULL;
}

int sk_attach_filter(struct sock *sk, const struct sock_fprog *fprog)
{
	struct sk_filter *f;

	if (sock_flag(sk, SOCK_FILTER_LOCKED))
		return -EPERM;
	f = bpf_prog_create_from_user(fprog);
	if (IS_ERR(f))
		return (int)PTR_ERR(f);
	if (filter_size(f) > (size_t)net_sysctl.optmem_max
			|| sk->sk_omem_alloc + filter_size(f) >= (size_t)net_sysctl.optmem_max) {
		sk_filter_put(f);
		return -ENOMEM;
	}
	if (sk->sk_filter)
		filter_uncharge(sk);
	sk->sk_filter = f;
	sk->sk_omem_alloc += filter_size(f);
	return 0;
}

int sk_detach_filter(struct sock *sk)
{
	if (sock_flag(sk, SOCK_FILTER_LOCKED))
		return -EPERM;
	if (!sk->sk_filter)
		return -ENOENT;
	filter_uncharge(sk);
	return 0;
}

int sk_get_filter(struct sock *sk, void __user *optval, unsigned len)
{
	struct sk_filter *f = sk->sk_filter;
	int ret;

	if (!f)
		return 0;
	if (!len)
		return f->len;
	if (len < f->len)
		return -EINVAL;
	f->refs++; /* another thread may detach it while this one copies */
	ret = copy_to_user(optval, f->insns, f->len * sizeof(struct sock_filter)) ? -EFAULT : f->len;
	sk_filter_put(f);
	return ret;
}
