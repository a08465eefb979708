/* SipHash-2-4 (Aumasson and Bernstein): a keyed hash that a peer cannot steer. What TCP derives from a connection's
 * addresses (sequence numbers, timestamp offsets, cookies, ports) and hash tables with hostile keys use it. */
#ifndef UMK_NET_SIPHASH_H
#define UMK_NET_SIPHASH_H

#include "types.h"

struct siphash_key { u64 key[2]; };
u64 siphash(const void *data, size_t size, const struct siphash_key *key);

/* Initial sequence numbers by RFC 6528: a hash of the connection plus a clock of 64 ns. Ports in network order. */
u32 secure_tcp_seq(u32 saddr, u32 daddr, u16 sport, u16 dport);
u32 secure_tcpv6_seq(const void *saddr, const void *daddr, u16 sport, u16 dport);
/* What a connection adds to its timestamp clock, by its addresses alone. */
u32 secure_tcp_ts_off(u32 saddr, u32 daddr);
u32 secure_tcpv6_ts_off(const void *saddr, const void *daddr);
/* Where the search for a free local port starts (RFC 6056, algorithm 3). */
u64 secure_ipv4_port_ephemeral(u32 saddr, u32 daddr, u16 dport);
u64 secure_ipv6_port_ephemeral(const void *saddr, const void *daddr, u16 dport);

#endif
