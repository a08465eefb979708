/* Rights count when a file is opened: later chmod, unlink and rename change nothing for who has it open. */
// needs-root: users
#include "both.h"

#include <sys/mman.h>
static void all(void)
{
	char buf[8] = "";
	int rd, wr, d;

	chmod(".", 0777);
	put_file("f", "data");
	mkdir("d", 0755);
	put_file("d/in", "in");
	fflush(stdout);
	if (fork()) {
		wait(NULL);
		return;
	}
	if (chown("f", 1000, 1000) || chown("d", 1000, 1000) || chown("d/in", 1000, 1000) || setresgid(1000, 1000, 1000) ||
			setresuid(1000, 1000, 1000))
		_exit(1);
	rd = open("f", O_RDONLY);
	wr = open("f", O_WRONLY);
	d = open("d", O_RDONLY | O_DIRECTORY);
	SHOW(chmod("f", 0));
	SHOW(chmod("d", 0));
	SHOW(open("f", O_RDONLY));
	SHOW(read(rd, buf, 4));
	SHOW(pwrite(wr, "DATA", 4, 0));
	SHOW(pread(rd, buf, 4, 0));
	puts(buf);
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_SHARED, rd, 0) == MAP_FAILED ? -1 : 0);
	SHOW(fstat(rd, (void *)(char[256]){ 0 }));
	SHOW(ftruncate(wr, 2));
	SHOW(syscall(SYS_getdents64, d, (char[1024]){ 0 }, 1024) > 0);
	SHOW(openat(d, "in", O_RDONLY));
	SHOW(fchdir(d));
	SHOW(fchmod(d, 0700));
	SHOW(openat(d, "in", O_RDONLY) >= 0);
	SHOW(fchmod(rd, 0600));
	SHOW(open("f", O_RDONLY) >= 0);
	SHOW(fchown(rd, 1001, -1));
	SHOW(fchown(rd, -1, 1000));
	fflush(stdout);
	_exit(0);
}
int main(void)
{
	in_both(all);
	return 0;
}
