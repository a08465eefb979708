/* Semaphores: who goes on first, operations of many semaphores together, waits for zero, undo over fork, exec and clone flags. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include "show.h"

static int id;
static volatile struct { int n, order[16]; } *s;

static int op(int num, int n, int flags)
{
	struct sembuf b = { num, n, flags };

	return semop(id, &b, 1);
}

static int val(int num) { return semctl(id, num, GETVAL); }

static void waiting(int num, int cmd, int n)
{
	for (int i = 0; i < 5000 && semctl(id, num, cmd) != n; i++)
		usleep(1000);
}

static pid_t waiter(int tag, struct sembuf *ops, int nops)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (!semop(id, ops, nops))
		s->order[__atomic_fetch_add(&s->n, 1, __ATOMIC_SEQ_CST)] = tag;
	_exit(0);
}

static void show_order(const char *what, int want)
{
	for (int i = 0; i < 5000 && s->n < want; i++)
		usleep(1000);
	usleep(5000);
	printf("%s:", what);
	for (int i = 0; i < s->n; i++)
		printf(" %d", s->order[i]);
	printf(", values %d %d %d\n", val(0), val(1), val(2));
	s->n = 0;
}

static char stack[65536];
static int undoer(void *arg) { return op(0, 1, SEM_UNDO) ? 1 : 0; }

int main(int argc, char **argv)
{
	struct sembuf one = { 0, -1, 0 }, big = { 0, -3, 0 }, both[2] = { { 0, -1, 0 }, { 1, -1, 0 } }, zero = { 0, 0, 0 };
	struct sembuf zero_then_take[2] = { { 2, 0, 0 }, { 2, 1, 0 } }, twice[3] = { { 0, 1, 0 }, { 0, -1, 0 }, { 0, 0, IPC_NOWAIT } };
	int status;
	pid_t pid;

	if (argc > 1) {
		id = atoi(argv[1]);
		return val(0); /* what was done before execve is undone only at the end */
	}
	s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	id = semget(IPC_PRIVATE, 3, 0600);
	/* in the order of arrival, one a unit */
	for (int i = 0; i < 3; i++) {
		waiter(i, &one, 1);
		waiting(0, GETNCNT, i + 1);
	}
	for (int i = 0; i < 3; i++) {
		op(0, 1, 0);
		for (int k = 0; k < 5000 && s->n <= i; k++)
			usleep(1000);
	}
	show_order("one by one", 3);
	/* one that needs much does not block those behind it */
	waiter(10, &big, 1);
	waiting(0, GETNCNT, 1);
	waiter(11, &one, 1);
	waiting(0, GETNCNT, 2);
	op(0, 1, 0);
	show_order("small passes", 1);
	op(0, 3, 0);
	show_order("then the large", 1);
	/* two semaphores or none */
	waiter(20, both, 2);
	waiting(0, GETNCNT, 1);
	op(0, 1, 0);
	printf("first is there: ncnt %d %d, value %d\n", semctl(id, 0, GETNCNT), semctl(id, 1, GETNCNT), val(0));
	op(1, 1, 0);
	show_order("both", 1);
	/* waits for zero: all of them at once */
	op(0, 2, 0);
	for (int i = 0; i < 3; i++)
		waiter(30, &zero, 1);
	waiting(0, GETZCNT, 3);
	op(0, -1, 0);
	printf("not yet: zcnt %d\n", semctl(id, 0, GETZCNT));
	op(0, -1, 0);
	show_order("zero", 3);
	/* a lock by "wait for zero, then add" */
	op(2, 1, 0);
	for (int i = 0; i < 2; i++) {
		waiter(40 + i, zero_then_take, 2);
		waiting(2, GETZCNT, i + 1);
	}
	op(2, -1, 0);
	show_order("locked by the first", 1);
	op(2, -1, 0);
	show_order("and the second", 1);
	op(2, -1, 0);
	SHOW(semop(id, twice, 3)); /* one after the other on the same semaphore */
	printf("value %d\n", val(0));
	/* SETALL and SETVAL wake, too */
	waiter(50, &one, 1);
	waiting(0, GETNCNT, 1);
	semctl(id, 0, SETVAL, 1);
	show_order("by SETVAL", 1);
	waiter(51, &one, 1);
	waiting(0, GETNCNT, 1);
	semctl(id, 0, SETALL, (unsigned short[]){ 2, 0, 0 });
	show_order("by SETALL", 1);
	/* undo: fork does not inherit it, CLONE_SYSVSEM shares it, execve keeps it */
	semctl(id, 0, SETVAL, 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		op(0, 5, SEM_UNDO);
		if (!fork())
			_exit(0);
		wait(NULL);
		_exit(val(0));
	}
	waitpid(pid, &status, 0);
	printf("fork: in it %d, after %d\n", WEXITSTATUS(status), val(0));
	pid = fork();
	if (!pid) {
		pid_t c = clone(undoer, stack + sizeof(stack), CLONE_VM | CLONE_SYSVSEM | SIGCHLD, NULL);

		waitpid(c, &status, 0);
		_exit(val(0) + 10 * status);
	}
	waitpid(pid, &status, 0);
	printf("CLONE_SYSVSEM: in it %d, after %d\n", WEXITSTATUS(status), val(0));
	pid = fork();
	if (!pid) {
		pid_t c = clone(undoer, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);

		waitpid(c, &status, 0);
		_exit(val(0) + 10 * status);
	}
	waitpid(pid, &status, 0);
	printf("without: in it %d, after %d\n", WEXITSTATUS(status), val(0));
	pid = fork();
	if (!pid) {
		char text[16];

		op(0, 6, SEM_UNDO);
		snprintf(text, sizeof(text), "%d", id);
		execl("/proc/self/exe", "self", text, NULL);
	}
	waitpid(pid, &status, 0);
	printf("exec: in it %d, after %d\n", WEXITSTATUS(status), val(0));
	pid = fork();
	if (!pid) {
		op(0, 4, SEM_UNDO);
		_exit(unshare(CLONE_SYSVSEM) ? 99 : val(0));
	}
	waitpid(pid, &status, 0);
	printf("unshare: in it %d, after %d\n", WEXITSTATUS(status), val(0));
	while (wait(NULL) > 0)
		;
	semctl(id, 0, IPC_RMID);
	return 0;
}
