/* kernel.msg_next_id and kin: the identifier that the next object has, or one with the next free index; then it is -1 again. */
// needs-root: knobs are root's to set
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "show.h"

static const char *const knobs[] = { "/proc/sys/kernel/msg_next_id", "/proc/sys/kernel/sem_next_id", "/proc/sys/kernel/shm_next_id" };

static int make(int kind)
{
	return kind == 0 ? msgget(IPC_PRIVATE, 0600) : kind == 1 ? semget(IPC_PRIVATE, 1, 0600) : shmget(IPC_PRIVATE, 4096, 0600);
}

static int destroy(int kind, int id)
{
	return kind == 0 ? msgctl(id, IPC_RMID, NULL) : kind == 1 ? semctl(id, 0, IPC_RMID) : shmctl(id, IPC_RMID, NULL);
}

static long put(int kind, const char *value)
{
	int fd = open(knobs[kind], O_WRONLY);
	long n = write(fd, value, strlen(value));

	close(fd);
	return n;
}

static long get(int kind)
{
	char buf[32] = "";
	int fd = open(knobs[kind], O_RDONLY);

	read(fd, buf, sizeof(buf) - 1);
	close(fd);
	return atol(buf);
}

int main(void)
{
	for (int kind = 0; kind < 3; kind++) {
		int id, id2;

		printf("-- %s\n", knobs[kind]);
		SHOW(get(kind));
		SHOW(put(kind, "-1"));
		SHOW(put(kind, "2147483648"));
		SHOW(put(kind, "1376256032")); /* sequence number 41999 + 1 of 32768 indexes, index 32 */
		SHOW(get(kind));
		SHOW(id = make(kind));
		SHOW(get(kind));
		SHOW(put(kind, "1376256032"));
		SHOW(id2 = make(kind));
		SHOW(destroy(kind, id));
		SHOW(destroy(kind, id2));
	}
	return 0;
}
