/* Packets as bytes: building those that the script injects, taking apart those that come out. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "pd.h"

#define DEFAULT_TTL 255

static unsigned get16(const uint8_t *p) { return (unsigned)p[0] << 8 | p[1]; }
static uint32_t get32(const uint8_t *p) { return (uint32_t)get16(p) << 16 | get16(p + 2); }
static void put16(uint8_t *p, unsigned v) { p[0] = (uint8_t)(v >> 8); p[1] = (uint8_t)v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16); put16(p + 2, v & 0xffff); }

/* ---- checksums (RFC 1071) ---- */

static uint32_t sum(const uint8_t *p, size_t size, uint32_t s)
{
	for (; size > 1; p += 2, size -= 2) {
		s += get16(p);
		s = (s & 0xffff) + (s >> 16);
	}
	if (size)
		s += (uint32_t)p[0] << 8;
	return (s & 0xffff) + (s >> 16);
}

static unsigned fold(uint32_t s)
{
	s = (s & 0xffff) + (s >> 16);
	return ~s & 0xffff;
}

static bool mapped(const struct in6_addr *a) { return IN6_IS_ADDR_V4MAPPED(a); }

/* Of the pseudo header and @size bytes at @p. */
static unsigned l4_checksum(const struct in6_addr *src, const struct in6_addr *dst, int proto, const uint8_t *p, size_t size)
{
	bool v4 = mapped(src);
	uint32_t s = sum(src->s6_addr + (v4 ? 12 : 0), v4 ? 4 : 16, 0);

	s = sum(dst->s6_addr + (v4 ? 12 : 0), v4 ? 4 : 16, s);
	s += (uint32_t)proto + (uint32_t)(size >> 16) + (uint32_t)(size & 0xffff);
	return fold(sum(p, size, (s & 0xffff) + (s >> 16)));
}

/* ---- IP headers ---- */

static size_t ip_header_size(int version) { return version == 4 ? 20 : 40; }

static void put_ip(uint8_t *out, int version, const struct packet_spec *p, int proto, const struct in6_addr *src,
	const struct in6_addr *dst, size_t payload)
{
	unsigned tos = p && p->tos >= 0 ? (unsigned)p->tos : 0, ttl = p && p->ttl >= 0 ? (unsigned)p->ttl : DEFAULT_TTL;

	if (p && p->ecn >= 0)
		tos = (tos & ~3u) | (unsigned)p->ecn;
	if (p && p->ect01)
		tos |= 2;
	if (version == 4) {
		memset(out, 0, 20);
		out[0] = 0x45;
		out[1] = (uint8_t)tos;
		put16(out + 2, (unsigned)(20 + payload));
		out[8] = (uint8_t)ttl;
		out[9] = (uint8_t)proto;
		memcpy(out + 12, src->s6_addr + 12, 4);
		memcpy(out + 16, dst->s6_addr + 12, 4);
		put16(out + 10, fold(sum(out, 20, 0)));
		return;
	}
	put32(out, 0x60000000u | tos << 20 | (p && p->flowlabel > 0 ? (uint32_t)p->flowlabel : 0));
	put16(out + 4, (unsigned)payload);
	out[6] = (uint8_t)proto;
	out[7] = (uint8_t)ttl;
	memcpy(out + 8, src, 16);
	memcpy(out + 24, dst, 16);
}

/* ---- building ---- */

size_t options_build(const struct packet_spec *p, const struct flow *f, uint8_t *out)
{
	size_t n = 0;

	for (int i = 0; i < p->noptions; i++) {
		const struct tcp_option_spec *o = &p->options[i];

		if (n + o->len > 40)
			break;
		out[n] = o->kind;
		if (o->len > 1) {
			out[n + 1] = o->len;
			memcpy(out + n + 2, o->data, o->len - 2u);
		}
		if (o->kind == 8) {
			put32(out + n + 2, o->ts_val);
			put32(out + n + 6, p->inbound ? wire_local_timestamp(f, o->ts_ecr) : o->ts_ecr);
		}
		for (int s = 0; s < o->nsack; s++)
			put32(out + n + 2 + 4 * s, p->inbound ? wire_local_seq(f, o->sack[s]) : wire_remote_seq(f, o->sack[s]));
		n += o->len;
	}
	while (n % 4)
		out[n++] = 0;
	return n;
}

static size_t put_tcp(uint8_t *out, const struct packet_spec *p, const struct flow *f)
{
	size_t options = options_build(p, f, out + 20), size = 20 + options + p->payload;

	put16(out, f->remote_port);
	put16(out + 2, f->local_port);
	put32(out + 4, p->flags & F_SYN ? p->seq : wire_remote_seq(f, p->seq));
	put32(out + 8, p->has_ack ? wire_local_seq(f, p->ack) : 0);
	out[12] = (uint8_t)((20 + options) / 4 << 4);
	out[13] = (uint8_t)p->flags;
	put16(out + 14, p->window);
	put16(out + 16, 0);
	put16(out + 18, p->urgent);
	memset(out + 20 + options, 0, p->payload);
	put16(out + 16, l4_checksum(&f->remote, &f->local, IPPROTO_TCP, out, size));
	return size;
}

static size_t put_udp(uint8_t *out, const struct packet_spec *p, const struct flow *f)
{
	size_t size = 8 + p->payload;
	unsigned check;

	put16(out, f->remote_port);
	put16(out + 2, f->local_port);
	put16(out + 4, (unsigned)size);
	put16(out + 6, 0);
	memset(out + 8, 0, p->payload);
	check = l4_checksum(&f->remote, &f->local, IPPROTO_UDP, out, size);
	put16(out + 6, check ? check : 0xffff);
	return size;
}

/* ---- ICMP ---- */

struct icmp_name {
	const char *type, *code;
	int v4_type, v4_code, v6_type, v6_code; /* -1: the version has none */
};
static const struct icmp_name icmp_names[] = {
	{ "unreachable", "net_unreachable", 3, 0, 1, 0 }, { "unreachable", "host_unreachable", 3, 1, 1, 3 },
	{ "unreachable", "protocol_unreachable", 3, 2, -1, -1 }, { "unreachable", "port_unreachable", 3, 3, 1, 4 },
	{ "unreachable", "frag_needed", 3, 4, 2, 0 }, { "unreachable", "source_route_failed", 3, 5, -1, -1 },
	{ "unreachable", "net_unknown", 3, 6, -1, -1 }, { "unreachable", "host_unknown", 3, 7, -1, -1 },
	{ "unreachable", "source_host_isolated", 3, 8, -1, -1 }, { "unreachable", "net_prohibited", 3, 9, -1, -1 },
	{ "unreachable", "host_prohibited", 3, 10, -1, -1 }, { "unreachable", "net_unreachable_for_tos", 3, 11, -1, -1 },
	{ "unreachable", "host_unreachable_for_tos", 3, 12, -1, -1 }, { "unreachable", "packet_filtered", 3, 13, 1, 1 },
	{ "unreachable", "precedence_violation", 3, 14, -1, -1 }, { "unreachable", "precedence_cutoff", 3, 15, -1, -1 },
	{ "unreachable", "no_route", -1, -1, 1, 0 }, { "unreachable", "admin_prohibited", -1, -1, 1, 1 },
	{ "unreachable", "address_unreachable", -1, -1, 1, 3 },
	{ "unreachable", NULL, 3, 0, 1, 0 },
	{ "packet_too_big", NULL, 3, 4, 2, 0 }, { "time_exceeded", "ttl_exceeded", 11, 0, 3, 0 },
	{ "time_exceeded", "exceeded_ttl", 11, 0, 3, 0 }, { "time_exceeded", "frag_exceeded", 11, 1, 3, 1 },
	{ "time_exceeded", "exceeded_fragment_reassembly_time", 11, 1, 3, 1 }, { "time_exceeded", NULL, 11, 0, 3, 0 },
	{ "echo_request", NULL, 8, 0, 128, 0 }, { "echo_reply", NULL, 0, 0, 129, 0 },
	{ "source_quench", NULL, 4, 0, -1, -1 }, { "redirect", NULL, 5, 0, -1, -1 },
	{ "parameter_problem", NULL, 12, 0, 4, 0 },
};

/* Type and code of @p on the wire; ends the script when there are none. */
static void icmp_numbers(const struct packet_spec *p, int version, int *type, int *code)
{
	for (size_t i = 0; i < sizeof(icmp_names) / sizeof(icmp_names[0]); i++) {
		const struct icmp_name *n = &icmp_names[i];

		if (strcmp(n->type, p->icmp_type) || (p->icmp_code && (!n->code || strcmp(n->code, p->icmp_code))))
			continue;
		if ((!p->icmp_code) != (!n->code))
			continue;
		*type = version == 4 ? n->v4_type : n->v6_type;
		*code = version == 4 ? n->v4_code : n->v6_code;
		if (*type >= 0)
			return;
	}
	unsupported(0, "icmp %s %s over IPv%d", p->icmp_type, p->icmp_code ? p->icmp_code : "", version);
}

/* The packet that an ICMP error talks about: one that the stack has sent. */
static size_t put_echoed(uint8_t *out, const struct packet_spec *p, const struct flow *f)
{
	size_t ip = ip_header_size(f->version), l4 = p->echoed == ECHOED_TCP ? 20 : 8;
	int proto = p->echoed == ECHOED_TCP ? IPPROTO_TCP : IPPROTO_UDP;

	put_ip(out, f->version, NULL, proto, &f->local, &f->remote, l4 + p->echoed_payload);
	memset(out + ip, 0, l4);
	put16(out + ip, f->local_port);
	put16(out + ip + 2, f->remote_port);
	if (p->echoed == ECHOED_TCP) {
		put32(out + ip + 4, wire_local_seq(f, p->echoed_seq));
		out[ip + 12] = 0x50;
	} else {
		put16(out + ip + 4, (unsigned)(8 + p->echoed_payload));
	}
	return ip + l4;
}

static size_t put_icmp(uint8_t *out, const struct packet_spec *p, const struct flow *f)
{
	size_t size = 8;
	int type, code;
	unsigned check;

	icmp_numbers(p, f->version, &type, &code);
	memset(out, 0, 8);
	out[0] = (uint8_t)type;
	out[1] = (uint8_t)code;
	if (p->icmp_mtu >= 0)
		put32(out + 4, (uint32_t)p->icmp_mtu);
	if (p->icmp_id >= 0)
		put16(out + 4, (unsigned)p->icmp_id);
	if (p->echoed != ECHOED_NONE)
		size += put_echoed(out + 8, p, f);
	check = f->version == 4 ? fold(sum(out, size, 0)) : l4_checksum(&f->remote, &f->local, IPPROTO_ICMPV6, out, size);
	put16(out + 2, check);
	return size;
}

size_t packet_build(const struct packet_spec *p, const struct flow *f, uint8_t *out)
{
	size_t ip = ip_header_size(f->version), size;
	int proto;

	switch (p->proto) {
	case P_TCP:
		proto = IPPROTO_TCP;
		size = put_tcp(out + ip, p, f);
		break;
	case P_UDP:
		proto = IPPROTO_UDP;
		size = put_udp(out + ip, p, f);
		break;
	default:
		proto = f->version == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
		size = put_icmp(out + ip, p, f);
	}
	put_ip(out, f->version, p, proto, &f->remote, &f->local, size);
	return ip + size;
}

/* ---- taking apart ---- */

static void map4(struct in6_addr *to, const uint8_t *from)
{
	memset(to, 0, 10);
	to->s6_addr[10] = to->s6_addr[11] = 0xff;
	memcpy(to->s6_addr + 12, from, 4);
}

static void parse_tcp_header(struct wire *w, const uint8_t *p, size_t size)
{
	size_t header = size < 20 ? 0 : (size_t)(p[12] >> 4) * 4;

	if (header < 20 || header > size) {
		w->broken = "a TCP header of impossible length";
		return;
	}
	w->sport = (uint16_t)get16(p);
	w->dport = (uint16_t)get16(p + 2);
	w->seq = get32(p + 4);
	w->ack = get32(p + 8);
	w->flags = p[13];
	w->window = get16(p + 14);
	w->urgent = get16(p + 18);
	w->options = p + 20;
	w->options_size = header - 20;
	w->payload = size - header;
}

static void parse_l4(struct wire *w, const uint8_t *p, size_t size)
{
	bool checked = w->proto == IPPROTO_TCP || w->proto == IPPROTO_ICMPV6 || (w->proto == IPPROTO_UDP && size >= 8 && get16(p + 6));

	switch (w->proto) {
	case IPPROTO_TCP:
		parse_tcp_header(w, p, size);
		break;
	case IPPROTO_UDP:
		if (size < 8 || get16(p + 4) != size) {
			w->broken = "a UDP header of impossible length";
			break;
		}
		w->sport = (uint16_t)get16(p);
		w->dport = (uint16_t)get16(p + 2);
		w->payload = size - 8;
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (size < 8) {
			w->broken = "an ICMP header of impossible length";
			break;
		}
		w->icmp_type = p[0];
		w->icmp_code = p[1];
		w->icmp_body = p;
		w->icmp_size = size;
		if (w->proto == IPPROTO_ICMP && fold(sum(p, size, 0)))
			w->broken = "a wrong ICMP checksum";
		break;
	}
	if (!w->broken && checked && !w->unsummed && l4_checksum(&w->src, &w->dst, w->proto, p, size))
		w->broken = "a wrong checksum";
}

void wire_parse(struct wire *w)
{
	const uint8_t *p = w->bytes;
	size_t header;

	w->version = w->size ? p[0] >> 4 : 0;
	if (w->version == 4 && w->size >= 20) {
		header = (size_t)(p[0] & 15) * 4;
		if (header < 20 || header > w->size || get16(p + 2) != w->size)
			w->broken = "an IP header of impossible length";
		else if (fold(sum(p, header, 0)))
			w->broken = "a wrong IP checksum";
		w->tos = p[1];
		w->ttl = p[8];
		w->proto = p[9];
		map4(&w->src, p + 12);
		map4(&w->dst, p + 16);
	} else if (w->version == 6 && w->size >= 40) {
		header = 40;
		if (get16(p + 4) + 40u != w->size)
			w->broken = "an IPv6 header of impossible length";
		w->tos = (uint8_t)(get32(p) >> 20);
		w->flowlabel = get32(p) & 0xfffff;
		w->proto = p[6];
		w->ttl = p[7];
		memcpy(&w->src, p + 8, 16);
		memcpy(&w->dst, p + 24, 16);
	} else {
		w->broken = "no IP packet";
	}
	if (!w->broken)
		parse_l4(w, p + header, w->size - header);
}

/* ---- showing ---- */

static void flags_text(unsigned flags, char *out)
{
	static const char letters[] = "FSRP.UEW";

	for (int i = 0; i < 8; i++)
		if (flags >> i & 1 && i != 4)
			*out++ = letters[i];
	if (flags & F_ACK)
		*out++ = '.';
	if (!flags)
		*out++ = '-';
	*out = 0;
}

static size_t options_text(const struct wire *w, const struct flow *f, char *buf, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < w->options_size && at + 80 < size;) {
		const uint8_t *o = w->options + i;
		size_t len = o[0] < 2 ? 1 : i + 1 < w->options_size ? o[1] : 0;

		if (!len || i + len > w->options_size)
			break;
		at += (size_t)snprintf(buf + at, size - at, "%s", at ? "," : " <");
		if (o[0] == 0)
			at += (size_t)snprintf(buf + at, size - at, "eol");
		else if (o[0] == 1)
			at += (size_t)snprintf(buf + at, size - at, "nop");
		else if (o[0] == 2 && len == 4)
			at += (size_t)snprintf(buf + at, size - at, "mss %u", get16(o + 2));
		else if (o[0] == 3 && len == 3)
			at += (size_t)snprintf(buf + at, size - at, "wscale %u", o[2]);
		else if (o[0] == 4)
			at += (size_t)snprintf(buf + at, size - at, "sackOK");
		else if (o[0] == 8 && len == 10)
			at += (size_t)snprintf(buf + at, size - at, "TS val %u ecr %u", get32(o + 2) - (f && f->ts_known ? f->ts_offset : 0),
				get32(o + 6));
		else if (o[0] == 5) {
			at += (size_t)snprintf(buf + at, size - at, "sack");
			for (size_t s = 2; s + 8 <= len && at + 30 < size; s += 8)
				at += (size_t)snprintf(buf + at, size - at, " %u:%u",
					get32(o + s) - (f ? f->remote_isn : 0),
					get32(o + s + 4) - (f ? f->remote_isn : 0));
		} else {
			at += (size_t)snprintf(buf + at, size - at, "option %u", o[0]);
			for (size_t s = 2; s < len && at + 4 < size; s++)
				at += (size_t)snprintf(buf + at, size - at, "%s%02x", s == 2 ? " " : "", o[s]);
		}
		i += len;
	}
	if (at && at + 2 < size)
		at += (size_t)snprintf(buf + at, size - at, ">");
	return at;
}

void packet_describe(const struct wire *w, const struct flow *f, char *buf, size_t size)
{
	uint32_t seq = w->seq, ack = w->ack;
	char flags[16];
	int n;

	if (w->proto == IPPROTO_UDP) {
		snprintf(buf, size, "udp (%zu)", w->payload);
		return;
	}
	if (w->proto != IPPROTO_TCP) {
		snprintf(buf, size, "protocol %d, type %u code %u", w->proto, w->icmp_type, w->icmp_code);
		return;
	}
	if (f) {
		seq -= f->local_isn;
		ack -= f->remote_isn;
	}
	flags_text(w->flags, flags);
	n = snprintf(buf, size, "%s %u:%zu(%zu)", flags, seq, seq + w->payload, w->payload);
	if (w->flags & F_ACK)
		n += snprintf(buf + n, size - (size_t)n, " ack %u", ack);
	n += snprintf(buf + n, size - (size_t)n, " win %u", w->window);
	if (w->urgent)
		n += snprintf(buf + n, size - (size_t)n, " urg %u", w->urgent);
	options_text(w, f, buf + n, size - (size_t)n);
}
