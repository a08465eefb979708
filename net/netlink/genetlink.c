/* NETLINK_GENERIC: families are found by name through the controller, genetlink's own family and the only one here. */
#include "../netlink.h"
#include "kerrno.h"
#include "ledger.h"
#include <linux/genetlink.h>

#define CTRL_VERSION 2
#define CTRL_GROUP 16u /* "notify" */

static const struct nla_policy ctrl_policy[CTRL_ATTR_MAX + 1] = { [CTRL_ATTR_FAMILY_ID] = { NLA_U16 },
	[CTRL_ATTR_FAMILY_NAME] = { NLA_NUL_STRING, GENL_NAMSIZ - 1 } };

static int fill_ops(struct sk_buff *skb)
{
	static const struct { u32 id, flags; } ops[] = {
		{ CTRL_CMD_GETFAMILY, GENL_CMD_CAP_DO | GENL_CMD_CAP_DUMP | GENL_CMD_CAP_HASPOL } };
	struct nlattr *list = nla_nest_start(skb, CTRL_ATTR_OPS), *op;

	if (!list)
		return -EMSGSIZE;
	for (unsigned i = 0; i < ARRAY_SIZE(ops); i++) {
		op = nla_nest_start(skb, (int)i + 1);
		if (!op || nla_put_u32(skb, CTRL_ATTR_OP_ID, ops[i].id) || nla_put_u32(skb, CTRL_ATTR_OP_FLAGS, ops[i].flags))
			return -EMSGSIZE;
		nla_nest_end(skb, op);
	}
	nla_nest_end(skb, list);
	return 0;
}

static int fill_groups(struct sk_buff *skb)
{
	struct nlattr *list = nla_nest_start(skb, CTRL_ATTR_MCAST_GROUPS), *group = list ? nla_nest_start(skb, 1) : NULL;

	if (!group || nla_put_u32(skb, CTRL_ATTR_MCAST_GRP_ID, CTRL_GROUP) || nla_put_string(skb, CTRL_ATTR_MCAST_GRP_NAME, "notify"))
		return -EMSGSIZE;
	nla_nest_end(skb, group);
	nla_nest_end(skb, list);
	return 0;
}

static int fill_ctrl(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what __maybe_unused)
{
	*(struct genlmsghdr *)nlmsg_data(nlh) = (struct genlmsghdr){ .cmd = CTRL_CMD_NEWFAMILY, .version = CTRL_VERSION };
	if (nla_put_string(skb, CTRL_ATTR_FAMILY_NAME, "nlctrl") || nla_put_u16(skb, CTRL_ATTR_FAMILY_ID, GENL_ID_CTRL)
			|| nla_put_u32(skb, CTRL_ATTR_VERSION, CTRL_VERSION) || nla_put_u32(skb, CTRL_ATTR_HDRSIZE, 0)
			|| nla_put_u32(skb, CTRL_ATTR_MAXATTR, 0) || fill_ops(skb) || fill_groups(skb))
		return -EMSGSIZE;
	return 0;
}

static int dump_families(struct sk_buff *skb, struct netlink_callback *cb)
{
	if (cb->args[0])
		return 0;
	if (nlmsg_dump(skb, cb, GENL_ID_CTRL, GENL_HDRLEN, 0, fill_ctrl, NULL))
		return -EMSGSIZE;
	cb->args[0] = 1;
	return (int)skb->len;
}

static int get_family(struct nl_request *rq)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	bool known = false;
	int err = nlmsg_parse(rq->nlh, GENL_HDRLEN, tb, CTRL_ATTR_MAX, ctrl_policy, false, rq->extack);

	if (err)
		return err;
	if (!tb[CTRL_ATTR_FAMILY_ID] && !tb[CTRL_ATTR_FAMILY_NAME])
		return -EINVAL;
	if (tb[CTRL_ATTR_FAMILY_ID])
		known = nla_get_u16(tb[CTRL_ATTR_FAMILY_ID]) == GENL_ID_CTRL;
	if (tb[CTRL_ATTR_FAMILY_NAME]) {
		known = !strcmp(nla_data(tb[CTRL_ATTR_FAMILY_NAME]), "nlctrl");
		if (!known)
			LEDGER("generic netlink family", 0);
	}
	if (!known)
		return -ENOENT;
	return nlmsg_answer(rq, 512, GENL_ID_CTRL, GENL_HDRLEN, fill_ctrl, NULL);
}

static int genl_rcv(struct nl_request *rq)
{
	const struct genlmsghdr *h = nlmsg_data(rq->nlh);

	if (rq->nlh->nlmsg_type != GENL_ID_CTRL)
		return -ENOENT;
	if (nlmsg_payload(rq->nlh) < GENL_HDRLEN)
		return -EINVAL;
	if (h->cmd != CTRL_CMD_GETFAMILY) {
		LEDGER("generic netlink command", h->cmd);
		return -EOPNOTSUPP;
	}
	if ((rq->nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP)
		return netlink_dump_start(rq, &(struct netlink_callback){ .dump = dump_families });
	return get_family(rq);
}

const struct netlink_kernel genetlink_kernel = { .protocol = NETLINK_GENERIC, .name = "generic", .groups = 32, .nonroot_recv = true,
	.nonroot_send = true, .rcv = genl_rcv };
