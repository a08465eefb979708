/* The values of /proc/sys/net: one structure, read afresh at each use. Times are in the unit that /proc shows unless the
 * name says otherwise. net/core/sysctl.c has the defaults and the table of names. */
#ifndef UMK_NET_SYSCTL_H
#define UMK_NET_SYSCTL_H

#include "types.h"

struct net_sysctl {
	/* net.core */
	int wmem_max, rmem_max, wmem_default, rmem_default, optmem_max, somaxconn;
	int netdev_max_backlog, netdev_budget, busy_poll, busy_read, tstamp_allow_data, warnings, txrehash, max_skb_frags;
	int rps_sock_flow_entries, dev_weight, high_order_alloc_disable, bpf_jit_enable;

	int unix_max_dgram_qlen; /* net.unix */

	/* net.ipv4 */
	int ip_default_ttl, ip_forward, ip_no_pmtu_disc, ip_forward_use_pmtu, min_pmtu, mtu_expires, min_adv_mss;
	int ip_nonlocal_bind, ip_dynaddr, ip_early_demux, udp_early_demux, tcp_early_demux, ip_autobind_reuse;
	int ip_local_port_range[2], ip_unprivileged_port_start, ping_group_range[2];
	u8 ip_local_reserved_ports[65536 / 8];
	int ipfrag_high_thresh, ipfrag_low_thresh, ipfrag_time, ipfrag_secret_interval, ipfrag_max_dist;
	int icmp_echo_ignore_all, icmp_echo_enable_probe, icmp_echo_ignore_broadcasts, icmp_ignore_bogus_error_responses;
	int icmp_errors_use_inbound_ifaddr, icmp_ratelimit, icmp_ratemask, icmp_msgs_per_sec, icmp_msgs_burst;
	int igmp_max_memberships, igmp_max_msf, igmp_qrv, igmp_link_local_mcast_reports;
	int udp_rmem_min, udp_wmem_min, udp_l3mdev_accept, raw_l3mdev_accept;
	long udp_mem[3];
	int fwmark_reflect, fib_sync_mem, fib_multipath_hash_policy, inet_peer_threshold, inet_peer_minttl, inet_peer_maxttl;
	int bindv6only; /* net.ipv6 */
	int rp_filter, accept_source_route, log_martians; /* conf.all */

	/* net.ipv4.tcp_* */
	int tcp_rmem[3], tcp_wmem[3];
	long tcp_mem[3];
	int tcp_syncookies, tcp_max_syn_backlog, tcp_synack_retries, tcp_syn_retries, tcp_retries1, tcp_retries2;
	int tcp_orphan_retries, tcp_max_orphans, tcp_max_tw_buckets, tcp_tw_reuse, tcp_fin_timeout, tcp_abort_on_overflow;
	int tcp_keepalive_time, tcp_keepalive_probes, tcp_keepalive_intvl, tcp_ecn, tcp_ecn_fallback, tcp_sack, tcp_dsack;
	int tcp_timestamps, tcp_window_scaling, tcp_moderate_rcvbuf, tcp_adv_win_scale, tcp_app_win, tcp_frto, tcp_fastopen;
	int tcp_fastopen_blackhole_timeout_sec, tcp_rfc1337, tcp_stdurg, tcp_slow_start_after_idle, tcp_no_metrics_save,
		tcp_no_ssthresh_metrics_save;
	int tcp_mtu_probing, tcp_base_mss, tcp_min_snd_mss, tcp_mtu_probe_floor, tcp_probe_threshold, tcp_probe_interval;
	int tcp_challenge_ack_limit, tcp_limit_output_bytes, tcp_min_tso_segs, tcp_tso_win_divisor, tcp_tso_rtt_log;
	int tcp_pacing_ss_ratio, tcp_pacing_ca_ratio, tcp_invalid_ratelimit, tcp_autocorking, tcp_early_retrans, tcp_recovery;
	int tcp_thin_linear_timeouts, tcp_reordering, tcp_max_reordering, tcp_retrans_collapse, tcp_workaround_signed_windows;
	int tcp_notsent_lowat_is_unset, tcp_comp_sack_nr, tcp_migrate_req, tcp_reflect_tos, tcp_syn_linear_timeouts;
	int tcp_shrink_window, tcp_backlog_ack_defer, tcp_rto_min_us, tcp_rto_max_ms, tcp_min_rtt_wlen, tcp_l3mdev_accept;
	unsigned tcp_notsent_lowat;
	long tcp_comp_sack_delay_ns, tcp_comp_sack_slack_ns;
	char tcp_congestion_control[16];
	char tcp_allowed_congestion_control[64];

	/* net.ipv6 */
	int ip6_hop_limit, ip6_mtu_min_adv_mss, ip6_accept_ra, ip6_disable_ipv6, ip6_nonlocal_bind, ip6_auto_flowlabels;
	int ip6_flowlabel_consistency, ip6_flowlabel_state_ranges, ip6_flowlabel_reflect, ip6frag_high_thresh;
	int ip6frag_low_thresh, ip6frag_time, icmpv6_ratelimit, icmpv6_echo_ignore_all, icmpv6_echo_ignore_multicast;
	int icmpv6_echo_ignore_anycast, icmpv6_error_anycast_as_unicast, ip6_mld_max_msf, ip6_fwmark_reflect;
	int ip6_idgen_retries, ip6_max_dst_opts_number, ip6_max_hbh_opts_number, ip6_max_dst_opts_len, ip6_max_hbh_opts_len;
};
extern struct net_sysctl net_sysctl;

/* A row of /proc/sys/net: its value is @count ints (or longs, or text, or the port bitmap) in net_sysctl. */
enum net_sysctl_kind { SYSCTL_INT, SYSCTL_LONG, SYSCTL_STRING, SYSCTL_BITMAP };
struct net_sysctl_row {
	const char *path;        /* below /proc/sys/net: "ipv4/ip_default_ttl" */
	void *value;
	enum net_sysctl_kind kind;
	u32 count;               /* numbers; bytes of a string with its NUL; bits of a bitmap */
	long min, max;           /* of each number; outside: EINVAL */
	u32 mode;                /* 0644, 0444 */
};
extern const struct net_sysctl_row net_sysctl_rows[];
extern const unsigned net_sysctl_nrows;
void net_sysctl_init(void); /* the rows as files (sysctl_proc.c) */

static inline bool inet_is_local_reserved_port(u16 port)
{
	return net_sysctl.ip_local_reserved_ports[port / 8] >> (port % 8) & 1;
}

#endif
