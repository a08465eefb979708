/* System V shared memory: sharing, counting attachments over fork, exec, exit, splits; addresses; removal while attached. */
/* musl */
#include <signal.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

#ifndef SHM_EXEC
#define SHM_EXEC 0100000
#endif
#ifndef SHM_REMAP
#define SHM_REMAP 040000
#endif

static int id;
static sigjmp_buf env;
static void fault(int sig) { siglongjmp(env, sig); }

static int attached(void)
{
	struct shmid_ds ds;

	return shmctl(id, IPC_STAT, &ds) ? -1 : (int)ds.shm_nattch;
}

static const char *at(int shmid, void *addr, int flags, char **where)
{
	static char text[64];

	*where = shmat(shmid, addr, flags);
	if (*where == (void *)-1)
		return errno_name(errno);
	snprintf(text, sizeof(text), "ok%s", !addr ? "" : *where == addr ? ", there" :
		*where == (void *)((uintptr_t)addr & ~4095ul) ? ", at its page" : ", elsewhere");
	return text;
}

int main(int argc, char **argv)
{
	char *a, *b, *c, *hole, line[256];
	struct shmid_ds ds;
	int status;
	pid_t pid;
	FILE *f;

	if (argc > 1) {
		id = atoi(argv[1]);
		printf("after exec: %d attached, content %s\n", attached(), (char *)shmat(id, NULL, SHM_RDONLY));
		return 0;
	}
	id = SHOW_OK(shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600));
	printf("attached %d\n", attached());
	printf("at: %s\n", at(id, NULL, 0, &a));
	printf("at: %s\n", at(id, NULL, SHM_RDONLY, &b));
	printf("attached %d\n", attached());
	strcpy(a, "hello");
	printf("seen: %s, zero %d\n", b, b[9999] == 0);
	signal(SIGSEGV, fault);
	if (!sigsetjmp(env, 1))
		b[0] = 'x';
	else
		printf("read-only\n");
	SHOW(mprotect(b, 4096, PROT_READ | PROT_WRITE));
	SHOW(shmctl(id, IPC_STAT, &ds));
	printf("size %d cpid %d lpid %d mode %o times %d %ld %d\n", (int)ds.shm_segsz, ds.shm_cpid == getpid(), ds.shm_lpid == getpid(),
		ds.shm_perm.mode, time(NULL) - ds.shm_atime < 5, (long)ds.shm_dtime, time(NULL) - ds.shm_ctime < 5);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		printf("child: %d attached\n", attached());
		strcpy(a + 5000, "from the child");
		SHOW(shmdt(b));
		printf("child: %d attached\n", attached());
		fflush(stdout);
		snprintf(line, sizeof(line), "%d", id);
		execl("/proc/self/exe", "self", line, NULL);
	}
	waitpid(pid, &status, 0);
	printf("attached %d, %s, by the child %d\n", attached(), a + 5000, shmctl(id, IPC_STAT, &ds) == 0 && ds.shm_lpid == pid);
	/* a split area counts twice; shmdt takes all its parts */
	SHOW(mprotect(a + 4096, 4096, PROT_READ));
	printf("attached %d\n", attached());
	SHOW(munmap(a + 4096, 4096));
	printf("attached %d\n", attached());
	SHOW(shmdt(a + 4096));
	SHOW(shmdt(a + 1));
	SHOW(shmdt(a));
	printf("attached %d\n", attached());
	SHOW(shmdt(a));
	if (!sigsetjmp(env, 1))
		a[0] = 'x';
	else
		printf("gone\n");

	/* addresses */
	hole = mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("taken: %s\n", at(id, hole, 0, &c));
	printf("remap: %s\n", at(id, hole, SHM_REMAP, &c));
	printf("content %s\n", c);
	munmap(hole, 1 << 20);
	printf("attached %d\n", attached());
	printf("unaligned: %s\n", at(id, hole + 100, 0, &c));
	printf("rounded: %s\n", at(id, hole + 100, SHM_RND, &c));
	shmdt(c);
	printf("exact: %s\n", at(id, hole + 4096, 0, &c));
	shmdt(c);
	printf("remap nowhere: %s\n", at(id, NULL, SHM_REMAP, &c));
	printf("executable: %s\n", at(id, NULL, SHM_EXEC | SHM_RDONLY, &c));
	shmdt(c);
	printf("kernel: %s\n", at(id, (void *)0xffff800000000000ul, 0, &c));
	SHOW(shmdt(hole));

	/* removed while attached: goes with the last attachment */
	at(id, NULL, 0, &a);
	SHOW(shmctl(id, IPC_RMID, NULL));
	SHOW(shmctl(id, IPC_STAT, &ds));
	printf("mode %o key %x attached %d\n", ds.shm_perm.mode, (int)ds.shm_perm.
#ifdef __GLIBC__
		__key
#else
		__ipc_perm_key
#endif
		, (int)ds.shm_nattch);
	printf("again: %s\n", at(id, NULL, 0, &c));
	strcpy(a, "still there");
	printf("%s\n", c);
	f = fopen("/proc/self/maps", "r");
	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, "SYSV"))
			printf("maps: %.4s %s", strchr(line, ' ') + 1, strstr(line, "/SYSV"));
	if (f)
		fclose(f);
	SHOW(shmdt(c));
	printf("attached %d\n", attached());
	SHOW(shmdt(a));
	SHOW(shmctl(id, IPC_STAT, &ds));
	printf("at: %s\n", at(id, NULL, 0, &a));

	/* exit detaches */
	id = shmget(IPC_PRIVATE, 4096, 0600);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		at(id, NULL, 0, &a);
		raise(SIGKILL);
	}
	waitpid(pid, &status, 0);
	printf("attached %d\n", attached());
	SHOW(shmctl(id, IPC_RMID, NULL));
	SHOW(shmctl(id, IPC_STAT, &ds));
	return 0;
}
