/* What %{ }% blocks see: tcp_info and its kin as Python assignments. Blocks are not run here, but written out and run when the
 * script has ended. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <linux/tcp.h>

#include "pd.h"

#define FIELD(f) { #f, offsetof(struct tcp_info, f), sizeof(((struct tcp_info *)0)->f) }
static const struct { const char *name; size_t offset, size; } fields[] = {
	FIELD(tcpi_state), FIELD(tcpi_ca_state), FIELD(tcpi_retransmits), FIELD(tcpi_probes), FIELD(tcpi_backoff),
	FIELD(tcpi_options), FIELD(tcpi_rto), FIELD(tcpi_ato), FIELD(tcpi_snd_mss), FIELD(tcpi_rcv_mss), FIELD(tcpi_unacked),
	FIELD(tcpi_sacked), FIELD(tcpi_lost), FIELD(tcpi_retrans), FIELD(tcpi_fackets), FIELD(tcpi_last_data_sent),
	FIELD(tcpi_last_ack_sent), FIELD(tcpi_last_data_recv), FIELD(tcpi_last_ack_recv), FIELD(tcpi_pmtu),
	FIELD(tcpi_rcv_ssthresh), FIELD(tcpi_rtt), FIELD(tcpi_rttvar), FIELD(tcpi_snd_ssthresh), FIELD(tcpi_snd_cwnd),
	FIELD(tcpi_advmss), FIELD(tcpi_reordering), FIELD(tcpi_rcv_rtt), FIELD(tcpi_rcv_space), FIELD(tcpi_total_retrans),
	FIELD(tcpi_pacing_rate), FIELD(tcpi_max_pacing_rate), FIELD(tcpi_bytes_acked), FIELD(tcpi_bytes_received),
	FIELD(tcpi_segs_out), FIELD(tcpi_segs_in), FIELD(tcpi_notsent_bytes), FIELD(tcpi_min_rtt), FIELD(tcpi_data_segs_in),
	FIELD(tcpi_data_segs_out), FIELD(tcpi_delivery_rate), FIELD(tcpi_busy_time), FIELD(tcpi_rwnd_limited),
	FIELD(tcpi_sndbuf_limited), FIELD(tcpi_delivered), FIELD(tcpi_delivered_ce), FIELD(tcpi_bytes_sent),
	FIELD(tcpi_bytes_retrans), FIELD(tcpi_dsack_dups), FIELD(tcpi_reord_seen), FIELD(tcpi_rcv_ooopack), FIELD(tcpi_snd_wnd),
};
static const char *const constants[] = {
	"TCPI_OPT_TIMESTAMPS=1", "TCPI_OPT_SACK=2", "TCPI_OPT_WSCALE=4", "TCPI_OPT_ECN=8", "TCPI_OPT_ECN_SEEN=16",
	"TCPI_OPT_SYN_DATA=32", "TCP_ESTABLISHED=1", "TCP_SYN_SENT=2", "TCP_SYN_RECV=3", "TCP_FIN_WAIT1=4", "TCP_FIN_WAIT2=5",
	"TCP_TIME_WAIT=6", "TCP_CLOSE=7", "TCP_CLOSE_WAIT=8", "TCP_LAST_ACK=9", "TCP_LISTEN=10", "TCP_CLOSING=11",
	"TCP_CA_Open=0", "TCP_CA_Disorder=1", "TCP_CA_CWR=2", "TCP_CA_Recovery=3", "TCP_CA_Loss=4",
};
static const char *const meminfo[] = {
	"SK_MEMINFO_RMEM_ALLOC", "SK_MEMINFO_RCVBUF", "SK_MEMINFO_WMEM_ALLOC", "SK_MEMINFO_SNDBUF", "SK_MEMINFO_FWD_ALLOC",
	"SK_MEMINFO_WMEM_QUEUED", "SK_MEMINFO_OPTMEM", "SK_MEMINFO_BACKLOG", "SK_MEMINFO_DROPS",
};

static void export_meminfo(FILE *out, int fd)
{
	uint32_t mem[9];
	socklen_t size = sizeof(mem);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, mem, &size))
		return;
	for (size_t i = 0; i < size / 4; i++)
		fprintf(out, "%s=%u\n", meminfo[i], mem[i]);
}

void info_export(int fd)
{
	FILE *out = code_file();
	struct tcp_info info;
	socklen_t size = sizeof(info);

	memset(&info, 0, sizeof(info));
	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++)
		fprintf(out, "%s\n", constants[i]);
	if (fd < 0 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size))
		return;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		uint64_t v = 0;

		if (fields[i].offset + fields[i].size > size)
			continue;
		memcpy(&v, (char *)&info + fields[i].offset, fields[i].size);
		fprintf(out, "%s=%llu\n", fields[i].name, (unsigned long long)v);
	}
	/* the bit fields */
	fprintf(out, "tcpi_snd_wscale=%u\ntcpi_rcv_wscale=%u\ntcpi_delivery_rate_app_limited=%u\ntcpi_fastopen_client_fail=%u\n",
		info.tcpi_snd_wscale, info.tcpi_rcv_wscale, info.tcpi_delivery_rate_app_limited, info.tcpi_fastopen_client_fail);
	export_meminfo(out, fd);
}
