/* Many connections to one epoll server. */
// timeout: 60
#include "tcp_pair.h"
#include <sys/epoll.h>
#include <sys/wait.h>

#define N 300

int main(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, N), ep = epoll_create1(0), open_fds = 0, echoed = 0, accepted = 0, status;
	struct epoll_event e = { .events = EPOLLIN, .data.fd = l }, evs[64];

	if (!fork()) {
		int c[N], good = 0;
		char buf[32], want[32];

		close(l);
		for (int i = 0; i < N; i++)
			c[i] = tcp_connect_to(&addr);
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < N; i++) {
				int n = sprintf(want, "connection %d.%d", i, round);

				write(c[i], want, n);
			}
			for (int i = N; i-- > 0;) {
				int n = sprintf(want, "connection %d.%d", i, round);

				good += recv(c[i], buf, n, MSG_WAITALL) == n && !memcmp(buf, want, n);
			}
		}
		_exit(good == 3 * N ? 7 : 1);
	}
	epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
	do {
		int n = epoll_wait(ep, evs, 64, 10000);

		if (n <= 0)
			die("epoll_wait");
		for (int i = 0; i < n; i++) {
			char buf[256];
			long r;

			if (evs[i].data.fd == l) {
				e.data.fd = accept(l, NULL, NULL);
				epoll_ctl(ep, EPOLL_CTL_ADD, e.data.fd, &e);
				open_fds++;
				accepted++;
				continue;
			}
			r = read(evs[i].data.fd, buf, sizeof(buf));
			if (r > 0) {
				write(evs[i].data.fd, buf, r);
				echoed += r;
			} else {
				close(evs[i].data.fd);
				open_fds--;
			}
		}
	} while (open_fds || accepted < N);
	wait(&status);
	printf("accepted %d, bytes %d, the clients were satisfied: %d\n", accepted, echoed, WEXITSTATUS(status) == 7);
	return 0;
}
