/* TCP Fast Open (RFC 7413): data on the SYN for peers that have a cookie. The server's cookies are keyed hashes of both
 * addresses; the client remembers those that it was given. */
#include "../tcp.h"
#include "../ipv6.h"
#include "byteorder.h"
#include "host.h"
#include "slab.h"
#include "string.h"
#include "sysctl.h"
#include <linux/fcntl.h>

/* ---- keys and cookies of the server ---- */

static struct siphash_key system_keys[2];
static u8 nr_system_keys; /* 0 until a server needs one, or somebody sets one */

static void init_system_key(void)
{
	if (nr_system_keys)
		return;
	host_random(&system_keys[0], sizeof(system_keys[0]));
	nr_system_keys = 1;
}

static const struct siphash_key *tcp_fastopen_keys(const struct sock *sk, int *nr)
{
	if (tcp_sk(sk)->fastopen_key) {
		*nr = tcp_sk(sk)->fastopen_nr_keys;
		return tcp_sk(sk)->fastopen_key;
	}
	*nr = nr_system_keys;
	return system_keys;
}

/* TCP_FASTOPEN_KEY: 16 bytes, and 16 more of an older key or NULL. 0 or -ENOMEM. */
int tcp_fastopen_set_key(struct sock *sk, const u8 *primary, const u8 *backup)
{
	struct siphash_key *keys = kzalloc(2 * sizeof(*keys));

	if (!keys)
		return -ENOMEM;
	memcpy(&keys[0], primary, 16);
	if (backup)
		memcpy(&keys[1], backup, 16);
	kfree(tcp_sk(sk)->fastopen_key);
	tcp_sk(sk)->fastopen_key = keys;
	tcp_sk(sk)->fastopen_nr_keys = backup ? 2 : 1;
	return 0;
}

/* Copies the keys to @keys (32 bytes): how many bytes, 0 without keys. */
int tcp_fastopen_get_key(const struct sock *sk, u8 *keys)
{
	int nr;
	const struct siphash_key *k = tcp_fastopen_keys(sk, &nr);

	memcpy(keys, k, (size_t)nr * 16);
	return nr * 16;
}

void tcp_fastopen_destroy(struct sock *sk)
{
	kfree(tcp_sk(sk)->fastopen_key);
	tcp_sk(sk)->fastopen_key = NULL;
}

/* ---- /proc/sys/net/ipv4/tcp_fastopen_key: four words of a key, and after a comma those of an older one (ip-sysctl) ---- */

/* Four words of hexadecimal digits with dashes between: false if that is not what *@text begins with. Moves it behind them. */
static bool parse_key(const char **text, u32 *words)
{
	const char *p = *text;

	for (int i = 0; i < 4; i++) {
		int digits = 0;

		if (i && *p++ != '-')
			return false;
		for (words[i] = 0; digits < 8; p++, digits++) {
			char c = *p | 0x20;

			if (*p >= '0' && *p <= '9')
				words[i] = words[i] << 4 | (u32)(*p - '0');
			else if (c >= 'a' && c <= 'f')
				words[i] = words[i] << 4 | (u32)(c - 'a' + 10);
			else
				break;
		}
		if (!digits)
			return false;
	}
	*text = p;
	return true;
}

static int set_system_keys(const char *text, size_t size __maybe_unused, const struct ctl_table *row __maybe_unused)
{
	u32 words[2][4];
	u8 n = 1;

	if (!parse_key(&text, words[0]))
		return -EINVAL;
	if (*text == ',') {
		text++;
		if (!parse_key(&text, words[1]))
			return -EINVAL;
		n = 2;
	}
	memcpy(system_keys, words, n * sizeof(system_keys[0]));
	nr_system_keys = n;
	return 0;
}

static void get_system_keys(struct seq *s, const struct ctl_table *row __maybe_unused)
{
	for (u8 i = 0; i < max(nr_system_keys, (u8)1); i++) {
		u32 words[4];

		memcpy(words, &system_keys[i], sizeof(words));
		seq_printf(s, "%s%08x-%08x-%08x-%08x", i ? "," : "", words[0], words[1], words[2], words[3]);
	}
	seq_puts(s, "\n");
}

void tcp_fastopen_init(void)
{
	static const struct ctl_table table[] = {
		{ .path = "net/ipv4/tcp_fastopen_key", .mode = 0600, .get = get_system_keys, .set = set_system_keys },
		{ .path = NULL },
	};

	sysctl_register(table);
}

static void cookie_gen(const struct sk_buff *syn, const struct siphash_key *key, struct tcp_fastopen_cookie *foc)
{
	u64 h;

	if (syn->protocol == htons(ETH_P_IPV6))
		h = siphash(&ipv6_hdr(syn)->saddr, 2 * sizeof(struct in6_addr), key);
	else
		h = siphash(&ip_hdr(syn)->saddr, 2 * sizeof(__be32), key);
	memcpy(foc->val, &h, sizeof(h));
	foc->len = TCP_FASTOPEN_COOKIE_SIZE;
}

/* 0: not ours; 1: good; 2: good by the old key, *fresh is the new one. */
static int cookie_check(const struct sock *sk, const struct sk_buff *syn, const struct tcp_fastopen_cookie *orig,
	struct tcp_fastopen_cookie *fresh)
{
	int nr;
	const struct siphash_key *keys = tcp_fastopen_keys(sk, &nr);

	for (int i = 0; i < nr; i++) {
		struct tcp_fastopen_cookie foc = { 0 };

		cookie_gen(syn, &keys[i], &foc);
		if (!i)
			*fresh = foc;
		if (orig->len == foc.len && !memcmp(orig->val, foc.val, (size_t)foc.len))
			return i + 1;
	}
	return 0;
}

/* ---- the server ---- */

void fastopen_queue_tune(struct sock *sk, int backlog)
{
	init_system_key();
	inet_csk(sk)->icsk_accept_queue.fastopenq.max_qlen = min((u32)backlog, (u32)net_sysctl.somaxconn);
}

/* Room for one more whose handshake is not complete? Resets count for a minute: they may be forged SYNs' victims. */
static bool tcp_fastopen_queue_check(struct sock *sk)
{
	struct fastopen_queue *q = &inet_csk(sk)->icsk_accept_queue.fastopenq;
	struct request_sock *req;

	if (!q->max_qlen)
		return false;
	if (q->qlen < q->max_qlen)
		return true;
	req = q->rskq_rst_head;
	if (!req || req->timeout > tcp_clock_us()) {
		NET_INC_STATS(LINUX_MIB_TCPFASTOPENLISTENOVERFLOW);
		return false;
	}
	q->rskq_rst_head = req->dl_next;
	q->qlen--;
	reqsk_put(req);
	return true;
}

/* The handshake of a fast-open connection is over, well or not: its request goes. */
void reqsk_fastopen_remove(struct sock *sk, struct request_sock *req, bool reset)
{
	struct sock *lsk = req->rsk_listener;
	struct fastopen_queue *q = &inet_csk(lsk)->icsk_accept_queue.fastopenq;
	bool accepted = !req->sk;

	tcp_sk(sk)->fastopen_rsk = NULL;
	if (q->qlen)
		q->qlen--;
	req->tfo_listener = false;
	if (accepted && reset && lsk->sk_state == TCP_LISTEN) {
		req->timeout = tcp_clock_us() + 60000000;
		req->dl_next = NULL;
		if (!q->rskq_rst_head)
			q->rskq_rst_head = req;
		else
			q->rskq_rst_tail->dl_next = req;
		q->rskq_rst_tail = req;
		q->qlen++;
	} else if (accepted) {
		reqsk_put(req);
	}
	reqsk_put(req);
}

/* The data of a SYN or SYN-ACK is the connection's first. */
void tcp_fastopen_add_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *data;

	if (TCP_SKB_CB(skb)->end_seq == tp->rcv_nxt)
		return;
	data = skb_clone(skb);
	if (!data)
		return;
	skb_dst_drop(data);
	/* It is the first segment, and was counted without its data. */
	tp->segs_in = 0;
	tcp_segs_in(tp, data);
	skb_pull(data, tcp_hdr(data)->doff * 4u);
	TCP_SKB_CB(data)->seq++;
	TCP_SKB_CB(data)->tcp_flags &= (u8)~TCPHDR_SYN;
	tcp_queue_rcv(sk, data);
	tp->syn_data_acked = 1;
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		tcp_fin(sk);
}

static struct sock *tcp_fastopen_create_child(struct sock *sk, struct sk_buff *skb, struct request_sock *req)
{
	bool own_req = false;
	struct sock *child = inet_csk(sk)->icsk_af_ops->syn_recv_sock(sk, skb, req, NULL, NULL, &own_req);
	struct tcp_sock *tp;

	if (!child)
		return NULL;
	inet_csk(sk)->icsk_accept_queue.fastopenq.qlen++;
	tp = tcp_sk(child);
	reqsk_hold(req);
	tp->fastopen_rsk = req;
	req->tfo_listener = true;
	/* The window of a SYN is not scaled. */
	tp->snd_wnd = tp->max_window = TCP_SKB_CB(skb)->window;
	req->timeout = TCP_TIMEOUT_INIT;
	tcp_reset_xmit_timer(child, ICSK_TIME_RETRANS, TCP_TIMEOUT_INIT);
	tcp_init_transfer(child);
	tp->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	tcp_fastopen_add_skb(child, skb);
	req->rcv_nxt = tp->rcv_nxt;
	tp->rcv_wup = tp->rcv_nxt;
	return child;
}

/* A SYN with a cookie, or one that asks for it. The connection, if its data was taken; *foc is what SYN-ACK says. */
struct sock *tcp_try_fastopen(struct sock *sk, struct sk_buff *skb, struct request_sock *req, struct tcp_fastopen_cookie *foc)
{
	bool syn_data = TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(skb)->seq + 1;
	int enabled = net_sysctl.tcp_fastopen, ret = 0, nr;
	struct tcp_fastopen_cookie valid = { .len = -1 };
	struct sock *child;

	if (!foc->len)
		NET_INC_STATS(LINUX_MIB_TCPFASTOPENCOOKIEREQD);
	if (!(enabled & TFO_SERVER_ENABLE) || !(syn_data || foc->len >= 0) || !tcp_fastopen_queue_check(sk)) {
		foc->len = -1;
		return NULL;
	}
	if (!(enabled & TFO_SERVER_COOKIE_NOT_REQD) && !tcp_sk(sk)->fastopen_no_cookie) {
		if (!foc->len) {
			cookie_gen(skb, tcp_fastopen_keys(sk, &nr), &valid);
			goto no_child;
		}
		if (foc->len < 0)
			goto no_child;
		ret = cookie_check(sk, skb, foc, &valid);
		if (!ret) {
			NET_INC_STATS(LINUX_MIB_TCPFASTOPENPASSIVEFAIL);
			goto no_child;
		}
	}
	child = tcp_fastopen_create_child(sk, skb, req);
	if (!child) {
		NET_INC_STATS(LINUX_MIB_TCPFASTOPENPASSIVEFAIL);
		goto no_child;
	}
	if (ret == 2) {
		valid.exp = foc->exp;
		*foc = valid;
		NET_INC_STATS(LINUX_MIB_TCPFASTOPENPASSIVEALTKEY);
	} else {
		foc->len = -1;
	}
	NET_INC_STATS(LINUX_MIB_TCPFASTOPENPASSIVE);
	return child;
no_child:
	valid.exp = foc->exp;
	*foc = valid;
	return NULL;
}

/* The SYN-ACK of a fast-open connection was not acknowledged in time. */
bool tcp_fastopen_synack_timer(struct sock *sk, struct request_sock *req)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	/* One more than without, since the connection may be in use. */
	int most = icsk->icsk_syn_retries ? icsk->icsk_syn_retries : net_sysctl.tcp_synack_retries + 1;

	NET_INC_STATS(LINUX_MIB_TCPTIMEOUTS);
	if (req->num_timeout >= most) {
		tcp_write_err(sk);
		return true;
	}
	if (icsk->icsk_retransmits == 1)
		tcp_enter_loss(sk);
	if (!tcp_rtx_synack(sk, req))
		req->num_retrans++;
	req->num_timeout++;
	icsk->icsk_retransmits++;
	tp->total_rto++;
	if (!tp->retrans_stamp)
		tp->retrans_stamp = tcp_time_ts(tp);
	tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, (u32)min(req->timeout << req->num_timeout, (u64)tcp_rto_max(sk)));
	return false;
}

/* ---- what the client remembers ---- */

#define TFO_CACHE 64
static struct tfo_peer {
	struct in6_addr saddr, daddr;
	struct tcp_fastopen_cookie cookie;
	u16 mss, try_exp;
	bool used;
} tfo_cache[TFO_CACHE];
static u32 tfo_next;

static void tfo_addrs(const struct sock *sk, struct in6_addr *s, struct in6_addr *d)
{
	if (sk->sk_family == AF_INET6 && !ipv6_addr_v4mapped(&sk->sk_v6_daddr)) {
		*s = inet6_sk(sk)->saddr;
		*d = sk->sk_v6_daddr;
	} else {
		ipv6_addr_set_v4mapped(inet_sk(sk)->inet_saddr, s);
		ipv6_addr_set_v4mapped(sk->sk_daddr, d);
	}
}

static struct tfo_peer *tfo_find(const struct sock *sk, bool create)
{
	struct in6_addr s, d;
	struct tfo_peer *p;

	tfo_addrs(sk, &s, &d);
	for (p = tfo_cache; p < tfo_cache + TFO_CACHE; p++)
		if (p->used && ipv6_addr_equal(&p->saddr, &s) && ipv6_addr_equal(&p->daddr, &d))
			return p;
	if (!create)
		return NULL;
	p = &tfo_cache[tfo_next++ % TFO_CACHE];
	*p = (struct tfo_peer){ .saddr = s, .daddr = d, .used = true, .cookie = { .len = 0 } };
	return p;
}

static void tcp_fastopen_cache_get(struct sock *sk, u16 *mss, struct tcp_fastopen_cookie *cookie)
{
	struct tfo_peer *p = tfo_find(sk, false);

	if (!p)
		return;
	if (p->mss)
		*mss = p->mss;
	*cookie = p->cookie;
	if (cookie->len <= 0 && p->try_exp == 1)
		cookie->exp = true;
}

void tcp_fastopen_cache_set(struct sock *sk, u16 mss, struct tcp_fastopen_cookie *cookie, bool syn_lost, u16 try_exp)
{
	struct tfo_peer *p = tfo_find(sk, true);

	(void)syn_lost;
	if (mss)
		p->mss = mss;
	if (cookie && cookie->len > 0)
		p->cookie = *cookie;
	else if (try_exp > p->try_exp && p->cookie.len <= 0 && !p->cookie.exp)
		p->try_exp = try_exp;
}

/* Is there a cookie for the peer, or is none needed (len -1)? */
bool tcp_fastopen_cookie_check(struct sock *sk, u16 *mss, struct tcp_fastopen_cookie *cookie)
{
	tcp_fastopen_cache_get(sk, mss, cookie);
	if (net_sysctl.tcp_fastopen & TFO_CLIENT_NO_COOKIE || tcp_sk(sk)->fastopen_no_cookie
			|| tcp_route_metric(sk, RTAX_FASTOPEN_NO_COOKIE)) {
		cookie->len = -1;
		return true;
	}
	if (cookie->len > 0)
		return true;
	tcp_sk(sk)->fastopen_client_fail = TFO_COOKIE_UNAVAILABLE;
	return false;
}

/* TCP_FASTOPEN_CONNECT: with a cookie at hand, connect(2) does nothing and the first write sends the SYN. */
bool tcp_fastopen_defer_connect(struct sock *sk, int *err)
{
	struct tcp_fastopen_cookie cookie = { .len = 0 };
	struct tcp_sock *tp = tcp_sk(sk);
	u16 mss;

	if (!tp->fastopen_connect || tp->fastopen_req)
		return false;
	if (tcp_fastopen_cookie_check(sk, &mss, &cookie)) {
		inet_sk(sk)->defer_connect = true;
		return true;
	}
	/* Asks for one. */
	tp->fastopen_req = kzalloc(sizeof(*tp->fastopen_req));
	if (tp->fastopen_req)
		tp->fastopen_req->cookie = cookie;
	else
		*err = -ENOBUFS;
	return false;
}

void tcp_free_fastopen_req(struct tcp_sock *tp)
{
	kfree(tp->fastopen_req);
	tp->fastopen_req = NULL;
}

/* MSG_FASTOPEN, or the first write of a deferred connection: connects with @msg's data. *copied: bytes that went along. The
 * socket is owned. */
int tcp_sendmsg_fastopen(struct sock *sk, struct msghdr *msg, int *copied, size_t size)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sockaddr *addr = msg->msg_name;
	int err;

	if (!(net_sysctl.tcp_fastopen & TFO_CLIENT_ENABLE)
			|| (addr && msg->msg_namelen >= (int)sizeof(addr->sa_family) && addr->sa_family == AF_UNSPEC))
		return -EOPNOTSUPP;
	if (tp->fastopen_req)
		return -EALREADY;
	tp->fastopen_req = kzalloc(sizeof(*tp->fastopen_req));
	if (!tp->fastopen_req)
		return -ENOBUFS;
	tp->fastopen_req->data = msg;
	tp->fastopen_req->size = size;
	if (inet_sk(sk)->defer_connect) {
		err = tcp_connect(sk);
		if (err) {
			tcp_set_state(sk, TCP_CLOSE);
			sk->sk_dport = 0;
		}
	}
	err = __inet_stream_connect(sk->sk_socket, addr, msg->msg_namelen, msg->msg_flags & MSG_DONTWAIT ? O_NONBLOCK : 0, true);
	/* Freed already if the connection failed meanwhile. */
	if (tp->fastopen_req) {
		*copied = tp->fastopen_req->copied;
		tcp_free_fastopen_req(tp);
		inet_sk(sk)->defer_connect = false;
	}
	return err;
}
