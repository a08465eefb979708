/* The system calls of a script: arguments from the script, the call, its result and what it wrote compared with what the
 * script says. A call that is expected to block runs in a thread of its own while the script goes on. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "calls.h"

#define MAX_FDS 1024

static int live_fds[MAX_FDS];  /* by the script's number: live number + 1 */
static int last_socket = -1;

int call_last_socket(void) { return last_socket; }

/* ---- arguments ---- */

static void want_args(const struct call *c, int least, int most)
{
	if (c->spec->nargs < least || c->spec->nargs > most)
		fail(c->line, "%s has %d arguments", c->spec->name, c->spec->nargs);
}

static struct expr *arg(const struct call *c, int i) { return c->spec->args[i]; }
static bool is_ellipsis(const struct expr *e) { return e->kind == E_ELLIPSIS; }
static bool is_null(const struct expr *e) { return e->kind == E_WORD && !strcmp(e->text, "NULL"); }

int fd_of(const struct expr *e)
{
	int64_t n = number(e);

	/* one that the script never opened goes to the kernel as it is, for EBADF */
	return n >= 0 && n < MAX_FDS && live_fds[n] ? live_fds[n] - 1 : n >= 0 && n < MAX_FDS ? 5000 + (int)n : (int)n;
}

static int socket_arg(const struct call *c, int i)
{
	int fd = fd_of(arg(c, i)), type;
	socklen_t size = sizeof(type);

	if (!getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size))
		last_socket = fd;
	return fd;
}

const struct expr *field(const struct expr *e, const char *name)
{
	for (int i = 0; i < e->nargs; i++)
		if (e->args[i]->kind == E_FIELD && !strcmp(e->args[i]->text, name))
			return e->args[i]->args[0];
	return NULL;
}

int64_t field_number(const struct expr *e, const char *name, int64_t otherwise)
{
	const struct expr *f = field(e, name);

	return f && !is_ellipsis(f) ? number(f) : otherwise;
}

/* The script's new descriptor number stands for the call's result. */
static void map_fd(const struct call *c, const struct expr *e, long live)
{
	int64_t n;

	if (live < 0 || is_ellipsis(e))
		return;
	n = number(e);
	if (n < 0 || n >= MAX_FDS)
		fail(c->line, "%s gave a descriptor, the script expects %ld", c->spec->name, (long)n);
	live_fds[n] = (int)live + 1;
}

/* ---- addresses ---- */

/* inet_addr("...") and inet6_addr("...") as an address of the protocol in use. */
static void put_address(const struct expr *e, void *v4, void *v6)
{
	const struct expr *text = e->kind == E_CALL && e->nargs == 1 ? e->args[0] : e;

	if (text->kind != E_STRING || inet_pton(v6 ? AF_INET6 : AF_INET, text->text, v6 ? v6 : v4) != 1)
		fail(e->line, "an address is expected");
}

static socklen_t default_address(struct sockaddr_storage *ss, bool remote)
{
	struct sockaddr_in *sin = (void *)ss;
	struct sockaddr_in6 *sin6 = (void *)ss;
	in_port_t port = htons((uint16_t)(remote ? script.connect_port : script.bind_port));

	memset(ss, 0, sizeof(*ss));
	if (script.ip_version == 4) {
		sin->sin_family = AF_INET;
		sin->sin_port = port;
		inet_pton(AF_INET, remote ? script.remote4 : script.local4, &sin->sin_addr);
		return sizeof(*sin);
	}
	sin6->sin6_family = AF_INET6;
	sin6->sin6_port = port;
	if (script.ip_version == 6) {
		inet_pton(AF_INET6, remote ? script.remote6 : script.local6, &sin6->sin6_addr);
	} else {
		sin6->sin6_addr.s6_addr[10] = sin6->sin6_addr.s6_addr[11] = 0xff;
		inet_pton(AF_INET, remote ? script.remote4 : script.local4, sin6->sin6_addr.s6_addr + 12);
	}
	return sizeof(*sin6);
}

socklen_t address_of(const struct expr *e, struct sockaddr_storage *ss, bool remote)
{
	struct sockaddr_in *sin = (void *)ss;
	struct sockaddr_in6 *sin6 = (void *)ss;
	const struct expr *a;

	if (is_ellipsis(e))
		return default_address(ss, remote);
	memset(ss, 0, sizeof(*ss));
	if (is_null(e))
		return 0;
	if (e->kind == E_WORD || e->kind == E_INT) { /* a family alone */
		ss->ss_family = (sa_family_t)number(e);
		return sizeof(*sin);
	}
	if (e->kind != E_STRUCT)
		fail(e->line, "an address is expected");
	ss->ss_family = (sa_family_t)field_number(e, "sa_family", AF_INET);
	if (ss->ss_family == AF_INET6) {
		sin6->sin6_port = (in_port_t)field_number(e, "sin6_port", field_number(e, "sin_port", 0));
		a = field(e, "sin6_addr") ? field(e, "sin6_addr") : field(e, "sin_addr");
		if (a)
			put_address(a, NULL, &sin6->sin6_addr);
		return sizeof(*sin6);
	}
	sin->sin_port = (in_port_t)field_number(e, "sin_port", 0);
	a = field(e, "sin_addr");
	if (a)
		put_address(a, &sin->sin_addr, NULL);
	return sizeof(*sin);
}

/* ---- buffers ---- */

/* Bytes to write: a string of the script, or zeroes; or no buffer, for NULL. */
void *data_of(const struct expr *e, size_t size)
{
	char *buf;

	if (is_null(e))
		return NULL;
	buf = grab(size + 1);
	if (e->kind == E_STRING)
		memcpy(buf, e->text, strlen(e->text) < size ? strlen(e->text) : size);
	return buf;
}

/* What was read is what the script says, if it says. */
static void check_data(const struct call *c, const struct expr *e, const void *buf, long size)
{
	size_t len;

	if (e->kind != E_STRING || size <= 0)
		return;
	len = strlen(e->text);
	if ((e->more ? (size_t)size < len : (size_t)size != len) || memcmp(buf, e->text, len))
		fail(c->line, "%s read \"%.*s\", not \"%s\"", c->spec->name, (int)size, (const char *)buf, e->text);
}

/* The number inside [N], or N. */
static int64_t inner(const struct expr *e)
{
	return number(e->kind == E_LIST && e->nargs == 1 ? e->args[0] : e);
}

/* ---- calls on sockets ---- */

static long do_socket(struct call *c)
{
	int family;
	long fd;

	want_args(c, 3, 3);
	family = is_ellipsis(arg(c, 0)) ? (script.ip_version == 4 ? AF_INET : AF_INET6) : (int)number(arg(c, 0));
	fd = socket(family, (int)number(arg(c, 1)), (int)number(arg(c, 2)));
	map_fd(c, c->spec->result, fd);
	if (fd >= 0) {
		last_socket = (int)fd;
		flow_all_past();
	}
	return fd;
}

static long do_bind(struct call *c)
{
	struct sockaddr_storage ss;
	socklen_t size;

	want_args(c, 3, 3);
	size = address_of(arg(c, 1), &ss, false);
	return bind(socket_arg(c, 0), (void *)&ss, is_ellipsis(arg(c, 2)) ? size : (socklen_t)number(arg(c, 2)));
}

static long do_connect(struct call *c)
{
	struct sockaddr_storage ss;
	socklen_t size;

	want_args(c, 3, 3);
	size = address_of(arg(c, 1), &ss, true);
	return connect(socket_arg(c, 0), (void *)&ss, is_ellipsis(arg(c, 2)) ? size : (socklen_t)number(arg(c, 2)));
}

static long do_listen(struct call *c)
{
	want_args(c, 2, 2);
	return listen(socket_arg(c, 0), (int)number(arg(c, 1)));
}

static long do_accept(struct call *c)
{
	struct sockaddr_storage ss;
	socklen_t size = sizeof(ss);
	int flags = 0;
	long fd;

	want_args(c, 3, 4);
	if (c->spec->nargs == 4)
		flags = (int)number(arg(c, 3));
	fd = accept4(fd_of(arg(c, 0)), (void *)&ss, &size, flags);
	map_fd(c, c->spec->result, fd);
	if (fd >= 0)
		last_socket = (int)fd;
	return fd;
}

static long do_shutdown(struct call *c)
{
	want_args(c, 2, 2);
	return shutdown(socket_arg(c, 0), (int)number(arg(c, 1)));
}

static long do_send(struct call *c)
{
	bool to = !strcmp(c->spec->name, "sendto");
	struct sockaddr_storage ss;
	size_t size;
	socklen_t len = 0;

	want_args(c, to ? 6 : 4, to ? 6 : 4);
	size = (size_t)number(arg(c, 2));
	if (to && !is_null(arg(c, 4)))
		len = address_of(arg(c, 4), &ss, true);
	if (to && len && !is_ellipsis(arg(c, 5)))
		len = (socklen_t)number(arg(c, 5));
	return sendto(socket_arg(c, 0), data_of(arg(c, 1), size), size, (int)number(arg(c, 3)), len ? (void *)&ss : NULL, len);
}

static long do_recv(struct call *c)
{
	bool from = !strcmp(c->spec->name, "recvfrom");
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	size_t size;
	void *buf;
	long n;

	want_args(c, from ? 6 : 4, from ? 6 : 4);
	size = (size_t)number(arg(c, 2));
	buf = is_null(arg(c, 1)) ? NULL : grab(size + 1);
	n = recvfrom(socket_arg(c, 0), buf, size, (int)number(arg(c, 3)), from ? (void *)&ss : NULL, from ? &len : NULL);
	check_data(c, arg(c, 1), buf, n);
	return n;
}

static long do_write(struct call *c)
{
	size_t size;

	want_args(c, 3, 3);
	size = (size_t)number(arg(c, 2));
	return write(socket_arg(c, 0), data_of(arg(c, 1), size), size);
}

static long do_read(struct call *c)
{
	size_t size;
	void *buf;
	long n;

	want_args(c, 3, 3);
	size = (size_t)number(arg(c, 2));
	buf = is_null(arg(c, 1)) ? NULL : grab(size + 1);
	n = read(socket_arg(c, 0), buf, size);
	check_data(c, arg(c, 1), buf, n);
	return n;
}

/* An array of {..., size}; buffers are made. */
int iovec_of(const struct expr *e, struct iovec *iov, int most)
{
	if (e->kind != E_LIST || e->nargs > most)
		fail(e->line, "an array of at most %d buffers is expected", most);
	for (int i = 0; i < e->nargs; i++) {
		const struct expr *one = e->args[i];

		if (one->kind != E_STRUCT || one->nargs != 2)
			fail(e->line, "{buffer, size} is expected");
		iov[i].iov_len = (size_t)number(one->args[1]);
		iov[i].iov_base = data_of(one->args[0], iov[i].iov_len);
	}
	return e->nargs;
}

static long do_readv_writev(struct call *c)
{
	struct iovec iov[32];
	int n;

	want_args(c, 3, 3);
	n = iovec_of(arg(c, 1), iov, 32);
	return c->spec->name[0] == 'r' ? readv(socket_arg(c, 0), iov, n) : writev(socket_arg(c, 0), iov, n);
}

/* ---- options ---- */

static long do_setsockopt(struct call *c)
{
	const struct expr *e;
	struct linger linger;
	int values[8] = { 0 };
	const void *val = values;
	socklen_t size;

	want_args(c, 5, 5);
	e = arg(c, 3);
	size = (socklen_t)inner(arg(c, 4));
	if (e->kind == E_STRING) {
		val = data_of(e, size);
	} else if (e->kind == E_STRUCT && field(e, "onoff")) {
		linger.l_onoff = (int)field_number(e, "onoff", 0);
		linger.l_linger = (int)field_number(e, "linger", 0);
		val = &linger;
	} else if (e->kind == E_LIST) {
		if (e->nargs > 8)
			fail(e->line, "too many values");
		for (int i = 0; i < e->nargs; i++)
			values[i] = (int)number(e->args[i]);
	} else if (is_null(e)) {
		val = NULL;
	} else if (!is_ellipsis(e)) {
		unsupported(e->line, "this form of an option's value");
	}
	return setsockopt(socket_arg(c, 0), (int)number(arg(c, 1)), (int)number(arg(c, 2)), val, size);
}

static void check_option(const struct call *c, const struct expr *e, const void *val, socklen_t size)
{
	const struct linger *l = val;
	const int *values = val;

	if (e->kind == E_STRING) {
		if (strncmp(val, e->text, size))
			fail(c->line, "the option is \"%.*s\", not \"%s\"", (int)size, (const char *)val, e->text);
	} else if (e->kind == E_STRUCT && field(e, "onoff")) {
		if (l->l_onoff != field_number(e, "onoff", l->l_onoff) || l->l_linger != field_number(e, "linger", l->l_linger))
			fail(c->line, "the option is {onoff=%d, linger=%d}", l->l_onoff, l->l_linger);
	} else if (e->kind == E_LIST) {
		for (int i = 0; i < e->nargs; i++)
			if (!is_ellipsis(e->args[i]) && (size < 4u * (unsigned)(i + 1) || values[i] != (int)number(e->args[i])))
				fail(c->line, "the option is %d, not %d", values[i], (int)number(e->args[i]));
	} else if (!is_ellipsis(e)) {
		unsupported(e->line, "this form of an option's value");
	}
}

static long do_getsockopt(struct call *c)
{
	union { int values[256]; char bytes[1024]; } val = { { 0 } };
	socklen_t size;
	long r;

	want_args(c, 5, 5);
	size = is_ellipsis(arg(c, 4)) ? sizeof(val) : (socklen_t)inner(arg(c, 4));
	if (size > sizeof(val))
		size = sizeof(val);
	r = getsockopt(socket_arg(c, 0), (int)number(arg(c, 1)), (int)number(arg(c, 2)), &val, &size);
	if (!r)
		check_option(c, arg(c, 3), &val, size);
	return r;
}

/* ---- descriptors ---- */

static long do_close(struct call *c)
{
	int64_t n;
	int fd;

	want_args(c, 1, 1);
	fd = fd_of(arg(c, 0));
	n = number(arg(c, 0));
	if (n >= 0 && n < MAX_FDS)
		live_fds[n] = 0;
	if (fd == last_socket)
		last_socket = -1;
	return close(fd);
}

static long do_fcntl(struct call *c)
{
	want_args(c, 2, 3);
	return fcntl(fd_of(arg(c, 0)), (int)number(arg(c, 1)), c->spec->nargs == 3 ? (int)number(arg(c, 2)) : 0);
}

static long do_ioctl(struct call *c)
{
	int value = 0;
	long r;

	want_args(c, 2, 3);
	if (c->spec->nargs == 3 && arg(c, 2)->kind == E_LIST && !is_ellipsis(arg(c, 2)->args[0]))
		value = (int)inner(arg(c, 2));
	r = ioctl(fd_of(arg(c, 0)), (unsigned long)number(arg(c, 1)), &value);
	if (!r && c->spec->nargs == 3 && arg(c, 2)->kind == E_LIST && !is_ellipsis(arg(c, 2)->args[0]) && value != inner(arg(c, 2)))
		fail(c->line, "ioctl gave %d, not %d", value, (int)inner(arg(c, 2)));
	return r;
}

static long do_open(struct call *c)
{
	long fd;

	want_args(c, 2, 3);
	fd = open(arg(c, 0)->text ? arg(c, 0)->text : "/dev/zero", (int)number(arg(c, 1)), c->spec->nargs == 3 ? (mode_t)number(arg(c, 2)) : 0);
	map_fd(c, c->spec->result, fd);
	return fd;
}

static long do_pipe(struct call *c)
{
	int fds[2];
	long r;

	want_args(c, 1, 1);
	if (arg(c, 0)->kind != E_LIST || arg(c, 0)->nargs != 2)
		fail(c->line, "pipe takes [fd, fd]");
	r = pipe(fds);
	for (int i = 0; !r && i < 2; i++)
		map_fd(c, arg(c, 0)->args[i], fds[i]);
	return r;
}

static long do_sendfile(struct call *c)
{
	off_t off;

	want_args(c, 4, 4);
	if (is_null(arg(c, 2)))
		return sendfile(fd_of(arg(c, 0)), fd_of(arg(c, 1)), NULL, (size_t)number(arg(c, 3)));
	off = (off_t)inner(arg(c, 2));
	return sendfile(fd_of(arg(c, 0)), fd_of(arg(c, 1)), &off, (size_t)number(arg(c, 3)));
}

static long do_splice(struct call *c)
{
	want_args(c, 6, 6);
	return splice(fd_of(arg(c, 0)), NULL, fd_of(arg(c, 2)), NULL, (size_t)number(arg(c, 4)), (unsigned)number(arg(c, 5)));
}

/* ---- readiness ---- */

static long do_poll(struct call *c)
{
	struct pollfd fds[32];
	const struct expr *list;
	long r;

	want_args(c, 3, 3);
	list = arg(c, 0);
	if (list->kind != E_LIST || list->nargs > 32)
		fail(c->line, "poll takes an array");
	for (int i = 0; i < list->nargs; i++) {
		fds[i].fd = fd_of(field(list->args[i], "fd"));
		fds[i].events = (short)field_number(list->args[i], "events", 0);
		fds[i].revents = 0;
	}
	r = poll(fds, (nfds_t)number(arg(c, 1)), (int)number(arg(c, 2)));
	for (int i = 0; r >= 0 && i < list->nargs; i++) {
		int64_t want = field_number(list->args[i], "revents", fds[i].revents);

		if (fds[i].revents != want)
			fail(c->line, "revents is 0x%x, not 0x%x", fds[i].revents, (unsigned)want);
	}
	return r;
}

static long do_epoll_create(struct call *c)
{
	long fd;

	want_args(c, 1, 1);
	fd = !strcmp(c->spec->name, "epoll_create1") ? epoll_create1((int)number(arg(c, 0))) : epoll_create((int)number(arg(c, 0)));
	map_fd(c, c->spec->result, fd);
	return fd;
}

static uint64_t epoll_data(const struct expr *e)
{
	const struct expr *f = field(e, "fd");

	if (f)
		return (uint64_t)number(f);
	f = field(e, "u32") ? field(e, "u32") : field(e, "u64") ? field(e, "u64") : field(e, "ptr");
	return f && !is_ellipsis(f) ? (uint64_t)number(f) : 0;
}

static long do_epoll_ctl(struct call *c)
{
	struct epoll_event ev = { .events = 0 };

	want_args(c, 4, 4);
	if (arg(c, 3)->kind == E_STRUCT) {
		ev.events = (uint32_t)field_number(arg(c, 3), "events", 0);
		ev.data.u64 = epoll_data(arg(c, 3));
	}
	return epoll_ctl(fd_of(arg(c, 0)), (int)number(arg(c, 1)), fd_of(arg(c, 2)), &ev);
}

static long do_epoll_wait(struct call *c)
{
	struct epoll_event events[32];
	const struct expr *want;
	long r;

	want_args(c, 4, 5);
	want = arg(c, 1);
	r = epoll_wait(fd_of(arg(c, 0)), events, (int)number(arg(c, 2)) > 32 ? 32 : (int)number(arg(c, 2)), (int)number(arg(c, 3)));
	for (long i = 0; i < r; i++) {
		const struct expr *one = want->kind == E_LIST ? (i < want->nargs ? want->args[i] : NULL) : i ? NULL : want;

		if (!one || one->kind != E_STRUCT)
			continue;
		if (events[i].events != field_number(one, "events", events[i].events))
			fail(c->line, "epoll_wait gave events 0x%x, not 0x%x", events[i].events,
				(unsigned)field_number(one, "events", 0));
		if (events[i].data.u64 != epoll_data(one))
			fail(c->line, "epoll_wait gave data %llu, not %llu", (unsigned long long)events[i].data.u64,
				(unsigned long long)epoll_data(one));
	}
	return r;
}

/* ---- the table ---- */

static const struct {
	const char *name;
	long (*fn)(struct call *c);
} calls[] = {
	{ "socket", do_socket }, { "bind", do_bind }, { "connect", do_connect }, { "listen", do_listen }, { "accept", do_accept },
	{ "accept4", do_accept }, { "shutdown", do_shutdown }, { "send", do_send }, { "sendto", do_send }, { "recv", do_recv },
	{ "recvfrom", do_recv }, { "sendmsg", do_sendmsg }, { "recvmsg", do_recvmsg }, { "write", do_write }, { "read", do_read },
	{ "readv", do_readv_writev }, { "writev", do_readv_writev }, { "setsockopt", do_setsockopt },
	{ "getsockopt", do_getsockopt }, { "close", do_close }, { "fcntl", do_fcntl }, { "ioctl", do_ioctl }, { "open", do_open },
	{ "pipe", do_pipe }, { "sendfile", do_sendfile }, { "splice", do_splice }, { "poll", do_poll },
	{ "epoll_create", do_epoll_create }, { "epoll_create1", do_epoll_create }, { "epoll_ctl", do_epoll_ctl },
	{ "epoll_wait", do_epoll_wait },
};

static long (*find_call(const char *name))(struct call *c)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(calls[i].name, name))
			return calls[i].fn;
	return NULL;
}

bool call_known(const char *name) { return find_call(name) != NULL; }

/* ---- running ---- */

static void check_result(const struct call *c, long result, int err)
{
	const struct call_spec *s = c->spec;
	int64_t want, want_err;

	if (s->errno_name) {
		if (!symbol(s->errno_name, &want_err))
			unsupported(c->line, "the error %s", s->errno_name);
		if (result != -1)
			fail(c->line, "%s returned %ld, not %s", s->name, result, s->errno_name);
		if (err != want_err)
			fail(c->line, "%s gave %s, not %s", s->name, errno_text(err), s->errno_name);
		return;
	}
	if (is_ellipsis(s->result))
		return;
	want = number(s->result);
	if (result < 0 && want == -1) /* whatever the error */
		return;
	if (result < 0)
		fail(c->line, "%s gave %s", s->name, errno_text(err));
	/* a descriptor has the number that the kernel gives; the script's is mapped to it */
	if (c->makes_fd)
		return;
	if (result != want)
		fail(c->line, "%s returned %ld, not %ld", s->name, result, (long)want);
}

static void run(struct call *c)
{
	long result;
	int err;

	errno = 0;
	result = find_call(c->spec->name)(c);
	err = errno;
	c->ended = now_us();
	check_result(c, result, err);
}

static struct call *blocked;   /* in its thread */
static pthread_t thread;

static void *thread_main(void *call)
{
	run(call);
	return NULL;
}

void call_join(void)
{
	struct call *c = blocked;

	if (!c)
		return;
	pthread_join(thread, NULL);
	blocked = NULL;
	if (c->ended > c->deadline + script.tolerance || c->ended < c->deadline - script.tolerance)
		fail(c->line, "%s returned at %.6f s, not at %.6f s", c->spec->name, (double)c->ended / 1e6, (double)c->deadline / 1e6);
}

void call_run(const struct event *ev, int64_t deadline)
{
	static const char *const makers[] = { "socket", "accept", "accept4", "open", "epoll_create", "epoll_create1" };
	struct call *c = grab(sizeof(*c));

	c->spec = ev->call;
	c->line = ev->line;
	c->deadline = deadline;
	if (!find_call(c->spec->name))
		unsupported(ev->line, "the system call %s", c->spec->name);
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		c->makes_fd |= !strcmp(makers[i], c->spec->name);
	call_join();
	if (!c->spec->blocking) {
		run(c);
		return;
	}
	blocked = c;
	if (pthread_create(&thread, NULL, thread_main, c))
		fail(ev->line, "cannot make a thread: %s", strerror(errno));
}
