/* Time stamps of packets, and the control messages of SOL_SOCKET that go with a datagram: SO_TIMESTAMP*, SO_TIMESTAMPING,
 * SO_RXQ_OVFL, SO_RCVMARK on receiving; SO_TIMESTAMPING, SO_MARK, SCM_TXTIME on sending. Stamps are software's: no device
 * here has a clock of its own. */
#include "../inet.h"
#include "../dev.h"
#include "../scm.h"
#include "ledger.h"
#include "string.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>

#define SOF_OPT_ID_TCP (1u << 16)    /* since Linux 6.2 */
#define SOF_OPT_RX_FILTER (1u << 17) /* since 6.12 */
#define SOF_MASK (SOF_OPT_RX_FILTER * 2 - 1)

u32 net_timestamps_wanted;

bool sock_stamps_packets(const struct sock *sk)
{
	return sock_flag(sk, SOCK_TIMESTAMP) || sock_flag(sk, SOCK_TIMESTAMPING_RX_SOFTWARE);
}

static void set_stamp_flag(struct sock *sk, enum sock_flag why, bool on)
{
	bool was = sock_stamps_packets(sk);

	sock_set_flag(sk, why, on);
	net_timestamps_wanted += (u32)sock_stamps_packets(sk) - was;
}

void net_enable_timestamp(struct sock *sk)
{
	set_stamp_flag(sk, SOCK_TIMESTAMP, true);
}

void net_disable_timestamp(struct sock *sk)
{
	set_stamp_flag(sk, SOCK_TIMESTAMP, false);
	set_stamp_flag(sk, SOCK_TIMESTAMPING_RX_SOFTWARE, false);
}

/* EINVAL, EOPNOTSUPP. @bind_phc: a hardware clock, of which there is none. */
int sock_set_timestamping(struct sock *sk, int name, u32 flags, int bind_phc __maybe_unused)
{
	if (flags & ~SOF_MASK)
		return -EINVAL;
	if (flags & SOF_OPT_ID_TCP && !(flags & SOF_TIMESTAMPING_OPT_ID))
		return -EINVAL;
	if (flags & SOF_TIMESTAMPING_OPT_ID && !(sk->sk_tsflags & SOF_TIMESTAMPING_OPT_ID)) {
		bool tcp = sk->sk_prot && sk->sk_prot->tskey;

		if (tcp && TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)))
			return -EINVAL;
		sk->sk_tskey = tcp ? sk->sk_prot->tskey(sk, flags & SOF_OPT_ID_TCP) : 0;
	}
	if (flags & SOF_TIMESTAMPING_OPT_STATS && !(flags & SOF_TIMESTAMPING_OPT_TSONLY))
		return -EINVAL;
	if (flags & SOF_TIMESTAMPING_BIND_PHC) {
		LEDGER("SO_TIMESTAMPING with a hardware clock", flags);
		return sk->sk_bound_dev_if ? -EINVAL : -EOPNOTSUPP;
	}
	sk->sk_tsflags = flags;
	sock_set_flag(sk, SOCK_TSTAMP_NEW, name == SO_TIMESTAMPING_NEW);
	set_stamp_flag(sk, SOCK_TIMESTAMPING_RX_SOFTWARE, flags & SOF_TIMESTAMPING_RX_SOFTWARE);
	return 0;
}

/* ---- sending ---- */

void sock_tx_timestamp(struct sock *sk, const struct sockcm_cookie *c, u8 *tx_flags, u32 *tskey)
{
	u32 flags = c->tsflags;

	if (likely(!flags))
		return;
	if (flags & SOF_TIMESTAMPING_TX_HARDWARE)
		*tx_flags |= SKBTX_HW_TSTAMP;
	if (flags & SOF_TIMESTAMPING_TX_SOFTWARE)
		*tx_flags |= SKBTX_SW_TSTAMP;
	if (flags & SOF_TIMESTAMPING_TX_SCHED)
		*tx_flags |= SKBTX_SCHED_TSTAMP;
	if (tskey && flags & SOF_TIMESTAMPING_OPT_ID && flags & SOF_TIMESTAMPING_TX_RECORD_MASK)
		*tskey = c->has_ts_opt_id ? c->ts_opt_id : sk->sk_tskey++;
}

/* Whether somebody who may not see packets sees this one: it holds headers unless only the stamp is wanted. */
static bool may_tx_timestamp(const struct sock *sk __maybe_unused, bool tsonly)
{
	return net_sysctl.tstamp_allow_data || tsonly || capable(CAP_NET_RAW);
}

void __skb_tstamp_tx(struct sk_buff *orig, struct sock *sk, int type)
{
	struct sock_exterr_skb *serr;
	struct sk_buff *skb;
	u32 tskey = orig->tskey;
	bool tsonly;

	if (!sk)
		return;
	tsonly = sk->sk_tsflags & SOF_TIMESTAMPING_OPT_TSONLY;
	if (!may_tx_timestamp(sk, tsonly))
		return;
	skb = tsonly ? alloc_skb(0) : skb_clone(orig);
	if (!skb)
		return;
	skb->tx_flags |= orig->tx_flags;
	skb->tstamp = ktime_get_real();
	serr = SKB_EXT_ERR(skb);
	memset(serr, 0, sizeof(*serr));
	serr->ee.ee_errno = ENOMSG;
	serr->ee.ee_origin = SO_EE_ORIGIN_TIMESTAMPING;
	serr->ee.ee_info = (u32)type;
	serr->header.h4.iif = skb->dev ? skb->dev->ifindex : 0;
	if (sk->sk_tsflags & SOF_TIMESTAMPING_OPT_ID) {
		serr->ee.ee_data = tskey;
		if (sk->sk_prot && sk->sk_prot->tskey)
			serr->ee.ee_data -= sk->sk_tskey;
	}
	if (sock_queue_err_skb(sk, skb))
		kfree_skb(skb);
}

int sock_cmsg_send(struct sock *sk, const struct cmsghdr *cmsg, struct sockcm_cookie *c)
{
	u32 flags;

	switch (cmsg->cmsg_type) {
	case SO_MARK:
		if (!capable(CAP_NET_RAW) && !capable(CAP_NET_ADMIN))
			return -EPERM;
		if (cmsg->cmsg_len != CMSG_LEN(sizeof(u32)))
			return -EINVAL;
		c->mark = get_unaligned32(CMSG_DATA(cmsg));
		return 0;
	case SO_PRIORITY: /* since Linux 6.14 */
		if (cmsg->cmsg_len != CMSG_LEN(sizeof(u32)))
			return -EINVAL;
		if (!sock_may_set_priority((int)get_unaligned32(CMSG_DATA(cmsg))))
			return -EPERM;
		c->priority = get_unaligned32(CMSG_DATA(cmsg));
		return 0;
	case SO_TIMESTAMPING_OLD:
	case SO_TIMESTAMPING_NEW:
		if (cmsg->cmsg_len != CMSG_LEN(sizeof(u32)))
			return -EINVAL;
		flags = get_unaligned32(CMSG_DATA(cmsg));
		if (flags & ~(u32)SOF_TIMESTAMPING_TX_RECORD_MASK)
			return -EINVAL;
		c->tsflags = (c->tsflags & ~(u32)SOF_TIMESTAMPING_TX_RECORD_MASK) | flags;
		return 0;
	case SCM_TXTIME:
		if (!sock_flag(sk, SOCK_TXTIME) || cmsg->cmsg_len != CMSG_LEN(sizeof(u64)))
			return -EINVAL;
		c->transmit_time = get_unaligned64(CMSG_DATA(cmsg));
		return 0;
	case SCM_RIGHTS: /* AF_UNIX's: without meaning here, but not an error */
	case SCM_CREDENTIALS:
		return 0;
	}
	return -EINVAL;
}

/* ---- receiving ---- */

static void put_tstamp(struct msghdr *msg, struct sock *sk, u64 ns)
{
	bool new = sock_flag(sk, SOCK_TSTAMP_NEW);
	s64 pair[2] = { (s64)(ns / NSEC_PER_SEC), (s64)(ns % NSEC_PER_SEC) };
	int type;

	if (sock_flag(sk, SOCK_RCVTSTAMPNS)) {
		type = new ? SO_TIMESTAMPNS_NEW : SO_TIMESTAMPNS_OLD;
	} else {
		type = new ? SO_TIMESTAMP_NEW : SO_TIMESTAMP_OLD;
		pair[1] /= 1000;
	}
	if (msg->msg_flags & MSG_CMSG_COMPAT && !new) {
		s32 narrow[2] = { (s32)pair[0], (s32)pair[1] };

		put_cmsg(msg, SOL_SOCKET, type, narrow, sizeof(narrow));
		return;
	}
	put_cmsg(msg, SOL_SOCKET, type, pair, sizeof(pair));
}

static bool on_err_queue(const struct sk_buff *skb) { return skb->pkt_type == PACKET_OUTGOING; }

static void put_timestamping(struct msghdr *msg, struct sock *sk, struct sk_buff *skb)
{
	u32 flags = sk->sk_tsflags;
	s64 ts[3][2] = { { 0 } };

	if (!(flags & SOF_TIMESTAMPING_SOFTWARE) || !skb->tstamp)
		return;
	if (!(flags & SOF_TIMESTAMPING_RX_SOFTWARE) && !on_err_queue(skb) && flags & SOF_OPT_RX_FILTER)
		return;
	ts[0][0] = (s64)(skb->tstamp / NSEC_PER_SEC);
	ts[0][1] = (s64)(skb->tstamp % NSEC_PER_SEC);
	if (sock_flag(sk, SOCK_TSTAMP_NEW) || !(msg->msg_flags & MSG_CMSG_COMPAT)) {
		put_cmsg(msg, SOL_SOCKET, sock_flag(sk, SOCK_TSTAMP_NEW) ? SO_TIMESTAMPING_NEW : SO_TIMESTAMPING_OLD,
			ts, sizeof(ts));
	} else {
		s32 narrow[3][2] = { { (s32)ts[0][0], (s32)ts[0][1] } };

		put_cmsg(msg, SOL_SOCKET, SO_TIMESTAMPING_OLD, narrow, sizeof(narrow));
	}
	if (on_err_queue(skb) && skb->len && SKB_EXT_ERR(skb)->opt_stats)
		put_cmsg(msg, SOL_SOCKET, SCM_TIMESTAMPING_OPT_STATS, skb->data, skb->len);
}

/* What a message tells of its time, SIOCGSTAMP does not. */
void sock_recv_timestamp(struct msghdr *msg, struct sock *sk, struct sk_buff *skb)
{
	u32 flags = sk->sk_tsflags;

	if (!sock_flag(sk, SOCK_RCVTSTAMP) && !(flags & SOF_TIMESTAMPING_RX_SOFTWARE) &&
			!(skb->tstamp && flags & SOF_TIMESTAMPING_SOFTWARE)) {
		sk->sk_stamp = skb->tstamp;
		return;
	}
	if (sock_flag(sk, SOCK_RCVTSTAMP)) {
		if (!skb->tstamp)
			skb->tstamp = ktime_get_real();
		put_tstamp(msg, sk, skb->tstamp);
	}
	if (flags & SOF_TIMESTAMPING_SOFTWARE)
		put_timestamping(msg, sk, skb);
}

void sock_recv_cmsgs(struct msghdr *msg, struct sock *sk, struct sk_buff *skb)
{
	bool any = sock_flag(sk, SOCK_RXQ_OVFL) || sock_flag(sk, SOCK_RCVTSTAMP) || sock_flag(sk, SOCK_RCVMARK) ||
		sock_flag(sk, SOCK_RCVPRIORITY) || sk->sk_tsflags & SOF_TIMESTAMPING_SOFTWARE;

	if (!any && (sock_flag(sk, SOCK_TIMESTAMP) || sk->sk_stamp == KTIME_MAX))
		sk->sk_stamp = sock_flag(sk, SOCK_TIMESTAMP) ? skb->tstamp : 0; /* 0: the time when it is asked for */
	if (likely(!any))
		return;
	sock_recv_timestamp(msg, sk, skb);
	if (sock_flag(sk, SOCK_RXQ_OVFL) && skb->dropcount && !on_err_queue(skb))
		put_cmsg(msg, SOL_SOCKET, SO_RXQ_OVFL, &skb->dropcount, sizeof(u32));
	if (sock_flag(sk, SOCK_RCVMARK))
		put_cmsg(msg, SOL_SOCKET, SO_MARK, &skb->mark, sizeof(u32));
	if (sock_flag(sk, SOCK_RCVPRIORITY))
		put_cmsg(msg, SOL_SOCKET, SO_PRIORITY, &skb->priority, sizeof(u32));
}

/* SIOCGSTAMP and its kin: when the last packet that was read came in. From the first call on, packets are stamped. */
long sock_gettstamp(struct socket *sock, void __user *arg, bool timeval, bool time32)
{
	struct sock *sk = sock->sk;
	s64 pair[2];

	net_enable_timestamp(sk);
	if (sk->sk_stamp == KTIME_MAX)
		return -ENOENT;
	if (!sk->sk_stamp)
		sk->sk_stamp = ktime_get_real();
	pair[0] = (s64)(sk->sk_stamp / NSEC_PER_SEC);
	pair[1] = (s64)(sk->sk_stamp % NSEC_PER_SEC) / (timeval ? 1000 : 1);
	if (time32) {
		s32 narrow[2] = { (s32)pair[0], (s32)pair[1] };

		return copy_to_user(arg, narrow, sizeof(narrow)) ? -EFAULT : 0;
	}
	return copy_to_user(arg, pair, sizeof(pair)) ? -EFAULT : 0;
}
