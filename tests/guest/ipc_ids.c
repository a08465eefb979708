/* Identifiers: many objects, none twice, stale ones refused; objects outlive their makers; kinds do not mix. */
/* musl */
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include "show.h"

#define N 200

int main(void)
{
	struct msqid_ds ds;
	struct shmid_ds sd;
	int ids[N], same = 0, bad = 0, id, semid, status;
	pid_t pid;
	key_t k1, k2;

	for (int i = 0; i < N; i++) {
		ids[i] = msgget(IPC_PRIVATE, 0600);
		if (ids[i] < 0)
			bad++;
		for (int k = 0; k < i; k++)
			same += ids[k] == ids[i];
	}
	printf("bad %d, the same %d\n", bad, same);
	for (int i = 0; i < N; i += 2)
		bad += msgctl(ids[i], IPC_RMID, NULL) != 0;
	for (int i = 0; i < N; i++)
		bad += (msgctl(ids[i], IPC_STAT, &ds) == 0) != (i % 2);
	printf("bad %d\n", bad);
	for (int i = 1; i < N; i += 2)
		bad += msgctl(ids[i], IPC_RMID, NULL) != 0;
	/* an identifier is not given out again at once */
	same = 0;
	for (int i = 0; i < 100; i++) {
		id = msgget(IPC_PRIVATE, 0600);
		for (int k = 0; k < N; k++)
			same += ids[k] == id;
		msgctl(id, IPC_RMID, NULL);
		bad += msgctl(id, IPC_STAT, &ds) != -1 || errno != EINVAL;
	}
	printf("bad %d, again %d\n", bad, same);
	/* made by a child that is gone */
	fflush(stdout);
	pid = fork();
	if (!pid) {
		int m = msgget(0x5e71b0, IPC_CREAT | 0600);
		struct { long type; char text[8]; } msg = { 9, "left" };

		_exit(msgsnd(m, &msg, 5, 0) ? 1 : 0);
	}
	waitpid(pid, &status, 0);
	printf("child %x\n", status);
	id = msgget(0x5e71b0, 0);
	{
		struct { long type; char text[8]; } msg = { 0 };

		SHOW(msgrcv(id, &msg, 8, 0, IPC_NOWAIT));
		printf("type %ld text %s\n", msg.type, msg.text);
	}
	SHOW(msgctl(id, IPC_STAT, &ds));
	printf("by the child %d, received here %d\n", ds.msg_lspid == pid, ds.msg_lrpid == getpid());
	/* the same key names one object of each kind */
	semid = semget(0x5e71b0, 1, IPC_CREAT | 0600);
	printf("kinds apart %d\n", semid >= 0 && msgget(0x5e71b0, 0) == id);
	SHOW(shmget(0x5e71b0, 1, 0));
	msgctl(id, IPC_RMID, NULL);
	SHOW(semctl(semid, 0, GETVAL));
	semctl(semid, 0, IPC_RMID);
	/* after a removal the key is free */
	id = msgget(0x5e71b0, IPC_CREAT | IPC_EXCL | 0600);
	printf("new %d\n", id >= 0);
	msgctl(id, IPC_RMID, NULL);
	k1 = ftok("/proc/self/exe", 1);
	k2 = ftok("/proc/self/exe", 2);
	printf("ftok %d\n", k1 != -1 && k2 != -1 && k1 != k2);
	/* a removed segment keeps its key for nobody */
	id = shmget(0x5e71b1, 100, IPC_CREAT | 0600);
	{
		void *p = shmat(id, NULL, 0);
		int id2;

		shmctl(id, IPC_RMID, NULL);
		id2 = shmget(0x5e71b1, 100, IPC_CREAT | IPC_EXCL | 0600);
		printf("another under its key %d\n", id2 >= 0 && id2 != id);
		shmctl(id2, IPC_RMID, NULL);
		SHOW(shmctl(id, IPC_STAT, &sd));
		shmdt(p);
		SHOW(shmctl(id, IPC_STAT, &sd));
	}
	return 0;
}
