/* connect(2) to one that does not answer, accept(2) and accept4(2), names: what the other errno_* programs do not meet. */
#include <sys/resource.h>
#include "msg_ways.h"

static void no_answer(void)
{
	struct sockaddr_in addr;
	int l = full_listener(&addr), c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), limit = 100;

	SHOW(connect(c, (void *)&addr, sizeof(addr)));
	SHOW(connect(c, (void *)&addr, sizeof(addr)));
	close(c);
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(setsockopt(c, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof(limit)));
	SHOW(connect(c, (void *)&addr, sizeof(addr)));
	close(c);
	close(l);
}

static void wrong_kind(void)
{
	struct sockaddr_un a = { AF_UNIX, "dgram" }, loop = { AF_UNIX, "loop/x" };
	int d = socket(AF_UNIX, SOCK_DGRAM, 0);

	SHOW(bind(d, (void *)&a, sizeof(a)));
	SHOW(connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&a, sizeof(a)));
	SHOW(connect(socket(AF_UNIX, SOCK_SEQPACKET, 0), (void *)&a, sizeof(a)));
	SHOW(symlink("loop", "loop"));
	SHOW(bind(socket(AF_UNIX, SOCK_DGRAM, 0), (void *)&loop, sizeof(loop)));
	SHOW(connect(d, (void *)&loop, sizeof(loop)));
	SHOW(unlink("loop"));
	SHOW(unlink("dgram"));
}

/* Nothing may be taken from the queue when accepting is refused for other reasons than the connection's. */
static void accepts(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 4), c = tcp_connect_to(&addr), d = tcp_connect_to(&addr);
	struct rlimit old, low;

	getrlimit(RLIMIT_NOFILE, &old);
	low = old;
	low.rlim_cur = dup(0);
	close(low.rlim_cur);
	SHOW(setrlimit(RLIMIT_NOFILE, &low));
	SHOW(accept(l, NULL, NULL));
	SHOW(accept4(l, NULL, NULL, SOCK_CLOEXEC));
	SHOW(setrlimit(RLIMIT_NOFILE, &old));
	SHOW(accept4(l, NULL, NULL, 1));
	SHOW(accept(l, (void *)&addr, BAD_PTR));
	SHOW(accept4(l, (void *)&addr, BAD_PTR, 0));
	SHOW(fcntl(l, F_SETFL, O_NONBLOCK));
	SHOW(accept(l, NULL, NULL)); /* those were taken and lost */
	SHOW(accept4(l, NULL, NULL, 0));
	SHOW(fcntl(l, F_SETFL, 0));
	interrupted_calls(l, SO_RCVTIMEO);
	SHOW(accept(l, NULL, NULL));
	SHOW(accept4(l, NULL, NULL, 0));
	not_interrupted();
	close(c);
	close(d);
	close(l);
}

static void names(void)
{
	int p[2], null = open("/dev/null", O_RDWR);
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	tcp_pair(p);
	SHOW(getsockname(null, (void *)&a, &len));
	SHOW(getpeername(null, (void *)&a, &len));
	SHOW(getpeername(-1, (void *)&a, &len));
	SHOW(getpeername(p[0], BAD_PTR, &len));
	SHOW(getpeername(p[0], (void *)&a, BAD_PTR));
	len = -1;
	SHOW(getpeername(p[0], (void *)&a, &len));
}

int main(void)
{
	no_answer();
	wrong_kind();
	accepts();
	names();
	return 0;
}
