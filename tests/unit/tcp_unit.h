/* A TCP connection over lo with a path that the test decides about: each packet is lost, delayed or doubled as it says, and
 * the clock is fake. */
#ifndef UMK_TCP_UNIT_H
#define UMK_TCP_UNIT_H

/* uapi's linux/if.h asks for libc's socket.h, which would define everything a second time. */
#define _SYS_SOCKET_H 1
#include "net_unit.h"
#include "net/tcp.h"
#include "slab.h"
#include "string.h"
#include "socket.h"
#include <linux/in.h>
#include <linux/eventpoll.h>

#define MS 1000000ull
#define DONTWAIT MSG_DONTWAIT
static u64 path_delay = 10 * MS;                    /* one way */
static int (*path_verdict)(const struct sk_buff *skb, const struct tcphdr *th, u32 payload); /* copies to deliver */
static u64 (*path_extra)(void);                     /* delay on top, ns */
static unsigned path_packets;

struct path_packet { struct ktimer t; struct sk_buff *skb; };
static void path_arrive(struct ktimer *t)
{
	struct path_packet *p = container_of(t, struct path_packet, t);

	local_bh_disable();
	dev_hard_start_xmit(p->skb, loopback_dev);
	local_bh_enable();
	kfree(p);
}

static const struct tcphdr *path_th(const struct sk_buff *skb, u32 *payload)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = (const struct tcphdr *)((const u8 *)iph + iph->ihl * 4);

	*payload = (u32)(skb->tail - (const u8 *)th) - th->doff * 4u;
	return th;
}

static int path(struct sk_buff *skb, struct net_device *dev)
{
	u32 payload;
	const struct tcphdr *th = path_th(skb, &payload);
	int copies = path_verdict ? path_verdict(skb, th, payload) : 1;

	(void)dev;
	path_packets++;
	for (int i = 0; i < copies; i++) {
		struct path_packet *p = kzalloc(sizeof(*p));

		p->skb = skb_copy(skb);
		timer_setup(&p->t, path_arrive);
		timer_start(&p->t, ktime_get() + path_delay + (path_extra ? path_extra() : 0));
	}
	kfree_skb(skb);
	return 0;
}

/* Lets @ns pass. */
static __maybe_unused void pass(u64 ns)
{
	u64 end = unit_now + ns;

	for (;;) {
		u64 next = timers_next();

		if (next > end)
			break;
		if (next > unit_now)
			unit_now = next;
		timers_run();
	}
	unit_now = end;
	timers_run();
}

static u16 tcp_unit_port;
static int tcp_unit_rcvbuf; /* of listeners; 0: the default */
static __maybe_unused int tcp_unit_listen(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001) };
	int fd = (int)__sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), len = sizeof(a);

	ck_assert_int_ge(fd, 0);
	if (tcp_unit_rcvbuf) {
		poke(0, &tcp_unit_rcvbuf, sizeof(int));
		ck_assert_int_eq(__sys_setsockopt(fd, SOL_SOCKET, SO_RCVBUF, G(0), sizeof(int)), 0);
	}
	poke(0, &a, sizeof(a));
	ck_assert_int_eq(__sys_bind(fd, G(0), sizeof(a)), 0);
	ck_assert_int_eq(__sys_listen(fd, 8), 0);
	poke(64, &len, sizeof(len));
	ck_assert_int_eq(__sys_getsockname(fd, G(0), G(64)), 0);
	peek(0, &a, sizeof(a));
	tcp_unit_port = a.sin_port;
	return fd;
}

static __maybe_unused long tcp_unit_connect(int fd)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001), .sin_port = tcp_unit_port };

	poke(0, &a, sizeof(a));
	return __sys_connect(fd, G(0), sizeof(a));
}

static __maybe_unused int tcp_unit_set(int fd, int level, int name, int v)
{
	poke(0, &v, sizeof(v));
	return (int)__sys_setsockopt(fd, level, name, G(0), sizeof(v));
}

static __maybe_unused int tcp_unit_socket(void)
{
	return (int)__sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
}

/* fd[0] is connected to fd[1]; segments of @mss bytes (0: as lo has them). */
static __maybe_unused void tcp_unit_pair(int fd[2], int mss)
{
	int l = tcp_unit_listen();

	fd[0] = tcp_unit_socket();
	if (mss)
		ck_assert_int_eq(tcp_unit_set(fd[0], SOL_TCP, TCP_MAXSEG, mss), 0);
	ck_assert_int_eq(tcp_unit_connect(fd[0]), -EINPROGRESS);
	pass(100 * MS);
	fd[1] = (int)__sys_accept4(l, NULL, NULL, SOCK_NONBLOCK);
	ck_assert_int_ge(fd[1], 0);
	do_close(l);
}

static __maybe_unused void tcp_unit_start(void)
{
	net_unit_start();
	loopback_dev->qdisc = path;
}

/* Everything is closed: nothing is left after TIME-WAIT. */
static __maybe_unused void tcp_unit_end(void)
{
	path_verdict = NULL;
	pass(300000 * MS);
	ck_assert_uint_eq(tcp_tw_count, 0);
	ck_assert_uint_eq(tcp_orphan_count, 0);
	ck_assert_int_eq(tcp_memory.allocated, 0);
	ck_assert_uint_eq(tcp_hashinfo.ehash_count, 0);
}

/* The stream's byte at @off. */
static inline u8 tcp_unit_byte(u64 off) { return (u8)(off * 31 + (off >> 8) * 7 + (off >> 16)); }
#define CHUNK 16384
/* Sends from *sent up to @total as far as it goes. */
static __maybe_unused void tcp_unit_write(int fd, u64 *sent, u64 total)
{
	static u8 buf[CHUNK];

	while (*sent < total) {
		size_t n = min((u64)CHUNK, total - *sent);
		long w;

		for (size_t i = 0; i < n; i++)
			buf[i] = tcp_unit_byte(*sent + i);
		poke(4096, buf, n);
		w = __sys_sendto(fd, G(4096), n, DONTWAIT | MSG_NOSIGNAL, NULL, 0);
		if (w == -EAGAIN)
			return;
		ck_assert_int_gt(w, 0);
		*sent += (u64)w;
	}
}

/* Reads and checks what is there. */
static __maybe_unused void tcp_unit_read(int fd, u64 *got)
{
	static u8 buf[CHUNK];
	long n;

	while ((n = __sys_recvfrom(fd, G(65536), CHUNK, DONTWAIT, NULL, NULL)) > 0) {
		peek(65536, buf, (size_t)n);
		for (long i = 0; i < n; i++)
			if (buf[i] != tcp_unit_byte(*got + (u64)i))
				ck_abort_msg("byte %llu of the stream is wrong", (unsigned long long)*got + (unsigned long long)i);
		*got += (u64)n;
	}
	ck_assert(n == -EAGAIN || n == 0);
}

/* Moves @total bytes; the time that took, ns. */
static __maybe_unused u64 tcp_unit_transfer(int from, int to, u64 total)
{
	u64 sent = 0, got = 0, start = unit_now;

	while (got < total) {
		tcp_unit_write(from, &sent, total);
		tcp_unit_read(to, &got);
		if (got < total)
			pass(MS);
		ck_assert_uint_lt(unit_now - start, 600000 * MS);
	}
	return unit_now - start;
}

#endif
