// needs-root: changes its user
/* msgget and msgctl: keys, permissions, IPC_SET, the information commands, /proc. */
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include "show.h"

#define KEY 0x5e71a1

static void as_user(int id)
{
	struct msqid_ds ds;
	struct { long type; char text[8]; } m = { 1, "x" };

	if (setgid(4242) || setuid(4242))
		_exit(1);
	SHOW(msgget(KEY, 0) == id);
	SHOW(msgget(KEY, 0600));
	SHOW(msgget(KEY, 0060));
	SHOW(msgctl(id, IPC_STAT, &ds));
	SHOW(msgctl(id, MSG_STAT_ANY, &ds) < 0 && errno == EACCES);
	SHOW(msgctl(id, IPC_SET, &ds));
	SHOW(msgctl(id, IPC_RMID, NULL));
	SHOW(msgsnd(id, &m, 1, 0));
	SHOW(msgrcv(id, &m, 1, 0, IPC_NOWAIT));
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	int id = SHOW_OK(msgget(KEY, IPC_CREAT | IPC_EXCL | 0640)), other, third, index = -1, n;
	struct msqid_ds ds;
	struct msginfo info;
	char line[256];
	FILE *f;

	SHOW(msgget(KEY, IPC_CREAT | IPC_EXCL | 0640));
	SHOW(msgget(KEY, IPC_CREAT) == id);
	SHOW(msgget(KEY, 0) == id);
	SHOW(msgget(KEY + 1, 0));
	other = msgget(IPC_PRIVATE, 0600);
	third = msgget(IPC_PRIVATE, 0600);
	printf("others %d\n", other != id && third != other);
	SHOW(msgctl(id, IPC_STAT, &ds));
	printf("key %x mode %o cuid %d cgid %d\n", ds.msg_perm.__key, ds.msg_perm.mode, ds.msg_perm.cuid == geteuid(),
		ds.msg_perm.cgid == getegid());
	n = SHOW_OK(msgctl(0, IPC_INFO, (void *)&info));
	printf("max %d mnb %d mni %d\n", info.msgmax, info.msgmnb, info.msgmni);
	SHOW_OK(msgctl(0, MSG_INFO, (void *)&info));
	printf("in use %d\n", info.msgpool >= 3);
	for (int i = 0; i <= n; i++)
		if (msgctl(i, MSG_STAT, &ds) == id)
			index = i;
	printf("found by index %d\n", index >= 0);
	SHOW(msgctl(index, MSG_STAT_ANY, &ds) == id);
	ds.msg_qbytes = 3;
	ds.msg_perm.mode = 0100777;
	ds.msg_perm.uid = 77;
	SHOW(msgctl(id, IPC_SET, &ds));
	SHOW(msgctl(id, IPC_STAT, &ds));
	printf("qbytes %lu mode %o uid %d\n", ds.msg_qbytes, ds.msg_perm.mode, ds.msg_perm.uid);
	ds.msg_qbytes = 16384;
	ds.msg_perm.mode = 0640;
	SHOW(msgctl(id, IPC_SET, &ds));
	ds.msg_perm.uid = -1;
	SHOW(msgctl(id, IPC_SET, &ds));
	SHOW(msgctl(id, IPC_SET, BAD_PTR));
	SHOW(msgctl(id, IPC_STAT, BAD_PTR));
	SHOW(msgctl(0, IPC_INFO, BAD_PTR));
	SHOW(msgctl(id, 99, &ds));
	SHOW(msgctl(id, -1, &ds));
	SHOW(msgctl(-1, IPC_STAT, &ds));
	SHOW(msgctl(40000, MSG_STAT, &ds));
	f = fopen("/proc/sysvipc/msg", "r");
	while (f && fgets(line, sizeof(line), f)) {
		int key, shown, perms;

		if (sscanf(line, "%d %d %o", &key, &shown, &perms) == 3 && key == KEY)
			printf("listed %d, perms %o\n", shown == id, perms);
		else if (line[7] == 'k')
			fputs(line, stdout);
	}
	fflush(stdout);
	if (!fork())
		as_user(id);
	wait(NULL);
	SHOW(msgctl(id, IPC_RMID, NULL));
	SHOW(msgget(KEY, 0));
	SHOW(msgctl(other, IPC_RMID, NULL));
	SHOW(msgctl(third, IPC_RMID, NULL));
	return 0;
}
