/* Little memory: anonymous memory ends in the OOM kill, a full /dev/shm in SIGBUS or ENOSPC; loads need no memory. */
// umk-args: --mem=24M
// host-skip: the host has more memory
// timeout: 60
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

#define MUCH (64l << 20)

static void in_child(const char *what, void (*fn)(void))
{
	int status;

	if (!fork()) {
		fn();
		_exit(0);
	}
	wait(&status);
	printf("%s: status %x\n", what, status);
}

static void fill(int fd)
{
	char *p = mmap(NULL, MUCH, RW, fd < 0 ? ANON | MAP_NORESERVE : MAP_SHARED, fd, 0);

	for (long i = 0; i < MUCH; i += P)
		p[i] = 1;
}

static void anonymous(void) { fill(-1); }

static void shm(void)
{
	int fd = open("/dev/shm", O_RDWR | O_TMPFILE, 0600);

	ftruncate(fd, MUCH);
	fill(fd);
}

static void memfd(void)
{
	int fd = (int)syscall(SYS_memfd_create, "m", 0);

	ftruncate(fd, MUCH);
	fill(fd);
}

static void calls(void)
{
	int fd = open("/dev/shm", O_RDWR | O_TMPFILE, 0600);
	char page[P] = "";
	long n = 0;

	SHOW(fallocate(fd, 0, 0, MUCH));
	while (n < MUCH / (long)P && write(fd, page, P) == (long)P)
		n++;
	printf("%s after enough %d\n", errno_name(errno), n > 1000);
}

static void loads(void)
{
	volatile char *p = mmap(NULL, 1l << 34, PROT_READ, ANON | MAP_NORESERVE, -1, 0);
	long sum = 0;

	for (long i = 0; i < 1l << 30; i += P)
		sum += p[i];
	SHOW(sum);
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	in_child("anonymous", anonymous);
	in_child("shm", shm);
	in_child("memfd", memfd);
	in_child("calls", calls);
	in_child("loads", loads);
	return 0;
}
