/* The umask: with open, mkdir, mknod, O_TMPFILE, and not with symlink, chmod or sockets. */
#include "both.h"

#include <sys/socket.h>
#include <sys/un.h>
static unsigned mode_of(const char *n) { struct stat st; return lstat(n, &st) ? 0 : st.st_mode & 07777; }

static void all(void)
{
	static const unsigned masks[] = { 0, 022, 077, 0777, 027, 02 };
	struct sockaddr_un sun = { .sun_family = AF_UNIX, .sun_path = "s" };
	struct stat st;

	SHOW(umask(022) >= 0);
	for (unsigned i = 0; i < 6; i++) {
		int fd, s = socket(AF_UNIX, SOCK_STREAM, 0);

		umask(masks[i]);
		fd = open("f", O_CREAT | O_WRONLY, 07777);
		mkdir("d", 07777);
		mknod("p", S_IFIFO | 0777, 0);
		symlink("x", "l");
		bind(s, (void *)&sun, sizeof(sun));
		printf("umask %03o: file %04o dir %04o fifo %04o link %04o socket %04o", masks[i], mode_of("f"), mode_of("d"), mode_of("p"),
			mode_of("l"), mode_of("s"));
		chmod("f", 0777);
		printf(" chmod %04o", mode_of("f"));
		close(fd);
		fd = open(".", O_TMPFILE | O_WRONLY, 0666);
		fstat(fd, &st);
		printf(" tmpfile %04o\n", st.st_mode & 07777);
		close(fd);
		close(s);
		unlink("f"); rmdir("d"); unlink("p"); unlink("l"); unlink("s");
	}
	SHOW(umask(01777));
	SHOW(umask(0));
	umask(022);
}
int main(void)
{
	in_both(all);
	return 0;
}
