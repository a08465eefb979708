/* The network's measurements: two processes, TCP over lo or AF_UNIX. Each times itself from the moment at which both
 * ends are ready. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bench.h"

enum { CONNECTIONS = 1000, REQUEST = 64, REPLY = 256 };

static char buffer[128 << 10];

static pid_t start_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	return pid;
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int listener(struct sockaddr_in *addr)
{
	socklen_t len = sizeof(*addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*addr = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)addr, sizeof(*addr)) || listen(fd, CONNECTIONS) ||
	    getsockname(fd, (struct sockaddr *)addr, &len))
		die("listener");
	return fd;
}

static int connected(const struct sockaddr_in *addr)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		die("connect");
	return fd;
}

static void no_delay(int fd)
{
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
}

static void tcp_pair(int s[2])
{
	struct sockaddr_in addr;
	int l = listener(&addr);

	s[0] = connected(&addr);
	s[1] = accept(l, NULL, NULL);
	if (s[1] < 0)
		die("accept");
	no_delay(s[0]);
	no_delay(s[1]);
	close(l);
}

static void unix_pair(int s[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s))
		die("socketpair");
}

/* Writes or reads all @size bytes: false at the stream's end. */
static int all(ssize_t (*call)(int, void *, size_t), int fd, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = call(fd, buffer + done, size - done);

		if (got <= 0)
			return 0;
		done += got;
	}
	return 1;
}

static ssize_t writes(int fd, void *buf, size_t size)
{
	return write(fd, buf, size);
}

void tcp_rr(long n)
{
	unsigned long long start;
	int s[2];
	char c = 0;
	pid_t pid;

	tcp_pair(s);
	pid = start_child();
	if (!pid) {
		while (read(s[1], &c, 1) == 1 && write(s[1], &c, 1) == 1)
			;
		_exit(0);
	}
	start = now();
	while (n--)
		if (write(s[0], &c, 1) != 1 || read(s[0], &c, 1) != 1)
			die("request/response");
	own_ns = now() - start;
	end_child(pid);
	close(s[0]);
	close(s[1]);
}

/* Connect, a request, its answer, close: the server closes first, as servers of HTTP/1.0 do. */
void tcp_connect(long n)
{
	struct sockaddr_in addr;
	int l = listener(&addr);
	unsigned long long start;
	pid_t pid = start_child();

	if (!pid) {
		for (;;) {
			int fd = accept(l, NULL, NULL);

			if (fd < 0 || !all(read, fd, REQUEST) || !all(writes, fd, REPLY))
				_exit(1);
			close(fd);
		}
	}
	start = now();
	while (n--) {
		int fd = connected(&addr);

		if (!all(writes, fd, REQUEST) || !all(read, fd, REPLY) || read(fd, buffer, 1) != 0)
			die("connect/request/close");
		close(fd);
	}
	own_ns = now() - start;
	end_child(pid);
	close(l);
}

/* @n writes of @size bytes, until the reader, whose reads are as large, has had the last. */
static void stream(void (*pair)(int s[2]), size_t size, long n)
{
	unsigned long long start;
	int s[2];
	char c = 0;
	pid_t pid;

	pair(s);
	pid = start_child();
	if (!pid) {
		long long left = (long long)size * n;

		close(s[0]);
		if (write(s[1], &c, 1) != 1)
			_exit(1);
		while (left > 0) {
			ssize_t got = read(s[1], buffer, size);

			if (got <= 0)
				_exit(1);
			left -= got;
		}
		_exit(write(s[1], &c, 1) != 1);
	}
	close(s[1]);
	if (read(s[0], &c, 1) != 1)
		die("stream's start");
	start = now();
	while (n--)
		if (!all(writes, s[0], size))
			die("stream");
	if (read(s[0], &c, 1) != 1)
		die("stream's end");
	own_ns = now() - start;
	waitpid(pid, NULL, 0);
	close(s[0]);
}

void tcp_stream_128k(long n)
{
	stream(tcp_pair, 128 << 10, n);
}

void tcp_stream_16k(long n)
{
	stream(tcp_pair, 16 << 10, n);
}

void tcp_stream_1k(long n)
{
	stream(tcp_pair, 1 << 10, n);
}

void unix_stream_128k(long n)
{
	stream(unix_pair, 128 << 10, n);
}

void unix_stream_16k(long n)
{
	stream(unix_pair, 16 << 10, n);
}

void unix_stream_1k(long n)
{
	stream(unix_pair, 1 << 10, n);
}

static void watch(int ep, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev))
		die("epoll_ctl");
}

/* Answers requests on whatever connections come to @l. */
static void epoll_server(int l)
{
	int ep = epoll_create1(0);

	watch(ep, l);
	for (;;) {
		struct epoll_event ev[64];
		int ready = epoll_wait(ep, ev, 64, -1);

		for (int i = 0; i < ready; i++) {
			int fd = ev[i].data.fd;

			if (fd == l) {
				fd = accept(l, NULL, NULL);
				if (fd < 0)
					_exit(1);
				no_delay(fd);
				watch(ep, fd);
			} else if (!all(read, fd, REQUEST) || !all(writes, fd, REPLY)) {
				_exit(1);
			}
		}
	}
}

/* Requests on CONNECTIONS connections, one under way on each, of an epoll server. */
void epoll_1000(long n)
{
	struct rlimit limit;
	struct sockaddr_in addr;
	unsigned long long start;
	int l, ep, fds[CONNECTIONS];
	long sent = 0, answered = 0;
	pid_t pid;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_max < CONNECTIONS + 64)
		die("RLIMIT_NOFILE");
	limit.rlim_cur = CONNECTIONS + 64;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("setrlimit");
	l = listener(&addr);
	pid = start_child();
	if (!pid)
		epoll_server(l);
	ep = epoll_create1(0);
	for (int i = 0; i < CONNECTIONS; i++) {
		fds[i] = connected(&addr);
		no_delay(fds[i]);
		watch(ep, fds[i]);
		if (!all(writes, fds[i], REQUEST) || !all(read, fds[i], REPLY))
			die("first request");
	}
	start = now();
	while (sent < n && sent < CONNECTIONS)
		if (!all(writes, fds[sent++], REQUEST))
			die("request");
	while (answered < n) {
		struct epoll_event ev[64];
		int ready = epoll_wait(ep, ev, 64, -1);

		for (int i = 0; i < ready; i++) {
			if (!all(read, ev[i].data.fd, REPLY))
				die("reply");
			answered++;
			if (sent < n) {
				sent++;
				if (!all(writes, ev[i].data.fd, REQUEST))
					die("request");
			}
		}
	}
	own_ns = now() - start;
	end_child(pid);
	for (int i = 0; i < CONNECTIONS; i++)
		close(fds[i]);
	close(ep);
	close(l);
}
