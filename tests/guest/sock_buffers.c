/* How much fits: SO_SNDBUF counts what each message costs, as Linux counts; when a socket is writable again. */
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/sockios.h>
#include "show.h"

static char data[300000];

int main(void)
{
	int sizes[] = { 1, 100, 192, 193, 1000, 2000, 4000, 8192, 16384, 32768, 65536, 200000, 212960, 212961, 290000 };
	int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	int s[2];

	for (int t = 0; t < 3; t++) {
		for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			long sent = 0, n, count = 0;
			int q = 0, in = 0, got = 0;
			struct pollfd p;

			socketpair(AF_UNIX, types[t], 0, s);
			while ((n = send(s[0], data, sizes[i], MSG_DONTWAIT)) > 0) {
				sent += n;
				count++;
			}
			printf("type %d size %d: %ld sends, %ld bytes, then %s\n", types[t], sizes[i], count, sent,
				errno_name(errno));
			ioctl(s[0], SIOCOUTQ, &q);
			ioctl(s[1], SIOCINQ, &in);
			printf("  out %d in %d\n", q, in);
			p = (struct pollfd){ s[0], POLLOUT, 0 };
			while (poll(&p, 1, 0) == 0) {
				n = recv(s[1], data, sizes[i], MSG_DONTWAIT);
				if (n <= 0)
					break;
				got++;
			}
			printf("  writable after %d receives\n", got);
			close(s[0]);
			close(s[1]);
		}
	}
	return 0;
}
