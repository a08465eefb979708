/* What the routing tables of IPv4 and IPv6 have in common: routes are kept in two orders, that of lookups and that in which
 * Linux tells them, and RTM_GETROUTE's dumps, rtnetlink(7), filter and list them alike. */
#include "../dev.h"
#include "../fib.h"
#include "../rtnetlink.h"
#include "kerrno.h"

/* ---- orders ---- */

void fib_link(struct fib_set *s, struct fib_common *n, bool append)
{
	int before = append ? 0 : 1;
	struct fib_common *r;

	list_for_each_entry(r, &s->routes, list)
		if (s->cmp_lookup(n, r) < before)
			break;
	list_add_tail(&n->list, &r->list);
	list_for_each_entry(r, &s->order, order)
		if (s->cmp_order(n, r) < before)
			break;
	list_add_tail(&n->order, &r->order);
	s->count++;
}

void fib_unlink(struct fib_set *s, struct fib_common *r)
{
	list_del(&r->list);
	list_del(&r->order);
	s->count--;
}

/* ---- dumps ---- */

struct fib_dump_filter {
	u32 table, flags, ifindex;
	u8 protocol, type;
	bool on;
};

/* What the request wants to see. 0, -EINVAL, -ENODEV. */
static int dump_filter(struct netlink_callback *cb, struct fib_dump_filter *f)
{
	const struct nlattr *tb[RTA_MAX + 1];
	const struct rtmsg *m = nlmsg_data(cb->nlh);
	int err;

	if (nlmsg_payload(cb->nlh) < sizeof(*m)) {
		if (!cb->strict_check)
			return 0;
		return nl_refuse(cb->extack, -EINVAL, "Invalid header for FIB dump request");
	}
	f->flags = m->rtm_flags & (RTM_F_PREFIX | RTM_F_CLONED);
	if (!cb->strict_check)
		return 0;
	if (m->rtm_dst_len || m->rtm_src_len || m->rtm_tos || m->rtm_scope)
		return nl_refuse(cb->extack, -EINVAL, "Invalid values in header for FIB dump request");
	if (m->rtm_flags & ~(RTM_F_CLONED | RTM_F_PREFIX))
		return nl_refuse(cb->extack, -EINVAL, "Invalid flags for FIB dump request");
	err = nlmsg_parse(cb->nlh, sizeof(*m), tb, RTA_MAX, rtm_ipv4_policy, true, cb->extack);
	if (err)
		return err;
	for (int i = 1; i <= RTA_MAX; i++)
		if (tb[i] && i != RTA_TABLE && i != RTA_OIF)
			return nl_refuse(cb->extack, -EINVAL, "Unsupported attribute in dump request");
	f->protocol = m->rtm_protocol;
	f->type = m->rtm_type;
	f->table = tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : m->rtm_table;
	if (tb[RTA_OIF]) {
		f->ifindex = nla_get_u32(tb[RTA_OIF]);
		if (!dev_get_by_index((int)f->ifindex))
			return -ENODEV;
	}
	f->on = f->protocol || f->type || f->table || f->ifindex || f->flags;
	return 0;
}

static bool shown(const struct fib_common *r, const struct fib_dump_filter *f)
{
	return (!f->table || r->table == f->table) && (!f->type || r->type == f->type) && (!f->protocol || r->protocol == f->protocol)
		&& (!f->ifindex || (r->dev && (u32)r->dev->ifindex == f->ifindex));
}

/* The tables of the rules are always there, others as long as they have routes. */
static bool has_table(const struct fib_set *s, u32 table)
{
	const struct fib_common *r;

	if (!table || table == RT_TABLE_MAIN || table == RT_TABLE_LOCAL)
		return true;
	list_for_each_entry(r, &s->order, order)
		if (r->table == table)
			return true;
	return false;
}

int fib_dump(struct sk_buff *skb, struct netlink_callback *cb, const struct fib_dump *d)
{
	struct fib_dump_filter f = { .table = 0 };
	const struct fib_common *r;
	unsigned flags;
	long at = 0;
	bool more;
	int err = dump_filter(cb, &f);

	if (err)
		return err;
	if (f.flags)
		return 0; /* no prefixes of advertisements, and nothing cached */
	if (!has_table(d->set, f.table) && ((struct rtgenmsg *)nlmsg_data(cb->nlh))->rtgen_family == d->family)
		return nl_refuse(cb->extack, -ENOENT, d->no_table);
	flags = f.on || (d->filtered_if_strict && cb->strict_check) ? NLM_F_DUMP_FILTERED : 0;
	cb->seq = rtnl_generation;
	list_for_each_entry(r, &d->set->order, order) {
		if (at++ < cb->args[0] || !shown(r, &f))
			continue;
		if (nlmsg_dump(skb, cb, RTM_NEWROUTE, sizeof(struct rtmsg), flags, d->fill, r)) {
			cb->args[0] = at - 1;
			return nlmsg_dump_full(skb);
		}
	}
	more = d->end_apart && at > cb->args[0] && skb->len;
	cb->args[0] = at;
	return more ? (int)skb->len : 0;
}
