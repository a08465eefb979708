/* The counters of /proc/net/snmp, snmp6 and netstat, by the indices of linux/snmp.h. */
#ifndef UMK_NET_MIB_H
#define UMK_NET_MIB_H

#include "types.h"
#include <linux/snmp.h>

/* Since 6.7 Linux counts apart what was to be sent and what left, fragment by fragment: the former kept its number, the latter is the
 * last. Headers may be older. */
enum { IP_MIB_OUTREQUESTS = IPSTATS_MIB_OUTFORWDATAGRAMS + 1, IP_MIB_OUTTRANSMITS = IPSTATS_MIB_REASM_OVERLAPS + 1, IP_MIB_MAX };

struct net_mib {
	u64 ip[IP_MIB_MAX], ip6[IP_MIB_MAX];
	u64 icmp[__ICMP_MIB_MAX], icmp6[__ICMP6_MIB_MAX];
	u64 icmpmsg[512], icmp6msg[512]; /* by type: received, then from 256 on sent */
	u64 udp[__UDP_MIB_MAX], udplite[__UDP_MIB_MAX], udp6[__UDP_MIB_MAX], udplite6[__UDP_MIB_MAX];
	u64 tcp[__TCP_MIB_MAX];
	u64 linux_mib[__LINUX_MIB_MAX];  /* TcpExt */
};
extern struct net_mib net_mib;

#define IP_INC_STATS(x) ((void)net_mib.ip[x]++)
#define IP_ADD_STATS(x, n) ((void)(net_mib.ip[x] += (n)))
#define IP6_INC_STATS(x) ((void)net_mib.ip6[x]++)
#define IP6_ADD_STATS(x, n) ((void)(net_mib.ip6[x] += (n)))
#define ICMP_INC_STATS(x) ((void)net_mib.icmp[x]++)
#define ICMP6_INC_STATS(x) ((void)net_mib.icmp6[x]++)
#define TCP_INC_STATS(x) ((void)net_mib.tcp[x]++)
#define TCP_DEC_STATS(x) ((void)net_mib.tcp[x]--)
#define TCP_ADD_STATS(x, n) ((void)(net_mib.tcp[x] += (n)))
#define NET_INC_STATS(x) ((void)net_mib.linux_mib[x]++)
#define NET_ADD_STATS(x, n) ((void)(net_mib.linux_mib[x] += (n)))
/* The array that counts for a UDP socket's family and protocol. */
static inline u64 *udp_mib(bool v6, bool lite)
{
	return v6 ? (lite ? net_mib.udplite6 : net_mib.udp6) : (lite ? net_mib.udplite : net_mib.udp);
}

#endif
