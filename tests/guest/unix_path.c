/* Path names: the socket file, its mode, who may connect, what unlink and rename do. */
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include "show.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "sock" }, n;
	socklen_t la = offsetof(struct sockaddr_un, sun_path) + 5, len;
	struct stat st;
	char buf[16];
	int l, c, d;

	umask(022);
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(c, (void *)&a, la));
	SHOW(bind(l, (void *)&a, la));
	SHOW(stat("sock", &st));
	printf("%o\n", st.st_mode);
	SHOW(open("sock", O_RDONLY));
	SHOW(bind(c, (void *)&a, la));
	SHOW(connect(c, (void *)&a, la));
	SHOW(listen(l, 5));
	SHOW(connect(c, (void *)&a, la));
	len = sizeof(n);
	SHOW(getpeername(c, (void *)&n, &len));
	printf("%d '%s'\n", len, n.sun_path);
	d = accept(l, NULL, NULL);
	SHOW(write(c, "hi", 2));
	SHOW(read(d, buf, 16));
	SHOW(rename("sock", "moved"));
	strcpy(a.sun_path, "moved");
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(c, (void *)&a, sizeof(a)));
	SHOW(unlink("moved"));
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(c, (void *)&a, sizeof(a)));
	strcpy(a.sun_path, "no/such/dir");
	SHOW(bind(c, (void *)&a, sizeof(a)));
	/* the name's mode is the socket's */
	umask(0123);
	d = socket(AF_UNIX, SOCK_DGRAM, 0);
	SHOW(fchmod(d, 06765));
	strcpy(a.sun_path, "mode");
	SHOW(bind(d, (void *)&a, sizeof(a)));
	SHOW(stat("mode", &st));
	printf("%o\n", st.st_mode);
	SHOW(fchmod(d, 0600));
	SHOW(stat("mode", &st));
	printf("%o\n", st.st_mode);
	SHOW(fstat(d, &st));
	printf("%o\n", st.st_mode);
	close(d);
	umask(022);
	close(open("plain", O_CREAT | O_WRONLY, 0600));
	strcpy(a.sun_path, "plain");
	SHOW(bind(c, (void *)&a, sizeof(a)));
	SHOW(connect(c, (void *)&a, sizeof(a)));
	mkdir("dir", 0700);
	strcpy(a.sun_path, "dir/inside");
	SHOW(bind(c, (void *)&a, sizeof(a)));
	SHOW(listen(c, 1));
	close(c);
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(c, (void *)&a, sizeof(a)));
	SHOW(bind(c, (void *)&a, sizeof(a)));
	memset(a.sun_path, 'x', sizeof(a.sun_path));
	SHOW(bind(c, (void *)&a, sizeof(a)));
	len = sizeof(n);
	SHOW(getsockname(c, (void *)&n, &len));
	printf("%d\n", len);
	return 0;
}
