/* A UDP socket that is shared by processes: the last one to close it frees the port. musl */
#include "inet.h"
#include <sys/wait.h>

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1"), st, again;
	addr_t x = local_addr(a);
	char buf[32];
	pid_t pid = fork();

	if (!pid) {
		ssize_t n = recv(a, buf, sizeof(buf), 0);

		send_to(a, n == 8 ? "from child" : "wrong", "127.0.0.1", port_of(b));
		_exit(7);
	}
	SHOW(send_to(b, "to child", "127.0.0.1", x.in.sin_port));
	waitpid(pid, &st, 0);
	SHOW(WEXITSTATUS(st));
	receive(b);
	again = socket(AF_INET, SOCK_DGRAM, 0);
	SHOW(bind(again, &x.sa, sizeof(x.in)));
	close(a);
	SHOW(bind(again, &x.sa, sizeof(x.in)));
	SHOW(dup2(again, 20));
	close(again);
	SHOW(send_to(b, "to the duplicate", "127.0.0.1", x.in.sin_port));
	receive(20);
	SHOW(fcntl(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), F_GETFD));
	SHOW((fcntl(socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0), F_GETFL) & O_NONBLOCK) != 0);
	SHOW(lseek(20, 0, SEEK_SET));
	SHOW(fsync(20));
	return 0;
}
