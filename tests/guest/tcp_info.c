/* TCP_INFO: the figures that do not depend on time. */ /* musl */
/* Not shown: what the host remembers of earlier connections to the same address (ssthresh, reordering). */
#include "tcp_pair.h"
#include <stdint.h>

/* The kernel's struct tcp_info: libc's ends early. */
struct info {
	uint8_t tcpi_state, tcpi_ca_state, tcpi_retransmits, tcpi_probes, tcpi_backoff, tcpi_options;
	uint8_t tcpi_snd_wscale : 4, tcpi_rcv_wscale : 4, flags;
	uint32_t tcpi_rto, tcpi_ato, tcpi_snd_mss, tcpi_rcv_mss, tcpi_unacked, tcpi_sacked, tcpi_lost, tcpi_retrans, tcpi_fackets,
		last_data_sent, last_ack_sent, last_data_recv, last_ack_recv, tcpi_pmtu, tcpi_rcv_ssthresh, tcpi_rtt, tcpi_rttvar,
		tcpi_snd_ssthresh, tcpi_snd_cwnd, tcpi_advmss, tcpi_reordering, tcpi_rcv_rtt, tcpi_rcv_space, tcpi_total_retrans;
	uint64_t pacing_rate, max_pacing_rate, tcpi_bytes_acked, tcpi_bytes_received;
	uint32_t segs_out, segs_in, tcpi_notsent_bytes, tcpi_min_rtt, tcpi_data_segs_in, tcpi_data_segs_out;
	uint64_t delivery_rate, busy_time, rwnd_limited, sndbuf_limited;
	uint32_t tcpi_delivered, delivered_ce;
	uint64_t tcpi_bytes_sent, tcpi_bytes_retrans;
};

static void show(const char *who, int fd)
{
	struct info i;
	socklen_t len = sizeof(i);

	memset(&i, 0xee, sizeof(i));
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &i, &len)) {
		printf("%s: %s\n", who, errno_name(errno));
		return;
	}
	printf("%s: state %d ca %d options %#x scaled %d unacked %u sacked %u lost %u retrans %u total %u\n", who, i.tcpi_state,
		i.tcpi_ca_state, i.tcpi_options, i.tcpi_snd_wscale && i.tcpi_snd_wscale == i.tcpi_rcv_wscale, i.tcpi_unacked, i.tcpi_sacked, i.tcpi_lost,
		i.tcpi_retrans, i.tcpi_total_retrans);
	printf("%s: pmtu %u advmss %u cwnd %u backoff %u probes %u\n", who, i.tcpi_pmtu, i.tcpi_advmss,
		i.tcpi_snd_cwnd, i.tcpi_backoff, i.tcpi_probes);
}

int main(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 7), c, s, n = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_INET, SOCK_DGRAM, 0);
	struct info i;
	socklen_t len;
	char buf[5000] = "";

	show("closed", n);
	show("datagram", u);
	show("listener", l);
	c = tcp_connect_to(&addr);
	show("listener with one", l);
	s = accept(l, NULL, NULL);
	show("client", c);
	show("server", s);
	write(c, buf, 5000);
	for (int got = 0; got < 5000;)
		got += read(s, buf, 5000);
	write(s, buf, 100);
	read(c, buf, 100);
	for (int k = 0; k < 100; k++) {
		len = sizeof(i);
		getsockopt(s, IPPROTO_TCP, TCP_INFO, &i, &len);
		if (!i.tcpi_unacked)
			break;
		usleep(10000);
	}
	len = sizeof(i);
	getsockopt(c, IPPROTO_TCP, TCP_INFO, &i, &len);
	printf("client: acked %llu received %llu sent %llu retransmitted %llu notsent %u delivered %u\n",
		(long long)i.tcpi_bytes_acked, (long long)i.tcpi_bytes_received, (long long)i.tcpi_bytes_sent,
		(long long)i.tcpi_bytes_retrans, i.tcpi_notsent_bytes, i.tcpi_delivered);
	len = sizeof(i);
	getsockopt(s, IPPROTO_TCP, TCP_INFO, &i, &len);
	printf("server: acked %llu received %llu sent %llu data segments in %u out %u\n", (long long)i.tcpi_bytes_acked,
		(long long)i.tcpi_bytes_received, (long long)i.tcpi_bytes_sent, i.tcpi_data_segs_in, i.tcpi_data_segs_out);
	printf("rtt measured: %d, rto at least 200 ms: %d, min_rtt below 1 s: %d\n", i.tcpi_rtt > 0, i.tcpi_rto >= 200000,
		i.tcpi_min_rtt < 1000000);
	len = 8;
	memset(&i, 0xee, sizeof(i));
	SHOW(getsockopt(c, IPPROTO_TCP, TCP_INFO, &i, &len));
	printf("length %d, byte behind untouched: %d\n", len, ((unsigned char *)&i)[8] == 0xee);
	return 0;
}
