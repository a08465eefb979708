/* process_vm_readv and process_vm_writev: vectors of different shapes, partial results, rights. */
/* musl */
// needs-root: changes its user
#include <signal.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

static long rd(pid_t pid, struct iovec *l, unsigned long nl, struct iovec *r, unsigned long nr, unsigned long fl)
{
	return syscall(SYS_process_vm_readv, pid, l, nl, r, nr, fl);
}
static long wr(pid_t pid, struct iovec *l, unsigned long nl, struct iovec *r, unsigned long nr, unsigned long fl)
{
	return syscall(SYS_process_vm_writev, pid, l, nl, r, nr, fl);
}

int main(void)
{
	char *a = map_at(hole(16), 4, RW, ANON), *s = mmap(NULL, P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0), buf[9000];
	struct iovec l[4], r[4];
	int go[2], status;
	pid_t child, other;
	char c;

	setvbuf(stdout, NULL, _IONBF, 0);
	for (unsigned i = 0; i < 4 * P; i++)
		a[i] = (char)(i * 7 + i / P);
	if (pipe(go))
		return 1;
	child = fork();
	if (!child) {
		a[0] = 'c';
		mprotect(a + 2 * P, P, PROT_READ);
		mprotect(a + 3 * P, P, PROT_NONE);
		s[0] = 1;
		while (read(go[0], &c, 1) != 1)
			;
		_exit(a[1] == 'w' && a[P] == 'w');
	}
	while (!__atomic_load_n(&s[0], __ATOMIC_SEQ_CST))
		usleep(1000);

	l[0] = (struct iovec){ buf, sizeof(buf) };
	r[0] = (struct iovec){ a, 1 };
	SHOW(rd(child, l, 1, r, 1, 0));
	SHOW(buf[0]);
	r[0] = (struct iovec){ a + 1, 5000 };
	SHOW(rd(child, l, 1, r, 1, 0));
	SHOW(memcmp(buf, a + 1, 5000));
	/* Scatter and gather. */
	l[0] = (struct iovec){ buf, 10 };
	l[1] = (struct iovec){ buf + 100, 0 };
	l[2] = (struct iovec){ buf + 200, 4000 };
	r[0] = (struct iovec){ a + 8, 3000 };
	r[1] = (struct iovec){ a + 5000, 2000 };
	SHOW(rd(child, l, 3, r, 2, 0));
	SHOW(memcmp(buf, a + 8, 10) || memcmp(buf + 200, a + 18, 2990) || memcmp(buf + 3190, a + 5000, 1010));
	/* To the end of what may be read. */
	l[0] = (struct iovec){ buf, sizeof(buf) };
	r[0] = (struct iovec){ a + 3 * P - 100, 300 };
	SHOW(rd(child, l, 1, r, 1, 0));
	r[0] = (struct iovec){ a + 3 * P, 300 };
	SHOW(rd(child, l, 1, r, 1, 0));
	r[0] = (struct iovec){ a, 10 };
	r[1] = (struct iovec){ a + 3 * P, 300 };
	SHOW(rd(child, l, 1, r, 2, 0));

	strcpy(buf, "ww");
	l[0] = (struct iovec){ buf, 1 };
	r[0] = (struct iovec){ a + 1, 1 };
	SHOW(wr(child, l, 1, r, 1, 0));
	r[0].iov_base = a + P;
	SHOW(wr(child, l, 1, r, 1, 0));
	r[0].iov_base = a + 2 * P;
	SHOW(wr(child, l, 1, r, 1, 0));
	l[0].iov_len = 200;
	r[0] = (struct iovec){ a + 2 * P - 100, 200 };
	SHOW(wr(child, l, 1, r, 1, 0));
	SHOW(a[1] == 'w');

	/* Errors, in their order. */
	SHOW(rd(child, l, 1, r, 1, 1));
	SHOW(rd(child, BAD_PTR, 1, r, 1, 0));
	SHOW(rd(child, l, 1, BAD_PTR, 1, 0));
	SHOW(rd(child, l, 1025, r, 1, 0));
	SHOW(rd(child, l, 1, r, 1025, 0));
	SHOW(rd(0x7ffffff0, l, 1, r, 1, 0));
	SHOW(rd(0x7ffffff0, l, 0, r, 1, 0));
	SHOW(rd(0x7ffffff0, l, 1, r, 0, 0));
	r[0].iov_len = 0;
	SHOW(rd(0x7ffffff0, l, 1, r, 1, 0));
	r[0].iov_len = -1;
	SHOW(rd(child, l, 1, r, 1, 0));
	r[0].iov_len = 10;
	l[0].iov_len = -1;
	SHOW(rd(child, l, 1, r, 1, 0));
	l[0] = (struct iovec){ BAD_PTR, 10 };
	r[0].iov_base = a;
	SHOW(rd(child, l, 1, r, 1, 0));
	SHOW(wr(child, l, 1, r, 1, 0));
	l[0].iov_base = buf;
	SHOW(rd(getpid(), l, 1, r, 1, 0));

	/* Somebody else may not. */
	other = fork();
	if (!other) {
		if (setgid(12345) || setuid(12345))
			_exit(1);
		SHOW(rd(child, l, 1, r, 1, 0));
		SHOW(wr(child, l, 1, r, 1, 0));
		SHOW(rd(getpid(), l, 1, r, 1, 0));
		_exit(0);
	}
	waitpid(other, NULL, 0);
	write(go[1], "x", 1);
	waitpid(child, &status, 0);
	SHOW(WEXITSTATUS(status));
	SHOW(rd(child, l, 1, r, 1, 0));
	return 0;
}
