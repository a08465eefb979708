/* Listening on an abstract name: names of both ends, backlog, accept4's flags, what happens to waiting connections. */
/* musl */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include "show.h"

static struct sockaddr_un a = { .sun_family = AF_UNIX };
static socklen_t la;

static void name(const char *what, int fd, int (*get)(int, struct sockaddr *, socklen_t *))
{
	struct sockaddr_un n;
	socklen_t len = sizeof(n);

	if (get(fd, (struct sockaddr *)&n, &len))
		printf("%s: %s\n", what, errno_name(errno));
	else
		printf("%s: family %d, %d bytes '%.*s'\n", what, n.sun_family, len, len > 3 ? 15 : 0, n.sun_path + 1);
}

int main(void)
{
	char buf[64];
	int l, c[8], d, n;

	la = sizeof(sa_family_t) + 1 + sprintf(a.sun_path + 1, "umk-test-listen-%07d", getpid());
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(l, (void *)&a, la));
	SHOW(bind(l, (void *)&a, la));
	c[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(bind(c[0], (void *)&a, la));
	SHOW(connect(c[0], (void *)&a, la));
	SHOW(listen(l, 2));
	SHOW(fcntl(l, F_SETFL, O_NONBLOCK));
	SHOW(accept(l, NULL, NULL));
	for (n = 0; n < 8; n++) {
		c[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(c[n], (void *)&a, la)) {
			printf("connection %d: %s\n", n, errno_name(errno));
			break;
		}
	}
	SHOW(connect(c[0], (void *)&a, la));
	name("client's own", c[0], getsockname);
	name("client's peer", c[0], getpeername);
	SHOW(write(c[0], "early", 5));
	d = accept4(l, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	printf("cloexec %d nonblock %d\n", fcntl(d, F_GETFD), !!(fcntl(d, F_GETFL) & O_NONBLOCK));
	name("accepted's own", d, getsockname);
	name("accepted's peer", d, getpeername);
	SHOW(read(d, buf, 64));
	SHOW(read(d, buf, 64));
	SHOW(send(l, "x", 1, 0));
	SHOW(recv(l, buf, 1, 0));
	/* Those not yet accepted are reset when the listener goes. */
	SHOW(close(l));
	SHOW(read(c[1], buf, 1));
	SHOW(read(c[1], buf, 1));
	SHOW(send(c[1], "x", 1, MSG_NOSIGNAL));
	SHOW(connect(c[n], (void *)&a, la));
	/* The name is free again; a connecting process sleeps until there is room. */
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(bind(l, (void *)&a, la));
	SHOW(listen(l, 0));
	if (!fork()) {
		for (n = 0; n < 5; n++) {
			c[n] = socket(AF_UNIX, SOCK_STREAM, 0);
			if (connect(c[n], (void *)&a, la))
				_exit(1);
			dprintf(c[n], "connection %d", n);
		}
		_exit(0);
	}
	for (n = 0; n < 5; n++) {
		usleep(2000);
		d = accept(l, NULL, NULL);
		memset(buf, 0, sizeof(buf));
		read(d, buf, 63);
		puts(buf);
	}
	wait(&n);
	SHOW(WEXITSTATUS(n));
	/* shutdown wakes one that accepts */
	if (!fork()) {
		usleep(5000);
		shutdown(l, SHUT_RD);
		_exit(0);
	}
	SHOW(accept(l, NULL, NULL));
	wait(NULL);
	return 0;
}
