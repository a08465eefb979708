/* Processes that wait in accept: each connection wakes one and reaches one. */
#include "tcp_pair.h"
#include <sys/wait.h>

int main(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 8), status, served = 0;
	char c;

	for (int i = 0; i < 4; i++)
		if (!fork()) {
			int s = accept(l, NULL, NULL);

			if (read(s, &c, 1) == 1)
				write(s, &c, 1);
			_exit(s >= 0 ? 5 : 1);
		}
	usleep(30000);
	for (int i = 0; i < 4; i++) {
		int s = tcp_connect_to(&addr);

		write(s, "q", 1);
		served += read(s, &c, 1) == 1;
		close(s);
	}
	printf("served %d\n", served);
	for (int i = 0; i < 4; i++) {
		wait(&status);
		printf("child: %d\n", WEXITSTATUS(status));
	}
	fflush(stdout);
	/* shutdown wakes those who wait. */
	if (!fork()) {
		int r = accept(l, NULL, NULL);

		printf("accept: %d %s\n", r, errno_name(errno));
		fflush(stdout);
		_exit(0);
	}
	usleep(50000);
	served = shutdown(l, SHUT_RDWR);
	wait(&status);
	printf("shutdown: %d\n", served);
	return 0;
}
