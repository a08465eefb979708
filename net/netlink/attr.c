/* Netlink messages and attributes: building, and sorting what a guest sent by type. Nothing of what comes in is believed:
 * lengths are checked against what is there, and an attribute that a policy passed is as long as its reader wants it. */
#include "../netlink.h"

/* ---- reading ---- */

static const u8 exact_sizes[] = { [NLA_U8] = 1, [NLA_U16] = 2, [NLA_U32] = 4, [NLA_U64] = 8 };

static int string_ok(const struct nlattr *a, const struct nla_policy *p)
{
	const char *s = nla_data(a);
	size_t size = (size_t)nla_len(a);

	if (p->kind == NLA_NUL_STRING) {
		size_t least = p->len ? min(size, (size_t)p->len + 1) : size;

		if (!least || !memchr(s, 0, least))
			return -EINVAL;
	}
	if (size < 1)
		return -ERANGE;
	if (p->len) {
		if (!s[size - 1])
			size--;
		if (size > p->len)
			return -ERANGE;
	}
	return 0;
}

static int attr_ok(const struct nlattr *a, const struct nla_policy *p, bool strict, struct netlink_ext_ack *extack)
{
	int size = nla_len(a), err = 0;

	switch (p->kind) {
	case NLA_U8: case NLA_U16: case NLA_U32: case NLA_U64:
		if (strict && size != exact_sizes[p->kind])
			err = -EINVAL;
		else if (size < exact_sizes[p->kind])
			err = -ERANGE;
		break;
	case NLA_FLAG:
		err = size > 0 ? -ERANGE : 0;
		break;
	case NLA_STRING: case NLA_NUL_STRING:
		err = string_ok(a, p);
		break;
	case NLA_BINARY:
		err = p->len && size > p->len ? -ERANGE : 0;
		break;
	case NLA_NESTED:
		/* An empty one is fine. */
		err = size && size < NLA_HDRLEN ? -ERANGE : 0;
		break;
	case NLA_EXACT:
		err = size != p->len ? strict ? -EINVAL : -ERANGE : 0;
		break;
	case NLA_REJECT:
		NL_SET_ERR_MSG_ATTR(extack, a, "Attribute type not supported");
		return -EINVAL;
	default: /* NLA_UNSPEC, NLA_MIN */
		err = p->len && size < p->len ? -ERANGE : 0;
	}
	if (err) {
		NL_SET_ERR_MSG_ATTR(extack, a, "Attribute failed policy validation");
		if (extack)
			extack->policy = p;
	}
	return err;
}

int nla_parse(const struct nlattr **tb, int max, const void *head, size_t size, const struct nla_policy *policy, bool strict,
	struct netlink_ext_ack *extack)
{
	const struct nlattr *a;
	size_t left;

	memset(tb, 0, sizeof(*tb) * (size_t)(max + 1));
	nla_for_each(a, head, size, left) {
		int type = nla_type(a), err;

		if (!type || type > max) {
			if (!strict)
				continue;
			NL_SET_ERR_MSG_ATTR(extack, a, "Unknown attribute type");
			return -EINVAL;
		}
		if (policy) {
			if (strict && policy[type].kind == NLA_UNSPEC && !policy[type].len) {
				NL_SET_ERR_MSG_ATTR(extack, a, "Unsupported attribute");
				return -EINVAL;
			}
			err = attr_ok(a, &policy[type], strict, extack);
			if (err)
				return err;
		}
		tb[type] = a;
	}
	if (left)
		NL_SET_ERR_MSG(extack, "bytes leftover after parsing attributes");
	return left && strict ? -EINVAL : 0;
}

int nlmsg_parse(const struct nlmsghdr *nlh, size_t hdr, const struct nlattr **tb, int max, const struct nla_policy *policy,
	bool strict, struct netlink_ext_ack *extack)
{
	size_t payload = nlmsg_payload(nlh), at = NLMSG_ALIGN(hdr);

	if (payload < hdr) {
		NL_SET_ERR_MSG(extack, "Invalid header length");
		return -EINVAL;
	}
	return nla_parse(tb, max, (u8 *)nlmsg_data(nlh) + at, payload > at ? payload - at : 0, policy, strict, extack);
}

void nla_strscpy(char *to, const struct nlattr *a, size_t size)
{
	size_t n = min(strnlen(nla_data(a), (size_t)nla_len(a)), size - 1);

	memcpy(to, nla_data(a), n);
	memset(to + n, 0, size - n);
}

/* ---- building ---- */

struct sk_buff *nlmsg_new(size_t size)
{
	struct sk_buff *skb = alloc_skb(size);

	if (skb)
		memset(&NETLINK_CB(skb), 0, sizeof(struct netlink_skb_parms));
	return skb;
}

struct nlmsghdr *nlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type, size_t payload, unsigned flags)
{
	struct nlmsghdr *nlh;

	if (skb_tailroom(skb) < NLMSG_SPACE(payload))
		return NULL;
	nlh = skb_put(skb, NLMSG_SPACE(payload));
	*nlh = (struct nlmsghdr){ .nlmsg_len = (u32)NLMSG_LENGTH(payload), .nlmsg_type = (u16)type, .nlmsg_flags = (u16)flags,
		.nlmsg_seq = seq, .nlmsg_pid = portid };
	memset(nlmsg_data(nlh), 0, NLMSG_ALIGN(payload));
	return nlh;
}

struct nlmsghdr *nlmsg_put_dump(struct sk_buff *skb, struct netlink_callback *cb, int type, size_t payload, unsigned flags)
{
	if (cb->prev_seq && cb->seq != cb->prev_seq)
		flags |= NLM_F_DUMP_INTR;
	cb->prev_seq = cb->seq;
	return nlmsg_put(skb, cb->portid, cb->nlh->nlmsg_seq, type, payload, flags | NLM_F_MULTI);
}

struct sk_buff *nlmsg_build(size_t room, u32 portid, u32 seq, int type, size_t hdr, unsigned flags, nlmsg_fill fill, const void *what)
{
	struct sk_buff *skb = nlmsg_new(room);
	struct nlmsghdr *nlh = skb ? nlmsg_put(skb, portid, seq, type, hdr, flags) : NULL;

	if (!nlh || fill(skb, nlh, what)) {
		kfree_skb(skb);
		return NULL;
	}
	nlmsg_end(skb, nlh);
	return skb;
}

int nlmsg_answer(const struct nl_request *rq, size_t room, int type, size_t hdr, nlmsg_fill fill, const void *what)
{
	struct sk_buff *skb = nlmsg_build(room, rq->portid, rq->nlh->nlmsg_seq, type, hdr, 0, fill, what);

	return skb ? nlmsg_reply(rq, skb) : -ENOBUFS;
}

int nlmsg_dump(struct sk_buff *skb, struct netlink_callback *cb, int type, size_t hdr, unsigned flags, nlmsg_fill fill, const void *what)
{
	struct nlmsghdr *nlh = nlmsg_put_dump(skb, cb, type, hdr, flags);

	if (!nlh)
		return -EMSGSIZE;
	if (fill(skb, nlh, what)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

void *nla_reserve(struct sk_buff *skb, int type, size_t size)
{
	struct nlattr *a;

	if (skb_tailroom(skb) < (size_t)NLA_HDRLEN + NLA_ALIGN(size))
		return NULL;
	a = skb_put(skb, (size_t)NLA_HDRLEN + NLA_ALIGN(size));
	a->nla_type = (u16)type;
	a->nla_len = (u16)((size_t)NLA_HDRLEN + size);
	memset((u8 *)nla_data(a) + size, 0, NLA_ALIGN(size) - size);
	return nla_data(a);
}

int nla_put(struct sk_buff *skb, int type, size_t size, const void *data)
{
	void *p = nla_reserve(skb, type, size);

	if (!p)
		return -EMSGSIZE;
	if (size)
		memcpy(p, data, size);
	return 0;
}

struct nlattr *nla_nest_start(struct sk_buff *skb, int type)
{
	void *p = nla_reserve(skb, type, 0);

	return p ? (struct nlattr *)((u8 *)p - NLA_HDRLEN) : NULL;
}

/* ---- policies, told ---- */

static bool is_number(const struct nla_policy *p) { return p->kind >= NLA_U8 && p->kind <= NLA_U64; }
static bool has_most(const struct nla_policy *p)
{
	return p->len && (p->kind == NLA_STRING || p->kind == NLA_NUL_STRING || p->kind == NLA_BINARY);
}

static u32 told_type(const struct nla_policy *p)
{
	static const u8 types[] = { [NLA_U8] = NL_ATTR_TYPE_U8, [NLA_U16] = NL_ATTR_TYPE_U16, [NLA_U32] = NL_ATTR_TYPE_U32,
		[NLA_U64] = NL_ATTR_TYPE_U64, [NLA_FLAG] = NL_ATTR_TYPE_FLAG, [NLA_STRING] = NL_ATTR_TYPE_STRING,
		[NLA_NUL_STRING] = NL_ATTR_TYPE_NUL_STRING, [NLA_BINARY] = NL_ATTR_TYPE_BINARY, [NLA_NESTED] = NL_ATTR_TYPE_NESTED };

	return p->kind < ARRAY_SIZE(types) ? types[p->kind] : 0;
}

size_t nla_policy_size(const struct nla_policy *p)
{
	return !told_type(p) ? 0 : NLA_HDRLEN + 8 + (is_number(p) ? 24 : has_most(p) ? 8 : 0);
}

int nla_put_policy(struct sk_buff *skb, int type, const struct nla_policy *p)
{
	struct nlattr *nest;

	if (!told_type(p))
		return 0;
	nest = nla_nest_start(skb, type | NLA_F_NESTED);
	if (!nest)
		return -EMSGSIZE;
	if (is_number(p) && (nla_put_u64(skb, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, 0)
			|| nla_put_u64(skb, NL_POLICY_TYPE_ATTR_MAX_VALUE_U, ~0ull >> (64 - 8 * exact_sizes[p->kind]))))
		return -EMSGSIZE;
	if (has_most(p) && nla_put_u32(skb, NL_POLICY_TYPE_ATTR_MAX_LENGTH, p->len))
		return -EMSGSIZE;
	if (nla_put_u32(skb, NL_POLICY_TYPE_ATTR_TYPE, told_type(p)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
