/* MSG_ZEROCOPY on UDP: notifications on the error queue. */
#include "inet.h"

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1");
	addr_t to = local_addr(a);
	static char big[20000];

	SHOW(sendto(b, big, 100, MSG_ZEROCOPY, &to.sa, sizeof(to.in)));
	receive_err(b);
	SHOW(set_int(b, SOL_SOCKET, SO_ZEROCOPY, 2));
	SHOW(set_int(b, SOL_SOCKET, SO_ZEROCOPY, 1));
	SHOW(sendto(b, big, 10000, MSG_ZEROCOPY, &to.sa, sizeof(to.in)));
	receive(a);
	receive(a);
	receive_err(b);
	SHOW(sendto(b, big, 10000, MSG_ZEROCOPY, &to.sa, sizeof(to.in)));
	SHOW(sendto(b, big, 10000, MSG_ZEROCOPY, &to.sa, sizeof(to.in)));
	receive(a);
	receive(a);
	receive_err(b);
	receive_err(b);
	SHOW(poll_now(b));
	SHOW(sendto(b, big, 0, MSG_ZEROCOPY, &to.sa, sizeof(to.in)));
	receive_err(b);
	SHOW(sendto(b, BAD_PTR, 10, MSG_ZEROCOPY, &to.sa, sizeof(to.in)));
	receive_err(b);
	return 0;
}
