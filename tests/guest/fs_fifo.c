/* FIFOs: who waits for whom, O_NONBLOCK, hang-up, several writers. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

int main(void)
{
	struct pollfd pf = { .events = POLLIN | POLLOUT };
	char buf[64] = "";
	struct stat st;
	int r, w, status;

	SHOW(mkfifo("f", 0600));
	SHOW(mkfifo("f", 0600));
	SHOW(open("f", O_WRONLY | O_NONBLOCK));
	r = open("f", O_RDONLY | O_NONBLOCK);
	SHOW(read(r, buf, 10));
	pf.fd = r;
	SHOW(poll(&pf, 1, 0));
	w = open("f", O_WRONLY | O_NONBLOCK);
	SHOW(read(r, buf, 10));
	SHOW(write(w, "abc", 3));
	SHOW(poll(&pf, 1, 0));
	SHOW(pf.revents);
	SHOW(read(r, buf, 10));
	SHOW(close(w));
	SHOW(poll(&pf, 1, 0));
	SHOW(pf.revents);
	SHOW(read(r, buf, 10));
	SHOW(close(r));
	if (!fork()) {
		w = open("f", O_WRONLY);
		write(w, "from child", 10);
		_exit(0);
	}
	r = open("f", O_RDONLY);
	SHOW(read(r, buf, 64));
	wait(&status);
	SHOW(read(r, buf, 64));
	close(r);
	if (!fork()) {
		r = open("f", O_RDONLY);
		_exit(read(r, buf, 64));
	}
	w = open("f", O_WRONLY);
	SHOW(write(w, "12345", 5));
	wait(&status);
	SHOW(WEXITSTATUS(status));
	signal(SIGPIPE, SIG_IGN);
	SHOW(write(w, "x", 1));
	close(w);
	r = open("f", O_RDWR);
	SHOW(write(r, "self", 4));
	SHOW(read(r, buf, 10));
	SHOW(lseek(r, 0, SEEK_SET));
	SHOW(fstat(r, &st));
	SHOW(S_ISFIFO(st.st_mode));
	SHOW(unlink("f"));
	SHOW(write(r, "gone", 4));
	SHOW(read(r, buf, 10));
	SHOW(fstat(r, &st));
	SHOW(st.st_nlink);
	SHOW(open("f", O_RDONLY));
	SHOW(mkfifo("nodir/f", 0600));
	SHOW(mknod("reg", S_IFREG | 0600, 0));
	SHOW(stat("reg", &st));
	SHOW(mknod("bad", S_IFDIR | 0600, 0));
	SHOW(mknod("sock", S_IFSOCK | 0600, 0));
	SHOW(open("sock", O_RDWR));
	return 0;
}
