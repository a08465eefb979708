/* What the fuzz targets of net/ share: a socket layer on the fake host of tests/unit, guest memory at GUEST, and a cursor over
 * the input. A target is one LLVMFuzzerTestOneInput(); main.c runs it, and so could libFuzzer. */
#ifndef UMK_FUZZ_NET_H
#define UMK_FUZZ_NET_H

/* There is no runner of Check's that could be told of assertions. */
void abort(void);
#define _mark_point(file, line) ((void)0)
#define _ck_assert_failed(...) abort()
#define _SYS_SOCKET_H 1 /* uapi's linux/if.h wants libc's: the kernel's own is meant */
#include "net_unit.h"
#include "net/dev.h"
#include "net/ip.h"
#include "net/ipv6.h"
#include "net/tcp.h"
#include "net/udp.h"
#include "net/sysctl.h"
#include "slab.h"
#include "string.h"
#include "socket.h"
#include <linux/in.h>

#define SECOND 1000000000ull

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
/* What must hold, whatever the input is. */
int dprintf(int fd, const char *fmt, ...);
#define FUZZ_ASSERT(x) ({ if (!(x)) { dprintf(2, "%s:%d: %s\n", __FILE__, __LINE__, #x); abort(); } })

/* The socket layer, with sockets of every kind allowed and a task that can be named by a pidfd. */
static __maybe_unused void fuzz_start(void)
{
	static bool started;

	if (started)
		return;
	started = true;
	net_unit_start();
	mm_unit_signal.leader = &mm_unit_task;
	net_sysctl.ping_group_range[0] = 0;
	net_sysctl.ping_group_range[1] = 0x7fffffff;
}

/* ---- the input, byte by byte; zeroes behind its end ---- */
struct input { const u8 *p, *end; };
static inline bool in_left(const struct input *in) { return in->p < in->end; }
static inline u8 in8(struct input *in) { return in_left(in) ? *in->p++ : 0; }
static inline u16 in16(struct input *in) { u16 hi = in8(in); return (u16)(hi << 8 | in8(in)); }
static inline u32 in32(struct input *in) { u32 hi = in16(in); return hi << 16 | in16(in); }
static __maybe_unused u32 in_bytes(struct input *in, void *to, u32 size)
{
	u32 n = min(size, (u32)(in->end - in->p));

	memcpy(to, in->p, n);
	in->p += n;
	return n;
}

/* ---- time and packets ---- */
static __maybe_unused void fuzz_pass(u64 ns)
{
	u64 end = unit_now + ns;

	for (;;) {
		u64 next = timers_next();

		if (next > end)
			break;
		unit_now = max(unit_now, next);
		timers_run();
	}
	unit_now = end;
	timers_run();
}

/* Room for a packet of @size bytes that comes in on lo; headroom as a device has it. */
static __maybe_unused struct sk_buff *fuzz_skb(const void *bytes, u32 size)
{
	struct sk_buff *skb = alloc_skb(64 + size);

	FUZZ_ASSERT(skb);
	skb_reserve(skb, 64);
	memcpy(skb_put(skb, size), bytes, size);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb->dev = loopback_dev;
	skb->protocol = size && (*(const u8 *)bytes >> 4) == 6 ? htons(ETH_P_IPV6) : htons(ETH_P_IP);
	return skb;
}

static __maybe_unused void fuzz_receive(struct sk_buff *skb)
{
	local_bh_disable();
	netif_rx(skb);
	local_bh_enable();
}

static __maybe_unused void fuzz_set(int fd, int level, int name, int v)
{
	poke(0, &v, sizeof(v));
	__sys_setsockopt(fd, level, name, G(0), sizeof(v));
}

/* Reads what @fd has, with room for @control bytes of control messages. */
static __maybe_unused long fuzz_recvmsg(int fd, u32 control, unsigned flags)
{
	struct iovec iov = { G(8192), 4096 };
	struct user_msghdr m = { .msg_name = G(512), .msg_namelen = 128, .msg_iov = G(256), .msg_iovlen = 1, .msg_control = G(16384),
		.msg_controllen = control };

	poke(0, &m, sizeof(m));
	poke(256, &iov, sizeof(iov));
	return __sys_recvmsg(fd, G(0), flags | MSG_DONTWAIT, true);
}

#endif
