/* What a route is looked up for. */
#ifndef UMK_NET_FLOW_H
#define UMK_NET_FLOW_H

#include "types.h"
#include <linux/types.h>
#include <linux/in6.h>

#define FLOWI_FLAG_ANYSRC 1        /* any source address will do (transparent, IP_HDRINCL) */
#define FLOWI_FLAG_KNOWN_NH 2

struct flowi4 {
	int flowi4_oif, flowi4_iif;
	u32 flowi4_mark, flowi4_uid;
	u8 flowi4_tos, flowi4_scope, flowi4_proto, flowi4_flags;
	__be32 daddr, saddr;
	__be16 fl4_sport, fl4_dport;
	u8 fl4_icmp_type, fl4_icmp_code;
};
struct flowi6 {
	int flowi6_oif, flowi6_iif;
	u32 flowi6_mark, flowi6_uid;
	u8 flowi6_proto, flowi6_flags;
	__be32 flowlabel;          /* with the traffic class: as in the header's first word */
	struct in6_addr daddr, saddr;
	__be16 fl6_sport, fl6_dport;
	u8 fl6_icmp_type, fl6_icmp_code;
};
struct flowi {
	union {
		struct flowi4 ip4;
		struct flowi6 ip6;
	} u;
};

#endif
