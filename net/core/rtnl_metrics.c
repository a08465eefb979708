/* RTA_METRICS: what a route says of the way behind it. Only what this stack honours is taken. */
#include "../rtnetlink.h"
#include "../rtnl_metrics.h"
#include "kerrno.h"
#include "ledger.h"

BUILD_BUG_ON(DST_METRICS <= RTAX_MAX);

int rtnl_metrics_get(const struct nlattr *nest, u32 *metrics, struct netlink_ext_ack *extack)
{
	const struct nlattr *a;
	size_t left;

	nla_for_each(a, nla_data(nest), (size_t)nla_len(nest), left) {
		int type = nla_type(a);
		u32 v;

		if (!type)
			continue;
		if (type > RTAX_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, a, "Invalid metric type");
			return -EINVAL;
		}
		if (type != RTAX_CC_ALGO && nla_len(a) != sizeof(u32)) {
			NL_SET_ERR_MSG_ATTR(extack, a, "Invalid attribute in metrics");
			return -EINVAL;
		}
		v = type == RTAX_CC_ALGO ? 0 : nla_get_u32(a);
		switch (type) {
		case RTAX_MTU:
			v = min(v, 65535u - 15);
			break;
		case RTAX_ADVMSS:
			v = min(v, 65535u - 40);
			break;
		case RTAX_HOPLIMIT:
			v = min(v, 255u);
			break;
		case RTAX_LOCK: case RTAX_INITCWND: case RTAX_INITRWND: case RTAX_WINDOW: case RTAX_QUICKACK:
			break;
		default:
			if (type != RTAX_CC_ALGO && !v)
				break;
			LEDGER("metric of a route", type);
			return -EOPNOTSUPP;
		}
		metrics[type] = v;
	}
	return 0;
}

int rtnl_metrics_put(struct sk_buff *skb, const u32 *metrics)
{
	struct nlattr *nest = NULL;

	for (int i = 1; i <= RTAX_MAX; i++) {
		if (!metrics[i])
			continue;
		nest = nest ? nest : nla_nest_start(skb, RTA_METRICS);
		if (!nest || nla_put_u32(skb, i, metrics[i]))
			return -EMSGSIZE;
	}
	if (nest)
		nla_nest_end(skb, nest);
	return 0;
}

int rtnl_cacheinfo_put(struct sk_buff *skb, u32 refs, u64 expires, int error)
{
	struct rta_cacheinfo ci = { .rta_clntref = refs, .rta_error = (u32)error };

	if (expires != KTIME_MAX && expires > ktime_get())
		ci.rta_expires = (s32)min((expires - ktime_get()) / (NSEC_PER_SEC / 100), 0x7fffffffull);
	return nla_put(skb, RTA_CACHEINFO, sizeof(ci), &ci);
}
