/* Runs a program on a host that answers ENOSYS to every system call newer than Linux 5.10's last
 * (process_madvise, 440). Usage: oldkernel PROGRAM [ARG...] */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_NEW 441
#define LAST_NEW 600

int main(int argc, char **argv)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int err = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: oldkernel PROGRAM [ARG...]\n");
		return 125;
	}
	/* Numbers of other ABIs (x32's are tried by a test) are the host's to refuse. */
	if (ctx)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
	for (int nr = FIRST_NEW; nr <= LAST_NEW && !err; nr++)
		err = seccomp_rule_add_exact(ctx, SCMP_ACT_ERRNO(ENOSYS), nr, 0);
	/* root can do without no_new_privs, which guests would inherit */
	if (!err && !geteuid())
		err = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0);
	if (!err)
		err = seccomp_load(ctx);
	if (err) {
		fprintf(stderr, "oldkernel: %s\n", strerror(-err));
		return 125;
	}
	if (syscall(FIRST_NEW, -1, 0, 0, 0, 0, 0) != -1 || errno != ENOSYS) {
		fprintf(stderr, "oldkernel: the filter does not work\n");
		return 125;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
