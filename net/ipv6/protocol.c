/* Who takes what IPv6 delivers, by header number. */
#include "../ipv6.h"
#include "../udp.h"
#include "../tcp.h"

static const struct inet6_protocol ipv6_frag_protocol = { .handler = ipv6_frag_rcv, .flags = INET6_PROTO_NOPOLICY };
static const struct inet6_protocol icmpv6_protocol = { .handler = icmpv6_rcv, .err_handler = icmpv6_err,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL };
static const struct inet6_protocol tcpv6_protocol = { .handler = tcp_v6_rcv, .err_handler = tcp_v6_err,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL };
static const struct inet6_protocol udpv6_protocol = { .handler = udpv6_rcv, .err_handler = udpv6_err,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL };
static const struct inet6_protocol udplitev6_protocol = { .handler = udplitev6_rcv, .err_handler = udplitev6_err,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL };

const struct inet6_protocol *inet6_protos[256] = {
	[IPPROTO_TCP] = &tcpv6_protocol,
	[IPPROTO_UDP] = &udpv6_protocol,
	[IPPROTO_ROUTING] = &ipv6_rthdr_protocol,
	[IPPROTO_FRAGMENT] = &ipv6_frag_protocol,
	[IPPROTO_ICMPV6] = &icmpv6_protocol,
	[IPPROTO_NONE] = &ipv6_nodata_protocol,
	[IPPROTO_DSTOPTS] = &ipv6_destopt_protocol,
	[IPPROTO_UDPLITE] = &udplitev6_protocol,
};
