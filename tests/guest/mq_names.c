// needs-root: changes its user
/* mq_open and mq_unlink: names, flags, rights, limits; descriptors that are not queues. */
#include <fcntl.h>
#include <mqueue.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "show.h"

#define OPEN(name, flags, mode, attr) syscall(SYS_mq_open, name, flags, mode, attr)
#define UNLINK(name) syscall(SYS_mq_unlink, name)

static void as_user(void)
{
	struct mq_attr attr = { .mq_maxmsg = 10, .mq_msgsize = 8192 }, large = { .mq_maxmsg = 11, .mq_msgsize = 1 };
	struct rlimit rl = { 50000, 50000 };

	if (setgid(4244) || setuid(4244))
		_exit(1);
	SHOW(OPEN("umk-q1", O_RDWR, 0, NULL));
	SHOW(OPEN("umk-q1", O_WRONLY, 0, NULL));
	SHOW_OK(OPEN("umk-q1", O_RDONLY, 0, NULL));
	SHOW(UNLINK("umk-q1"));
	SHOW(OPEN("umk-q2", O_CREAT | O_RDWR, 0600, &large));
	large = (struct mq_attr){ .mq_maxmsg = 1, .mq_msgsize = 8193 };
	SHOW(OPEN("umk-q2", O_CREAT | O_RDWR, 0600, &large));
	setrlimit(RLIMIT_MSGQUEUE, &rl);
	SHOW(OPEN("umk-q2", O_CREAT | O_RDWR, 0600, &attr));
	attr.mq_maxmsg = 5;
	SHOW_OK(OPEN("umk-q2", O_CREAT | O_RDWR, 0600, &attr));
	SHOW(OPEN("umk-q3", O_CREAT | O_RDWR, 0600, &attr));
	SHOW(UNLINK("umk-q2"));
	SHOW(OPEN("umk-q3", O_CREAT | O_RDWR, 0600, &attr)); /* still open, still paid for */
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	struct mq_attr attr = { .mq_maxmsg = 2, .mq_msgsize = 16 }, old;
	char longname[300], path[64], link[64] = "";
	int q, w, r, end;
	char buf[16];

	umask(0);
	UNLINK("umk-q1");
	SHOW(OPEN("umk-q1", O_RDWR, 0, NULL));
	q = SHOW_OK(OPEN("umk-q1", O_RDWR | O_CREAT, 0604, &attr));
	SHOW(OPEN("umk-q1", O_RDWR | O_CREAT | O_EXCL, 0600, &attr));
	SHOW(OPEN("umk-q1", 3, 0, NULL));
	w = SHOW_OK(OPEN("umk-q1", O_WRONLY | O_CREAT, 0, NULL));
	r = SHOW_OK(OPEN("umk-q1", O_RDONLY, 0, NULL));
	SHOW(mq_receive(w, buf, 16, NULL));
	SHOW(mq_send(r, "x", 1, 0));
	SHOW(mq_send(w, "through one", 11, 0));
	SHOW(mq_receive(r, buf, 16, NULL));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", q);
	printf("link %d\n", readlink(path, link, 63) > 0 && !strncmp(link, "/umk-q1", 7));
	SHOW(OPEN("", O_RDONLY, 0, NULL));
	SHOW(OPEN("a/b", O_RDWR | O_CREAT, 0600, NULL));
	SHOW(OPEN("/x", O_RDWR | O_CREAT, 0600, NULL));
	SHOW(OPEN(".", O_RDONLY, 0, NULL));
	SHOW(OPEN("..", O_RDONLY, 0, NULL));
	memset(longname, 'n', 299);
	longname[299] = 0;
	SHOW(OPEN(longname, O_RDWR | O_CREAT, 0600, NULL));
	longname[255] = 0;
	SHOW_OK(OPEN(longname, O_RDWR | O_CREAT, 0600, NULL));
	SHOW(UNLINK(longname));
	SHOW(OPEN(BAD_PTR, O_RDONLY, 0, NULL));
	SHOW(OPEN("umk-q9", O_RDWR | O_CREAT, 0600, BAD_PTR));
	attr.mq_maxmsg = 0;
	SHOW(OPEN("umk-q9", O_RDWR | O_CREAT, 0600, &attr));
	attr.mq_maxmsg = 1;
	attr.mq_msgsize = -1;
	SHOW(OPEN("umk-q9", O_RDWR | O_CREAT, 0600, &attr));
	attr.mq_msgsize = 16777217;
	SHOW(OPEN("umk-q9", O_RDWR | O_CREAT, 0600, &attr));
	attr = (struct mq_attr){ .mq_maxmsg = 65537, .mq_msgsize = 1 };
	SHOW(OPEN("umk-q9", O_RDWR | O_CREAT, 0600, &attr));
	end = OPEN("umk-q9", O_RDWR | O_CREAT, 0600, NULL);
	SHOW(mq_getattr(end, &old));
	printf("default max %ld size %ld\n", old.mq_maxmsg, old.mq_msgsize);
	SHOW(UNLINK("umk-q9"));
	SHOW(UNLINK("umk-q9"));
	SHOW(UNLINK(BAD_PTR));
	SHOW(mq_send(end, "unlinked, still there", 21, 0));
	SHOW(mq_getattr(end, &old));
	printf("now %ld\n", old.mq_curmsgs);
	SHOW(mq_getattr(0, &old));
	SHOW(mq_getattr(99, &old));
	SHOW(mq_send(0, "x", 1, 0));
	SHOW(mq_receive(99, buf, 16, NULL));
	SHOW(syscall(SYS_mq_getsetattr, q, BAD_PTR, NULL));
	SHOW(syscall(SYS_mq_getsetattr, q, NULL, BAD_PTR));
	old.mq_flags = O_APPEND;
	SHOW(syscall(SYS_mq_getsetattr, q, &old, NULL));
	SHOW(syscall(SYS_mq_timedsend, q, BAD_PTR, 3, 0, NULL));
	mq_send(q, "lost", 4, 0);
	SHOW(syscall(SYS_mq_timedreceive, q, BAD_PTR, 16, NULL, NULL));
	SHOW(write(q, "x", 1));
	SHOW_OK(lseek(q, 0, SEEK_SET));
	fflush(stdout);
	if (!fork())
		as_user();
	wait(NULL);
	SHOW(UNLINK("umk-q1"));
	return 0;
}
