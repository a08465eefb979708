/* Bad buffers: nothing is lost, and what was good has been sent. */
#include "tcp_pair.h"
#include <sys/mman.h>
#include <sys/uio.h>

int main(void)
{
	char buf[64] = "", *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iovec iov[2] = { { "good", 4 }, { BAD_PTR, 4 } };
	int p[2];

	mprotect(page + 4096, 4096, PROT_NONE);
	memset(page, 'p', 4096);
	tcp_pair(p);
	SHOW(write(p[0], BAD_PTR, 10));
	SHOW(write(p[0], "", 0));
	/* One piece: all or nothing. */
	SHOW(writev(p[0], iov, 2));
	SHOW(recv(p[1], buf, 4, MSG_DONTWAIT));
	write(p[0], "0123456789", 10);
	wait_for(p[1], POLLIN);
	SHOW(read(p[1], BAD_PTR, 10));
	SHOW(read(p[1], buf, 10));
	write(p[0], "abcdef", 6);
	wait_for(p[1], POLLIN);
	iov[0].iov_base = buf;
	iov[0].iov_len = 3;
	iov[1].iov_base = BAD_PTR;
	iov[1].iov_len = 3;
	SHOW(readv(p[1], iov, 2) != 0);
	SHOW(send(p[0], page + 4096, 1, 0));
	SHOW(send(p[0], "x", 1, MSG_OOB | MSG_DONTWAIT));
	SHOW(sendto(p[0], "named", 5, 0, BAD_PTR, 16));
	SHOW(sendto(p[0], "named", 5, 0, (struct sockaddr *)buf, 0));
	return 0;
}
