/* System V semaphores: atomic sets of operations, waiting, SEM_UNDO, counts, timeouts, removal. */
/* musl */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

union semun { int val; struct semid_ds *buf; unsigned short *array; struct seminfo *info; };
static int id;

static int op1(int num, int op, int flags)
{
	struct sembuf s = { num, op, flags };

	return semop(id, &s, 1);
}

static int val(int num) { return semctl(id, num, GETVAL); }

static void wait_waiting(int num, int cmd, int n)
{
	for (int i = 0; i < 5000 && semctl(id, num, cmd) != n; i++)
		usleep(1000);
}

static void nothing(int sig) { }

static void *thread(void *arg)
{
	return (void *)(long)op1(0, 1, SEM_UNDO);
}

int main(void)
{
	unsigned short values[4] = { 1, 2, 3, 4 };
	struct sembuf two[2] = { { 0, -1, 0 }, { 1, -5, IPC_NOWAIT } };
	struct timespec some = { 0, 20000000 }, bad = { 0, -1 };
	struct semid_ds ds;
	pthread_t th;
	pid_t pid, pid2;
	int status;

	id = SHOW_OK(semget(IPC_PRIVATE, 4, IPC_CREAT | 0600));
	SHOW(semctl(id, 0, SETALL, (union semun){ .array = values }));
	SHOW(op1(0, 0, IPC_NOWAIT));
	SHOW(semop(id, two, 2)); /* none is done when one cannot be */
	printf("values %d %d\n", val(0), val(1));
	two[1].sem_op = -2;
	SHOW(semop(id, two, 2));
	printf("values %d %d\n", val(0), val(1));
	SHOW(op1(0, 0, 0));
	SHOW(op1(2, 32767, 0));
	SHOW(op1(9, 1, 0));
	SHOW(semctl(id, 2, GETPID) == getpid());
	SHOW(semctl(id, 1, SETVAL, (union semun){ .val = 7 }));
	SHOW(semctl(id, 1, SETVAL, (union semun){ .val = 32768 }));
	SHOW(semctl(id, 1, SETVAL, (union semun){ .val = -1 }));
	SHOW(semctl(id, 4, SETVAL, (union semun){ .val = 1 }));
	SHOW(semctl(id, 9, GETVAL));
	memset(values, 0xff, sizeof(values));
	SHOW(semctl(id, 0, SETALL, (union semun){ .array = values }));
	SHOW(semctl(id, 0, GETALL, (union semun){ .array = values }));
	printf("all %d %d %d %d\n", values[0], values[1], values[2], values[3]);
	SHOW(semctl(id, 0, GETALL, (union semun){ .array = BAD_PTR }));
	SHOW(semctl(id, 0, IPC_STAT, (union semun){ .buf = &ds }));
	printf("nsems %d, times %d %d\n", (int)ds.sem_nsems, time(NULL) - ds.sem_otime < 5, time(NULL) - ds.sem_ctime < 5);

	/* waiting: for more, and for zero */
	semctl(id, 0, SETVAL, (union semun){ .val = 0 });
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(op1(0, -3, 0) ? 1 : 0);
	wait_waiting(0, GETNCNT, 1);
	printf("waiting: more %d zero %d\n", semctl(id, 0, GETNCNT), semctl(id, 0, GETZCNT));
	op1(0, 2, 0);
	SHOW(waitpid(pid, &status, WNOHANG));
	op1(0, 2, 0);
	waitpid(pid, &status, 0);
	printf("done %x, left %d\n", status, val(0));
	pid = fork();
	if (!pid)
		_exit(op1(0, 0, 0) ? 1 : 0);
	wait_waiting(0, GETZCNT, 1);
	printf("waiting: more %d zero %d\n", semctl(id, 0, GETNCNT), semctl(id, 0, GETZCNT));
	SHOW(op1(0, -1, 0));
	waitpid(pid, &status, 0);
	printf("done %x\n", status);

	/* SEM_UNDO: taken back at the end, not below 0; forgotten after SETVAL */
	semctl(id, 1, SETVAL, (union semun){ .val = 5 });
	fflush(stdout);
	pid = fork();
	if (!pid) {
		op1(1, -2, SEM_UNDO);
		op1(1, 4, SEM_UNDO);
		op1(2, 1, SEM_UNDO);
		op1(3, -1, SEM_UNDO);
		op1(0, 3, SEM_UNDO);
		semctl(id, 0, SETVAL, (union semun){ .val = 9 });
		printf("in it %d %d %d %d\n", val(0), val(1), val(2), val(3));
		fflush(stdout);
		op1(2, -1, 0); /* without undo: would go below */
		raise(SIGKILL);
	}
	waitpid(pid, &status, 0);
	printf("after %d %d %d %d, by %d\n", val(0), val(1), val(2), val(3), semctl(id, 1, GETPID) == pid);
	/* threads share what they undo */
	semctl(id, 0, SETVAL, (union semun){ .val = 0 });
	pid = fork();
	if (!pid) {
		pthread_create(&th, NULL, thread, NULL);
		pthread_join(th, NULL);
		_exit(val(0)); /* still there: the thread has ended, the process has not */
	}
	waitpid(pid, &status, 0);
	printf("in it %d after %d\n", WEXITSTATUS(status), val(0));
	/* a dying holder lets a waiter go on */
	semctl(id, 0, SETVAL, (union semun){ .val = 1 });
	pid = fork();
	if (!pid) {
		op1(0, -1, SEM_UNDO);
		pause();
	}
	for (int i = 0; i < 5000 && val(0); i++)
		usleep(1000);
	pid2 = fork();
	if (!pid2)
		_exit(op1(0, -1, 0) ? 1 : 0);
	wait_waiting(0, GETNCNT, 1);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	waitpid(pid2, &status, 0);
	printf("went on %x\n", status);
	SHOW(op1(1, -32767, SEM_UNDO | IPC_NOWAIT));
	semctl(id, 1, SETVAL, (union semun){ .val = 32767 });
	SHOW(op1(1, -32767, SEM_UNDO));
	SHOW(op1(1, 32767, 0));
	SHOW(op1(1, -2, SEM_UNDO)); /* more than can be undone */

	two[0] = (struct sembuf){ 0, -1, 0 };
	SHOW(semtimedop(id, two, 1, &some));
	SHOW(semtimedop(id, two, 1, &bad));
	SHOW(semtimedop(id, two, 1, BAD_PTR));
	SHOW(semtimedop(id, BAD_PTR, 1, &some));
	SHOW(semop(id, two, 0));
	SHOW(semop(id, two, 501));
	SHOW(semop(-1, two, 1));
	SHOW(semop(id + 1, two, 1));
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = nothing, .sa_flags = SA_RESTART }, NULL);
	ualarm(20000, 0);
	SHOW(semop(id, two, 1));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		SHOW(semop(id, two, 1));
		_exit(0);
	}
	wait_waiting(0, GETNCNT, 1);
	usleep(1000);
	semctl(id, 0, IPC_RMID);
	waitpid(pid, &status, 0);
	SHOW(semctl(id, 0, GETVAL));
	return 0;
}
