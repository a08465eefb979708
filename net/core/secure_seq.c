/* Numbers of a connection that a stranger must not be able to guess: keyed hashes of its addresses, with keys made at first
 * use. */
#include "../siphash.h"
#include "host.h"
#include "ktime.h"
#include "string.h"

enum { KEY_ISN, KEY_TS, KEY_PORT, NR_KEYS };

static const struct siphash_key *secure_key(int which)
{
	static struct siphash_key keys[NR_KEYS];
	static bool made;

	if (!made) {
		host_random(keys, sizeof(keys));
		made = true;
	}
	return &keys[which];
}

/* The addresses of a connection, packed without holes. */
struct flow4 { u32 saddr, daddr; u16 sport, dport; } __packed;
struct flow6 { u8 saddr[16], daddr[16]; u16 sport, dport; } __packed;

static u64 hash4(int key, u32 saddr, u32 daddr, u16 sport, u16 dport)
{
	struct flow4 f = { saddr, daddr, sport, dport };

	return siphash(&f, sizeof(f), secure_key(key));
}

static u64 hash6(int key, const void *saddr, const void *daddr, u16 sport, u16 dport)
{
	struct flow6 f = { .sport = sport, .dport = dport };

	memcpy(f.saddr, saddr, 16);
	memcpy(f.daddr, daddr, 16);
	return siphash(&f, sizeof(f), secure_key(key));
}

/* RFC 6528: M, the clock, advances once in 64 ns, so that a 4 GiB sequence space lasts 274 s. */
static u32 seq_clock(u64 hash)
{
	return (u32)hash + (u32)(ktime_get_real() >> 6);
}

u32 secure_tcp_seq(u32 saddr, u32 daddr, u16 sport, u16 dport)
{
	return seq_clock(hash4(KEY_ISN, saddr, daddr, sport, dport));
}

u32 secure_tcpv6_seq(const void *saddr, const void *daddr, u16 sport, u16 dport)
{
	return seq_clock(hash6(KEY_ISN, saddr, daddr, sport, dport));
}

u32 secure_tcp_ts_off(u32 saddr, u32 daddr)
{
	return (u32)hash4(KEY_TS, saddr, daddr, 0, 0);
}

u32 secure_tcpv6_ts_off(const void *saddr, const void *daddr)
{
	return (u32)hash6(KEY_TS, saddr, daddr, 0, 0);
}

u64 secure_ipv4_port_ephemeral(u32 saddr, u32 daddr, u16 dport)
{
	return hash4(KEY_PORT, saddr, daddr, 0, dport);
}

u64 secure_ipv6_port_ephemeral(const void *saddr, const void *daddr, u16 dport)
{
	return hash6(KEY_PORT, saddr, daddr, 0, dport);
}
