/* The files of /proc/net: each subsystem shows its own; net/core/net_proc.c has the table. */
#ifndef UMK_NET_PROC_H
#define UMK_NET_PROC_H

#include "procfs.h"

struct inet_walk;
struct sock;
#define PROC_NET_SHOW(name) void name(struct seq *s, const struct proc_ctx *c)
PROC_NET_SHOW(proc_tcp_show);
PROC_NET_SHOW(proc_tcp6_show);
PROC_NET_SHOW(proc_udp_show);
PROC_NET_SHOW(proc_udp6_show);
PROC_NET_SHOW(proc_udplite_show);
PROC_NET_SHOW(proc_udplite6_show);
PROC_NET_SHOW(proc_raw_show);
PROC_NET_SHOW(proc_raw6_show);
PROC_NET_SHOW(proc_icmp_show);
PROC_NET_SHOW(proc_icmp6_show);
PROC_NET_SHOW(proc_snmp_show);
PROC_NET_SHOW(proc_snmp6_show);
PROC_NET_SHOW(proc_netstat_show);
PROC_NET_SHOW(proc_sockstat_show);
PROC_NET_SHOW(proc_sockstat6_show);
PROC_NET_SHOW(proc_route_show);
PROC_NET_SHOW(proc_ipv6_route_show);
PROC_NET_SHOW(proc_if_inet6_show);
PROC_NET_SHOW(proc_igmp_show);
PROC_NET_SHOW(proc_igmp6_show);
PROC_NET_SHOW(proc_unix_show);
PROC_NET_SHOW(proc_netlink_show);
PROC_NET_SHOW(proc_arp_show);
PROC_NET_SHOW(proc_fib_trie_show);
/* Ends a line that Linux pads to @width bytes, from @start (a value of s->len) on. */
void proc_pad_line(struct seq *s, size_t start, size_t width);
/* A number that names the socket in such files, where Linux has a hash of its address. */
unsigned long long proc_sock_id(struct sock *sk);

#endif
