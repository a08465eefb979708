/* The IPv6 routing table: routes come and go here, and are looked up, as in net/ipv4/fib.c. */
#include "../ipv6.h"
#include "../rtnetlink.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"
#include <linux/if.h>

struct in6_addr ipv6_prefix(const struct in6_addr *addr, unsigned bits)
{
	struct in6_addr p = *addr;

	for (unsigned i = 0; i < 16; i++)
		p.s6_addr[i] &= i * 8 + 8 <= bits ? 0xff : i * 8 >= bits ? 0 : (u8)(0xff00 >> (bits - i * 8));
	return p;
}

/* Tables other than these are led to by no rule. */
static u32 table_rank(u32 table) { return table == RT_TABLE_LOCAL ? 0 : table == RT_TABLE_MAIN ? 1 : 2; }

static int cmp_lookup(const struct fib_common *x, const struct fib_common *y)
{
	const struct fib6_route *a = (const void *)x, *b = (const void *)y;
	int c = fib_cmp(table_rank(a->table), table_rank(b->table));

	c = c ? c : fib_cmp(b->prefixlen, a->prefixlen);
	c = c ? c : fib_cmp(a->table, b->table);
	c = c ? c : memcmp(&a->prefix, &b->prefix, sizeof(a->prefix));
	return c ? c : fib_cmp(a->metric, b->metric);
}

static int cmp_order(const struct fib_common *x, const struct fib_common *y)
{
	const struct fib6_route *a = (const void *)x, *b = (const void *)y;
	int c = fib_cmp(a->table & 255, b->table & 255);

	c = c ? c : fib_cmp(a->table, b->table);
	if (!c && ipv6_prefix_equal(&a->prefix, &b->prefix, min(a->prefixlen, b->prefixlen)))
		c = fib_cmp(b->prefixlen, a->prefixlen); /* a network behind those within it */
	else if (!c)
		c = memcmp(&a->prefix, &b->prefix, sizeof(a->prefix));
	return c ? c : fib_cmp(a->metric, b->metric);
}

struct fib_set fib6_set = FIB_SET_INIT(fib6_set, cmp_lookup, cmp_order);

static void drop_cache(struct fib6_route *r)
{
	if (!r->cache)
		return;
	r->cache->dst.obsolete = true;
	dst_release(&r->cache->dst);
	r->cache = NULL;
}

void fib6_flush_cache(void)
{
	struct fib6_route *r;

	list_for_each_entry(r, &fib6_set.routes, list)
		drop_cache(r);
}

static void free_route(struct fib6_route *r)
{
	drop_cache(r);
	fib_unlink(&fib6_set, &r->common);
	kfree(r);
}

static int replace_route(struct fib6_route *old, const struct fib6_route *route, const struct nl_request *rq)
{
	drop_cache(old);
	old->gw = route->gw;
	old->prefsrc = route->prefsrc;
	old->dev = route->dev;
	old->type = route->type;
	old->protocol = route->protocol;
	old->flags = route->flags;
	old->pref = route->pref;
	old->expires = route->expires;
	memcpy(old->metrics, route->metrics, sizeof(old->metrics));
	fib6_flush_cache();
	rtnl_changed();
	inet6_rtmsg_fib(RTM_NEWROUTE, old, rq, NLM_F_REPLACE);
	return 0;
}

int fib6_insert(const struct fib6_route *route, unsigned flags, const struct nl_request *rq)
{
	struct fib6_route *r, *first = NULL, *n;

	list_for_each_entry(r, &fib6_set.routes, list) {
		int c = cmp_lookup(&r->common, &route->common);

		if (c > 0)
			break;
		if (c)
			continue;
		first = first ? first : r;
		if (flags & NLM_F_EXCL)
			return -EEXIST;
		if (!(flags & NLM_F_REPLACE) && r->dev == route->dev && ipv6_addr_equal(&r->gw, &route->gw))
			return -EEXIST;
	}
	if (flags & NLM_F_REPLACE) {
		if (first)
			return replace_route(first, route, rq);
		if (!(flags & NLM_F_CREATE))
			return -ENOENT;
	}
	n = fib6_set.count < FIB_MOST ? kmalloc(sizeof(*n)) : NULL;
	if (!n)
		return -ENOMEM;
	*n = *route;
	n->cache = NULL;
	fib_link(&fib6_set, &n->common, true);
	fib6_flush_cache();
	rtnl_changed();
	inet6_rtmsg_fib(RTM_NEWROUTE, n, rq, NLM_F_CREATE | (first ? 0 : NLM_F_EXCL) | (flags & NLM_F_APPEND));
	return 0;
}

int fib6_add_route(const struct fib6_route *route)
{
	return fib6_insert(route, NLM_F_CREATE, NULL);
}

static void remove_route(struct fib6_route *r, const struct nl_request *rq)
{
	inet6_rtmsg_fib(RTM_DELROUTE, r, rq, 0);
	free_route(r);
	fib6_flush_cache();
	rtnl_changed();
}

int fib6_remove(const struct fib6_route *m, const struct nl_request *rq)
{
	struct fib6_route *r;

	list_for_each_entry(r, &fib6_set.routes, list) {
		if (r->table != m->table || r->prefixlen != m->prefixlen || !ipv6_addr_equal(&r->prefix, &m->prefix))
			continue;
		if ((m->dev && r->dev != m->dev) || (m->metric && r->metric != m->metric) || (m->protocol && r->protocol != m->protocol)
				|| (m->type && r->type != m->type) || (!ipv6_addr_any(&m->gw) && !ipv6_addr_equal(&r->gw, &m->gw)))
			continue;
		remove_route(r, rq);
		return 0;
	}
	return -ESRCH;
}

void fib6_flush_dev(const struct net_device *dev)
{
	struct fib6_route *r, *next;

	list_for_each_entry_safe(r, next, &fib6_set.routes, list)
		if (r->dev == dev)
			remove_route(r, NULL);
}

void fib6_booted(void)
{
	fib6_set.boot_count = fib6_set.count;
}

/* As many stay as there were at the start. */
void fib6_exit(void)
{
	struct fib6_route *r, *next;

	fib6_flush_cache();
	list_for_each_entry_safe(r, next, &fib6_set.routes, list)
		if (fib6_set.count > fib6_set.boot_count)
			free_route(r);
}

struct fib6_route *fib6_lookup(const struct in6_addr *daddr, int oif, bool strict)
{
	struct fib6_route *r, *other = NULL;
	u32 thrown = ~0u;

	list_for_each_entry(r, &fib6_set.routes, list) {
		u32 rank = table_rank(r->table);

		if (rank == 2)
			break;
		if (rank == thrown || !ipv6_prefix_equal(daddr, &r->prefix, r->prefixlen))
			continue;
		if (r->expires && ktime_get() >= r->expires)
			continue;
		if (r->type == RTN_THROW) {
			thrown = rank;
			continue;
		}
		if (!oif || !r->dev || r->dev->ifindex == oif)
			return r;
		if (!strict && !other)
			other = r;
	}
	return other;
}
