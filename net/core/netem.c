/* --netem=DEV:delay=10ms,loss=1%,...: a network worse than lo, in the words of tc-netem(8) with = between name and value.
 *
 *	limit=PACKETS  delay=TIME[ JITTER[ CORRELATION]]  loss=PERCENT[ CORRELATION]  duplicate=PERCENT[ CORRELATION]
 *	corrupt=PERCENT[ CORRELATION]  reorder=PERCENT[ CORRELATION]  gap=DISTANCE  rate=RATE
 *
 * Packets wait in the order of their time to go. As in tc, a packet that is reordered goes at once, ahead of those delayed;
 * jitter is uniform. Repeatable with --seed. */
#include "../dev.h"
#include "../sch.h"
#include "../sock.h"
#include "host.h"
#include "ktime.h"
#include "printk.h"
#include "slab.h"
#include "string.h"

#define LIMIT_DEFAULT 1000
#define PERCENT_ALL 0xffffffffu

/* A chance, how much each decision depends on the one before, both in 1/2^32, and that one. */
struct chance {
	struct netem_chance;
	u32 last;
};
struct netem {
	struct netem *next;
	char name[16];               /* of the device; it may come later */
	u32 limit, gap, counter;
	u64 delay, jitter;           /* ns */
	u64 rate;                    /* bytes a second, 0: no bound */
	struct chance delay_corr, loss, duplicate, corrupt, reorder;
	struct net_device *dev;
	struct sk_buff_head queue;   /* by time to go */
	struct ktimer timer;
};
struct netem_cb {
	u64 time_to_send;
};
#define NETEM_CB(skb) ((struct netem_cb *)(skb)->cb)

static struct netem *netems;

/* ---- chance ---- */

static u32 random32(void)
{
	u32 v;

	host_random(&v, sizeof(v));
	return v;
}

/* A number that keeps a part of the last one (tc-netem(8), CORRELATION). */
static u32 correlated(struct chance *c)
{
	u64 value = random32(), rho = (u64)c->correlation + 1;

	if (!c->correlation)
		return c->last = (u32)value;
	return c->last = (u32)((value * ((1ull << 32) - rho) + rho * c->last) >> 32);
}

static bool happens(struct chance *c)
{
	return c->probability && correlated(c) <= c->probability;
}

/* delay, give or take jitter. */
static u64 delay_now(struct netem *n)
{
	u64 offset;

	if (!n->jitter)
		return n->delay;
	offset = (u64)(((unsigned __int128)correlated(&n->delay_corr) * (2 * n->jitter)) >> 32);
	return n->delay + offset > n->jitter ? n->delay + offset - n->jitter : 0;
}

/* ---- the queue ---- */

static void insert(struct netem *n, struct sk_buff *skb)
{
	struct list_head *at = n->queue.list.prev;

	while (at != &n->queue.list && NETEM_CB(list_entry(at, struct sk_buff, list))->time_to_send > NETEM_CB(skb)->time_to_send)
		at = at->prev;
	list_add(&skb->list, at);
	n->queue.qlen++;
}

static void drain(struct netem *n)
{
	u64 now = ktime_get();
	struct sk_buff *skb;

	while ((skb = skb_peek(&n->queue)) && NETEM_CB(skb)->time_to_send <= now) {
		skb_unlink(skb, &n->queue);
		(void)dev_hard_start_xmit(skb, n->dev);
	}
	if (skb)
		timer_start(&n->timer, NETEM_CB(skb)->time_to_send);
}

static void timer_fires(struct ktimer *t)
{
	local_bh_disable();
	drain(container_of(t, struct netem, timer));
	local_bh_enable();
}

/* One bit is turned over in a copy of the packet. */
static struct sk_buff *corrupt(struct sk_buff *skb)
{
	struct sk_buff *copy = skb_copy(skb);

	kfree_skb(skb);
	if (!copy || skb_checksum_help(copy)) {
		kfree_skb(copy);
		return NULL;
	}
	copy->ip_summed = CHECKSUM_NONE;
	if (copy->len > copy->dev->hard_header_len)
		copy->data[copy->dev->hard_header_len + random32() % (copy->len - copy->dev->hard_header_len)] ^= (u8)(1 << random32() % 8);
	return copy;
}

/* When the packet has passed a link of the rate, behind those before it. */
static u64 rate_time(struct netem *n, const struct sk_buff *skb, u64 now)
{
	struct sk_buff *last = n->queue.qlen ? list_entry(n->queue.list.prev, struct sk_buff, list) : NULL;
	u64 start = last ? max(NETEM_CB(last)->time_to_send, now) : now;

	return start + (u64)skb->len * NSEC_PER_SEC / n->rate;
}

static int enqueue(struct netem *n, struct sk_buff *skb)
{
	u64 now = ktime_get();

	if (happens(&n->corrupt)) {
		skb = corrupt(skb);
		if (!skb)
			return 0;
	}
	if (n->queue.qlen >= n->limit) {
		n->dev->qdisc_state.drops++;
		n->dev->stats.tx_dropped++;
		kfree_skb(skb);
		return NET_XMIT_DROP;
	}
	if (!n->gap || n->counter < n->gap - 1 || n->reorder.probability < correlated(&n->reorder)) {
		NETEM_CB(skb)->time_to_send = now + delay_now(n);
		if (n->rate)
			NETEM_CB(skb)->time_to_send = max(NETEM_CB(skb)->time_to_send, rate_time(n, skb, now) + n->delay);
		n->counter++;
	} else {
		NETEM_CB(skb)->time_to_send = now;
		n->counter = 0;
	}
	insert(n, skb);
	return 0;
}

static int netem_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct netem *n = dev->qdisc_priv;
	int dropped = 0;
	struct sk_buff *again = happens(&n->duplicate) ? skb_copy(skb) : NULL;

	if (n->delay || n->jitter || n->rate)
		skb_orphan(skb); /* the sender does not wait for the wire */
	if (happens(&n->loss)) {
		n->dev->qdisc_state.drops++;
		n->dev->stats.tx_dropped++;
		kfree_skb(skb);
	} else {
		dropped = enqueue(n, skb);
	}
	if (again)
		(void)enqueue(n, again);
	drain(n);
	return dropped;
}

/* ---- the option's text ---- */

static bool take_number(const char **p, u64 *whole, u64 *millionths)
{
	const char *start = *p;
	u64 scale = 100000;

	for (*whole = *millionths = 0; **p >= '0' && **p <= '9' && *whole < 1000000000000ull; ++*p)
		*whole = *whole * 10 + (u64)(**p - '0');
	if (*p == start)
		return false;
	if (**p != '.')
		return true;
	for (++*p; **p >= '0' && **p <= '9'; ++*p, scale /= 10)
		*millionths += (u64)(**p - '0') * scale;
	return true;
}

static bool take_unit(const char **p, const char *unit)
{
	size_t n = strlen(unit);

	if (strncmp(*p, unit, n) || ((*p)[n] && (*p)[n] != ' ' && (*p)[n] != ','))
		return false;
	*p += n;
	return true;
}

/* A time with its unit, as tc's: s, ms, us; microseconds without one. */
static bool take_time(const char **p, u64 *ns)
{
	static const struct { const char *unit; u64 ns; } units[] = { { "secs", 1000000000 }, { "sec", 1000000000 },
		{ "s", 1000000000 }, { "msecs", 1000000 }, { "msec", 1000000 }, { "ms", 1000000 }, { "usecs", 1000 },
		{ "usec", 1000 }, { "us", 1000 }, { "ns", 1 }, { "", 1000 } };
	u64 whole, part;

	if (!take_number(p, &whole, &part))
		return false;
	for (unsigned i = 0; i < ARRAY_SIZE(units); i++) {
		if (!take_unit(p, units[i].unit))
			continue;
		*ns = whole * units[i].ns + part * units[i].ns / 1000000;
		return true;
	}
	return false;
}

static bool take_percent(const char **p, u32 *v)
{
	u64 whole, part;

	if (!take_number(p, &whole, &part) || whole > 100 || (whole == 100 && part))
		return false;
	if (**p == '%')
		++*p;
	*v = (u32)((whole * 1000000 + part) * PERCENT_ALL / 100000000);
	return true;
}

/* bits a second with bit, kbit, mbit, gbit; bytes with bps, kbps, mbps, as tc(8). */
static bool take_rate(const char **p, u64 *bytes)
{
	static const struct { const char *unit; u64 bits; } units[] = { { "bit", 1 }, { "kbit", 1000 }, { "mbit", 1000000 },
		{ "gbit", 1000000000 }, { "bps", 8 }, { "kbps", 8000 }, { "mbps", 8000000 }, { "gbps", 8000000000ull }, { "", 1 } };
	u64 whole, part;

	if (!take_number(p, &whole, &part))
		return false;
	for (unsigned i = 0; i < ARRAY_SIZE(units); i++) {
		if (!take_unit(p, units[i].unit))
			continue;
		*bytes = (whole * units[i].bits + part * units[i].bits / 1000000) / 8;
		return *bytes != 0;
	}
	return false;
}

static bool take_chance(const char **p, struct chance *c)
{
	if (!take_percent(p, &c->probability))
		return false;
	while (**p == ' ')
		++*p;
	return !**p || **p == ',' || take_percent(p, &c->correlation);
}

static bool take_delay(const char **p, struct netem *n)
{
	if (!take_time(p, &n->delay))
		return false;
	while (**p == ' ')
		++*p;
	if (**p && **p != ',' && !take_time(p, &n->jitter))
		return false;
	while (**p == ' ')
		++*p;
	return !**p || **p == ',' || take_percent(p, &n->delay_corr.correlation);
}

static bool take_count(const char **p, u32 *v)
{
	u64 whole, part;

	if (!take_number(p, &whole, &part) || part || !whole || whole > 1000000)
		return false;
	*v = (u32)whole;
	return true;
}

static bool take_one(const char **p, struct netem *n)
{
	static const struct { const char *name; size_t chance; } chances[] = {
		{ "loss=", offsetof(struct netem, loss) }, { "duplicate=", offsetof(struct netem, duplicate) },
		{ "corrupt=", offsetof(struct netem, corrupt) }, { "reorder=", offsetof(struct netem, reorder) } };

	for (unsigned i = 0; i < ARRAY_SIZE(chances); i++) {
		size_t len = strlen(chances[i].name);

		if (strncmp(*p, chances[i].name, len))
			continue;
		*p += len;
		return take_chance(p, (struct chance *)((char *)n + chances[i].chance));
	}
	if (!strncmp(*p, "delay=", 6))
		return *p += 6, take_delay(p, n);
	if (!strncmp(*p, "rate=", 5))
		return *p += 5, take_rate(p, &n->rate);
	if (!strncmp(*p, "limit=", 6))
		return *p += 6, take_count(p, &n->limit);
	if (!strncmp(*p, "gap=", 4))
		return *p += 4, take_count(p, &n->gap);
	return false;
}

/* NULL if the text is good; otherwise where it is not. */
static const char *parse(struct netem *n, const char *text)
{
	const char *p = text;
	unsigned len = 0;

	while (*p && *p != ':' && len < sizeof(n->name) - 1)
		n->name[len++] = *p++;
	if (*p++ != ':' || !len)
		return text;
	n->limit = LIMIT_DEFAULT;
	for (;;) {
		if (!take_one(&p, n))
			return p;
		if (!*p)
			break;
		if (*p++ != ',')
			return p - 1;
	}
	if (n->reorder.probability && !n->delay)
		return text; /* tc-netem(8): reordering is only possible with a delay */
	if (n->reorder.probability && !n->gap)
		n->gap = 1;
	return NULL;
}

/* ---- devices ---- */

static void hook(struct netem *n, struct net_device *dev)
{
	n->dev = dev;
	dev->qdisc_priv = n;
	dev->qdisc = netem_xmit;
	dev->qdisc_counts = true;
}

void netem_attach(struct net_device *dev)
{
	for (struct netem *n = netems; n; n = n->next)
		if (!strcmp(n->name, dev->name))
			hook(n, dev);
}

static struct netem *netem_new(void)
{
	struct netem *n = kzalloc(sizeof(*n));

	if (!n)
		return NULL;
	skb_queue_head_init(&n->queue);
	timer_setup(&n->timer, timer_fires);
	n->next = netems;
	netems = n;
	return n;
}

static void set_chance(struct chance *c, const struct netem_chance *o)
{
	c->probability = o->probability;
	c->correlation = o->correlation;
}

int netem_set(struct net_device *dev, const struct netem_options *o)
{
	struct netem *n = dev->qdisc ? dev->qdisc_priv : netem_new();

	if (!n)
		return -ENOMEM;
	n->limit = o->limit;
	n->gap = o->gap;
	n->delay = o->delay;
	n->jitter = o->jitter;
	n->rate = o->rate;
	set_chance(&n->delay_corr, &o->delay_corr);
	set_chance(&n->loss, &o->loss);
	set_chance(&n->duplicate, &o->duplicate);
	set_chance(&n->corrupt, &o->corrupt);
	set_chance(&n->reorder, &o->reorder);
	hook(n, dev);
	return 0;
}

bool netem_get(const struct net_device *dev, struct netem_options *o, u32 *qlen, u32 *backlog)
{
	const struct netem *n = dev->qdisc ? dev->qdisc_priv : NULL;
	const struct sk_buff *skb;

	*qlen = *backlog = 0;
	if (!n)
		return false;
	*o = (struct netem_options){ .limit = n->limit, .gap = n->gap, .delay = n->delay, .jitter = n->jitter, .rate = n->rate,
		.delay_corr = { n->delay_corr.probability, n->delay_corr.correlation }, .loss = { n->loss.probability, n->loss.correlation },
		.duplicate = { n->duplicate.probability, n->duplicate.correlation },
		.corrupt = { n->corrupt.probability, n->corrupt.correlation }, .reorder = { n->reorder.probability, n->reorder.correlation } };
	*qlen = n->queue.qlen;
	skb_queue_walk(&n->queue, skb)
		*backlog += skb->len;
	return true;
}

void netem_detach(struct net_device *dev)
{
	struct netem *n = dev->qdisc ? dev->qdisc_priv : NULL, **p = &netems;

	if (!n)
		return;
	timer_cancel(&n->timer);
	skb_queue_purge(&n->queue);
	dev->qdisc = NULL;
	dev->qdisc_priv = NULL;
	dev->qdisc_counts = false;
	n->dev = NULL;
	if (*n->name)
		return; /* --netem's is for the next device of that name, too */
	while (*p != n)
		p = &(*p)->next;
	*p = n->next;
	kfree(n);
}

int netem_init(void)
{
	for (u32 i = 0; i < umk_options.nnetem; i++) {
		struct netem *n = netem_new();
		const char *bad;

		if (!n)
			return -ENOMEM;
		bad = parse(n, umk_options.netem[i]);
		if (bad) {
			pr_msg("--netem=%s: not understood at \"%s\"", umk_options.netem[i], bad);
			return -EINVAL;
		}
	}
	return 0;
}

void netem_exit(void)
{
	struct netem *n;

	while ((n = netems)) {
		netems = n->next;
		timer_cancel(&n->timer);
		skb_queue_purge(&n->queue);
		if (n->dev)
			n->dev->qdisc = NULL;
		kfree(n);
	}
}
