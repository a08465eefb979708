/* /proc/net/{tcp,udp,udplite,raw,icmp} and the same with a 6: every socket of a protocol in a line. */
#include "../inet_csk.h"
#include "../inet_walk.h"
#include "../proc.h"
#include "../tcp.h"

#define USER_HZ_NS 10000000ull
#define TCP_WIDTH 149
#define UDP_WIDTH 127

static void put_addresses(struct seq *s, const struct sock *sk)
{
	const u32 *l = sk->sk_v6_rcv_saddr.s6_addr32, *r = sk->sk_v6_daddr.s6_addr32;

	if (sk->sk_family == AF_INET6)
		seq_printf(s, "%08X%08X%08X%08X:%04X %08X%08X%08X%08X:%04X", l[0], l[1], l[2], l[3], sk->sk_num, r[0], r[1], r[2], r[3],
			ntohs(sk->sk_dport));
	else
		seq_printf(s, "%08X:%04X %08X:%04X", sk->sk_rcv_saddr, sk->sk_num, sk->sk_daddr, ntohs(sk->sk_dport));
}

/* ---- TCP ---- */

static void put_full(struct seq *s, struct sock *sk, unsigned long long delay, u8 timer)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 rx, tx;

	inet_queues_of(sk, &rx, &tx);
	if (sk->sk_state == TCP_LISTEN)
		tx = 0;
	seq_printf(s, " %02X %08X:%08X %02X:%08llX %08X %5u %8d %llu %u %016llx %llu %llu %u %u %d", sk->sk_state, tx, rx, timer, delay,
		icsk->icsk_retransmits, sk->sk_uid, icsk->icsk_probes_out, (unsigned long long)sock_i_ino(sk), sk->refs, proc_sock_id(sk),
		(unsigned long long)icsk->icsk_rto / 10000, (unsigned long long)icsk->icsk_ack.ato / 10,
		icsk->icsk_ack.quick << 1 | (icsk->icsk_ack.pingpong != 0), tp->snd_cwnd,
		sk->sk_state == TCP_LISTEN ? (int)icsk->icsk_accept_queue.fastopenq.max_qlen
			: tp->snd_ssthresh >= 0x7fffffff ? -1 : (int)tp->snd_ssthresh);
}

static void put_tcp(struct seq *s, struct sock *sk, unsigned n, bool v6)
{
	struct inet_timer_state t = inet_timer_of(sk);
	unsigned long long delay = (t.left + USER_HZ_NS - 1) / USER_HZ_NS;
	size_t start = s->len;

	seq_printf(s, "%4u: ", n);
	put_addresses(s, sk);
	if (sk->sk_state == TCP_TIME_WAIT)
		seq_printf(s, " %02X %08X:%08X %02X:%08llX %08X %5d %8d %d %d %016llx", inet_twsk(sk)->tw_substate, 0, 0, 3, delay, 0, 0, 0, 0,
			sk->refs + 2, (unsigned long long)sk->sk_cookie); /* 2: table and timer */
	else if (sk->sk_state == TCP_NEW_SYN_RECV)
		seq_printf(s, " %02X %08X:%08X %02X:%08llX %08X %5u %8d %u %d %016llx", TCP_SYN_RECV, 0, 0, 1, delay,
			inet_reqsk(sk)->num_timeout, inet_reqsk(sk)->rsk_listener->sk_uid, 0, 0, 0, (unsigned long long)sk->sk_cookie);
	else
		put_full(s, sk, delay, t.kind);
	if (v6)
		seq_puts(s, "\n");
	else
		proc_pad_line(s, start, TCP_WIDTH);
}

static void show_tcp(struct seq *s, u16 family)
{
	static const enum inet_walk_what tables[] = { WALK_TCP_LISTEN, WALK_TCP };
	bool v6 = family == AF_INET6;
	size_t start = s->len;
	unsigned n = 0;

	if (v6) {
		seq_puts(s, "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when "
			"retrnsmt   uid  timeout inode\n");
	} else {
		seq_puts(s, "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode");
		proc_pad_line(s, start, TCP_WIDTH);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(tables); i++) {
		struct inet_walk w = { .what = tables[i] };
		struct sock *sk;

		while ((sk = inet_walk_next(&w)))
			if (sk->sk_family == family)
				put_tcp(s, sk, n++, v6);
	}
}

void proc_tcp_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { show_tcp(s, AF_INET); }
void proc_tcp6_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { show_tcp(s, AF_INET6); }

/* ---- datagrams ---- */

static void put_datagram(struct seq *s, struct sock *sk, unsigned slot)
{
	u32 rx, tx;

	inet_queues_of(sk, &rx, &tx);
	seq_printf(s, "%5u: ", slot);
	put_addresses(s, sk);
	seq_printf(s, " %02X %08X:%08X %02X:%08X %08X %5u %8d %llu %u %016llx %u", sk->sk_state, tx, rx, 0, 0, 0, sk->sk_uid, 0,
		(unsigned long long)sock_i_ino(sk), sk->refs + 1, proc_sock_id(sk), sk->sk_drops); /* 1: the table's */
}

#define HEAD4 "sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops"
#define HEAD6 "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when " \
	"retrnsmt   uid  timeout inode ref pointer drops\n"

static void show_datagrams(struct seq *s, enum inet_walk_what what, u16 family, const char *indent, size_t width)
{
	struct inet_walk w = { .what = what };
	size_t start = s->len;
	struct sock *sk;

	if (family == AF_INET6) {
		seq_puts(s, HEAD6);
	} else {
		seq_printf(s, "%s" HEAD4, indent);
		proc_pad_line(s, start, width);
	}
	while ((sk = inet_walk_next(&w))) {
		if (sk->sk_family != family)
			continue;
		start = s->len;
		put_datagram(s, sk, inet_walk_bucket(&w));
		proc_pad_line(s, start, family == AF_INET6 ? 0 : width);
	}
}

void proc_udp_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { show_datagrams(s, WALK_UDP, AF_INET, "   ", UDP_WIDTH); }
void proc_udp6_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { show_datagrams(s, WALK_UDP, AF_INET6, "", 0); }
void proc_udplite_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	show_datagrams(s, WALK_UDPLITE, AF_INET, "   ", UDP_WIDTH);
}
void proc_udplite6_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { show_datagrams(s, WALK_UDPLITE, AF_INET6, "", 0); }
void proc_raw_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { show_datagrams(s, WALK_RAW, AF_INET, "  ", 0); }
void proc_raw6_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { show_datagrams(s, WALK_RAW6, AF_INET6, "", 0); }
void proc_icmp_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { show_datagrams(s, WALK_PING, AF_INET, "  ", UDP_WIDTH); }
void proc_icmp6_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { show_datagrams(s, WALK_PING, AF_INET6, "", 0); }
