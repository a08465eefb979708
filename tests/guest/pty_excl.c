// needs-root: another user
/* TIOCEXCL, and TIOCSTI of a kernel that refuses it to users. */
#include "tty.h"
#include <sys/stat.h>

int main(void)
{
	int n = -1;
	char name[64];

	tty_new();
	ioctl(master, TIOCGPTN, &n);
	snprintf(name, sizeof(name), "/dev/pts/%d", n);
	SHOW(chmod(name, 0666));
	SHOW(ioctl(slave, TIOCGEXCL, &n));
	SHOW(n);
	SHOW(ioctl(slave, TIOCEXCL));
	SHOW(ioctl(slave, TIOCGEXCL, &n));
	SHOW(n);
	SHOW_OK(open(name, O_RDWR | O_NOCTTY));
	if (!fork()) {
		setuid(65534);
		SHOW_OK(open(name, O_RDWR | O_NOCTTY));
		SHOW(ioctl(slave, TIOCVHANGUP));
		SHOW(ioctl(slave, TIOCCONS));
		SHOW(ioctl(slave, TIOCNXCL));
		SHOW_OK(open(name, O_RDWR | O_NOCTTY));
		SHOW(syscall(SYS_vhangup));
		exit(0);
	}
	wait(NULL);
	SHOW(ioctl(slave, TIOCSTI, "x"));
	SHOW(ioctl(slave, TIOCSTI, "\n"));
	take("typed by TIOCSTI", 10);
	screen("echo");
	SHOW(ioctl(slave, TIOCSTI, BAD_PTR));
	SHOW(ioctl(slave, TIOCGEXCL, BAD_PTR));
	SHOW(ioctl(slave, TIOCGDEV, &n) || n == 0);
	return 0;
}
