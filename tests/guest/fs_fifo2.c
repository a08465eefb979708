/* FIFOs: blocking opens that signals end, both ways, poll, several readers, a full one, after unlink. */
#include "both.h"

#include <poll.h>
#include <signal.h>
#include <sys/time.h>
static void nothing(int sig) { (void)sig; }

static void all(void)
{
	struct sigaction sa = { .sa_handler = nothing };
	struct itimerval it = { { 0, 30000 }, { 0, 30000 } }, off = { { 0, 0 }, { 0, 0 } };
	struct pollfd pfd;
	static char buf[70000];
	int r, w, rw;

	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGALRM, &sa, NULL);
	mknod("p", S_IFIFO | 0600, 0);
	setitimer(ITIMER_REAL, &it, NULL);
	SHOW(open("p", O_RDONLY));
	SHOW(open("p", O_WRONLY));
	setitimer(ITIMER_REAL, &off, NULL);
	fflush(stdout);
	if (!fork()) {
		w = open("p", O_WRONLY);
		write(w, "hello", 5);
		_exit(0);
	}
	r = open("p", O_RDONLY);
	SHOW(read(r, buf, 100));
	SHOW(read(r, buf, 100));
	wait(NULL);
	pfd = (struct pollfd){ r, POLLIN | POLLOUT, 0 };
	SHOW(poll(&pfd, 1, 0));
	SHOW(pfd.revents);
	close(r);
	rw = open("p", O_RDWR | O_NONBLOCK);
	SHOW(rw >= 0);
	SHOW(read(rw, buf, 1));
	SHOW(write(rw, "abc", 3));
	r = open("p", O_RDONLY | O_NONBLOCK);
	SHOW(read(r, buf, 2));
	SHOW(read(rw, buf, 2));
	int total = 0, n;
	while ((n = write(rw, buf, 4096)) > 0)
		total += n;
	SHOW(total);
	pfd = (struct pollfd){ rw, POLLIN | POLLOUT, 0 };
	SHOW(poll(&pfd, 1, 0));
	SHOW(pfd.revents);
	close(rw);
	close(r);
	r = open("p", O_RDONLY | O_NONBLOCK);
	SHOW(read(r, buf, 1));
	w = open("p", O_WRONLY | O_NONBLOCK);
	SHOW(w >= 0);
	SHOW(unlink("p"));
	SHOW(write(w, "x", 1));
	SHOW(read(r, buf, 1));
	close(r);
	SHOW(write(w, "x", 1));
	close(w);
	SHOW(open("p", O_WRONLY | O_NONBLOCK));
}
int main(void)
{
	in_both(all);
	return 0;
}
