/* net/ipv4/tcp*.c: whole connections over a path that loses, delays, doubles and marks packets, by a fake clock. */
#include "tcp_unit.h"

#define MIB(x) net_mib.linux_mib[LINUX_MIB_##x]

static struct tcp_sock *tp_of(int fd) { return tcp_sk(sock_of(fd)); }

static void close_both(int fd[2])
{
	do_close(fd[0]);
	do_close(fd[1]);
	tcp_unit_end();
}

START_TEST(test_handshake)
{
	int fd[2];

	tcp_unit_start();
	tcp_unit_pair(fd, 1000);
	ck_assert_uint_eq(sock_of(fd[0])->sk_state, TCP_ESTABLISHED);
	ck_assert_uint_eq(sock_of(fd[1])->sk_state, TCP_ESTABLISHED);
	/* SYN, SYN-ACK, ACK, and no more. */
	ck_assert_uint_eq(path_packets, 3);
	ck_assert_uint_eq(tp_of(fd[1])->mss_cache, 1000 - 12);
	ck_assert_uint_eq(tp_of(fd[0])->srtt_us >> 3, 20000);
	ck_assert_uint_eq(tp_of(fd[1])->srtt_us >> 3, 20000);
	/* RFC 6298, with Linux's minimum of the variance. */
	ck_assert_uint_eq(inet_csk(sock_of(fd[0]))->icsk_rto, 220000);
	ck_assert_uint_eq(tp_of(fd[0])->snd_cwnd, 10);
	close_both(fd);
}
END_TEST

START_TEST(test_transfer)
{
	int fd[2];

	tcp_unit_start();
	tcp_unit_pair(fd, 0);
	tcp_unit_transfer(fd[0], fd[1], 2000000);
	tcp_unit_transfer(fd[1], fd[0], 2000000);
	ck_assert_uint_eq(tp_of(fd[0])->total_retrans, 0);
	close_both(fd);
}
END_TEST

/* ---- loss ---- */

static unsigned data_seen, drop_from, drop_to;
static int drop_data(const struct sk_buff *skb, const struct tcphdr *th, u32 payload)
{
	(void)skb;
	(void)th;
	if (!payload)
		return 1;
	data_seen++;
	return data_seen < drop_from || data_seen >= drop_to;
}

static void write_segments(int fd, int n, size_t size)
{
	static u8 zero[4096];

	poke(4096, zero, size);
	tcp_unit_set(fd, SOL_TCP, TCP_NODELAY, 1);
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(__sys_sendto(fd, G(4096), size, 0, NULL, 0), (long)size);
}

START_TEST(test_fast_retransmit)
{
	int fd[2];

	tcp_unit_start();
	tcp_unit_pair(fd, 1000);
	path_verdict = drop_data;
	drop_from = 2, drop_to = 3;
	write_segments(fd[0], 8, 500);
	pass(100 * MS);
	/* The hole is known by SACK and filled within two round trips, without a timeout. */
	ck_assert_uint_eq(tp_of(fd[1])->rcv_nxt - tp_of(fd[1])->copied_seq, 4000);
	ck_assert_uint_eq(MIB(TCPSACKRECOVERY), 1);
	ck_assert_uint_eq(MIB(TCPTIMEOUTS), 0);
	ck_assert_uint_eq(tp_of(fd[0])->total_retrans, 1);
	ck_assert_uint_eq(tp_of(fd[0])->packets_out, 0);
	ck_assert_uint_eq(tp_of(fd[0])->snd_cwnd, 7); /* CUBIC: 0.7 of 10 */
	close_both(fd);
}
END_TEST

START_TEST(test_newreno)
{
	int fd[2];

	tcp_unit_start();
	net_sysctl.tcp_sack = 0;
	tcp_unit_pair(fd, 1000);
	path_verdict = drop_data;
	drop_from = 2, drop_to = 3;
	write_segments(fd[0], 8, 500);
	pass(100 * MS);
	ck_assert_uint_eq(tp_of(fd[1])->rcv_nxt - tp_of(fd[1])->copied_seq, 4000);
	ck_assert_uint_eq(MIB(TCPRENORECOVERY), 1);
	ck_assert_uint_eq(MIB(TCPTIMEOUTS), 0);
	close_both(fd);
}
END_TEST

START_TEST(test_tail_loss_probe)
{
	int fd[2];

	tcp_unit_start();
	tcp_unit_pair(fd, 1000);
	path_verdict = drop_data;
	drop_from = 4, drop_to = 5;
	write_segments(fd[0], 4, 500);
	/* For a single segment the probe gives the peer time to delay its acknowledgement. */
	pass(260 * MS);
	ck_assert_uint_eq(tp_of(fd[1])->rcv_nxt - tp_of(fd[1])->copied_seq, 2000);
	ck_assert_uint_eq(MIB(TCPLOSSPROBES), 1);
	ck_assert_uint_eq(tp_of(fd[0])->packets_out, 0);
	ck_assert_uint_eq(MIB(TCPTIMEOUTS), 0);
	close_both(fd);
}
END_TEST

START_TEST(test_rto_backoff)
{
	int fd[2];

	tcp_unit_start();
	tcp_unit_pair(fd, 1000);
	path_verdict = drop_data;
	drop_from = 1, drop_to = ~0u;
	write_segments(fd[0], 1, 500);
	pass(240 * MS);
	ck_assert_uint_eq(data_seen, 2);  /* the probe, after two round trips and the longest delay */
	pass(230 * MS);
	ck_assert_uint_eq(data_seen, 3);
	ck_assert_uint_eq(inet_csk(sock_of(fd[0]))->icsk_ca_state, TCP_CA_Loss);
	ck_assert_uint_eq(tp_of(fd[0])->snd_cwnd, 1);
	ck_assert_uint_eq(inet_csk(sock_of(fd[0]))->icsk_rto, 440000);
	pass(440 * MS);
	ck_assert_uint_eq(data_seen, 4);
	ck_assert_uint_eq(inet_csk(sock_of(fd[0]))->icsk_rto, 880000);
	/* Nobody answers: after tcp_retries2 the connection is given up. */
	pass(1200000 * MS);
	ck_assert_uint_eq(sock_of(fd[0])->sk_state, TCP_CLOSE);
	ck_assert_int_eq(sock_of(fd[0])->sk_err, ETIMEDOUT);
	close_both(fd);
}
END_TEST

START_TEST(test_user_timeout)
{
	int fd[2];

	tcp_unit_start();
	tcp_unit_pair(fd, 1000);
	tcp_unit_set(fd[0], SOL_TCP, TCP_USER_TIMEOUT, 3000);
	path_verdict = drop_data;
	drop_from = 1, drop_to = ~0u;
	write_segments(fd[0], 1, 500);
	pass(2900 * MS);
	ck_assert_uint_eq(sock_of(fd[0])->sk_state, TCP_ESTABLISHED);
	pass(700 * MS);
	ck_assert_uint_eq(sock_of(fd[0])->sk_state, TCP_CLOSE);
	ck_assert_int_eq(sock_of(fd[0])->sk_err, ETIMEDOUT);
	close_both(fd);
}
END_TEST

static int drop_all(const struct sk_buff *skb, const struct tcphdr *th, u32 payload)
{
	(void)skb;
	(void)th;
	(void)payload;
	data_seen++;
	return 0;
}

START_TEST(test_syn_timeout)
{
	int l, c;

	tcp_unit_start();
	l = tcp_unit_listen();
	c = tcp_unit_socket();
	path_verdict = drop_all;
	ck_assert_int_eq(tcp_unit_connect(c), -EINPROGRESS);
	/* Four more at intervals of a second, then doubling (net.ipv4.tcp_syn_linear_timeouts). */
	pass(500 * MS);
	for (unsigned i = 1; i <= 5; i++) {
		ck_assert_uint_eq(data_seen, i);
		pass(1000 * MS);
	}
	pass(200000 * MS);
	ck_assert_uint_eq(data_seen, 11);
	ck_assert_int_eq(sock_of(c)->sk_err, ETIMEDOUT);
	do_close(c);
	do_close(l);
	tcp_unit_end();
}
END_TEST

START_TEST(test_keepalive)
{
	int fd[2];

	tcp_unit_start();
	tcp_unit_pair(fd, 1000);
	tcp_unit_set(fd[0], SOL_SOCKET, SO_KEEPALIVE, 1);
	tcp_unit_set(fd[0], SOL_TCP, TCP_KEEPIDLE, 5);
	tcp_unit_set(fd[0], SOL_TCP, TCP_KEEPINTVL, 2);
	tcp_unit_set(fd[0], SOL_TCP, TCP_KEEPCNT, 3);
	pass(20000 * MS);
	/* The peer answers: alive. */
	ck_assert_uint_eq(sock_of(fd[0])->sk_state, TCP_ESTABLISHED);
	ck_assert_uint_ge(MIB(TCPKEEPALIVE), 3);
	path_verdict = drop_all;
	pass(12000 * MS);
	ck_assert_uint_eq(sock_of(fd[0])->sk_state, TCP_CLOSE);
	ck_assert_int_eq(sock_of(fd[0])->sk_err, ETIMEDOUT);
	close_both(fd);
}
END_TEST

START_TEST(test_zero_window)
{
	u64 sent = 0, got = 0;
	int fd[2];

	tcp_unit_start();
	tcp_unit_rcvbuf = 10000;
	tcp_unit_pair(fd, 1000);
	for (int i = 0; i < 50; i++) {
		tcp_unit_write(fd[0], &sent, 400000);
		pass(20 * MS);
	}
	/* Nobody reads: the window is shut, and probes go out. */
	ck_assert_uint_eq(tp_of(fd[0])->snd_wnd, 0);
	pass(5000 * MS);
	ck_assert_uint_gt(inet_csk(sock_of(fd[0]))->icsk_probes_out + MIB(TCPWINPROBE), 1);
	ck_assert_uint_eq(sock_of(fd[0])->sk_state, TCP_ESTABLISHED);
	while (got < 400000) {
		tcp_unit_read(fd[1], &got);
		tcp_unit_write(fd[0], &sent, 400000);
		pass(20 * MS);
		ck_assert_uint_lt(unit_now, 3000000 * MS);
	}
	close_both(fd);
}
END_TEST

/* ---- a bad path ---- */

static u32 rnd_state = 42;
static u32 rnd(void)
{
	rnd_state = rnd_state * 1664525 + 1013904223;
	return rnd_state >> 8;
}

static int bad_path(const struct sk_buff *skb, const struct tcphdr *th, u32 payload)
{
	u32 r = rnd() % 100;

	(void)skb;
	(void)th;
	(void)payload;
	return r < 5 ? 0 : r < 8 ? 2 : 1;
}
static u64 jitter(void) { return rnd() % 10 ? 0 : rnd() % 30 * MS; }

START_TEST(test_bad_path)
{
	int fd[2];

	tcp_unit_start();
	tcp_unit_pair(fd, 1400);
	path_verdict = bad_path;
	path_extra = jitter;
	tcp_unit_transfer(fd[0], fd[1], 1000000);
	ck_assert_uint_gt(tp_of(fd[0])->total_retrans, 10);
	/* Doubled packets were told of. */
	ck_assert_uint_gt(MIB(TCPDSACKOLDSENT) + MIB(TCPDSACKOFOSENT), 0);
	ck_assert_uint_gt(MIB(TCPDSACKRECV), 0);
	ck_assert_uint_gt(MIB(TCPOFOQUEUE), 0);
	close_both(fd);
}
END_TEST

START_TEST(test_bad_path_reno)
{
	int fd[2];

	tcp_unit_start();
	net_sysctl.tcp_sack = 0;
	net_sysctl.tcp_timestamps = 0;
	net_sysctl.tcp_window_scaling = 0;
	tcp_set_default_congestion_control("reno");
	tcp_unit_pair(fd, 1400);
	path_verdict = bad_path;
	path_extra = jitter;
	tcp_unit_transfer(fd[0], fd[1], 300000);
	ck_assert_uint_eq(tp_of(fd[0])->tcp_header_len, 20);
	close_both(fd);
}
END_TEST

/* ---- ECN ---- */

static int mark_ce(const struct sk_buff *skb, const struct tcphdr *th, u32 payload)
{
	struct iphdr *iph = ip_hdr(skb);

	(void)th;
	if (payload && iph->tos & 3 && ++data_seen == 3) {
		iph->tos |= 3;
		iph->check = 0;
		iph->check = ip_fast_csum((u8 *)iph, iph->ihl);
	}
	return 1;
}

START_TEST(test_ecn)
{
	int fd[2];

	tcp_unit_start();
	net_sysctl.tcp_ecn = 1;
	tcp_unit_pair(fd, 1000);
	ck_assert(tp_of(fd[0])->ecn_flags & TCP_ECN_OK && tp_of(fd[1])->ecn_flags & TCP_ECN_OK);
	path_verdict = mark_ce;
	tcp_unit_transfer(fd[0], fd[1], 100000);
	ck_assert_uint_gt(tp_of(fd[0])->delivered_ce, 0);
	ck_assert_uint_lt(tp_of(fd[0])->snd_ssthresh, TCP_INFINITE_SSTHRESH);
	ck_assert_uint_eq(tp_of(fd[0])->total_retrans, 0);
	/* CWR was seen: the receiver no longer asks for it. */
	ck_assert(!(tp_of(fd[1])->ecn_flags & TCP_ECN_DEMAND_CWR));
	close_both(fd);
}
END_TEST

/* ---- SYN cookies, fast open ---- */

START_TEST(test_syn_cookies)
{
	int fd[2];

	tcp_unit_start();
	net_sysctl.tcp_syncookies = 2;
	tcp_unit_pair(fd, 1000);
	ck_assert_uint_eq(MIB(SYNCOOKIESSENT), 1);
	ck_assert_uint_eq(MIB(SYNCOOKIESRECV), 1);
	/* What the timestamp carries: SACK and window scaling. */
	ck_assert(tp_of(fd[1])->rx_opt.sack_ok && tp_of(fd[1])->rx_opt.wscale_ok);
	ck_assert_uint_eq(tp_of(fd[1])->rx_opt.snd_wscale, tp_of(fd[0])->rx_opt.rcv_wscale);
	tcp_unit_transfer(fd[0], fd[1], 50000);
	tcp_unit_transfer(fd[1], fd[0], 50000);
	close_both(fd);
}
END_TEST

START_TEST(test_fastopen)
{
	int l, c, s;

	tcp_unit_start();
	net_sysctl.tcp_fastopen = 3;
	l = tcp_unit_listen();
	ck_assert_int_eq(tcp_unit_set(l, SOL_TCP, TCP_FASTOPEN, 5), 0);
	for (int round = 0; round < 2; round++) {
		struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001), .sin_port = tcp_unit_port };

		c = tcp_unit_socket();
		poke(0, &a, sizeof(a));
		poke(100, "data on the SYN", 15);
		ck_assert_int_eq(__sys_sendto(c, G(100), 15, MSG_FASTOPEN, G(0), sizeof(a)), round ? 15 : -EINPROGRESS);
		if (round) {
			/* Half a round trip is enough for the server to have it. */
			pass(12 * MS);
			s = (int)__sys_accept4(l, NULL, NULL, SOCK_NONBLOCK);
			ck_assert_int_ge(s, 0);
			ck_assert_int_eq(__sys_recvfrom(s, G(200), 100, 0, NULL, NULL), 15);
			expect(200, "data on the SYN");
			pass(100 * MS);
			ck_assert_uint_eq(MIB(TCPFASTOPENPASSIVE), 1);
			ck_assert_uint_eq(MIB(TCPFASTOPENACTIVE), 1);
		} else {
			pass(100 * MS);
			s = (int)__sys_accept4(l, NULL, NULL, SOCK_NONBLOCK);
			ck_assert_uint_eq(MIB(TCPFASTOPENCOOKIEREQD), 1);
		}
		ck_assert_uint_eq(sock_of(s)->sk_state, TCP_ESTABLISHED);
		do_close(c);
		do_close(s);
		pass(100 * MS);
	}
	do_close(l);
	tcp_unit_end();
}
END_TEST

/* ---- ends ---- */

START_TEST(test_time_wait)
{
	int fd[2];

	tcp_unit_start();
	tcp_unit_pair(fd, 1000);
	do_close(fd[0]);
	pass(100 * MS);
	ck_assert_uint_eq(sock_of(fd[1])->sk_state, TCP_CLOSE_WAIT);
	ck_assert_uint_eq(tcp_tw_count, 1);   /* stands for FIN-WAIT-2 */
	do_close(fd[1]);
	pass(59000 * MS);
	ck_assert_uint_eq(tcp_tw_count, 1);
	pass(2000 * MS);
	ck_assert_uint_eq(tcp_tw_count, 0);
	tcp_unit_end();
}
END_TEST

START_TEST(test_reset)
{
	int fd[2];

	tcp_unit_start();
	tcp_unit_pair(fd, 1000);
	write_segments(fd[0], 1, 100);
	pass(100 * MS);
	do_close(fd[1]); /* unread data */
	pass(100 * MS);
	ck_assert_int_eq(sock_of(fd[0])->sk_err, ECONNRESET);
	do_close(fd[0]);
	ck_assert_uint_eq(tcp_tw_count, 0);
	tcp_unit_end();
}
END_TEST

/* ---- hostile packets ---- */

static u8 template[256];
static u32 template_len;
static int keep_template(const struct sk_buff *skb, const struct tcphdr *th, u32 payload)
{
	(void)th;
	(void)payload;
	template_len = min(skb->len - 14u, 256u);
	memcpy(template, ip_hdr(skb), template_len);
	return 1;
}

/* Real packets with random changes, from both ends, at a connection and at a listener: whatever they do, it stays within
 * bounds (run this with SAN=address,undefined) and leaves nothing behind. */
START_TEST(test_hostile_packets)
{
	int fd[2], l;

	tcp_unit_start();
	path_delay = 0;
	tcp_unit_pair(fd, 1000);
	l = tcp_unit_listen();
	for (int i = 0; i < 30000; i++) {
		struct sk_buff *skb;
		struct iphdr *iph;
		u32 n;

		if (i % 500 == 0) {
			path_verdict = keep_template;
			if (sock_of(fd[i / 500 & 1])->sk_state == TCP_ESTABLISHED)
				write_segments(fd[i / 500 & 1], 1, 60);
			if (i % 1000 == 0) {
				int c = tcp_unit_socket();

				tcp_unit_connect(c);
				pass(MS);
				do_close(c);
			}
			pass(50 * MS);
			path_verdict = NULL;
		}
		skb = alloc_skb(64 + template_len + 64);
		skb_reserve(skb, 64);
		memcpy(skb_put(skb, template_len), template, template_len);
		iph = (struct iphdr *)skb->data;
		n = rnd() % 8;
		for (u32 k = 0; k < n; k++) {
			u32 at = 20 + rnd() % (template_len - 20);

			skb->data[at] = rnd() % 3 ? (u8)rnd() : (u8)(skb->data[at] + rnd() % 5 - 2);
		}
		if (rnd() % 4 == 0)
			skb_trim(skb, 20 + rnd() % (template_len - 20));
		iph->tot_len = htons((u16)skb->len);
		iph->check = 0;
		iph->check = ip_fast_csum((u8 *)iph, iph->ihl);
		skb->ip_summed = CHECKSUM_UNNECESSARY;
		skb->protocol = htons(ETH_P_IP);
		skb->dev = loopback_dev;
		skb->pkt_type = 0;
		local_bh_disable();
		netif_receive_skb(skb);
		local_bh_enable();
		if (rnd() % 50 == 0)
			pass(rnd() % 100 * MS);
		while (__sys_recvfrom(fd[0], G(65536), CHUNK, DONTWAIT, NULL, NULL) > 0)
			;
	}
	do_close(l);
	close_both(fd);
}
END_TEST

UNIT_MAIN("tcp", test_handshake, test_transfer, test_fast_retransmit, test_newreno, test_tail_loss_probe, test_rto_backoff,
	test_user_timeout, test_syn_timeout, test_keepalive, test_zero_window, test_bad_path, test_bad_path_reno, test_ecn,
	test_syn_cookies, test_fastopen, test_time_wait, test_reset, test_hostile_packets)
