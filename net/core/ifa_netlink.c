/* RTM_GETADDR's dumps, rtnetlink(7): what those of IPv4 and IPv6 have in common. */
#include "../dev.h"
#include "../ifa.h"
#include "../rtnetlink.h"
#include "kerrno.h"

/* A strict request may name a device and nothing else. 0 or -errno; *only: its index, or 0. */
static int dump_filter(struct netlink_callback *cb, const struct ifa_dump *d, u32 *only)
{
	const struct nlattr *tb[IFA_MOST + 1];
	const struct ifaddrmsg *m = nlmsg_data(cb->nlh);
	int err;

	*only = 0;
	if (!cb->strict_check)
		return 0;
	if (nlmsg_payload(cb->nlh) < sizeof(*m))
		return nl_refuse(cb->extack, -EINVAL, d->bad_header);
	if (m->ifa_prefixlen || m->ifa_flags || m->ifa_scope)
		return nl_refuse(cb->extack, -EINVAL, d->bad_values);
	err = nlmsg_parse(cb->nlh, sizeof(*m), tb, IFA_MOST, d->policy, true, cb->extack);
	if (err)
		return err;
	for (int i = 1; i <= IFA_MOST; i++)
		if (tb[i])
			return nl_refuse(cb->extack, -EINVAL, i == IFA_TARGET_NETNSID ? d->bad_netns : d->bad_attr);
	*only = m->ifa_index;
	return !*only || dev_get_by_index((int)*only) ? 0 : -ENODEV;
}

/* args: index of the device, place in its list */
int ifa_dump_lists(struct sk_buff *skb, struct netlink_callback *cb, const struct ifa_dump *d, u32 only)
{
	const struct net_device *dev;

	list_for_each_entry(dev, &net_devices, list) {
		const struct list_head *head = (const void *)((const u8 *)dev + d->head);
		long at = 0;

		if (dev->ifindex < cb->args[0] || (only && dev->ifindex != (int)only))
			continue;
		if (dev->ifindex > cb->args[0]) {
			cb->args[0] = dev->ifindex;
			cb->args[1] = 0;
		}
		for (const struct list_head *pos = head->next; pos != head; pos = pos->next) {
			if (at++ < cb->args[1])
				continue;
			if (nlmsg_dump(skb, cb, d->type, sizeof(struct ifaddrmsg), only ? NLM_F_DUMP_FILTERED : 0, d->fill, pos))
				return nlmsg_dump_full(skb);
			cb->args[1] = at;
		}
	}
	return 0;
}

int ifa_dump(struct sk_buff *skb, struct netlink_callback *cb, const struct ifa_dump *d)
{
	u32 only;
	int err = dump_filter(cb, d, &only);

	if (err)
		return err;
	cb->seq = rtnl_generation;
	return ifa_dump_lists(skb, cb, d, only);
}
