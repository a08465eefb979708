/* Ping sockets are for the groups of net.ipv4.ping_group_range: by default nobody's. */
#include "inet.h"

int main(void)
{
	SHOW(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
	SHOW(socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6));
	SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_ICMP));
	SHOW(socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMP));
	SHOW(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMPV6));
	return 0;
}
