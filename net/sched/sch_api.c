/* RTM_*QDISC, tc(8): which discipline is at the root of a device. Kinds that would change how packets go and that are not
 * here are refused as by a kernel without their module. */
#include "../rtnetlink.h"
#include "../sch.h"
#include "kerrno.h"
#include "ledger.h"
#include <linux/gen_stats.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/pkt_sched.h>

#define MESSAGE_ROOM 1024 /* bytes of the largest message about a qdisc */
#define TICK_SHIFT 6 /* a tick of the qdiscs' clock is 64 ns: /proc/net/psched */

struct qdisc_kind {
	const char *name;
	bool counts;          /* keeps counters (noqueue does not) */
	/* TCA_OPTIONS (or NULL) to the state: 0 or -errno. @fresh: the qdisc is made. */
	int (*change)(struct net_device *dev, const struct nlattr *opt, bool fresh, struct netlink_ext_ack *extack);
	int (*dump)(struct sk_buff *skb, const struct net_device *dev); /* 0 or -EMSGSIZE; NULL: no options */
};

static const struct nla_policy tca_policy[TCA_MAX + 1] = { [TCA_KIND] = { NLA_STRING }, [TCA_RATE] = { NLA_BINARY, sizeof(struct tc_estimator) },
	[TCA_STAB] = { NLA_NESTED }, [TCA_DUMP_INVISIBLE] = { NLA_FLAG }, [TCA_CHAIN] = { NLA_U32 }, [TCA_INGRESS_BLOCK] = { NLA_U32 },
	[TCA_EGRESS_BLOCK] = { NLA_U32 } };

/* ---- fifo ---- */

static int fifo_options(struct net_device *dev, const struct nlattr *opt, u32 default_limit)
{
	if (!opt) {
		dev->qdisc_state.limit = default_limit;
		return 0;
	}
	if (nla_len(opt) < (int)sizeof(struct tc_fifo_qopt))
		return -EINVAL;
	dev->qdisc_state.limit = ((struct tc_fifo_qopt *)nla_data(opt))->limit;
	return 0;
}

static int pfifo_change(struct net_device *dev, const struct nlattr *opt, bool fresh __maybe_unused,
	struct netlink_ext_ack *extack __maybe_unused)
{
	return fifo_options(dev, opt, max(dev->tx_queue_len, 1u));
}

static int bfifo_change(struct net_device *dev, const struct nlattr *opt, bool fresh __maybe_unused,
	struct netlink_ext_ack *extack __maybe_unused)
{
	return fifo_options(dev, opt, max(dev->tx_queue_len, 1u) * (dev->mtu + dev->hard_header_len));
}

static int fifo_dump(struct sk_buff *skb, const struct net_device *dev)
{
	struct tc_fifo_qopt opt = { .limit = dev->qdisc_state.limit };

	return nla_put(skb, TCA_OPTIONS, sizeof(opt), &opt);
}

static int plain_change(struct net_device *dev __maybe_unused, const struct nlattr *opt __maybe_unused, bool fresh,
	struct netlink_ext_ack *extack)
{
	return fresh ? 0 : nl_refuse(extack, -EINVAL, "Change operation not supported by specified qdisc");
}

static int pfifo_fast_dump(struct sk_buff *skb, const struct net_device *dev __maybe_unused)
{
	static const struct tc_prio_qopt opt = { .bands = 3, .priomap = { 1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1 } };

	return nla_put(skb, TCA_OPTIONS, sizeof(opt), &opt);
}

/* ---- netem ---- */

static const struct nla_policy netem_policy[TCA_NETEM_MAX + 1] = { [TCA_NETEM_CORR] = { NLA_MIN, sizeof(struct tc_netem_corr) },
	[TCA_NETEM_REORDER] = { NLA_MIN, sizeof(struct tc_netem_reorder) }, [TCA_NETEM_CORRUPT] = { NLA_MIN, sizeof(struct tc_netem_corrupt) },
	[TCA_NETEM_RATE] = { NLA_MIN, sizeof(struct tc_netem_rate) }, [TCA_NETEM_LOSS] = { NLA_NESTED }, [TCA_NETEM_ECN] = { NLA_U32 },
	[TCA_NETEM_RATE64] = { NLA_U64 }, [TCA_NETEM_LATENCY64] = { NLA_U64 }, [TCA_NETEM_JITTER64] = { NLA_U64 },
	[TCA_NETEM_SLOT] = { NLA_MIN, sizeof(struct tc_netem_slot) } };

/* What umk's netem does not know: tables of delays, bursts, slots. */
static int netem_unknown(const struct nlattr **tb, struct netlink_ext_ack *extack)
{
	static const u8 unknown[] = { TCA_NETEM_DELAY_DIST, TCA_NETEM_LOSS, TCA_NETEM_SLOT, TCA_NETEM_SLOT_DIST };

	for (unsigned i = 0; i < ARRAY_SIZE(unknown); i++)
		if (tb[unknown[i]]) {
			LEDGER("netem attribute", unknown[i]);
			NL_SET_BAD_ATTR(extack, tb[unknown[i]]);
			return -EOPNOTSUPP;
		}
	if (tb[TCA_NETEM_ECN] && nla_get_u32(tb[TCA_NETEM_ECN])) {
		LEDGER("netem attribute", TCA_NETEM_ECN);
		return -EOPNOTSUPP;
	}
	return 0;
}

static u64 attr_u64(const struct nlattr *a)
{
	u64 v;

	memcpy(&v, nla_data(a), sizeof(v));
	return v;
}

static int netem_rate(const struct nlattr **tb, struct netem_options *o)
{
	const struct tc_netem_rate *r;

	if (!tb[TCA_NETEM_RATE])
		return 0;
	r = nla_data(tb[TCA_NETEM_RATE]);
	if (r->packet_overhead || r->cell_size || r->cell_overhead) {
		LEDGER("netem rate's overheads", 0);
		return -EOPNOTSUPP;
	}
	o->rate = tb[TCA_NETEM_RATE64] ? max(attr_u64(tb[TCA_NETEM_RATE64]), (u64)r->rate) : r->rate;
	return 0;
}

static int netem_change(struct net_device *dev, const struct nlattr *opt, bool fresh __maybe_unused, struct netlink_ext_ack *extack)
{
	const struct nlattr *tb[TCA_NETEM_MAX + 1];
	const struct tc_netem_qopt *q;
	struct netem_options o;
	size_t head = NLA_ALIGN(sizeof(*q));
	int err;

	if (!opt || nla_len(opt) < (int)sizeof(*q))
		return -EINVAL;
	q = nla_data(opt);
	err = nla_parse(tb, TCA_NETEM_MAX, (const u8 *)q + head, (size_t)nla_len(opt) > head ? (size_t)nla_len(opt) - head : 0,
		netem_policy, false, extack);
	if (!err)
		err = netem_unknown(tb, extack);
	if (err)
		return err;
	o = (struct netem_options){ .limit = q->limit, .gap = q->gap, .delay = (u64)q->latency << TICK_SHIFT,
		.jitter = (u64)q->jitter << TICK_SHIFT, .loss.probability = q->loss, .duplicate.probability = q->duplicate };
	if (o.gap)
		o.reorder.probability = ~0u; /* as tc(8)'s first version had it: every gap-th packet */
	if (tb[TCA_NETEM_CORR]) {
		const struct tc_netem_corr *c = nla_data(tb[TCA_NETEM_CORR]);

		o.delay_corr.correlation = c->delay_corr;
		o.loss.correlation = c->loss_corr;
		o.duplicate.correlation = c->dup_corr;
	}
	if (tb[TCA_NETEM_REORDER]) {
		const struct tc_netem_reorder *r = nla_data(tb[TCA_NETEM_REORDER]);

		o.reorder = (struct netem_chance){ r->probability, r->correlation };
	}
	if (tb[TCA_NETEM_CORRUPT]) {
		const struct tc_netem_corrupt *c = nla_data(tb[TCA_NETEM_CORRUPT]);

		o.corrupt = (struct netem_chance){ c->probability, c->correlation };
	}
	if (tb[TCA_NETEM_LATENCY64])
		o.delay = min(attr_u64(tb[TCA_NETEM_LATENCY64]), (u64)1 << 50);
	if (tb[TCA_NETEM_JITTER64])
		o.jitter = min(attr_u64(tb[TCA_NETEM_JITTER64]), (u64)1 << 50);
	err = netem_rate(tb, &o);
	return err ? err : netem_set(dev, &o);
}

static int netem_dump(struct sk_buff *skb, const struct net_device *dev)
{
	struct netem_options o = { .limit = 0 };
	struct tc_netem_qopt *q;
	struct nlattr *nest;
	u32 qlen, backlog;

	netem_get(dev, &o, &qlen, &backlog);
	q = nla_reserve(skb, TCA_OPTIONS, sizeof(*q));
	if (!q)
		return -EMSGSIZE;
	nest = (struct nlattr *)((u8 *)q - NLA_HDRLEN);
	*q = (struct tc_netem_qopt){ .latency = (u32)min(o.delay >> TICK_SHIFT, 0xffffffffull), .limit = o.limit,
		.loss = o.loss.probability, .gap = o.gap, .duplicate = o.duplicate.probability,
		.jitter = (u32)min(o.jitter >> TICK_SHIFT, 0xffffffffull) };
	struct tc_netem_corr corr = { o.delay_corr.correlation, o.loss.correlation, o.duplicate.correlation };
	struct tc_netem_reorder reorder = { o.reorder.probability, o.reorder.correlation };
	struct tc_netem_corrupt corrupt = { o.corrupt.probability, o.corrupt.correlation };
	struct tc_netem_rate rate = { .rate = (u32)min(o.rate, 0xffffffffull) };

	if (nla_put_u64(skb, TCA_NETEM_LATENCY64, o.delay) || nla_put_u64(skb, TCA_NETEM_JITTER64, o.jitter)
			|| nla_put(skb, TCA_NETEM_CORR, sizeof(corr), &corr) || nla_put(skb, TCA_NETEM_REORDER, sizeof(reorder), &reorder)
			|| nla_put(skb, TCA_NETEM_CORRUPT, sizeof(corrupt), &corrupt)
			|| (o.rate >> 32 && nla_put_u64(skb, TCA_NETEM_RATE64, o.rate)) || nla_put(skb, TCA_NETEM_RATE, sizeof(rate), &rate))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* ---- what is at the root ---- */

static const struct qdisc_kind kinds[] = {
	{ "noqueue", false, plain_change, NULL },
	{ "pfifo_fast", true, plain_change, pfifo_fast_dump },
	{ "pfifo", true, pfifo_change, fifo_dump },
	{ "bfifo", true, bfifo_change, fifo_dump },
	{ "netem", true, netem_change, netem_dump },
};
#define PFIFO (&kinds[2])
#define BFIFO (&kinds[3])
#define NETEM (&kinds[4])

static const struct qdisc_kind *root_kind(const struct net_device *dev)
{
	if (dev->qdisc_state.kind)
		return dev->qdisc_state.kind;
	if (dev->qdisc)
		return NETEM; /* --netem */
	return &kinds[dev->type == ARPHRD_NONE ? 1 : 0];
}

const char *qdisc_kind(const struct net_device *dev)
{
	if (!dev->qdisc_state.kind && !dev->qdisc && !netif_running(dev) && !dev->was_up)
		return "noop"; /* until it first comes up */
	return root_kind(dev)->name;
}

static void set_default(struct net_device *dev)
{
	netem_detach(dev);
	dev->qdisc_state = (struct qdisc_state){ .kind = NULL };
	dev->qdisc_counts = root_kind(dev)->counts;
}

void qdisc_detach(struct net_device *dev)
{
	set_default(dev);
}

/* Nothing ever waits in a fifo here. */
bool qdisc_has_room(const struct net_device *dev, u32 len)
{
	const struct qdisc_kind *k = dev->qdisc_state.kind;

	if (k == PFIFO)
		return dev->qdisc_state.limit > 0;
	return k != BFIFO || len <= dev->qdisc_state.limit;
}

/* ---- telling ---- */

static int fill_stats(struct sk_buff *skb, const struct net_device *dev)
{
	const struct qdisc_state *s = &dev->qdisc_state;
	bool counts = root_kind(dev)->counts;
	struct gnet_stats_basic basic = { .bytes = counts ? s->bytes : 0, .packets = counts ? s->packets : 0 };
	struct gnet_stats_queue queue = { .drops = counts ? s->drops : 0 };
	struct netem_options o;
	struct tc_stats old;
	struct nlattr *nest = nla_nest_start(skb, TCA_STATS2);

	netem_get(dev, &o, &queue.qlen, &queue.backlog);
	memset(&old, 0, sizeof(old));
	old.bytes = basic.bytes;
	old.packets = basic.packets;
	old.drops = queue.drops;
	old.qlen = queue.qlen;
	old.backlog = queue.backlog;
	if (!nest || nla_put(skb, TCA_STATS_BASIC, sizeof(basic), &basic) || nla_put(skb, TCA_STATS_QUEUE, sizeof(queue), &queue))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return nla_put(skb, TCA_STATS, 36, &old); /* without the structure's padding */
}

static int fill_qdisc(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what)
{
	const struct net_device *dev = what;
	const struct qdisc_kind *k = root_kind(dev);

	*(struct tcmsg *)nlmsg_data(nlh) = (struct tcmsg){ .tcm_ifindex = dev->ifindex, .tcm_handle = dev->qdisc_state.handle,
		.tcm_parent = TC_H_ROOT, .tcm_info = 2 };
	if (nla_put_string(skb, TCA_KIND, qdisc_kind(dev)) || (k->dump && k->dump(skb, dev)) || nla_put_u8(skb, TCA_HW_OFFLOAD, 0)
			|| fill_stats(skb, dev))
		return -EMSGSIZE;
	return 0;
}

static void notify(const struct nl_request *rq, const struct net_device *dev, int type)
{
	rtnl_notify(nlmsg_build(MESSAGE_ROOM, rq->portid, rq->nlh->nlmsg_seq, type, sizeof(struct tcmsg), 0, fill_qdisc, dev), rq,
		RTNLGRP_TC);
}

int tc_dump_qdisc(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct nlattr *tb[TCA_MAX + 1];
	const struct net_device *dev;
	const struct tcmsg *m;
	int err = nlmsg_parse(cb->nlh, sizeof(*m), tb, TCA_MAX, tca_policy, false, cb->extack);

	if (err)
		return err;
	m = nlmsg_data(cb->nlh);
	list_for_each_entry(dev, &net_devices, list) {
		/* A device's own qdisc shows once it works; noop, the one before, is not told. */
		if (dev->ifindex <= cb->args[0] || (m->tcm_ifindex && m->tcm_ifindex != dev->ifindex))
			continue;
		if (!strcmp(qdisc_kind(dev), "noop") && !tb[TCA_DUMP_INVISIBLE]) {
			cb->args[0] = dev->ifindex;
			continue;
		}
		if (nlmsg_dump(skb, cb, RTM_NEWQDISC, sizeof(struct tcmsg), 0, fill_qdisc, dev))
			return nlmsg_dump_full(skb);
		cb->args[0] = dev->ifindex;
	}
	return (int)skb->len;
}

/* ---- changing ---- */

static int parse(const struct nl_request *rq, const struct nlattr **tb, struct net_device **dev)
{
	int err = nlmsg_parse(rq->nlh, sizeof(struct tcmsg), tb, TCA_MAX, tca_policy, false, rq->extack);

	if (err)
		return err;
	*dev = dev_get_by_index(((struct tcmsg *)nlmsg_data(rq->nlh))->tcm_ifindex);
	return *dev ? 0 : -ENODEV;
}

static bool kind_is(const struct nlattr *kind, const char *name)
{
	char text[16];

	nla_strscpy(text, kind, sizeof(text));
	return !strcmp(text, name);
}

static u32 new_handle(void)
{
	static u32 last = 0x80000000;

	do {
		last = last == 0xffff0000 ? 0x80010000 : last + 0x10000;
	} while (last == 0xffff0000);
	return last;
}

static int create(struct nl_request *rq, struct net_device *dev, const struct nlattr **tb)
{
	const struct tcmsg *m = nlmsg_data(rq->nlh);
	const struct qdisc_kind *k = NULL;
	struct qdisc_state old = dev->qdisc_state;
	struct netem_options netem;
	bool had_netem;
	u32 unused;
	int err;

	for (unsigned i = 0; i < ARRAY_SIZE(kinds) && tb[TCA_KIND]; i++)
		if (kind_is(tb[TCA_KIND], kinds[i].name))
			k = &kinds[i];
	if (!k) {
		LEDGER("qdisc kind", 0);
		return nl_refuse(rq->extack, -ENOENT, "Specified qdisc kind is unknown");
	}
	if (tb[TCA_STAB] || tb[TCA_RATE] || tb[TCA_INGRESS_BLOCK] || tb[TCA_EGRESS_BLOCK]) {
		LEDGER("qdisc attribute", 0);
		return -EOPNOTSUPP;
	}
	had_netem = netem_get(dev, &netem, &unused, &unused);
	if (k != NETEM)
		netem_detach(dev);
	dev->qdisc_state = (struct qdisc_state){ .kind = k, .handle = m->tcm_handle ? m->tcm_handle : new_handle() };
	dev->qdisc_counts = k->counts;
	err = k->change(dev, tb[TCA_OPTIONS], true, rq->extack);
	if (err) {
		dev->qdisc_state = old;
		if (had_netem)
			(void)netem_set(dev, &netem);
		return err;
	}
	rtmsg_ifinfo(RTM_NEWLINK, dev, 0);
	notify(rq, dev, RTM_NEWQDISC);
	return 0;
}

static int change(struct nl_request *rq, struct net_device *dev, const struct nlattr **tb)
{
	int err;

	if (rq->nlh->nlmsg_flags & NLM_F_EXCL)
		return nl_refuse(rq->extack, -EEXIST, "Exclusivity flag on, cannot modify");
	err = tb[TCA_OPTIONS] ? root_kind(dev)->change(dev, tb[TCA_OPTIONS], false, rq->extack) : 0;
	if (!err)
		notify(rq, dev, RTM_NEWQDISC);
	return err;
}

int tc_modify_qdisc(struct nl_request *rq)
{
	const struct nlattr *tb[TCA_MAX + 1];
	const struct tcmsg *m;
	struct net_device *dev;
	unsigned flags = rq->nlh->nlmsg_flags;
	bool there, differs;
	int err = parse(rq, tb, &dev);

	if (err)
		return err;
	m = nlmsg_data(rq->nlh);
	there = dev->qdisc_state.handle != 0;
	differs = tb[TCA_KIND] && !kind_is(tb[TCA_KIND], root_kind(dev)->name);
	if (!m->tcm_parent) {
		if (!m->tcm_handle)
			return nl_refuse(rq->extack, -EINVAL, "Handle cannot be zero");
		if (!there || dev->qdisc_state.handle != m->tcm_handle)
			return nl_refuse(rq->extack, -ENOENT, "Specified qdisc not found");
		return differs ? nl_refuse(rq->extack, -EINVAL, "Invalid qdisc name: must match existing qdisc") : change(rq, dev, tb);
	}
	if (m->tcm_parent == TC_H_INGRESS) {
		LEDGER("ingress qdisc", 0);
		return nl_refuse(rq->extack, -ENOENT, "Specified qdisc kind is unknown");
	}
	if (m->tcm_parent != TC_H_ROOT)
		return nl_refuse(rq->extack, -ENOENT, "Failed to find specified qdisc");
	if (there && m->tcm_handle == dev->qdisc_state.handle)
		return differs ? nl_refuse(rq->extack, -EINVAL, "Invalid qdisc name: must match existing qdisc") : change(rq, dev, tb);
	if (m->tcm_handle) {
		if (there && !(flags & NLM_F_REPLACE))
			return nl_refuse(rq->extack, -EEXIST, "NLM_F_REPLACE needed to override");
		if (TC_H_MIN(m->tcm_handle))
			return nl_refuse(rq->extack, -EINVAL, "Invalid minor handle");
	} else if (there && !differs) {
		return change(rq, dev, tb);
	}
	if (!there && !(flags & NLM_F_CREATE))
		return nl_refuse(rq->extack, -ENOENT, "Qdisc not found. To create specify NLM_F_CREATE flag");
	return create(rq, dev, tb);
}

/* The qdisc that a request names: 0 or -errno. */
static int find(struct nl_request *rq, struct net_device *dev, const struct nlattr **tb)
{
	const struct tcmsg *m = nlmsg_data(rq->nlh);

	if (m->tcm_parent) {
		if (m->tcm_parent == TC_H_INGRESS)
			return nl_refuse(rq->extack, -ENOENT, "Cannot find specified qdisc on specified device");
		if (m->tcm_parent != TC_H_ROOT)
			return nl_refuse(rq->extack, -ENOENT, "Failed to find qdisc with specified classid");
		if (m->tcm_handle && dev->qdisc_state.handle != m->tcm_handle)
			return nl_refuse(rq->extack, -EINVAL, "Invalid handle");
	} else if (!dev->qdisc_state.handle || dev->qdisc_state.handle != m->tcm_handle) {
		return nl_refuse(rq->extack, -ENOENT, "Failed to find qdisc with specified handle");
	}
	if (tb[TCA_KIND] && !kind_is(tb[TCA_KIND], root_kind(dev)->name))
		return nl_refuse(rq->extack, -EINVAL, "Invalid qdisc name");
	return 0;
}

int tc_get_qdisc(struct nl_request *rq)
{
	const struct nlattr *tb[TCA_MAX + 1];
	struct net_device *dev;
	int err = parse(rq, tb, &dev);

	if (!err)
		err = find(rq, dev, tb);
	if (err)
		return err;
	return nlmsg_answer(rq, MESSAGE_ROOM, RTM_NEWQDISC, sizeof(struct tcmsg), fill_qdisc, dev);
}

int tc_del_qdisc(struct nl_request *rq)
{
	const struct nlattr *tb[TCA_MAX + 1];
	struct net_device *dev;
	int err = parse(rq, tb, &dev);

	if (!err)
		err = find(rq, dev, tb);
	if (err)
		return err;
	if (!((struct tcmsg *)nlmsg_data(rq->nlh))->tcm_parent)
		return nl_refuse(rq->extack, -EINVAL, "Classid cannot be zero");
	if (!dev->qdisc_state.handle)
		return nl_refuse(rq->extack, -ENOENT, "Cannot delete qdisc with handle of zero");
	notify(rq, dev, RTM_DELQDISC);
	set_default(dev);
	return 0;
}
