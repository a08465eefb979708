// needs-root: changes its user
/* shmget, shmat and shmctl: keys, sizes, permissions, IPC_SET, locks, the information commands, /proc and the limits there. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include "show.h"

#define KEY 0x5e71a3

static void as_user(int id)
{
	struct shmid_ds ds;

	if (setgid(4245) || setuid(4245))
		_exit(1);
	SHOW(shmget(KEY, 0, 0) == id);
	SHOW(shmget(KEY, 0, 0200));
	SHOW(shmat(id, NULL, 0) == (void *)-1 && errno == EACCES);
	SHOW(shmat(id, NULL, SHM_RDONLY) != (void *)-1);
	SHOW(shmat(id, NULL, SHM_RDONLY | SHM_EXEC) == (void *)-1 && errno == EACCES);
	SHOW(shmctl(id, IPC_STAT, &ds));
	SHOW(shmctl(id, IPC_SET, &ds));
	SHOW(shmctl(id, IPC_RMID, NULL));
	SHOW(shmctl(id, SHM_LOCK, NULL));
	SHOW(shmctl(id, SHM_UNLOCK, NULL));
	fflush(stdout);
	_exit(0);
}

static void show_file(const char *path)
{
	char line[128] = "";
	FILE *f = fopen(path, "r");

	if (f && fgets(line, sizeof(line), f))
		printf("%s: %s", path, line);
	if (f)
		fclose(f);
}

int main(void)
{
	int id = SHOW_OK(shmget(KEY, 5000, IPC_CREAT | IPC_EXCL | 0644)), n, index = -1;
	struct shmid_ds ds;
	struct shminfo info;
	struct shm_info usage;
	char line[256];
	FILE *f;

	SHOW(shmget(KEY, 5000, IPC_CREAT | IPC_EXCL));
	SHOW(shmget(KEY, 5001, 0));
	SHOW(shmget(KEY, 10, 0) == id);
	SHOW(shmget(KEY, 0, IPC_CREAT) == id);
	SHOW(shmget(KEY + 1, 10, 0));
	SHOW(shmget(KEY + 1, 0, IPC_CREAT));
	SHOW(shmget(IPC_PRIVATE, 0, 0));
	SHOW(shmget(IPC_PRIVATE, ~0ul, 0600));
	SHOW(shmget(IPC_PRIVATE, ~0ul - (1ul << 24) + 1, 0600));
	n = SHOW_OK(shmctl(0, IPC_INFO, (void *)&info));
	printf("max %lx min %lu mni %lu seg %lu all %lx\n", info.shmmax, info.shmmin, info.shmmni, info.shmseg, info.shmall);
	SHOW_OK(shmctl(0, SHM_INFO, (void *)&usage));
	printf("in use %d, pages %d\n", usage.used_ids >= 1, usage.shm_tot >= 2);
	for (int i = 0; i <= n; i++)
		if (shmctl(i, SHM_STAT, &ds) == id)
			index = i;
	printf("found by index %d\n", index >= 0);
	SHOW(shmctl(index, 15 /* SHM_STAT_ANY */, &ds) == id);
	printf("key %x mode %o size %zu nattch %lu lpid %d\n", ds.shm_perm.__key, ds.shm_perm.mode, ds.shm_segsz, ds.shm_nattch,
		ds.shm_lpid);
	ds.shm_perm.mode = 0604;
	SHOW(shmctl(id, IPC_SET, &ds));
	SHOW(shmctl(id, SHM_LOCK, NULL));
	SHOW(shmctl(id, IPC_STAT, &ds));
	printf("mode %o\n", ds.shm_perm.mode);
	SHOW(shmctl(id, SHM_UNLOCK, NULL));
	SHOW(shmctl(id, IPC_STAT, BAD_PTR));
	SHOW(shmctl(id, IPC_SET, BAD_PTR));
	SHOW(shmctl(0, IPC_INFO, BAD_PTR));
	SHOW(shmctl(0, SHM_INFO, BAD_PTR));
	SHOW(shmctl(id, 99, &ds));
	SHOW(shmctl(id, -1, &ds));
	SHOW(shmctl(-1, IPC_STAT, &ds));
	SHOW(shmctl(id + 1, SHM_LOCK, NULL));
	SHOW(shmat(-1, NULL, 0) == (void *)-1 && errno == EINVAL);
	f = fopen("/proc/sysvipc/shm", "r");
	while (f && fgets(line, sizeof(line), f)) {
		int key, shown, perms, size;

		if (sscanf(line, "%d %d %o %d", &key, &shown, &perms, &size) == 4 && key == KEY)
			printf("listed %d, perms %o, size %d\n", shown == id, perms, size);
		else if (line[7] == 'k')
			fputs(line, stdout);
	}
	show_file("/proc/sys/kernel/shmmni");
	show_file("/proc/sys/kernel/sem");
	show_file("/proc/sys/kernel/msgmax");
	show_file("/proc/sys/kernel/msgmnb");
	show_file("/proc/sys/fs/mqueue/msg_max");
	show_file("/proc/sys/fs/mqueue/queues_max");
	fflush(stdout);
	if (!fork())
		as_user(id);
	wait(NULL);
	SHOW(shmctl(id, IPC_RMID, NULL));
	SHOW(shmget(KEY, 0, 0));
	return 0;
}
