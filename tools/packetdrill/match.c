/* Compares a packet that came out of the stack with the one that the script wants. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pd.h"

static char why[600];

static const char *__attribute__((format(printf, 1, 2))) because(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return why;
}

static uint32_t get32(const uint8_t *p) { return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]; }

static const char *ip_differs(const struct packet_spec *p, const struct wire *w)
{
	if (p->ecn >= 0 && (w->tos & 3) != p->ecn)
		return because("ECN bits are %d, not %d", w->tos & 3, p->ecn);
	if (p->ect01 && (w->tos & 3) != 1 && (w->tos & 3) != 2)
		return because("ECN bits are %d, not ECT", w->tos & 3);
	if (p->tos >= 0 && w->tos != p->tos)
		return because("TOS is 0x%x, not 0x%x", w->tos, p->tos);
	if (p->ttl >= 0 && w->ttl != p->ttl)
		return because("TTL is %d, not %d", w->ttl, p->ttl);
	if (p->flowlabel >= 0 && w->flowlabel != (uint32_t)p->flowlabel)
		return because("flow label is 0x%x, not 0x%lx", w->flowlabel, p->flowlabel);
	return NULL;
}

/* The stack's timestamps start anywhere: the script's first value tells how far from there. */
static void learn_timestamp(const struct packet_spec *p, const struct wire *w, struct flow *f)
{
	for (int i = 0; !f->ts_known && i < p->noptions; i++)
		for (size_t at = 0; p->options[i].kind == 8 && at + 10 <= w->options_size; at++)
			if (w->options[at] == 8 && w->options[at + 1] == 10) {
				f->ts_known = true;
				f->ts_offset = get32(w->options + at + 2) - p->options[i].ts_val;
				return;
			}
}

/* The stack's own values count time: they are compared where the script tells its unit, and as exactly as times are. */
static const char *timestamp_differs(const struct tcp_option_spec *o, const uint8_t *live, struct flow *f)
{
	uint32_t val = get32(live + 2) - f->ts_offset, ecr = get32(live + 6);

	if (llabs((int64_t)(int32_t)(val - o->ts_val)) * script.ts_tick > script.tolerance)
		return because("timestamp is %u, not %u", val, o->ts_val);
	if (ecr != o->ts_ecr)
		return because("timestamp echo is %u, not %u", ecr, o->ts_ecr);
	flow_add_timestamp(f, o->ts_val, get32(live + 2));
	return NULL;
}

static const char *options_differ(const struct packet_spec *p, const struct wire *w, struct flow *f)
{
	uint8_t want[64];
	size_t size, at = 0;
	const char *differs;

	if (p->options_unchecked)
		return NULL;
	learn_timestamp(p, w, f);
	size = options_build(p, f, want);
	if (size != w->options_size)
		return because("TCP options take %zu bytes, not %zu", w->options_size, size);
	while (at < size) {
		size_t len = want[at] < 2 ? 1 : want[at + 1];

		if (want[at] != w->options[at])
			return because("TCP option %d stands where %d is expected", w->options[at], want[at]);
		if (want[at] == 8 && len == 10) {
			const struct tcp_option_spec *o = p->options;

			if (w->options[at + 1] != 10)
				return because("timestamp option of %d bytes", w->options[at + 1]);
			while (o->kind != 8)
				o++;
			differs = timestamp_differs(o, w->options + at, f);
			if (differs)
				return differs;
		} else if (memcmp(want + at, w->options + at, len)) {
			return because("TCP option %d has other contents", want[at]);
		}
		at += len;
	}
	return NULL;
}

static const char *tcp_differs(const struct packet_spec *p, const struct wire *w, struct flow *f, bool partial)
{
	unsigned flags = w->flags;

	if (w->proto != IPPROTO_TCP)
		return because("it is no TCP packet");
	if (flags & F_SYN && !f->local_isn_known) {
		f->local_isn_known = true;
		f->local_isn = w->seq;
	}
	/* the pieces before the last need not have what stands at the end */
	if (partial)
		flags |= p->flags & (F_PSH | F_FIN);
	/* a sender that leaves segmentation to the device pushes each packet of several segments, wherever they end */
	if (!script.strict_segments && w->payload && !(p->flags & F_PSH))
		flags &= ~F_PSH;
	if (p->flags_checked && flags != p->flags)
		return because("TCP flags are 0x%x, not 0x%x", w->flags, p->flags);
	if (w->seq != wire_local_seq(f, p->flags & F_SYN ? 0 : p->seq))
		return because("sequence number is %u, not %u", w->seq - f->local_isn, p->seq);
	if (w->payload != p->payload && !(partial && w->payload < p->payload))
		return because("payload is %zu bytes, not %u", w->payload, p->payload);
	/* a SYN's acknowledgement is told as it is on the wire, like the SYN that it acknowledges */
	if (p->has_ack && w->ack != (p->flags & F_SYN ? p->ack : wire_remote_seq(f, p->ack)))
		return because("acknowledgment is %u, not %u", w->ack - f->remote_isn, p->ack);
	if (p->has_window && w->window != p->window)
		return because("window is %u, not %u", w->window, p->window);
	if (p->has_urgent && w->urgent != p->urgent)
		return because("urgent pointer is %u, not %u", w->urgent, p->urgent);
	return options_differ(p, w, f);
}

static const char *icmp_differs(const struct packet_spec *p, const struct wire *w, const struct flow *f)
{
	uint8_t want[2048];
	size_t ip = w->version == 4 ? 20 : 40;
	struct flow any = { .version = w->version };

	if (w->proto != IPPROTO_ICMP && w->proto != IPPROTO_ICMPV6)
		return because("it is no ICMP packet");
	(void)packet_build(p, f ? f : &any, want);
	if (w->icmp_type != want[ip] || w->icmp_code != want[ip + 1])
		return because("ICMP type %d code %d, not %d, %d", w->icmp_type, w->icmp_code, want[ip], want[ip + 1]);
	if (p->icmp_mtu >= 0 && get32(w->icmp_body + 4) != (uint32_t)p->icmp_mtu)
		return because("ICMP MTU is %u, not %ld", get32(w->icmp_body + 4), p->icmp_mtu);
	return NULL;
}

const char *packet_differs(const struct packet_spec *p, const struct wire *w, struct flow *f, bool partial)
{
	const char *differs;

	if (w->broken)
		return because("it has %s", w->broken);
	if (p->proto == P_ICMP) {
		differs = icmp_differs(p, w, f);
	} else if (!f) {
		return because("it belongs to no connection");
	} else if (p->proto == P_UDP) {
		differs = w->proto != IPPROTO_UDP ? because("it is no UDP packet")
			: w->payload != p->payload ? because("payload is %zu bytes, not %u", w->payload, p->payload) : NULL;
	} else {
		differs = tcp_differs(p, w, f, partial);
	}
	return differs ? differs : ip_differs(p, w);
}
