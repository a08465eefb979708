/* The IPv4 routing table: routes come and go here, and are looked up: in the local table, main, default; those that no rule
 * leads to stand behind them. Within a table the longest prefix comes first. */
#include "../ip.h"
#include "../rtnetlink.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>

bool fib_prefix_match(__be32 addr, const struct fib_route *r)
{
	return !r->prefixlen || !((addr ^ r->prefix) & htonl(~0u << (32 - r->prefixlen)));
}

static u32 table_rank(u32 table)
{
	return table == RT_TABLE_LOCAL ? 0 : table == RT_TABLE_MAIN ? 1 : table == RT_TABLE_DEFAULT ? 2 : 3;
}

/* ---- the two orders ---- */

/* Routes that are equal in these are alternatives: the first one counts. */
static int cmp_key(const struct fib_route *a, const struct fib_route *b)
{
	int c = fib_cmp(b->prefixlen, a->prefixlen);

	c = c ? c : fib_cmp(b->tos, a->tos);
	return c ? c : fib_cmp(a->metric, b->metric);
}

static int cmp_lookup(const struct fib_common *x, const struct fib_common *y)
{
	const struct fib_route *a = (const void *)x, *b = (const void *)y;
	int c = fib_cmp(table_rank(a->table), table_rank(b->table));

	c = c ? c : cmp_key(a, b);
	c = c ? c : fib_cmp(a->table, b->table);
	return c ? c : fib_cmp(ntohl(a->prefix), ntohl(b->prefix));
}

static int cmp_order(const struct fib_common *x, const struct fib_common *y)
{
	const struct fib_route *a = (const void *)x, *b = (const void *)y;
	int c = fib_cmp(a->table & 255, b->table & 255);

	c = c ? c : fib_cmp(a->table, b->table);
	c = c ? c : fib_cmp(ntohl(a->prefix), ntohl(b->prefix));
	return c ? c : cmp_key(a, b);
}

struct fib_set fib4_set = FIB_SET_INIT(fib4_set, cmp_lookup, cmp_order);

static void drop_shared(struct rtable **rt)
{
	if (!*rt)
		return;
	(*rt)->dst.obsolete = true;
	ip_rt_put(*rt);
	*rt = NULL;
}

void fib_flush_cache(void)
{
	struct fib_route *r;

	list_for_each_entry(r, &fib4_set.routes, list) {
		drop_shared(&r->out);
		drop_shared(&r->in);
	}
}

static void free_route(struct fib_route *r)
{
	drop_shared(&r->out);
	drop_shared(&r->in);
	fib_unlink(&fib4_set, &r->common);
	kfree(r);
}

/* ---- adding ---- */

/* The same in all but their place. */
static bool same_route(const struct fib_route *a, const struct fib_route *b)
{
	return a->type == b->type && a->scope == b->scope && a->dev == b->dev && a->gw == b->gw && a->protocol == b->protocol
		&& a->prefsrc == b->prefsrc && !memcmp(a->metrics, b->metrics, sizeof(a->metrics));
}

/* In place of @old. */
static int replace_route(struct fib_route *old, const struct fib_route *route, const struct nl_request *rq)
{
	drop_shared(&old->out);
	drop_shared(&old->in);
	old->type = route->type;
	old->scope = route->scope;
	old->dev = route->dev;
	old->gw = route->gw;
	old->gw_local = route->gw_local;
	old->protocol = route->protocol;
	old->prefsrc = route->prefsrc;
	old->flags = route->flags;
	memcpy(old->metrics, route->metrics, sizeof(old->metrics));
	fib_flush_cache();
	rtnl_changed();
	rtmsg_fib(RTM_NEWROUTE, old, rq, NLM_F_REPLACE);
	return 0;
}

int fib_insert(const struct fib_route *route, unsigned flags, const struct nl_request *rq)
{
	struct fib_route *r, *first = NULL, *match = NULL, *n;

	list_for_each_entry(r, &fib4_set.routes, list) {
		int c = cmp_lookup(&r->common, &route->common);

		if (c > 0)
			break;
		if (c)
			continue;
		first = first ? first : r;
		if (!match && same_route(r, route))
			match = r;
	}
	if (first) {
		if (flags & NLM_F_EXCL)
			return -EEXIST;
		if (flags & NLM_F_REPLACE)
			return !match ? replace_route(first, route, rq) : match == first ? 0 : -EEXIST;
		if (match)
			return -EEXIST;
	}
	if (!(flags & NLM_F_CREATE))
		return -ENOENT;
	n = fib4_set.count < FIB_MOST ? kmalloc(sizeof(*n)) : NULL;
	if (!n)
		return -ENOBUFS;
	*n = *route;
	n->out = n->in = NULL;
	fib_link(&fib4_set, &n->common, flags & NLM_F_APPEND);
	fib_flush_cache();
	rtnl_changed();
	rtmsg_fib(RTM_NEWROUTE, n, rq, NLM_F_CREATE | (first ? flags & NLM_F_APPEND : NLM_F_EXCL));
	return 0;
}

int fib_add_route(const struct fib_route *route)
{
	int err = fib_insert(route, NLM_F_CREATE | NLM_F_APPEND, NULL);

	return err == -ENOBUFS ? -ENOMEM : err;
}

/* ---- removing ---- */

int fib_remove(const struct fib_route *m, const struct nl_request *rq)
{
	struct fib_route *r;

	list_for_each_entry(r, &fib4_set.routes, list) {
		if (r->table != m->table || r->prefix != m->prefix || r->prefixlen != m->prefixlen || r->tos != m->tos)
			continue;
		if ((m->type && r->type != m->type) || (m->metric && r->metric != m->metric) || (m->dev && r->dev != m->dev)
				|| (m->gw && r->gw != m->gw) || (m->protocol && r->protocol != m->protocol)
				|| (m->prefsrc && r->prefsrc != m->prefsrc) || (m->scope != RT_SCOPE_NOWHERE && r->scope != m->scope))
			continue;
		rtmsg_fib(RTM_DELROUTE, r, rq, 0);
		free_route(r);
		fib_flush_cache();
		rtnl_changed();
		return 0;
	}
	return -ESRCH;
}

int fib_del_route(u32 table, __be32 prefix, u8 prefixlen, u8 type)
{
	struct fib_route m = { .table = table, .prefix = prefix, .prefixlen = prefixlen, .type = type, .scope = RT_SCOPE_NOWHERE };

	return fib_remove(&m, NULL);
}

void fib_flush_dev(const struct net_device *dev, bool all)
{
	struct fib_route *r, *next;

	fib_flush_cache();
	rtnl_changed();
	list_for_each_entry_safe(r, next, &fib4_set.routes, list)
		if (r->dev == dev && (all || r->scope < RT_SCOPE_HOST))
			free_route(r);
}

void fib_flush_prefsrc(__be32 addr)
{
	struct fib_route *r, *next;

	fib_flush_cache();
	list_for_each_entry_safe(r, next, &fib4_set.routes, list)
		if (r->prefsrc == addr)
			free_route(r);
}

void fib_booted(void)
{
	fib4_set.boot_count = fib4_set.count;
}

/* As many stay as there were at the start. */
void fib_exit(void)
{
	struct fib_route *r, *next;

	fib_flush_cache();
	list_for_each_entry_safe(r, next, &fib4_set.routes, list)
		if (fib4_set.count > fib4_set.boot_count)
			free_route(r);
}

/* ---- looking up ---- */

struct fib_route *fib_lookup(const struct flowi4 *fl4)
{
	u32 thrown = ~0u; /* a table that told to look in the next one */
	struct fib_route *r;

	list_for_each_entry(r, &fib4_set.routes, list) {
		u32 rank = table_rank(r->table);

		if (rank == 3)
			break;
		if (rank == thrown || !fib_prefix_match(fl4->daddr, r))
			continue;
		if (r->scope < fl4->flowi4_scope || (r->tos && r->tos != fl4->flowi4_tos))
			continue;
		if (fl4->flowi4_oif && r->dev && r->dev->ifindex != fl4->flowi4_oif)
			continue;
		if (r->type != RTN_THROW)
			return r;
		thrown = rank;
	}
	return NULL;
}
