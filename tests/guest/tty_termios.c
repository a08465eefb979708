/* The shapes of modes: TCGETS, TCGETS2, TCGETA, speeds, what a pty keeps, locked flags, errors. */
#include "show.h"
#include <asm/termbits.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>

struct termio_old { unsigned short i, o, c, l; unsigned char line, cc[8]; };

static int master, slave;

static void show2(const char *what)
{
	struct termios2 t;

	memset(&t, 0, sizeof(t));
	SHOW(ioctl(slave, TCGETS2, &t));
	printf("%s: i %o o %o c %o l %o line %d speeds %u %u cc", what, t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag, t.c_line,
		t.c_ispeed, t.c_ospeed);
	for (int i = 0; i < 19; i++)
		printf(" %d", t.c_cc[i]);
	puts("");
}

int main(void)
{
	struct termios t;
	struct termios2 t2;
	struct termio_old old;
	int n, zero = 0;
	char name[64];

	master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	ioctl(master, TIOCSPTLCK, &zero);
	ioctl(master, TIOCGPTN, &n);
	snprintf(name, sizeof(name), "/dev/pts/%d", n);
	slave = open(name, O_RDWR | O_NOCTTY);
	show2("fresh");
	SHOW(ioctl(master, TCGETS, &t));
	SHOW(ioctl(slave, TCGETS, &t));
	t.c_cflag = CS5 | PARENB | CSTOPB | B9600 | HUPCL | CLOCAL;
	SHOW(ioctl(slave, TCSETS, &t));
	show2("a pty has eight bits");
	SHOW(ioctl(slave, TCGETS2, &t2));
	t2.c_cflag = (t2.c_cflag & ~CBAUD) | BOTHER;
	t2.c_ispeed = 1200;
	t2.c_ospeed = 12345;
	SHOW(ioctl(slave, TCSETS2, &t2));
	show2("other speed");
	t2.c_cflag = (t2.c_cflag & ~(CBAUD | CIBAUD)) | B115200;
	SHOW(ioctl(slave, TCSETSW2, &t2));
	show2("115200");
	SHOW(ioctl(slave, TCGETA, &old));
	printf("termio %o %o %o %o cc %d %d %d\n", old.i, old.o, old.c, old.l, old.cc[0], old.cc[4], old.cc[5]);
	old.l = 0;
	old.i = 0;
	SHOW(ioctl(slave, TCSETAF, &old));
	show2("by termio");
	t.c_lflag = ICANON | ECHO;
	t.c_line = 3;
	SHOW(ioctl(master, TCSETSF, &t));
	show2("by the master");
	SHOW(ioctl(slave, TCSETS, BAD_PTR));
	SHOW(ioctl(slave, TCGETS, BAD_PTR));
	SHOW(ioctl(slave, TCSETS2, BAD_PTR));
	SHOW(ioctl(slave, TCGETS2, BAD_PTR));
	SHOW(ioctl(slave, TCSETA, BAD_PTR));
	SHOW(ioctl(slave, TCGETA, BAD_PTR));
	SHOW(ioctl(slave, TIOCGSOFTCAR, &n));
	SHOW(n);
	n = 0;
	SHOW(ioctl(slave, TIOCSSOFTCAR, &n));
	SHOW(ioctl(slave, TIOCGSOFTCAR, &n));
	SHOW(n);
	SHOW(ioctl(slave, TIOCGETD, &n));
	SHOW(n);
	n = 0;
	SHOW(ioctl(slave, TIOCSETD, &n));
	SHOW(ioctl(slave, TIOCSETD, BAD_PTR));
	SHOW(ioctl(slave, TIOCMGET, &n));
	SHOW(ioctl(slave, TIOCMSET, &n));
	SHOW(ioctl(slave, 0x5455, &n));
	SHOW(ioctl(slave, TIOCOUTQ, &n));
	SHOW(n);
	SHOW(ioctl(slave, TIOCOUTQ, BAD_PTR));
	SHOW(ioctl(slave, FIONREAD, BAD_PTR));
	memset(&t, 0, sizeof(t));
	SHOW(ioctl(slave, TIOCGLCKTRMIOS, &t));
	SHOW(t.c_lflag);
	SHOW(ioctl(slave, FIOASYNC, BAD_PTR));
	return 0;
}
