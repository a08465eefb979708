/* Filters on raw sockets, which see the IP header, and on IPv6 sockets. */
// needs-root: raw sockets
#include "inet.h"
#include <linux/filter.h>

#define ATTACH(s, ...) ({ struct sock_filter f_[] = { __VA_ARGS__ };                                     \
	struct sock_fprog p_ = { sizeof(f_) / sizeof(f_[0]), f_ };                                       \
	setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &p_, sizeof(p_)); })
#define ST(code, k) BPF_STMT(code, (unsigned)(k))
#define IF(k) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, 1)

int main(void)
{
	int r = socket(AF_INET, SOCK_RAW, 211), s = socket(AF_INET, SOCK_RAW, 211), a6 = bound("::1"), b6 = bound("::1");
	addr_t to = addr_of("127.0.0.1", 0);
	char buf[100];

	SHOW(ATTACH(r, ST(BPF_LD | BPF_B | BPF_ABS, 20), IF('y'), ST(BPF_RET | BPF_K, 24), ST(BPF_RET | BPF_K, 0)));
	SHOW(sendto(s, "yes please", 10, 0, &to.sa, sizeof(to.in)));
	SHOW(recv(r, buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(sendto(s, "no", 2, 0, &to.sa, sizeof(to.in)));
	SHOW(recv(r, buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(recv(s, buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(ATTACH(r, ST(BPF_LD | BPF_B | BPF_ABS, 9), IF(211), ST(BPF_RET | BPF_K, -1), ST(BPF_RET | BPF_K, 0)));
	SHOW(sendto(s, "x", 1, 0, &to.sa, sizeof(to.in)));
	SHOW(recv(r, buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(ATTACH(a6, ST(BPF_LD | BPF_B | BPF_ABS, SKF_NET_OFF + 6), IF(17), ST(BPF_RET | BPF_K, 12),
		ST(BPF_RET | BPF_K, 0)));
	SHOW(send_to(b6, "next header", "::1", port_of(a6)));
	receive(a6);
	SHOW(ATTACH(a6, ST(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_PROTOCOL), IF(0x86dd), ST(BPF_RET | BPF_K, 14),
		ST(BPF_RET | BPF_K, 0)));
	SHOW(send_to(b6, "ethernet type", "::1", port_of(a6)));
	receive(a6);
	SHOW(ATTACH(a6, ST(BPF_LD | BPF_H | BPF_ABS, 4), IF(8 + 5), ST(BPF_RET | BPF_K, -1), ST(BPF_RET | BPF_K, 0)));
	SHOW(send_to(b6, "five5", "::1", port_of(a6)));
	SHOW(send_to(b6, "sixsix", "::1", port_of(a6)));
	receive(a6);
	receive(a6);
	return 0;
}
