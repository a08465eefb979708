/* epoll N: N connections at once to one epoll server. All are open before the first says anything; each sends ROUNDS lines and
 * reads them back, all are closed. */
#include "tcp_pair.h"
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define ROUNDS 3

static int count_of(int *c, int n, int round)
{
	char line[40], back[40];
	int good = 0;

	for (int i = 0; i < n; i++) {
		int len = sprintf(line, "connection %d, line %d\n", i, round);

		if (write(c[i], line, (size_t)len) != len)
			die("write");
	}
	for (int i = n; i-- > 0;) {
		int len = sprintf(line, "connection %d, line %d\n", i, round);

		good += recv(c[i], back, (size_t)len, MSG_WAITALL) == len && !memcmp(line, back, (size_t)len);
	}
	return good;
}

static int client(const struct sockaddr_in *addr, int n)
{
	int *c = calloc((size_t)n, sizeof(*c)), good = 0;

	for (int i = 0; i < n; i++)
		c[i] = tcp_connect_to(addr);
	for (int round = 0; round < ROUNDS; round++)
		good += count_of(c, n, round);
	for (int i = 0; i < n; i++)
		if (shutdown(c[i], SHUT_WR) || read(c[i], &(char){ 0 }, 1) || close(c[i]))
			die("the end");
	printf("= %d lines came back\n", good);
	return good != n * ROUNDS;
}

/* Accepts all that wait. Returns their number. */
static int accept_all(int ep, int l)
{
	struct epoll_event e = { .events = EPOLLIN };
	int n = 0;

	while ((e.data.fd = accept4(l, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		if (epoll_ctl(ep, EPOLL_CTL_ADD, e.data.fd, &e))
			die("epoll_ctl");
		n++;
	}
	if (errno != EAGAIN)
		die("accept");
	return n;
}

/* Sends back what there is. False: the connection is over. */
static int echo(int fd)
{
	char buf[256];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n > 0)
		return write(fd, buf, (size_t)n) == n;
	close(fd);
	return 0;
}

static void serve(int l, int n)
{
	struct epoll_event e = { .events = EPOLLIN, .data.fd = l }, evs[256];
	int ep = epoll_create1(0), accepted = 0, open_now = 0, most = 0;

	fcntl(l, F_SETFL, O_NONBLOCK);
	epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
	while (accepted < n || open_now) {
		int ready = epoll_wait(ep, evs, 256, -1);

		for (int i = 0; i < ready; i++) {
			if (evs[i].data.fd == l) {
				int more = accept_all(ep, l);

				accepted += more;
				open_now += more;
			} else if (!echo(evs[i].data.fd)) {
				open_now--;
			}
		}
		most = open_now > most ? open_now : most;
	}
	printf("= %d connections, %d at once\n", accepted, most);
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 0, l, status;
	struct rlimit lim;
	struct sockaddr_in addr;
	pid_t child;

	getrlimit(RLIMIT_NOFILE, &lim);
	lim.rlim_cur = lim.rlim_max;
	setrlimit(RLIMIT_NOFILE, &lim);
	l = tcp_listener(&addr, 4096);
	child = fork();
	if (!child) {
		close(l);
		exit(client(&addr, n));
	}
	serve(l, n);
	fflush(stdout);
	waitpid(child, &status, 0);
	return status != 0;
}
