/* Flow control: a nonblocking writer fills the buffers, poll tells when there is room again, and nothing is lost. */
#include "tcp_pair.h"

int main(void)
{
	static unsigned char buf[65536];
	unsigned long sent = 0, got = 0, bad = 0;
	int p[2], stalls = 0;
	long n;

	tcp_pair(p);
	set_int(p[0], SOL_SOCKET, SO_SNDBUF, 100000); /* does not grow to hold it all */
	set_int(p[1], SOL_SOCKET, SO_RCVBUF, 30000);
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	while (sent < 16000000) {
		for (unsigned i = 0; i < sizeof(buf); i++)
			buf[i] = (unsigned char)((sent + i) * 7 + ((sent + i) >> 8));
		n = write(p[0], buf, sizeof(buf) < 16000000 - sent ? sizeof(buf) : 16000000 - sent);
		if (n > 0) {
			sent += n;
			continue;
		}
		if (errno != EAGAIN) {
			SHOW(n);
			return 1;
		}
		if (!stalls++) {
			SHOW_POLL(p[0], POLLOUT, 0);
			SHOW_POLL(p[1], POLLIN, 0);
		}
		while ((n = recv(p[1], buf, 50000, MSG_DONTWAIT)) > 0) {
			for (long i = 0; i < n; i++)
				bad += buf[i] != (unsigned char)((got + i) * 7 + ((got + i) >> 8));
			got += n;
		}
		wait_for(p[0], POLLOUT);
	}
	shutdown(p[0], SHUT_WR);
	while ((n = read(p[1], buf, sizeof(buf))) > 0) {
		for (long i = 0; i < n; i++)
			bad += buf[i] != (unsigned char)((got + i) * 7 + ((got + i) >> 8));
		got += n;
	}
	printf("sent %lu got %lu bad %lu, stalled: %d\n", sent, got, bad, stalls > 0);
	return 0;
}
