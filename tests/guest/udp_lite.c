/* UDP-Lite: options and data, if the kernel has it. */
#include "inet.h"
#define SOL_UDPLITE 136
#define SEND_CSCOV 10
#define RECV_CSCOV 11

int main(void)
{
	int a = socket(AF_INET, SOCK_DGRAM, 136), b = socket(AF_INET, SOCK_DGRAM, 136), u = bound("127.0.0.1");
	addr_t x = addr_of("127.0.0.1", 0);

	SHOW(a > 0 && b > 0);
	SHOW(bind(a, &x.sa, sizeof(x.in)));
	x = local_addr(a);
	SHOW(get_int(a, SOL_SOCKET, SO_PROTOCOL));
	SHOW(sendto(b, "lite", 4, 0, &x.sa, sizeof(x.in)));
	receive(a);
	SHOW(get_int(b, SOL_UDPLITE, SEND_CSCOV));
	SHOW(set_int(b, SOL_UDPLITE, SEND_CSCOV, 3));
	SHOW(get_int(b, SOL_UDPLITE, SEND_CSCOV));
	SHOW(set_int(b, SOL_UDPLITE, SEND_CSCOV, 100000));
	SHOW(get_int(b, SOL_UDPLITE, SEND_CSCOV));
	SHOW(set_int(b, SOL_UDPLITE, SEND_CSCOV, 10));
	SHOW(sendto(b, "partly covered", 14, 0, &x.sa, sizeof(x.in)));
	receive(a);
	SHOW(set_int(a, SOL_UDPLITE, RECV_CSCOV, 12));
	SHOW(sendto(b, "too little", 10, 0, &x.sa, sizeof(x.in)));
	receive(a);
	SHOW(set_int(b, SOL_UDPLITE, SEND_CSCOV, 12));
	SHOW(sendto(b, "enough", 6, 0, &x.sa, sizeof(x.in)));
	receive(a);
	SHOW(set_int(u, SOL_UDPLITE, SEND_CSCOV, 12));
	SHOW(sendto(u, "not the same protocol", 21, 0, &x.sa, sizeof(x.in)));
	receive(a);
	SHOW(connect(b, &x.sa, sizeof(x.in)));
	close(a);
	SHOW(send(b, "x", 1, 0));
	SHOW(send(b, "x", 1, 0));
	return 0;
}
