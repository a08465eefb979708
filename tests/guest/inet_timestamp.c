/* SO_TIMESTAMP, SO_TIMESTAMPNS, SO_TIMESTAMPING with its error queue, SIOCGSTAMP. */
#include "inet.h"
#include <linux/net_tstamp.h>

/* The first socket of a machine that wants its packets stamped waits for a kernel worker to switch that on: holds such a socket
 * open from when it works. */
static void stamps_on(void)
{
	int r = bound("127.0.0.1"), s = bound("127.0.0.1");
	unsigned short p = port_of(r);

	set_int(r, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE);
	for (int i = 0; i < 5000; i++) {
		char text[8], control[256];
		struct iovec iov = { text, sizeof(text) };
		struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };

		send_to(s, "warm", "127.0.0.1", p);
		if (recvmsg(r, &m, 0) < 0 || m.msg_controllen)
			break;
		poll(NULL, 0, 1);
	}
	close(s);
}

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1");
	unsigned short p = port_of(a);
	addr_t to = local_addr(a);
	struct timeval tv = { 0, 0 };
	unsigned flags;

	stamps_on();
	SHOW(set_int(a, SOL_SOCKET, SO_TIMESTAMP, 1));
	send_to(b, "one", "127.0.0.1", p);
	receive(a);
	SHOW(set_int(a, SOL_SOCKET, SO_TIMESTAMPNS, 1));
	SHOW(get_int(a, SOL_SOCKET, SO_TIMESTAMP));
	SHOW(get_int(a, SOL_SOCKET, SO_TIMESTAMPNS));
	send_to(b, "two", "127.0.0.1", p);
	receive(a);
	SHOW(set_int(a, SOL_SOCKET, SO_TIMESTAMPNS, 0));
	send_to(b, "three", "127.0.0.1", p);
	receive(a);
	SHOW(ioctl(a, SIOCGSTAMP, &tv));
	SHOW(labs(tv.tv_sec - time(NULL)) < 1000);
	SHOW(ioctl(a, SIOCGSTAMP, BAD_PTR));
	SHOW(set_int(a, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE));
	SHOW(get_int(a, SOL_SOCKET, SO_TIMESTAMPING));
	send_to(b, "four", "127.0.0.1", p);
	receive(a);
	SHOW(set_int(b, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE
		| SOF_TIMESTAMPING_OPT_ID));
	send_to(b, "five", "127.0.0.1", p);
	SHOW(poll_now(b) & POLLERR);
	receive_err(b);
	send_to(b, "six", "127.0.0.1", p);
	receive_err(b);
	receive_err(b);
	SHOW(set_int(b, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_TX_SOFTWARE
		| SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY | SOF_TIMESTAMPING_OPT_ID));
	send_to(b, "seven", "127.0.0.1", p);
	receive_err(b);
	receive_err(b);
	receive_err(b);
	SHOW(set_int(b, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_SOFTWARE));
	flags = SOF_TIMESTAMPING_TX_SOFTWARE;
	SHOW(send_cmsg(b, "eight", &to, SOL_SOCKET, SO_TIMESTAMPING, &flags, 4));
	receive_err(b);
	flags = SOF_TIMESTAMPING_RX_SOFTWARE;
	SHOW(send_cmsg(b, "x", &to, SOL_SOCKET, SO_TIMESTAMPING, &flags, 4));
	SHOW(send_cmsg(b, "x", &to, SOL_SOCKET, SO_TIMESTAMPING, &flags, 2));
	SHOW(send_cmsg(b, "x", &to, SOL_SOCKET, 99, &flags, 4));
	SHOW(set_int(b, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_OPT_STATS));
	SHOW(set_int(b, SOL_SOCKET, SO_TIMESTAMPING, 1 << 30));
	return 0;
}
