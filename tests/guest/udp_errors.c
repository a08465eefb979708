/* UDP: errno of wrong calls, in the order of checks. */
#include "inet.h"

int main(void)
{
	int s = bound("127.0.0.1"), t = socket(AF_INET, SOCK_DGRAM, 0);
	addr_t a = local_addr(s), b;
	static char big[70000];

	SHOW(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP));
	SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
	SHOW(socket(AF_INET, SOCK_SEQPACKET, 0));
	SHOW(socket(AF_INET, SOCK_DGRAM, 300));
	SHOW(socket(AF_INET, SOCK_DGRAM, -1));
	SHOW(socket(AF_INET, SOCK_DGRAM, 200));
	SHOW(socket(AF_INET6, SOCK_DGRAM, 300));
	SHOW(socket(AF_INET6, SOCK_RDM, 0));
	SHOW(socketpair(AF_INET, SOCK_DGRAM, 0, (int[2]){ 0 }));
	SHOW(bind(t, &a.sa, 8));
	SHOW(bind(t, &a.sa, sizeof(a.in)));
	b = addr_of("192.0.2.77", 0);
	SHOW(bind(t, &b.sa, sizeof(b.in)));
	b = addr_of("::1", 0);
	SHOW(bind(t, &b.sa, sizeof(b.in6)));
	b = addr_of("0.0.0.0", 0);
	b.sa.sa_family = AF_UNSPEC;
	SHOW(bind(t, &b.sa, sizeof(b.in)));
	SHOW(bind(t, &b.sa, sizeof(b.in)));
	b = addr_of("127.0.0.1", 0);
	SHOW(sendto(t, "x", 1, 0, &b.sa, sizeof(b.in)));
	b.in.sin_port = a.in.sin_port;
	SHOW(sendto(t, "x", 1, 0, &b.sa, 4));
	SHOW(sendto(t, "x", 1, 0, &b.sa, -1));
	SHOW(sendto(t, "x", 1, 0, &b.sa, 4000));
	SHOW(sendto(t, "x", 1, 0, BAD_PTR, sizeof(b.in)));
	SHOW(sendto(t, BAD_PTR, 10, 0, &b.sa, sizeof(b.in)));
	SHOW(sendto(t, "x", 1, MSG_OOB, &b.sa, sizeof(b.in)));
	SHOW(sendto(t, big, 65508, 0, &b.sa, sizeof(b.in)));
	SHOW(sendto(t, big, sizeof(big), 0, &b.sa, sizeof(b.in)));
	SHOW(sendto(t, big, 65507, 0, &b.sa, sizeof(b.in)));
	SHOW(recv(s, big, sizeof(big), 0));
	b.sa.sa_family = AF_INET6;
	SHOW(sendto(t, "x", 1, 0, &b.sa, sizeof(b.in)));
	b.sa.sa_family = AF_UNSPEC;
	SHOW(sendto(t, "x", 1, 0, &b.sa, sizeof(b.in)));
	receive(s);
	b.sa.sa_family = AF_UNIX;
	SHOW(sendto(t, "x", 1, 0, &b.sa, sizeof(b.in)));
	SHOW(connect(t, &b.sa, sizeof(b.in)));
	SHOW(connect(t, &b.sa, 1));
	b.sa.sa_family = AF_INET;
	SHOW(connect(t, &b.sa, 8));
	b = addr_of("127.255.255.255", 9);
	SHOW(connect(t, &b.sa, sizeof(b.in)));
	SHOW(sendto(t, "x", 1, 0, &b.sa, sizeof(b.in)));
	b = addr_of("0.1.2.3", 9);
	SHOW(sendto(t, "x", 1, MSG_DONTROUTE, &b.sa, sizeof(b.in)) < 1);
	SHOW(shutdown(s, SHUT_RD));
	SHOW(shutdown(s, 7));
	SHOW(recv(s, big, 1, MSG_OOB | MSG_DONTWAIT));
	SHOW(recv(s, big, 1, MSG_DONTWAIT));
	SHOW(setsockopt(s, IPPROTO_UDP, 999, &(int){ 1 }, 4));
	SHOW(setsockopt(s, IPPROTO_UDP, UDP_CORK, &(int){ 1 }, 2));
	SHOW(setsockopt(s, IPPROTO_UDP, UDP_CORK, BAD_PTR, 4));
	SHOW(getsockopt(s, IPPROTO_UDP, 999, &(int){ 1 }, &(socklen_t){ 4 }));
	SHOW(getsockopt(s, IPPROTO_UDP, UDP_CORK, &(int){ 1 }, BAD_PTR));
	SHOW(setsockopt(s, IPPROTO_TCP, 1, &(int){ 1 }, 4));
	SHOW(getsockopt(s, IPPROTO_TCP, 1, &(int){ 1 }, &(socklen_t){ 4 }));
	SHOW(setsockopt(s, 77, 1, &(int){ 1 }, 4));
	return 0;
}
