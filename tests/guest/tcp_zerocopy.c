/* MSG_ZEROCOPY: completion on the error queue; over lo the data is always copied. */
#include "tcp_pair.h"
#include <linux/errqueue.h>

#ifndef SO_ZEROCOPY
#define SO_ZEROCOPY 60
#endif
#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY 0x4000000
#endif

int main(void)
{
	static char big[20000];
	char control[128], buf[20000];
	struct msghdr m = { .msg_control = control, .msg_controllen = sizeof(control) };
	unsigned lo = 100, hi = 0, copied = 0;
	int p[2];

	tcp_pair(p);
	SHOW(recvmsg(p[0], &m, MSG_ERRQUEUE));
	/* Without the option the flag means nothing. */
	SHOW(send(p[0], big, 100, MSG_ZEROCOPY));
	SHOW(recv(p[1], buf, 100, MSG_WAITALL));
	SHOW(recvmsg(p[0], &m, MSG_ERRQUEUE));
	SHOW(set_int(p[0], SOL_SOCKET, SO_ZEROCOPY, 2));
	SHOW(set_int(p[0], SOL_SOCKET, SO_ZEROCOPY, 1));
	SHOW(int_opt(p[0], SOL_SOCKET, SO_ZEROCOPY));
	for (int i = 0; i < 3; i++) {
		SHOW(send(p[0], big, sizeof(big), MSG_ZEROCOPY));
		SHOW(recv(p[1], buf, sizeof(buf), MSG_WAITALL));
	}
	while (hi < 2) {
		struct cmsghdr *c;
		struct sock_extended_err *e;

		if (!(wait_for(p[0], 0) > 0))
			break;
		m.msg_controllen = sizeof(control);
		if (recvmsg(p[0], &m, MSG_ERRQUEUE) < 0)
			die("recvmsg");
		c = CMSG_FIRSTHDR(&m);
		e = (struct sock_extended_err *)CMSG_DATA(c);
		if (e->ee_origin != SO_EE_ORIGIN_ZEROCOPY || e->ee_errno || c->cmsg_level != SOL_IP)
			printf("origin %d errno %d level %d\n", e->ee_origin, e->ee_errno, c->cmsg_level);
		lo = e->ee_info < lo ? e->ee_info : lo;
		hi = e->ee_data > hi ? e->ee_data : hi;
		copied = e->ee_code;
	}
	printf("completed %u to %u, copied: %u\n", lo, hi, copied);
	return 0;
}
