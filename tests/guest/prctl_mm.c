/* PR_SET_MM: who may, which addresses are refused, what it changes. What only CAP_SYS_RESOURCE may do is taken for granted
 * where root does not have it. */
// needs-root: privileges
/* musl */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static int privileged;
#define SAME(what, call, want) do { errno = 0; long r_ = (call); r_ = r_ < 0 ? -errno : r_; \
	if (!privileged || r_ == (want)) printf("%s: as it should\n", what); else printf("%s: %ld\n", what, r_); } while (0)

static long mm(int what, unsigned long addr, unsigned long size, unsigned long rest)
{
	return syscall(SYS_prctl, PR_SET_MM, what, addr, size, rest);
}

int main(int argc, char **argv)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), line[64] = "";
	unsigned long caps[2] = { 0 }, at = (unsigned long)page;
	unsigned head[2] = { 0x20080522, 0 }, data[6] = { 0 };
	int fd;
	FILE *f;

	(void)argc;
	(void)caps;
	syscall(SYS_capget, head, data);
	privileged = data[0] >> 24 & 1;
	SHOW(mm(PR_SET_MM_BRK, at, 0, 1));
	SHOW(mm(PR_SET_MM_BRK, at, 1, 0));
	SAME("start of arguments", mm(PR_SET_MM_ARG_START, (unsigned long)argv[0], 0, 0), 0);
	SAME("beyond user space", mm(PR_SET_MM_ARG_START, 1ul << 47, 0, 0), -EINVAL);
	SAME("address 0", mm(PR_SET_MM_ARG_START, 0, 0, 0), -EINVAL);
	SAME("end before start", mm(PR_SET_MM_ARG_END, 0x100000, 0, 0), -EINVAL);
	SAME("code", mm(PR_SET_MM_START_CODE, (unsigned long)main & ~4095ul, 0, 0), 0);
	SAME("an unknown field", mm(99, at, 0, 0), -EINVAL);
	/* the command line moves to a page of its own */
	strcpy(page, "moved");
	if (at > (unsigned long)argv[0]) {
		mm(PR_SET_MM_ARG_END, at + 6, 0, 0);
		mm(PR_SET_MM_ARG_START, at, 0, 0);
	} else {
		mm(PR_SET_MM_ARG_START, at, 0, 0);
		mm(PR_SET_MM_ARG_END, at + 6, 0, 0);
	}
	f = fopen("/proc/self/cmdline", "r");
	fgets(line, sizeof(line), f);
	fclose(f);
	SAME("cmdline", strcmp(line, "moved"), 0);
	SAME("auxiliary vector too long", mm(PR_SET_MM_AUXV, at, 4096, 0), -EINVAL);
	SAME("auxiliary vector from nowhere", mm(PR_SET_MM_AUXV, 16, 16, 0), -EFAULT);
	memset(page, 0, 4096);
	((unsigned long *)page)[0] = 6;
	((unsigned long *)page)[1] = 4096;
	SAME("auxiliary vector", mm(PR_SET_MM_AUXV, at, 32, 0), 0);
	fd = syscall(SYS_open, "/proc/self/auxv", 0);
	memset(line, 0xff, sizeof(line));
	read(fd, line, 16);
	SAME("read back", memcmp(line, page, 16), 0);
	setresuid(1000, 1000, 1000);
	SHOW(mm(PR_SET_MM_BRK, at, 0, 0));
	SHOW(mm(PR_SET_MM_AUXV, at, 16, 0));
	SHOW(mm(PR_SET_MM_EXE_FILE, 0, 0, 0));
	return 0;
}
