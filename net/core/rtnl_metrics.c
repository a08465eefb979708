/* RTA_METRICS: what a route says of the way behind it. */
#include "../rtnetlink.h"
#include "../rtnl_metrics.h"
#include "../tcp.h"
#include "kerrno.h"
#include "ledger.h"
#include "string.h"

BUILD_BUG_ON(DST_METRICS <= RTAX_MAX);

/* 0: there is no such algorithm. */
static u32 congestion_control_key(const struct nlattr *a)
{
	char name[16] = "";

	memcpy(name, nla_data(a), min((size_t)nla_len(a), sizeof(name) - 1));
	return tcp_ca_key(name);
}

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
		v = type == RTAX_CC_ALGO ? congestion_control_key(a) : nla_get_u32(a);
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
		case RTAX_FEATURES:
			if (!(v & ~(u32)RTAX_FEATURE_MASK))
				break;
			NL_SET_ERR_MSG_ATTR(extack, a, "Unknown flag set in feature mask in metrics attribute");
			return -EINVAL;
		case RTAX_CC_ALGO:
			if (v)
				break;
			LEDGER("congestion control of a route", type);
			NL_SET_ERR_MSG_ATTR(extack, a, "Unknown tcp congestion algorithm");
			return -EINVAL;
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
		if (!nest || (i == RTAX_CC_ALGO ? nla_put_string(skb, i, tcp_ca_by_key(metrics[i])->name) : nla_put_u32(skb, i, metrics[i])))
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
