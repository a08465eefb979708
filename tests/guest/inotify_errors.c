/* Errors of the inotify calls, reading with small buffers, blocking reads, poll, overflow of the queue. */
/* musl */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "inotify.h"

int main(void)
{
	char buf[4096] __attribute__((aligned(8)));
	struct pollfd p;
	int fd, other, n, i, count = 0, last = 0;

	SHOW(inotify_init1(0x40000000));
	fd = inotify_init1(IN_CLOEXEC);
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(fd, F_GETFL));
	other = open("f", O_CREAT | O_RDWR, 0644);
	symlink("f", "link");
	symlink("none", "broken");
	mkdir("d", 0755);
	SHOW(inotify_add_watch(fd, "none", IN_OPEN));
	SHOW(inotify_add_watch(fd, "broken", IN_OPEN));
	SHOW(inotify_add_watch(fd, "broken", IN_OPEN | IN_DONT_FOLLOW));
	SHOW(inotify_add_watch(fd, "", IN_OPEN));
	SHOW(inotify_add_watch(fd, BAD_PTR, IN_OPEN));
	SHOW(inotify_add_watch(fd, "f", 0));
	SHOW(inotify_add_watch(fd, "f", 0x00100000));
	SHOW(inotify_add_watch(fd, "f", IN_OPEN | IN_ONLYDIR));
	SHOW(inotify_add_watch(fd, "f/x", IN_OPEN));
	SHOW(inotify_add_watch(fd, "f", IN_OPEN | IN_MASK_ADD | IN_MASK_CREATE));
	SHOW(inotify_add_watch(other, "f", IN_OPEN));
	SHOW(inotify_add_watch(-1, "f", IN_OPEN));
	SHOW(inotify_add_watch(-1, "f", 0));
	SHOW(inotify_rm_watch(fd, 99));
	SHOW(inotify_rm_watch(other, 1));
	SHOW(inotify_rm_watch(-1, 1));
	SHOW(write(fd, "x", 1));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(pread(fd, buf, sizeof(buf), 0));
	SHOW(inotify_add_watch(fd, "link", IN_OPEN | IN_ATTRIB));
	SHOW(inotify_add_watch(fd, "f", IN_OPEN | IN_ATTRIB));
	SHOW(inotify_add_watch(fd, "d", IN_CREATE));
	p = (struct pollfd){ fd, POLLIN | POLLOUT, 0 };
	SHOW(poll(&p, 1, 0));
	close(open("f", O_RDONLY));
	SHOW(poll(&p, 1, 0));
	SHOW(p.revents);
	SHOW(read(fd, buf, 15));
	SHOW(read(fd, buf, 16));
	close(open("d/file", O_CREAT | O_WRONLY, 0600));
	SHOW(read(fd, buf, 16));
	SHOW(read(fd, buf, 31));
	SHOW(read(fd, buf, 32));
	SHOW(read(fd, BAD_PTR, 0));
	/* a blocking read is woken */
	if (!fork()) {
		usleep(20000);
		chmod("f", 0600);
		_exit(0);
	}
	SHOW(read(fd, buf, sizeof(buf)));
	SHOW(((struct inotify_event *)buf)->mask == IN_ATTRIB);
	wait(NULL);
	/* more than the queue takes: /proc/sys/fs/inotify/max_queued_events */
	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (i = 0; i < 10000; i++) {
		chmod("f", 0600);
		close(open("f", O_RDONLY));
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (char *q = buf; q < buf + n; q += sizeof(struct inotify_event) + ((struct inotify_event *)q)->len) {
			last = ((struct inotify_event *)q)->mask;
			count++;
		}
	printf("%d events, the last %s\n", count, last == IN_Q_OVERFLOW ? "IN_Q_OVERFLOW" : "?");
	return 0;
}
