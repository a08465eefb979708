/* Operations on descriptors: copies and flags, pipes, eventfds, poll and epoll, memfds, splicing. Nothing here blocks. */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/signalfd.h>

#include "diff.h"

static void op_close(void) { result(close(an_fd())); }
static void op_dup(void) { result(dup(an_fd())); }

static void op_dup3(void)
{
	int from = an_fd(), to = an_fd();

	result(to < 3 && to >= 0 ? 0 : dup3(from, to, VALUE(0, O_CLOEXEC, O_NONBLOCK)));
}

static void op_dup2(void)
{
	int from = an_fd(), to = an_fd();

	result(dup2(from, to));
}

static mode_t type(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : st.st_mode;
}

static void op_fcntl(void)
{
	int fd = an_fd();

	switch (R(7)) {
	case 0: result(fcntl(fd, F_GETFD)); break;
	case 1: result(fcntl(fd, F_SETFD, VALUE(0, 1, 2))); break;
	case 2: result(fcntl(fd, F_GETFL)); break;
	case 3: result(fcntl(fd, F_SETFL, O_NONBLOCK | VALUE(0, O_APPEND, S_ISFIFO(type(fd)) ? O_DIRECT : 0))); break;
	case 4: result(fcntl(fd, F_DUPFD, VALUE(3, 10, 30, -1))); break;
	case 5: result(fcntl(fd, F_DUPFD_CLOEXEC, VALUE(3, 10))); break;
	default: result(fcntl(fd, VALUE(F_GETOWN, F_GETSIG, F_GETLEASE, 999), 0));
	}
}

static void op_close_range(void)
{
	unsigned first = VALUE(3, 5, 8), last = VALUE(4, 8, 20, 2);

	result(syscall(SYS_close_range, first, last, VALUE(0, 4, 4, 1)));
}

static void op_pipe(void)
{
	int p[2] = { 0 };

	if (!result(pipe2(p, O_NONBLOCK | VALUE(0, 0, O_CLOEXEC, O_DIRECT, 1))))
		out("  %d %d\n", p[0], p[1]);
}

static void op_pipe_size(void)
{
	int fd = an_fd();

	result(chance(50) ? fcntl(fd, F_GETPIPE_SZ) : fcntl(fd, F_SETPIPE_SZ, VALUE(1, 4096, 5000, 65536, 200000, 0)));
}

static void op_fionread(void)
{
	int fd = an_fd(), n = -7;

	if (!result(ioctl(fd, FIONREAD, &n)))
		out("  %d\n", n);
}

static void op_ioctl(void)
{
	int fd = an_fd(), n = R(2);

	result(ioctl(fd, VALUE(FIOCLEX, FIONCLEX, TCGETS, TIOCGWINSZ, 0x1234), &n));
}

static void op_eventfd(void)
{
	int value = VALUE(0, 1, 5, -1);

	result(eventfd(value, EFD_NONBLOCK | VALUE(0, EFD_SEMAPHORE, EFD_CLOEXEC, 2)));
}

static void op_eventfd_write(void)
{
	uint64_t v = VALUE(0, 1, 2, 100, -1, -2);

	result(write(an_fd(), &v, VALUE(8, 8, 8, 4)));
}

static void op_eventfd_read(void)
{
	uint64_t v = 0;
	int fd = an_fd();

	if (result(read(fd, &v, VALUE(8, 8, 4))) == 8)
		out("  %llx\n", (unsigned long long)v);
}

static void op_poll(void)
{
	struct pollfd p[3];
	int n = VALUE(1, 2, 3);

	for (int i = 0; i < 3; i++) {
		p[i].fd = an_fd();
		p[i].events = VALUE(POLLIN, POLLOUT, POLLIN | POLLOUT, POLLRDHUP | POLLPRI, 0);
		p[i].revents = 0;
	}
	if (result(poll(p, n, 0)) > 0)
		out("  %x %x %x\n", p[0].revents, p[1].revents, n > 2 ? p[2].revents : 0);
}

static void op_select(void)
{
	struct timeval tv = { 0, 0 };
	fd_set in, write_set;

	FD_ZERO(&in);
	FD_ZERO(&write_set);
	for (int i = 0; i < 3; i++) {
		FD_SET(3 + R(10), &in);
		FD_SET(3 + R(10), &write_set);
	}
	if (result(select(VALUE(0, 13, 13, -1), &in, chance(60) ? &write_set : NULL, NULL, &tv)) >= 0)
		for (int fd = 3; fd < 13; fd++)
			out("%s%d%d", fd == 3 ? "  " : " ", !!FD_ISSET(fd, &in), !!FD_ISSET(fd, &write_set));
	out("\n");
}

static void op_epoll(void) { result(epoll_create1(VALUE(0, EPOLL_CLOEXEC, 1))); }

static void op_epoll_ctl(void)
{
	struct epoll_event e = { 0 };
	int ep = an_fd(), fd = an_fd();
	int what = VALUE(EPOLL_CTL_ADD, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL, 9);

	e.data.u32 = fd;
	e.events = VALUE(EPOLLIN, EPOLLOUT, EPOLLIN | EPOLLOUT, (int)(EPOLLIN | EPOLLET), EPOLLOUT | EPOLLONESHOT, EPOLLIN | EPOLLEXCLUSIVE);
	result(epoll_ctl(ep, what, fd, &e));
}

static void op_epoll_wait(void)
{
	struct epoll_event e[8];
	uint32_t seen[64] = { 0 };
	int n = result(epoll_wait(an_fd(), e, 8, 0));

	for (int i = 0; i < n; i++)
		seen[e[i].data.u32 & 63] = e[i].events | 1u << 31;
	for (int i = 0; i < 64; i++)
		if (seen[i])
			out("  %d: %x\n", i, seen[i]);
}

static void op_memfd(void)
{
	result(memfd_create("name", VALUE(0, MFD_CLOEXEC, MFD_ALLOW_SEALING, MFD_ALLOW_SEALING, 0x80)));
}

static void op_seal(void)
{
	int fd = an_fd();

	result(chance(30) ? fcntl(fd, F_GET_SEALS) : fcntl(fd, F_ADD_SEALS, VALUE(F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE, 64)));
}

static void op_splice(void)
{
	int from = an_fd(), to = an_fd();
	loff_t off = VALUE(0, 100);
	bool offset = chance(30);
	size_t size = a_size();
	long r = result(splice(from, offset ? &off : NULL, to, NULL, size, SPLICE_F_NONBLOCK | VALUE(0, 0, 0x100)));

	if (r > 0)
		out("  %ld\n", (long)off);
}

static void op_tee(void)
{
	int from = an_fd(), to = an_fd();

	result(tee(from, to, a_size(), SPLICE_F_NONBLOCK));
}

static void op_vmsplice(void)
{
	char *source = a_buffer();
	struct iovec iov = { NULL, 0 };
	int fd = an_fd();

	/* Memory that nobody changes any more: umk copies what Linux shares. */
	iov.iov_len = a_size() % 5000;
	iov.iov_base = malloc(iov.iov_len + 1);
	memcpy(iov.iov_base, source, iov.iov_len);
	result(vmsplice(fd, &iov, 1, SPLICE_F_NONBLOCK));
}

static void op_signalfd(void)
{
	int fd = chance(70) ? -1 : an_fd();
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN + R(3));
	result(signalfd(fd, &set, SFD_NONBLOCK | VALUE(0, SFD_CLOEXEC, 1)));
}

static void op_signalfd_read(void)
{
	struct signalfd_siginfo si[2];
	int fd = an_fd();
	long n = result(read(fd, si, sizeof(si)));

	if (n >= (long)sizeof(si[0]))
		out("  %d %d %d\n", si[0].ssi_signo, si[0].ssi_code, si[0].ssi_code == SI_QUEUE ? si[0].ssi_int : 0);
}

const struct op fd_ops[] = {
	{ "close", op_close, 14 }, { "dup", op_dup, 6 }, { "dup2", op_dup2, 6 }, { "dup3", op_dup3, 4 }, { "fcntl", op_fcntl, 10 },
	{ "close_range", op_close_range, 2 }, { "pipe", op_pipe, 16 }, { "pipe_size", op_pipe_size, 6 }, { "fionread", op_fionread, 6 },
	{ "ioctl", op_ioctl, 4 }, { "eventfd", op_eventfd, 10 }, { "eventfd_write", op_eventfd_write, 10 },
	{ "eventfd_read", op_eventfd_read, 10 }, { "poll", op_poll, 10 }, { "select", op_select, 4 }, { "epoll", op_epoll, 8 },
	{ "epoll_ctl", op_epoll_ctl, 20 }, { "epoll_wait", op_epoll_wait, 12 }, { "memfd", op_memfd, 6 }, { "seal", op_seal, 4 },
	{ "splice", op_splice, 8 }, { "tee", op_tee, 4 }, { "vmsplice", op_vmsplice, 4 }, { "signalfd", op_signalfd, 4 },
	{ "signalfd_read", op_signalfd_read, 4 }, { 0 }
};
