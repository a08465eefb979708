/* /proc/net/{snmp,netstat,sockstat,route,arp,igmp,fib_trie}: counters and tables of IPv4. */
#include "../ip.h"
#include "../inet_csk.h"
#include "../inet_walk.h"
#include "../proc.h"
#include "../tcp.h"
#include "../udp.h"
#include "string.h"
#include <linux/if.h>
#include <linux/route.h>

struct counter {
	const char *name;
	u16 index;
};

/* ---- counters ---- */

static const struct counter tcp_ext[] = { /* index 0: what this stack does not count */
	{ "SyncookiesSent", LINUX_MIB_SYNCOOKIESSENT }, { "SyncookiesRecv", LINUX_MIB_SYNCOOKIESRECV },
	{ "SyncookiesFailed", LINUX_MIB_SYNCOOKIESFAILED }, { "EmbryonicRsts", LINUX_MIB_EMBRYONICRSTS },
	{ "PruneCalled", LINUX_MIB_PRUNECALLED }, { "RcvPruned", LINUX_MIB_RCVPRUNED }, { "OfoPruned", LINUX_MIB_OFOPRUNED },
	{ "OutOfWindowIcmps", LINUX_MIB_OUTOFWINDOWICMPS }, { "LockDroppedIcmps", LINUX_MIB_LOCKDROPPEDICMPS },
	{ "ArpFilter", LINUX_MIB_ARPFILTER }, { "TW", LINUX_MIB_TIMEWAITED }, { "TWRecycled", LINUX_MIB_TIMEWAITRECYCLED },
	{ "TWKilled", LINUX_MIB_TIMEWAITKILLED }, { "PAWSActive", LINUX_MIB_PAWSACTIVEREJECTED },
	{ "PAWSEstab", LINUX_MIB_PAWSESTABREJECTED }, { "BeyondWindow", 0 }, { "TSEcrRejected", 0 }, { "PAWSOldAck", 0 },
	{ "PAWSTimewait", 0 }, { "DelayedACKs", LINUX_MIB_DELAYEDACKS }, { "DelayedACKLocked", LINUX_MIB_DELAYEDACKLOCKED },
	{ "DelayedACKLost", LINUX_MIB_DELAYEDACKLOST }, { "ListenOverflows", LINUX_MIB_LISTENOVERFLOWS },
	{ "ListenDrops", LINUX_MIB_LISTENDROPS }, { "TCPHPHits", LINUX_MIB_TCPHPHITS }, { "TCPPureAcks", LINUX_MIB_TCPPUREACKS },
	{ "TCPHPAcks", LINUX_MIB_TCPHPACKS }, { "TCPRenoRecovery", LINUX_MIB_TCPRENORECOVERY },
	{ "TCPSackRecovery", LINUX_MIB_TCPSACKRECOVERY }, { "TCPSACKReneging", LINUX_MIB_TCPSACKRENEGING },
	{ "TCPSACKReorder", LINUX_MIB_TCPSACKREORDER }, { "TCPRenoReorder", LINUX_MIB_TCPRENOREORDER },
	{ "TCPTSReorder", LINUX_MIB_TCPTSREORDER }, { "TCPFullUndo", LINUX_MIB_TCPFULLUNDO },
	{ "TCPPartialUndo", LINUX_MIB_TCPPARTIALUNDO }, { "TCPDSACKUndo", LINUX_MIB_TCPDSACKUNDO },
	{ "TCPLossUndo", LINUX_MIB_TCPLOSSUNDO }, { "TCPLostRetransmit", LINUX_MIB_TCPLOSTRETRANSMIT },
	{ "TCPRenoFailures", LINUX_MIB_TCPRENOFAILURES }, { "TCPSackFailures", LINUX_MIB_TCPSACKFAILURES },
	{ "TCPLossFailures", LINUX_MIB_TCPLOSSFAILURES }, { "TCPFastRetrans", LINUX_MIB_TCPFASTRETRANS },
	{ "TCPSlowStartRetrans", LINUX_MIB_TCPSLOWSTARTRETRANS }, { "TCPTimeouts", LINUX_MIB_TCPTIMEOUTS },
	{ "TCPLossProbes", LINUX_MIB_TCPLOSSPROBES }, { "TCPLossProbeRecovery", LINUX_MIB_TCPLOSSPROBERECOVERY },
	{ "TCPRenoRecoveryFail", LINUX_MIB_TCPRENORECOVERYFAIL }, { "TCPSackRecoveryFail", LINUX_MIB_TCPSACKRECOVERYFAIL },
	{ "TCPRcvCollapsed", LINUX_MIB_TCPRCVCOLLAPSED }, { "TCPBacklogCoalesce", LINUX_MIB_TCPBACKLOGCOALESCE },
	{ "TCPDSACKOldSent", LINUX_MIB_TCPDSACKOLDSENT }, { "TCPDSACKOfoSent", LINUX_MIB_TCPDSACKOFOSENT },
	{ "TCPDSACKRecv", LINUX_MIB_TCPDSACKRECV }, { "TCPDSACKOfoRecv", LINUX_MIB_TCPDSACKOFORECV },
	{ "TCPAbortOnData", LINUX_MIB_TCPABORTONDATA }, { "TCPAbortOnClose", LINUX_MIB_TCPABORTONCLOSE },
	{ "TCPAbortOnMemory", LINUX_MIB_TCPABORTONMEMORY }, { "TCPAbortOnTimeout", LINUX_MIB_TCPABORTONTIMEOUT },
	{ "TCPAbortOnLinger", LINUX_MIB_TCPABORTONLINGER }, { "TCPAbortFailed", LINUX_MIB_TCPABORTFAILED },
	{ "TCPMemoryPressures", LINUX_MIB_TCPMEMORYPRESSURES }, { "TCPMemoryPressuresChrono", LINUX_MIB_TCPMEMORYPRESSURESCHRONO },
	{ "TCPSACKDiscard", LINUX_MIB_TCPSACKDISCARD }, { "TCPDSACKIgnoredOld", LINUX_MIB_TCPDSACKIGNOREDOLD },
	{ "TCPDSACKIgnoredNoUndo", LINUX_MIB_TCPDSACKIGNOREDNOUNDO }, { "TCPSpuriousRTOs", LINUX_MIB_TCPSPURIOUSRTOS },
	{ "TCPMD5NotFound", LINUX_MIB_TCPMD5NOTFOUND }, { "TCPMD5Unexpected", LINUX_MIB_TCPMD5UNEXPECTED },
	{ "TCPMD5Failure", LINUX_MIB_TCPMD5FAILURE }, { "TCPSackShifted", LINUX_MIB_SACKSHIFTED },
	{ "TCPSackMerged", LINUX_MIB_SACKMERGED }, { "TCPSackShiftFallback", LINUX_MIB_SACKSHIFTFALLBACK },
	{ "TCPBacklogDrop", LINUX_MIB_TCPBACKLOGDROP }, { "PFMemallocDrop", LINUX_MIB_PFMEMALLOCDROP },
	{ "TCPMinTTLDrop", LINUX_MIB_TCPMINTTLDROP }, { "TCPDeferAcceptDrop", LINUX_MIB_TCPDEFERACCEPTDROP },
	{ "IPReversePathFilter", LINUX_MIB_IPRPFILTER }, { "TCPTimeWaitOverflow", LINUX_MIB_TCPTIMEWAITOVERFLOW },
	{ "TCPReqQFullDoCookies", LINUX_MIB_TCPREQQFULLDOCOOKIES }, { "TCPReqQFullDrop", LINUX_MIB_TCPREQQFULLDROP },
	{ "TCPRetransFail", LINUX_MIB_TCPRETRANSFAIL }, { "TCPRcvCoalesce", LINUX_MIB_TCPRCVCOALESCE },
	{ "TCPOFOQueue", LINUX_MIB_TCPOFOQUEUE }, { "TCPOFODrop", LINUX_MIB_TCPOFODROP }, { "TCPOFOMerge", LINUX_MIB_TCPOFOMERGE },
	{ "TCPChallengeACK", LINUX_MIB_TCPCHALLENGEACK }, { "TCPSYNChallenge", LINUX_MIB_TCPSYNCHALLENGE },
	{ "TCPFastOpenActive", LINUX_MIB_TCPFASTOPENACTIVE }, { "TCPFastOpenActiveFail", LINUX_MIB_TCPFASTOPENACTIVEFAIL },
	{ "TCPFastOpenPassive", LINUX_MIB_TCPFASTOPENPASSIVE }, { "TCPFastOpenPassiveFail", LINUX_MIB_TCPFASTOPENPASSIVEFAIL },
	{ "TCPFastOpenListenOverflow", LINUX_MIB_TCPFASTOPENLISTENOVERFLOW },
	{ "TCPFastOpenCookieReqd", LINUX_MIB_TCPFASTOPENCOOKIEREQD }, { "TCPFastOpenBlackhole", LINUX_MIB_TCPFASTOPENBLACKHOLE },
	{ "TCPSpuriousRtxHostQueues", LINUX_MIB_TCPSPURIOUS_RTX_HOSTQUEUES }, { "BusyPollRxPackets", LINUX_MIB_BUSYPOLLRXPACKETS },
	{ "TCPAutoCorking", LINUX_MIB_TCPAUTOCORKING }, { "TCPFromZeroWindowAdv", LINUX_MIB_TCPFROMZEROWINDOWADV },
	{ "TCPToZeroWindowAdv", LINUX_MIB_TCPTOZEROWINDOWADV }, { "TCPWantZeroWindowAdv", LINUX_MIB_TCPWANTZEROWINDOWADV },
	{ "TCPSynRetrans", LINUX_MIB_TCPSYNRETRANS }, { "TCPOrigDataSent", LINUX_MIB_TCPORIGDATASENT },
	{ "TCPHystartTrainDetect", LINUX_MIB_TCPHYSTARTTRAINDETECT }, { "TCPHystartTrainCwnd", LINUX_MIB_TCPHYSTARTTRAINCWND },
	{ "TCPHystartDelayDetect", LINUX_MIB_TCPHYSTARTDELAYDETECT }, { "TCPHystartDelayCwnd", LINUX_MIB_TCPHYSTARTDELAYCWND },
	{ "TCPACKSkippedSynRecv", LINUX_MIB_TCPACKSKIPPEDSYNRECV }, { "TCPACKSkippedPAWS", LINUX_MIB_TCPACKSKIPPEDPAWS },
	{ "TCPACKSkippedSeq", LINUX_MIB_TCPACKSKIPPEDSEQ }, { "TCPACKSkippedFinWait2", LINUX_MIB_TCPACKSKIPPEDFINWAIT2 },
	{ "TCPACKSkippedTimeWait", LINUX_MIB_TCPACKSKIPPEDTIMEWAIT }, { "TCPACKSkippedChallenge", LINUX_MIB_TCPACKSKIPPEDCHALLENGE },
	{ "TCPWinProbe", LINUX_MIB_TCPWINPROBE }, { "TCPKeepAlive", LINUX_MIB_TCPKEEPALIVE },
	{ "TCPMTUPFail", LINUX_MIB_TCPMTUPFAIL }, { "TCPMTUPSuccess", LINUX_MIB_TCPMTUPSUCCESS },
	{ "TCPDelivered", LINUX_MIB_TCPDELIVERED }, { "TCPDeliveredCE", LINUX_MIB_TCPDELIVEREDCE },
	{ "TCPAckCompressed", LINUX_MIB_TCPACKCOMPRESSED }, { "TCPZeroWindowDrop", LINUX_MIB_TCPZEROWINDOWDROP },
	{ "TCPRcvQDrop", LINUX_MIB_TCPRCVQDROP }, { "TCPWqueueTooBig", LINUX_MIB_TCPWQUEUETOOBIG },
	{ "TCPFastOpenPassiveAltKey", LINUX_MIB_TCPFASTOPENPASSIVEALTKEY }, { "TcpTimeoutRehash", LINUX_MIB_TCPTIMEOUTREHASH },
	{ "TcpDuplicateDataRehash", LINUX_MIB_TCPDUPLICATEDATAREHASH }, { "TCPDSACKRecvSegs", LINUX_MIB_TCPDSACKRECVSEGS },
	{ "TCPDSACKIgnoredDubious", LINUX_MIB_TCPDSACKIGNOREDDUBIOUS }, { "TCPMigrateReqSuccess", LINUX_MIB_TCPMIGRATEREQSUCCESS },
	{ "TCPMigrateReqFailure", LINUX_MIB_TCPMIGRATEREQFAILURE }, { "TCPPLBRehash", 0 }, { "TCPAORequired", 0 }, { "TCPAOBad", 0 },
	{ "TCPAOKeyNotFound", 0 }, { "TCPAOGood", 0 }, { "TCPAODroppedIcmps", 0 },
};
static const struct counter ip_ext[] = {
	{ "InNoRoutes", IPSTATS_MIB_INNOROUTES }, { "InTruncatedPkts", IPSTATS_MIB_INTRUNCATEDPKTS },
	{ "InMcastPkts", IPSTATS_MIB_INMCASTPKTS }, { "OutMcastPkts", IPSTATS_MIB_OUTMCASTPKTS },
	{ "InBcastPkts", IPSTATS_MIB_INBCASTPKTS }, { "OutBcastPkts", IPSTATS_MIB_OUTBCASTPKTS },
	{ "InOctets", IPSTATS_MIB_INOCTETS }, { "OutOctets", IPSTATS_MIB_OUTOCTETS }, { "InMcastOctets", IPSTATS_MIB_INMCASTOCTETS },
	{ "OutMcastOctets", IPSTATS_MIB_OUTMCASTOCTETS }, { "InBcastOctets", IPSTATS_MIB_INBCASTOCTETS },
	{ "OutBcastOctets", IPSTATS_MIB_OUTBCASTOCTETS }, { "InCsumErrors", IPSTATS_MIB_CSUMERRORS },
	{ "InNoECTPkts", IPSTATS_MIB_NOECTPKTS }, { "InECT1Pkts", IPSTATS_MIB_ECT1PKTS }, { "InECT0Pkts", IPSTATS_MIB_ECT0PKTS },
	{ "InCEPkts", IPSTATS_MIB_CEPKTS }, { "ReasmOverlaps", IPSTATS_MIB_REASM_OVERLAPS },
};
static const struct counter ip_counters[] = {
	{ "InReceives", IPSTATS_MIB_INPKTS }, { "InHdrErrors", IPSTATS_MIB_INHDRERRORS }, { "InAddrErrors", IPSTATS_MIB_INADDRERRORS },
	{ "ForwDatagrams", IPSTATS_MIB_OUTFORWDATAGRAMS }, { "InUnknownProtos", IPSTATS_MIB_INUNKNOWNPROTOS },
	{ "InDiscards", IPSTATS_MIB_INDISCARDS }, { "InDelivers", IPSTATS_MIB_INDELIVERS }, { "OutRequests", IP_MIB_OUTREQUESTS },
	{ "OutDiscards", IPSTATS_MIB_OUTDISCARDS }, { "OutNoRoutes", IPSTATS_MIB_OUTNOROUTES },
	{ "ReasmTimeout", IPSTATS_MIB_REASMTIMEOUT }, { "ReasmReqds", IPSTATS_MIB_REASMREQDS }, { "ReasmOKs", IPSTATS_MIB_REASMOKS },
	{ "ReasmFails", IPSTATS_MIB_REASMFAILS }, { "FragOKs", IPSTATS_MIB_FRAGOKS }, { "FragFails", IPSTATS_MIB_FRAGFAILS },
	{ "FragCreates", IPSTATS_MIB_FRAGCREATES }, { "OutTransmits", IP_MIB_OUTTRANSMITS },
};
static const struct counter tcp_counters[] = {
	{ "ActiveOpens", TCP_MIB_ACTIVEOPENS }, { "PassiveOpens", TCP_MIB_PASSIVEOPENS }, { "AttemptFails", TCP_MIB_ATTEMPTFAILS },
	{ "EstabResets", TCP_MIB_ESTABRESETS }, { "CurrEstab", TCP_MIB_CURRESTAB }, { "InSegs", TCP_MIB_INSEGS },
	{ "OutSegs", TCP_MIB_OUTSEGS }, { "RetransSegs", TCP_MIB_RETRANSSEGS }, { "InErrs", TCP_MIB_INERRS },
	{ "OutRsts", TCP_MIB_OUTRSTS }, { "InCsumErrors", TCP_MIB_CSUMERRORS },
};
static const struct counter udp_counters[] = {
	{ "InDatagrams", UDP_MIB_INDATAGRAMS }, { "NoPorts", UDP_MIB_NOPORTS }, { "InErrors", UDP_MIB_INERRORS },
	{ "OutDatagrams", UDP_MIB_OUTDATAGRAMS }, { "RcvbufErrors", UDP_MIB_RCVBUFERRORS }, { "SndbufErrors", UDP_MIB_SNDBUFERRORS },
	{ "InCsumErrors", UDP_MIB_CSUMERRORS }, { "IgnoredMulti", UDP_MIB_IGNOREDMULTI }, { "MemErrors", UDP_MIB_MEMERRORS },
};
/* Types of ICMP messages in the order of the columns. */
static const struct counter icmp_types[] = { { "DestUnreachs", 3 }, { "TimeExcds", 11 }, { "ParmProbs", 12 }, { "SrcQuenchs", 4 },
	{ "Redirects", 5 }, { "Echos", 8 }, { "EchoReps", 0 }, { "Timestamps", 13 }, { "TimestampReps", 14 }, { "AddrMasks", 17 },
	{ "AddrMaskReps", 18 } };

static void put_names(struct seq *s, const struct counter *c, unsigned count, const char *prefix)
{
	for (unsigned i = 0; i < count; i++)
		seq_printf(s, " %s%s", prefix, c[i].name);
}

static void put_values(struct seq *s, const struct counter *c, unsigned count, const u64 *values)
{
	for (unsigned i = 0; i < count; i++)
		seq_printf(s, " %llu", (unsigned long long)values[c[i].index]);
}

static void put_both(struct seq *s, const char *title, const struct counter *c, unsigned count, const u64 *values)
{
	seq_printf(s, "%s:", title);
	put_names(s, c, count, "");
	seq_printf(s, "\n%s:", title);
	put_values(s, c, count, values);
	seq_puts(s, "\n");
}

static void put_icmp(struct seq *s)
{
	const unsigned n = ARRAY_SIZE(icmp_types);
	const u64 *m = net_mib.icmp;
	bool any = false;

	seq_puts(s, "Icmp: InMsgs InErrors InCsumErrors");
	put_names(s, icmp_types, n, "In");
	seq_puts(s, " OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost");
	put_names(s, icmp_types, n, "Out");
	seq_printf(s, "\nIcmp: %llu %llu %llu", (unsigned long long)m[ICMP_MIB_INMSGS], (unsigned long long)m[ICMP_MIB_INERRORS],
		(unsigned long long)m[ICMP_MIB_CSUMERRORS]);
	put_values(s, icmp_types, n, net_mib.icmpmsg);
	seq_printf(s, " %llu %llu %llu %llu", (unsigned long long)m[ICMP_MIB_OUTMSGS], (unsigned long long)m[ICMP_MIB_OUTERRORS],
		(unsigned long long)m[ICMP_MIB_RATELIMITGLOBAL], (unsigned long long)m[ICMP_MIB_RATELIMITHOST]);
	put_values(s, icmp_types, n, net_mib.icmpmsg + 256);
	seq_puts(s, "\n");
	/* By type, as many as have been counted. */
	for (unsigned i = 0; i < 512; i++)
		if (net_mib.icmpmsg[i]) {
			seq_printf(s, "%s%sType%u", any ? " " : "IcmpMsg: ", i < 256 ? "In" : "Out", i % 256);
			any = true;
		}
	if (!any)
		return;
	seq_puts(s, "\nIcmpMsg:");
	for (unsigned i = 0; i < 512; i++)
		if (net_mib.icmpmsg[i])
			seq_printf(s, " %llu", (unsigned long long)net_mib.icmpmsg[i]);
	seq_puts(s, "\n");
}

void proc_snmp_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "Ip: Forwarding DefaultTTL");
	put_names(s, ip_counters, ARRAY_SIZE(ip_counters), "");
	seq_printf(s, "\nIp: %d %d", net_sysctl.ip_forward ? 1 : 2, net_sysctl.ip_default_ttl);
	put_values(s, ip_counters, ARRAY_SIZE(ip_counters), net_mib.ip);
	seq_puts(s, "\n");
	put_icmp(s);
	seq_puts(s, "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn");
	put_names(s, tcp_counters, ARRAY_SIZE(tcp_counters), "");
	seq_puts(s, "\nTcp: 1 200 120000 -1");
	put_values(s, tcp_counters, ARRAY_SIZE(tcp_counters), net_mib.tcp);
	seq_puts(s, "\n");
	put_both(s, "Udp", udp_counters, ARRAY_SIZE(udp_counters), udp_mib(false, false));
	put_both(s, "UdpLite", udp_counters, ARRAY_SIZE(udp_counters), udp_mib(false, true));
}

void proc_netstat_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	put_both(s, "TcpExt", tcp_ext, ARRAY_SIZE(tcp_ext), net_mib.linux_mib);
	put_both(s, "IpExt", ip_ext, ARRAY_SIZE(ip_ext), net_mib.ip);
}

/* ---- how many sockets ---- */

static unsigned count(enum inet_walk_what what, u16 family)
{
	struct inet_walk w = { .what = what };
	const struct sock *sk;
	unsigned n = 0;

	while ((sk = inet_walk_next(&w)))
		n += sk->sk_family == family && sk->sk_state != TCP_TIME_WAIT && sk->sk_state != TCP_NEW_SYN_RECV;
	return n;
}

void proc_sockstat_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	unsigned inuse = count(WALK_TCP_LISTEN, AF_INET) + count(WALK_TCP, AF_INET);
	unsigned six = count(WALK_TCP_LISTEN, AF_INET6) + count(WALK_TCP, AF_INET6);

	seq_printf(s, "sockets: used %u\nTCP: inuse %u orphan %u tw %u alloc %u mem %ld\n", sockets_in_use, inuse, tcp_orphan_count,
		tcp_tw_count, inuse + six + tcp_orphan_count, proto_mem_pages(&tcp_memory));
	seq_printf(s, "UDP: inuse %u mem %ld\nUDPLITE: inuse %u\nRAW: inuse %u\nFRAG: inuse 0 memory 0\n", count(WALK_UDP, AF_INET),
		proto_mem_pages(&udp_memory), count(WALK_UDPLITE, AF_INET), count(WALK_RAW, AF_INET));
}

void proc_sockstat6_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_printf(s, "TCP6: inuse %u\nUDP6: inuse %u\nUDPLITE6: inuse %u\nRAW6: inuse %u\nFRAG6: inuse 0 memory 0\n",
		count(WALK_TCP_LISTEN, AF_INET6) + count(WALK_TCP, AF_INET6), count(WALK_UDP, AF_INET6), count(WALK_UDPLITE, AF_INET6),
		count(WALK_RAW6, AF_INET6));
}

/* ---- tables ---- */

void proc_route_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	size_t start = s->len;
	const struct fib_route *r;

	seq_puts(s, "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT");
	proc_pad_line(s, start, 127);
	list_for_each_entry(r, &fib4_set.order, order) {
		unsigned flags = r->type == RTN_UNREACHABLE || r->type == RTN_PROHIBIT ? RTF_REJECT : 0;

		if (r->table != RT_TABLE_MAIN || r->type == RTN_BROADCAST || r->type == RTN_MULTICAST)
			continue;
		flags |= (r->gw ? RTF_GATEWAY : 0) | (r->prefixlen == 32 ? RTF_HOST : 0) | RTF_UP;
		start = s->len;
		seq_printf(s, "%s\t%08X\t%08X\t%04X\t%d\t%u\t%d\t%08X\t%u\t%u\t%u", r->dev ? r->dev->name : "*", r->prefix, r->gw, flags, 0, 0,
			(int)r->metric, inet_make_mask(r->prefixlen), r->metrics[RTAX_ADVMSS] ? r->metrics[RTAX_ADVMSS] + 40 : 0, 0, 0);
		proc_pad_line(s, start, 127);
	}
}

/* Who is in which multicast group; every device that is up is in that of all hosts. */
void proc_igmp_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	const struct net_device *dev;
	const struct ip_mc_dev *im;

	seq_puts(s, "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n");
	list_for_each_entry(dev, &net_devices, list) {
		unsigned n = netif_running(dev);

		list_for_each_entry(im, &dev->mc4, list)
			n++;
		seq_printf(s, "%d\t%-10s: %5u %7s\n", dev->ifindex, dev->name, n, "V3");
		list_for_each_entry(im, &dev->mc4, list)
			seq_printf(s, "\t\t\t\t%08X %5u %d:%08X\t\t%d\n", im->group, im->users, 0, 0, 0);
		if (netif_running(dev))
			seq_printf(s, "\t\t\t\t%08X %5d %d:%08X\t\t%d\n", htonl(INADDR_ALLHOSTS_GROUP), 1, 0, 0, 0);
	}
}

static const char *type_name(u8 type)
{
	static const char *const names[] = { "UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE",
		"PROHIBIT", "THROW", "NAT", "XRESOLVE" };

	return type < ARRAY_SIZE(names) ? names[type] : "?";
}

/* The leaves of each table; there is no trie here, so no inner nodes are shown. */
void proc_fib_trie_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	static const struct { u32 table; const char *name; } tables[] = { { RT_TABLE_MAIN, "Main" }, { RT_TABLE_LOCAL, "Local" } };

	for (unsigned i = 0; i < ARRAY_SIZE(tables); i++) {
		const struct fib_route *r;

		seq_printf(s, "%s:\n", tables[i].name);
		list_for_each_entry(r, &fib4_set.order, order) {
			u32 a = ntohl(r->prefix);

			if (r->table == tables[i].table)
				seq_printf(s, "  |-- %u.%u.%u.%u\n     /%u %s %s\n", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255, r->prefixlen,
					r->scope == RT_SCOPE_HOST ? "host" : r->scope == RT_SCOPE_LINK ? "link" : "universe", type_name(r->type));
		}
	}
}
