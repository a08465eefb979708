/* recv(2), recvfrom(2), recvmsg(2): errors on every kind of socket, bad buffers in the middle, names with bad lengths. */
#include "each.h"

int main(void)
{
	int null = open("/dev/null", O_RDONLY);

	FOR_EACH(k) {
		any_addr a;
		socklen_t len = sizeof(a);
		char buf[8], last[8];
		struct iovec iov[3] = { { buf, 2 }, { BAD_PTR, 4 }, { last, 3 } };
		struct msghdr m = { .msg_iov = iov, .msg_iovlen = 3 };
		int s = make(k), p[2];

		title(k->name);
		SHOW(recv(-1, buf, 1, 0));
		SHOW(recv(null, buf, 1, 0));
		SHOW(recv(s, buf, 1, MSG_DONTWAIT));
		SHOW(recv(s, buf, 0, MSG_DONTWAIT));
		SHOW(recv(s, BAD_PTR, 1, MSG_DONTWAIT));
		SHOW(recv(s, (void *)-1, 2, MSG_DONTWAIT));
		SHOW(recvmsg(s, BAD_PTR, MSG_DONTWAIT));
		SHOW(recv(s, buf, 1, MSG_DONTWAIT | MSG_OOB));
		SHOW(recv(s, buf, 1, MSG_DONTWAIT | MSG_ERRQUEUE));
		make_pair(k, p);
		SHOW(recv(p[1], buf, 1, MSG_DONTWAIT));
		SHOW(recv(p[1], buf, 1, MSG_DONTWAIT | MSG_OOB));
		SHOW(send(p[0], "abcdefg", 7, 0));
		SHOW(recvmsg(p[1], &m, 0));
		SHOW(recv(p[1], buf, 8, MSG_DONTWAIT));
		SHOW(send(p[0], "abcdefg", 7, 0));
		SHOW(recvfrom(p[1], buf, 2, 0, &a.sa, BAD_PTR));
		SHOW(recv(p[1], buf, 8, MSG_DONTWAIT));
		SHOW(send(p[0], "abcdefg", 7, 0));
		len = -1;
		SHOW(recvfrom(p[1], buf, 2, 0, &a.sa, &len));
		SHOW(recv(p[1], buf, 8, MSG_DONTWAIT));
		SHOW(send(p[0], "abcdefg", 7, 0));
		len = sizeof(a);
		SHOW(recvfrom(p[1], buf, 2, 0, BAD_PTR, &len));
		SHOW(recv(p[1], buf, 8, MSG_DONTWAIT));
		m.msg_iovlen = 1025;
		SHOW(recvmsg(p[1], &m, MSG_DONTWAIT));
		m.msg_iovlen = 1;
		iov[0].iov_len = -1;
		SHOW(recvmsg(p[1], &m, MSG_DONTWAIT));
		iov[0].iov_len = 2;
		m.msg_name = &a;
		m.msg_namelen = -1;
		SHOW(recvmsg(p[1], &m, MSG_DONTWAIT));
		m.msg_name = NULL;
		SHOW(send(p[0], "abcdefg", 7, 0));
		m.msg_control = BAD_PTR;
		m.msg_controllen = 100;
		SHOW(recvmsg(p[1], &m, MSG_DONTWAIT));
		printf("flags %#x controllen %zu\n", m.msg_flags, (size_t)m.msg_controllen);
		SHOW(shutdown(p[1], SHUT_RD));
		SHOW(recv(p[1], buf, 8, MSG_DONTWAIT) >= 0 ? 0 : -1);
		SHOW(recv(p[1], buf, 8, MSG_DONTWAIT));
		close(s);
		close(p[0]);
		close(p[1]);
	}
	return 0;
}
