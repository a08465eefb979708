/* What each capability alone is good for: CAP_CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, MKNOD, SYS_CHROOT. */
// needs-root: users
// timeout: 60
#include "perm.h"

static const struct { const char *name; unsigned bit; } caps[] = { { "none", 0 }, { "CHOWN", 1u << 0 }, { "DAC_OVERRIDE", 1u << 1 },
	{ "READ_SEARCH", 1u << 2 }, { "FOWNER", 1u << 3 }, { "FSETID", 1u << 4 }, { "MKNOD", 1u << 27 }, { "SYS_CHROOT", 1u << 18 },
	{ "LINUX_IMMUT", 1u << 9 } };
static int o_read(void) { return open("f", O_RDONLY); }
static int o_write(void) { return open("f", O_WRONLY); }
static int o_list(void) { return open("d", O_RDONLY); }
static int o_search(void) { return access("d/x", F_OK); }
static int o_create(void) { return open("d/new", O_CREAT | O_EXCL | O_WRONLY, 0600); }
static int o_exec(void) { return access("f", X_OK); }
static int o_execx(void) { return access("x", X_OK); }
static int o_chmod(void) { return chmod("f", 0); }
static int o_chown(void) { return chown("f", 7, 7); }
static int o_utime(void) { struct timespec t[2] = { { 1, 1 }, { 1, 1 } }; return utimensat(AT_FDCWD, "f", t, 0); }
static int o_noatime(void) { return open("r", O_RDONLY | O_NOATIME); }
static int o_mknod(void) { return mknod("n", S_IFCHR | 0600, 0x105); }
static int o_chroot(void) { return chroot("."); }
static int o_sticky(void) { return unlink("s/f"); }
static int o_link(void) { return linkat(open("mine", O_RDONLY), "", AT_FDCWD, "l", AT_EMPTY_PATH); }

static void table(void)
{
	static const struct { const char *name; int (*fn)(void); } ops[] = { { "read", o_read }, { "write", o_write },
		{ "list", o_list }, { "search", o_search }, { "create", o_create }, { "exec 000", o_exec }, { "exec 001", o_execx },
		{ "chmod", o_chmod }, { "chown", o_chown }, { "utimes", o_utime }, { "O_NOATIME", o_noatime }, { "mknod", o_mknod },
		{ "chroot", o_chroot }, { "sticky", o_sticky }, { "linkat empty", o_link } };

	for (unsigned o = 0; o < 15; o++)
		for (unsigned c = 0; c < 9; c++) {
			int status;

			chmod("d", 0777); unlink("d/new"); unlink("n"); unlink("l"); unlink("f");
			chmod(".", 0777);
			make_at("f", 0, 1001, 1001);
			make_at("x", 0001, 1001, 1001);
			make_at("r", 0644, 1001, 1001);
			dir_at("d", 0777, 1001, 1001);
			make_at("d/x", 0, 1001, 1001);
			chmod("d", 0);
			make_at("mine", 0644, 1005, 1005);
			dir_at("s", 01777, 1001, 1001);
			make_at("s/f", 0666, 1001, 1001);
			fflush(stdout);
			if (!fork()) {
				struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
				struct __user_cap_data_struct dd[2] = { { caps[c].bit, caps[c].bit, 0 }, { 0, 0, 0 } };

				syscall(SYS_prctl, 8 /* PR_SET_KEEPCAPS */, 1, 0, 0, 0);
				if (setgroups(0, NULL) || setresgid(1005, 1005, 1005) || setresuid(1005, 1005, 1005) || syscall(SYS_capset, &h, dd))
					_exit(99);
				errno = 0;
				_exit(ops[o].fn() < 0 ? errno : 0);
			}
			wait(&status);
			printf("%-12s with %-12s: %s\n", ops[o].name, caps[c].name, WEXITSTATUS(status) ? errno_name(WEXITSTATUS(status)) : "+");
		}
}
int main(void)
{
	in_both(table);
	return 0;
}
