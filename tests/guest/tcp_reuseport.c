/* SO_REUSEPORT: several listeners share a port, and each connection reaches exactly one. */
#include "tcp_pair.h"

#define L 3
#define N 60

int main(void)
{
	struct sockaddr_in addr = LOOPBACK;
	socklen_t len = sizeof(addr);
	int l[L], got[L] = { 0 }, total = 0, used = 0, plain = socket(AF_INET, SOCK_STREAM, 0);

	for (int i = 0; i < L; i++) {
		l[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		set_int(l[i], SOL_SOCKET, SO_REUSEPORT, 1);
		SHOW(bind(l[i], (struct sockaddr *)&addr, sizeof(addr)));
		SHOW(listen(l[i], N));
		getsockname(l[i], (struct sockaddr *)&addr, &len);
	}
	SHOW(int_opt(l[0], SOL_SOCKET, SO_REUSEPORT));
	SHOW(bind(plain, (struct sockaddr *)&addr, sizeof(addr)));
	for (int i = 0; i < N; i++)
		tcp_connect_to(&addr);
	usleep(50000);
	for (int i = 0; i < L; i++) {
		while (accept(l[i], NULL, NULL) >= 0)
			got[i]++;
		total += got[i];
		used += got[i] > 0;
	}
	printf("connections %d, more than one listener had some: %d\n", total, used > 1);
	close(l[1]);
	close(l[2]);
	for (int i = 0; i < 10; i++)
		tcp_connect_to(&addr);
	usleep(50000);
	for (total = 0; accept(l[0], NULL, NULL) >= 0;)
		total++;
	printf("the last one has all: %d\n", total);
	return 0;
}
