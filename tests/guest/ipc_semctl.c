// needs-root: changes its user
/* semget and semctl: keys, sizes, permissions, IPC_SET, the information commands, /proc, fork and exec. */
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include "show.h"

#define KEY 0x5e71a2
union semun { int val; struct semid_ds *buf; unsigned short *array; struct seminfo *info; };

static void as_user(int id)
{
	struct sembuf s = { 0, 1, 0 }, zero = { 0, 0, 0 };
	unsigned short values[3];
	struct semid_ds ds;

	if (setgid(4243) || setuid(4243))
		_exit(1);
	SHOW(semget(KEY, 0, 0) == id);
	SHOW(semget(KEY, 0, 0200));
	SHOW(semop(id, &zero, 1)); /* may read */
	SHOW(semop(id, &s, 1));
	SHOW(semctl(id, 0, GETVAL));
	SHOW(semctl(id, 0, SETVAL, 1));
	SHOW(semctl(id, 0, SETALL, values));
	SHOW(semctl(id, 0, IPC_STAT, &ds));
	SHOW(semctl(id, 0, IPC_SET, &ds));
	SHOW(semctl(id, 0, IPC_RMID));
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	int id = SHOW_OK(semget(KEY, 3, IPC_CREAT | IPC_EXCL | 0644)), n, index = -1;
	struct semid_ds ds;
	struct seminfo info;
	char line[256];
	FILE *f;

	SHOW(semget(KEY, 3, IPC_CREAT | IPC_EXCL));
	SHOW(semget(KEY, 4, 0));
	SHOW(semget(KEY, 2, 0) == id);
	SHOW(semget(KEY, 0, 0) == id);
	SHOW(semget(KEY + 1, 1, 0));
	SHOW(semget(KEY + 1, 0, IPC_CREAT));
	SHOW(semget(IPC_PRIVATE, -1, 0));
	SHOW(semget(IPC_PRIVATE, 32001, 0));
	SHOW(semctl(id, 1, GETVAL));
	n = SHOW_OK(semctl(0, 0, IPC_INFO, &info));
	printf("mni %d mns %d msl %d opm %d vmx %d mnu %d map %d ume %d usz %d aem %d\n", info.semmni, info.semmns, info.semmsl,
		info.semopm, info.semvmx, info.semmnu, info.semmap, info.semume, info.semusz, info.semaem);
	SHOW_OK(semctl(0, 0, SEM_INFO, &info));
	printf("in use %d %d\n", info.semusz >= 1, info.semaem >= 3);
	for (int i = 0; i <= n; i++)
		if (semctl(i, 0, SEM_STAT, &ds) == id)
			index = i;
	printf("found by index %d\n", index >= 0);
	printf("otime %ld key %x mode %o nsems %lu\n", ds.sem_otime, ds.sem_perm.__key, ds.sem_perm.mode, ds.sem_nsems);
	SHOW(semctl(index, 0, SEM_STAT_ANY, &ds) == id);
	ds.sem_perm.mode = 0604;
	SHOW(semctl(id, 0, IPC_SET, &ds));
	SHOW(semctl(id, 0, IPC_STAT, &ds));
	printf("mode %o\n", ds.sem_perm.mode);
	SHOW(semctl(id, 0, IPC_STAT, BAD_PTR));
	SHOW(semctl(id, 0, IPC_SET, BAD_PTR));
	SHOW(semctl(id, 0, 99));
	SHOW(semctl(-1, 0, GETVAL));
	SHOW(semctl(0, 0, SEM_INFO, BAD_PTR));
	f = fopen("/proc/sysvipc/sem", "r");
	while (f && fgets(line, sizeof(line), f)) {
		int key, shown, perms, nsems;

		if (sscanf(line, "%d %d %o %d", &key, &shown, &perms, &nsems) == 4 && key == KEY)
			printf("listed %d, perms %o, nsems %d\n", shown == id, perms, nsems);
		else if (line[7] == 'k')
			fputs(line, stdout);
	}
	fflush(stdout);
	if (!fork())
		as_user(id);
	wait(NULL);
	SHOW(semctl(id, 0, IPC_RMID));
	SHOW(semget(KEY, 0, 0));
	return 0;
}
