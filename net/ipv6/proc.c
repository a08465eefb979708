/* /proc/net/{snmp6,if_inet6,ipv6_route,igmp6}: counters and tables of IPv6. */
#include "../ipv6.h"
#include "../proc.h"
#include "string.h"
#include <linux/if.h>
#include <linux/route.h>

struct counter {
	const char *name;
	u16 index;
};
static const struct counter ip6_counters[] = {
	{ "Ip6InReceives", IPSTATS_MIB_INPKTS }, { "Ip6InHdrErrors", IPSTATS_MIB_INHDRERRORS },
	{ "Ip6InTooBigErrors", IPSTATS_MIB_INTOOBIGERRORS }, { "Ip6InNoRoutes", IPSTATS_MIB_INNOROUTES },
	{ "Ip6InAddrErrors", IPSTATS_MIB_INADDRERRORS }, { "Ip6InUnknownProtos", IPSTATS_MIB_INUNKNOWNPROTOS },
	{ "Ip6InTruncatedPkts", IPSTATS_MIB_INTRUNCATEDPKTS }, { "Ip6InDiscards", IPSTATS_MIB_INDISCARDS },
	{ "Ip6InDelivers", IPSTATS_MIB_INDELIVERS }, { "Ip6OutForwDatagrams", IPSTATS_MIB_OUTFORWDATAGRAMS },
	{ "Ip6OutRequests", IP_MIB_OUTREQUESTS }, { "Ip6OutDiscards", IPSTATS_MIB_OUTDISCARDS },
	{ "Ip6OutNoRoutes", IPSTATS_MIB_OUTNOROUTES }, { "Ip6ReasmTimeout", IPSTATS_MIB_REASMTIMEOUT },
	{ "Ip6ReasmReqds", IPSTATS_MIB_REASMREQDS }, { "Ip6ReasmOKs", IPSTATS_MIB_REASMOKS }, { "Ip6ReasmFails", IPSTATS_MIB_REASMFAILS },
	{ "Ip6FragOKs", IPSTATS_MIB_FRAGOKS }, { "Ip6FragFails", IPSTATS_MIB_FRAGFAILS }, { "Ip6FragCreates", IPSTATS_MIB_FRAGCREATES },
	{ "Ip6InMcastPkts", IPSTATS_MIB_INMCASTPKTS }, { "Ip6OutMcastPkts", IPSTATS_MIB_OUTMCASTPKTS },
	{ "Ip6InOctets", IPSTATS_MIB_INOCTETS }, { "Ip6OutOctets", IPSTATS_MIB_OUTOCTETS },
	{ "Ip6InMcastOctets", IPSTATS_MIB_INMCASTOCTETS }, { "Ip6OutMcastOctets", IPSTATS_MIB_OUTMCASTOCTETS },
	{ "Ip6InBcastOctets", IPSTATS_MIB_INBCASTOCTETS }, { "Ip6OutBcastOctets", IPSTATS_MIB_OUTBCASTOCTETS },
	{ "Ip6InNoECTPkts", IPSTATS_MIB_NOECTPKTS }, { "Ip6InECT1Pkts", IPSTATS_MIB_ECT1PKTS }, { "Ip6InECT0Pkts", IPSTATS_MIB_ECT0PKTS },
	{ "Ip6InCEPkts", IPSTATS_MIB_CEPKTS }, { "Ip6OutTransmits", IP_MIB_OUTTRANSMITS },
};
static const struct counter icmp6_counters[] = {
	{ "Icmp6InMsgs", ICMP6_MIB_INMSGS }, { "Icmp6InErrors", ICMP6_MIB_INERRORS }, { "Icmp6OutMsgs", ICMP6_MIB_OUTMSGS },
	{ "Icmp6OutErrors", ICMP6_MIB_OUTERRORS }, { "Icmp6InCsumErrors", ICMP6_MIB_CSUMERRORS },
	{ "Icmp6OutRateLimitHost", ICMP6_MIB_RATELIMITHOST },
};
static const struct counter icmp6_types[] = { { "DestUnreachs", 1 }, { "PktTooBigs", 2 }, { "TimeExcds", 3 }, { "ParmProblems", 4 },
	{ "Echos", 128 }, { "EchoReplies", 129 }, { "GroupMembQueries", 130 }, { "GroupMembResponses", 131 }, { "GroupMembReductions", 132 },
	{ "RouterSolicits", 133 }, { "RouterAdvertisements", 134 }, { "NeighborSolicits", 135 }, { "NeighborAdvertisements", 136 },
	{ "Redirects", 137 }, { "MLDv2Reports", 143 } };
static const struct counter udp6_counters[] = {
	{ "InDatagrams", UDP_MIB_INDATAGRAMS }, { "NoPorts", UDP_MIB_NOPORTS }, { "InErrors", UDP_MIB_INERRORS },
	{ "OutDatagrams", UDP_MIB_OUTDATAGRAMS }, { "RcvbufErrors", UDP_MIB_RCVBUFERRORS }, { "SndbufErrors", UDP_MIB_SNDBUFERRORS },
	{ "InCsumErrors", UDP_MIB_CSUMERRORS }, { "IgnoredMulti", UDP_MIB_IGNOREDMULTI }, { "MemErrors", UDP_MIB_MEMERRORS },
};

static void put(struct seq *s, const char *prefix, const char *name, u64 value)
{
	char full[48];

	ksnprintf(full, sizeof(full), "%s%s", prefix, name);
	seq_printf(s, "%-32s\t%llu\n", full, (unsigned long long)value);
}

static void put_all(struct seq *s, const char *prefix, const struct counter *c, unsigned count, const u64 *values)
{
	for (unsigned i = 0; i < count; i++)
		put(s, prefix, c[i].name, values[c[i].index]);
}

void proc_snmp6_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	put_all(s, "", ip6_counters, ARRAY_SIZE(ip6_counters), net_mib.ip6);
	put_all(s, "", icmp6_counters, ARRAY_SIZE(icmp6_counters), net_mib.icmp6);
	put_all(s, "Icmp6In", icmp6_types, ARRAY_SIZE(icmp6_types), net_mib.icmp6msg);
	put_all(s, "Icmp6Out", icmp6_types, ARRAY_SIZE(icmp6_types), net_mib.icmp6msg + 256);
	for (unsigned i = 0; i < 512; i++) {
		char name[16];

		ksnprintf(name, sizeof(name), "Type%u", i % 256);
		if (net_mib.icmp6msg[i])
			put(s, i < 256 ? "Icmp6In" : "Icmp6Out", name, net_mib.icmp6msg[i]);
	}
	put_all(s, "Udp6", udp6_counters, ARRAY_SIZE(udp6_counters), udp_mib(true, false));
	for (unsigned i = 0; i < ARRAY_SIZE(udp6_counters); i++)
		if (udp6_counters[i].index != UDP_MIB_IGNOREDMULTI)
			put(s, "UdpLite6", udp6_counters[i].name, udp_mib(true, true)[udp6_counters[i].index]);
}

static void put_addr(struct seq *s, const struct in6_addr *a)
{
	for (int i = 0; i < 16; i++)
		seq_printf(s, "%02x", a->s6_addr[i]);
}

void proc_if_inet6_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	const struct net_device *dev;
	const struct inet6_ifaddr *ifa;

	list_for_each_entry(dev, &net_devices, list)
		list_for_each_entry(ifa, &dev->ip6, list) {
			put_addr(s, &ifa->addr);
			seq_printf(s, " %02x %02x %02x %02x %8s\n", dev->ifindex, ifa->prefixlen, ipv6_addr_type(&ifa->addr) & 0xf0,
				(u8)ifa->flags, dev->name);
		}
}

static void put_route(struct seq *s, const struct in6_addr *prefix, unsigned len, const struct in6_addr *gw, u32 metric, u32 refs,
	u32 flags, const char *dev)
{
	put_addr(s, prefix);
	seq_printf(s, " %02x 00000000000000000000000000000000 00 ", len);
	put_addr(s, gw);
	seq_printf(s, " %08x %08x %08x %08x %8s\n", metric, refs, 0, flags, dev);
}

#define RTF_LOCAL6 0x80000000u
#define RTF_NONEXTHOP6 0x00200000u

/* Linux begins and ends with the entry for what has no route, one for each of its tables. */
static void put_null(struct seq *s)
{
	put_route(s, &in6addr_any, 0, &in6addr_any, ~0u, 1, RTF_REJECT | RTF_NONEXTHOP6, "lo");
}

void proc_ipv6_route_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	static const u32 tables[] = { RT_TABLE_MAIN, RT_TABLE_LOCAL };
	const struct fib6_route *r;

	for (unsigned i = 0; i < ARRAY_SIZE(tables); i++) {
		list_for_each_entry(r, &fib6_set.order, order) {
			u32 flags = RTF_UP;

			if (r->table != tables[i])
				continue;
			flags |= (r->prefixlen == 128 && r->type != RTN_LOCAL ? RTF_HOST : 0) | (ipv6_addr_any(&r->gw) ? 0 : RTF_GATEWAY)
				| (r->type == RTN_LOCAL ? RTF_LOCAL6 | RTF_NONEXTHOP6 : 0);
			if (r->type == RTN_UNREACHABLE || r->type == RTN_PROHIBIT || r->type == RTN_BLACKHOLE)
				flags |= RTF_REJECT | RTF_NONEXTHOP6;
			put_route(s, &r->prefix, r->prefixlen, &r->gw, r->metric, 1, flags, r->dev ? r->dev->name : "lo");
		}
		put_null(s);
	}
}

/* Every device that is up is in the groups of all nodes. */
void proc_igmp6_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	const struct in6_addr *const all[] = { &in6addr_linklocal_allnodes, &in6addr_interfacelocal_allnodes };
	const struct net_device *dev;
	const struct ifmcaddr6 *mc;

	list_for_each_entry(dev, &net_devices, list) {
		list_for_each_entry(mc, &dev->mc6, list) {
			seq_printf(s, "%-4d %-15s ", dev->ifindex, dev->name);
			put_addr(s, &mc->group);
			seq_printf(s, " %5u %08X %d\n", mc->users, 4, 0);
		}
		for (unsigned i = 0; netif_running(dev) && i < 2; i++) {
			seq_printf(s, "%-4d %-15s ", dev->ifindex, dev->name);
			put_addr(s, all[i]);
			seq_printf(s, " %5u %08X %d\n", 1, i ? 8 : 12, 0);
		}
	}
}
