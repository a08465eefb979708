/* access, faccessat and execve: with real and effective ids, capabilities, and every mode. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned mode, want;
static void prepare(const char *a) { (void)a; unlink("f"); make_at("f", mode, 1001, 1001); }
static int acc(const char *a) { return access(a, want); }
static int run(const char *a)
{
	execl(a, a, NULL);
	if (errno == ENOEXEC)
		return 0; /* it may be run, but it is nothing */
	return -1;
}

static void table(void)
{
	static const unsigned modes[] = { 0, 0100, 0010, 0001, 0700, 0070, 0007, 0644, 0755 };
	char label[32];

	for (want = 0; want < 8; want++) {
		snprintf(label, sizeof(label), "access %u", want);
		perm_head(label);
		for (unsigned i = 0; i < 9; i++) {
			mode = modes[i];
			snprintf(label, sizeof(label), "%04o", mode);
			perm_row(label, prepare, acc, "f");
		}
	}
	perm_head("execve");
	for (unsigned i = 0; i < 9; i++) {
		mode = modes[i];
		snprintf(label, sizeof(label), "%04o", mode);
		perm_row(label, prepare, run, "./f");
	}
	/* real and effective differ */
	mode = 0600;
	prepare("");
	if (!fork()) {
		setresuid(1001, 0, 0);
		printf("real owner, effective root: access %d eaccess %d\n", access("f", 4), faccessat(AT_FDCWD, "f", 4, AT_EACCESS));
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	if (!fork()) {
		setresuid(0, 1003, 0);
		printf("real root, effective other: access %d", access("f", 4));
		printf(" eaccess %d\n", syscall(439, AT_FDCWD, "f", 4, AT_EACCESS) ? errno : 0);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}
int main(void)
{
	in_both(table);
	return 0;
}
