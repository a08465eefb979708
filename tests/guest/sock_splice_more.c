/* What splice(2) and sendfile(2) give a socket: some buffers of a pipe are one message, SPLICE_F_MORE keeps it back, and the
 * end of a file that is shorter than asked for sends it. */
#include "inet.h"
#include <sys/mman.h>
#include <sys/sendfile.h>

static char bytes[20000];

/* @count buffers of @size bytes in a pipe, then splice of all. */
static void splice_buffers(int s, unsigned count, size_t size, unsigned flags)
{
	int p[2];

	pipe(p);
	for (unsigned i = 0; i < count; i++) {
		vmsplice(p[1], &(struct iovec){ bytes, size }, 1, 0);
	}
	SHOW(splice(p[0], NULL, s, NULL, count * size, flags));
	close(p[0]);
	close(p[1]);
}

static void sizes(int s)
{
	static char buf[sizeof(bytes)];
	long n;

	while ((n = recv(s, buf, sizeof(buf), MSG_DONTWAIT)) >= 0)
		printf("  a message of %ld\n", n);
}

static void family(const char *ip)
{
	int a = bound(ip), b = bound(ip), file = memfd_create("file", 0);
	addr_t to = local_addr(a);

	printf("%s\n", ip);
	connect(b, &to.sa, addr_len(&to));
	write(file, bytes, 6000);
	splice_buffers(b, 3, 1000, 0);
	sizes(a);
	splice_buffers(b, 1, 500, SPLICE_F_MORE);
	sizes(a);
	SHOW(send(b, bytes, 1, 0));
	sizes(a);
	splice_buffers(b, 16, 100, 0); /* sixteen are looked at at once */
	sizes(a);
	SHOW(sendfile(b, file, &(off_t){ 0 }, 6000));
	sizes(a);
	SHOW(sendfile(b, file, &(off_t){ 0 }, 10000)); /* IPv6 waits for the rest */
	sizes(a);
	SHOW(send(b, bytes, 2, 0));
	sizes(a);
	SHOW(sendfile(b, file, &(off_t){ 6000 }, 10));
	sizes(a);
	SHOW(setsockopt(b, SOL_UDP, UDP_CORK, &(int){ 1 }, sizeof(int)));
	SHOW(sendfile(b, file, &(off_t){ 0 }, 10000));
	sizes(a);
	SHOW(setsockopt(b, SOL_UDP, UDP_CORK, &(int){ 0 }, sizeof(int)));
	sizes(a);
}

int main(void)
{
	int s[2];

	family("127.0.0.1");
	family("::1");
	printf("AF_UNIX\n");
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s);
	splice_buffers(s[0], 3, 1000, 0);
	splice_buffers(s[0], 2, 10, SPLICE_F_MORE);
	sizes(s[1]);
	return 0;
}
