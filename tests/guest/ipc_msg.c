/* System V message queues: types, order, blocking, sizes, what receivers choose, removal, limits of one queue. */
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

#ifndef MSG_COPY
#define MSG_COPY 040000
#endif
#ifndef MSG_EXCEPT
#define MSG_EXCEPT 020000
#endif

static struct { long type; char text[9000]; } m;

static int put(int id, long type, const char *text, int flags)
{
	m.type = type;
	strcpy(m.text, text);
	return msgsnd(id, &m, strlen(text), flags);
}

static void get(int id, size_t size, long type, int flags)
{
	ssize_t n;

	memset(&m, 0, sizeof(m));
	n = msgrcv(id, &m, size, type, flags);
	if (n < 0)
		printf("type %ld flags %o: %s\n", type, flags, errno_name(errno));
	else
		printf("type %ld flags %o: %zd of type %ld: %s\n", type, flags, n, m.type, m.text);
	fflush(stdout);
}

static void nothing(int sig) { }

int main(void)
{
	int id = SHOW_OK(msgget(IPC_PRIVATE, IPC_CREAT | 0600)), status;
	struct msqid_ds ds;
	pid_t pid;

	for (int i = 0; i < 6; i++) {
		char text[8] = { 'a' + i, 0 };

		put(id, (long[]){ 3, 1, 2, 3, 1, 5 }[i], text, 0);
	}
	SHOW(msgctl(id, IPC_STAT, &ds));
	printf("qnum %lu bytes %lu qbytes %lu mode %o lspid %d lrpid %d uid %d\n", ds.msg_qnum, ds.__msg_cbytes,
		ds.msg_qbytes, ds.msg_perm.mode, ds.msg_lspid == getpid(), ds.msg_lrpid, ds.msg_perm.uid == geteuid());
	printf("times: sent %d received %ld changed %d\n", time(NULL) - ds.msg_stime < 5, ds.msg_rtime, time(NULL) - ds.msg_ctime < 5);
	get(id, 100, 2, MSG_COPY | IPC_NOWAIT);
	get(id, 100, 9, MSG_COPY | IPC_NOWAIT);
	get(id, 100, 2, MSG_COPY);
	get(id, 100, 2, MSG_COPY | MSG_EXCEPT | IPC_NOWAIT);
	get(id, 100, -2, 0);   /* the lowest type up to 2 */
	get(id, 100, 3, 0);    /* the first of its type */
	get(id, 100, 3, MSG_EXCEPT);
	get(id, 100, 0, 0);    /* the first of all */
	get(id, 100, 77, IPC_NOWAIT);
	get(id, 100, -1, IPC_NOWAIT);
	get(id, 100, 0, 0);
	get(id, 100, 0, IPC_NOWAIT);
	put(id, 1, "too long", 0);
	get(id, 3, 0, 0);
	get(id, 3, 0, MSG_NOERROR);
	SHOW(put(id, 1, "", 0));
	get(id, 0, 0, 0);
	SHOW(put(id, 0, "x", 0));
	SHOW(put(id, -1, "x", 0));
	m.type = 1;
	SHOW(msgsnd(id, &m, 8193, 0));
	SHOW(msgsnd(id, &m, -1, 0));
	SHOW(msgsnd(id, &m, 8192, 0));
	SHOW(msgsnd(id, &m, 8192, 0));
	SHOW(msgsnd(id, &m, 1, IPC_NOWAIT)); /* full */
	SHOW(msgsnd(id, BAD_PTR, 1, 0));
	SHOW(syscall(SYS_msgrcv, id, &m, -1L, 0, 0));
	SHOW(msgsnd(-1, &m, 1, 0));
	SHOW(msgsnd(id + 1, &m, 1, 0));
	SHOW(msgrcv(id + 1, &m, 1, 0, 0));
	SHOW(msgrcv(id, BAD_PTR, 8192, 0, 0)); /* lost */

	/* a sender waits for room, a receiver for a message */
	SHOW(msgsnd(id, &m, 8192, IPC_NOWAIT));
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(put(id, 4, "waited", 0) ? 1 : 0);
	usleep(20000);
	SHOW(msgrcv(id, &m, 8192, 1, 0));
	waitpid(pid, &status, 0);
	printf("sender %x\n", status);
	SHOW(msgrcv(id, &m, 8192, 1, 0));
	get(id, 100, 0, IPC_NOWAIT);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		get(id, 100, 6, 0);
		_exit(0);
	}
	usleep(20000);
	put(id, 5, "not for it", 0);
	put(id, 6, "for it", 0);
	waitpid(pid, &status, 0);
	pid = fork();
	if (!pid) {
		get(id, 2, 8, 0); /* too small: it learns so */
		_exit(0);
	}
	usleep(20000);
	put(id, 8, "large", 0);
	waitpid(pid, &status, 0);
	get(id, 100, 5, IPC_NOWAIT);
	get(id, 100, 8, IPC_NOWAIT);

	/* interrupted, whatever SA_RESTART says; removed */
	pid = fork();
	if (!pid) {
		signal(SIGALRM, nothing);
		alarm(1);
		get(id, 100, 1, 0);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	pid = fork();
	if (!pid) {
		get(id, 100, 1, 0);
		_exit(0);
	}
	usleep(50000);
	status = msgctl(id, IPC_RMID, NULL);
	waitpid(pid, NULL, 0);
	printf("removed %d\n", status);
	SHOW(msgctl(id, IPC_RMID, NULL));
	SHOW(msgctl(id, IPC_STAT, &ds));
	return 0;
}
