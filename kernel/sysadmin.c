/* The administrator's calls: shutting down, swap areas, modules, ports, another kernel. A guest without the privilege is refused
 * as by Linux. With it, reboot(2) ends umk, as it ends a virtual machine; the others concern hardware that umk does not have
 * and are refused as by a kernel that is locked against them, and counted. */
#include "fs.h"
#include "ledger.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include "task.h"
#include <linux/capability.h>
#include <linux/limits.h>
#include <linux/reboot.h>

/* include/linux/swap.h */
#define SWAP_FLAGS_VALID 0x7ffffu
#define IO_PORTS 65536ul

/* A path of the guest, opened and closed again: 0 if there is such a file. */
static int path_exists(const char __user *upath, int flags)
{
	char *path = kmalloc(PATH_MAX);
	struct file *f;
	long len;
	int err = 0;

	if (!path)
		return -ENOMEM;
	len = strncpy_from_user(path, upath, PATH_MAX);
	if (len < 0)
		err = (int)len;
	else if (!len)
		err = -ENOENT;
	else if (len == PATH_MAX)
		err = -ENAMETOOLONG;
	if (!err) {
		f = do_open(AT_FDCWD, path, flags, 0);
		err = IS_ERR(f) ? (int)PTR_ERR(f) : 0;
		if (!err)
			file_put(f);
	}
	kfree(path);
	return err;
}

/* ---- the end ---- */

static bool magic_ok(int magic1, int magic2)
{
	return magic1 == (int)LINUX_REBOOT_MAGIC1 && (magic2 == (int)LINUX_REBOOT_MAGIC2 || magic2 == LINUX_REBOOT_MAGIC2A ||
		magic2 == LINUX_REBOOT_MAGIC2B || magic2 == LINUX_REBOOT_MAGIC2C);
}

/* init ends everything and then umk; the caller sees no more of it. */
static void __noreturn shut_down(void)
{
	if (!first_exit.done) {
		first_exit_code = 0;
		complete(&first_exit);
	}
	while (!fatal_signal_pending(current)) {
		current->state = TASK_KILLABLE;
		schedule();
	}
	do_group_exit(SIGKILL);
}

/* reboot(2): EPERM, EINVAL, EFAULT. There is no other kernel to start, and nothing that ctrl-alt-del would reach. */
SYSCALL_DEFINE4(reboot, int, magic1, int, magic2, unsigned, cmd, void __user *, arg)
{
	char text[256];

	if (!capable(CAP_SYS_BOOT))
		return -EPERM;
	if (!magic_ok(magic1, magic2))
		return -EINVAL;
	switch (cmd) {
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		return 0;
	case LINUX_REBOOT_CMD_RESTART2:
		if (strncpy_from_user(text, arg, sizeof(text) - 1) < 0)
			return -EFAULT;
		shut_down();
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		shut_down();
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE4(kexec_load, unsigned long, entry, unsigned long, nr_segments, const void __user *, segments, unsigned long, flags)
{
	if (capable(CAP_SYS_BOOT))
		LEDGER("kexec_load", flags);
	return -EPERM;
}

SYSCALL_DEFINE5(kexec_file_load, int, kernel_fd, int, initrd_fd, unsigned long, cmdline_len, const char __user *, cmdline,
	unsigned long, flags)
{
	if (capable(CAP_SYS_BOOT))
		LEDGER("kexec_file_load", flags);
	return -EPERM;
}

/* ---- swap and accounting ---- */

/* swapon(2): EINVAL, EPERM, and what opening the file gives. No file has room that umk would use. */
SYSCALL_DEFINE2(swapon, const char __user *, path, int, flags)
{
	int err;

	if ((unsigned)flags & ~SWAP_FLAGS_VALID)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = path_exists(path, O_RDWR);
	if (err)
		return err;
	LEDGER("swapon", flags);
	return -EINVAL;
}

/* swapoff(2): EPERM, and what opening the file gives; no file is in use for swapping. */
SYSCALL_DEFINE1(swapoff, const char __user *, path)
{
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = path_exists(path, O_RDWR);
	return err ? err : -EINVAL;
}

/* acct(2): it is off, and stays so. */
SYSCALL_DEFINE1(acct, const char __user *, path)
{
	int err;

	if (!capable(CAP_SYS_PACCT))
		return -EPERM;
	if (!path)
		return 0;
	err = path_exists(path, O_WRONLY | O_APPEND);
	if (err)
		return err;
	LEDGER("acct", 0);
	return -ENOSYS;
}

/* ---- modules and ports ---- */

SYSCALL_DEFINE3(init_module, void __user *, image, unsigned long, len, const char __user *, args)
{
	if (capable(CAP_SYS_MODULE))
		LEDGER("init_module", len);
	return -EPERM;
}

SYSCALL_DEFINE3(finit_module, int, fd, const char __user *, args, int, flags)
{
	if (capable(CAP_SYS_MODULE))
		LEDGER("finit_module", flags);
	return -EPERM;
}

SYSCALL_DEFINE2(delete_module, const char __user *, name, unsigned, flags)
{
	if (capable(CAP_SYS_MODULE))
		LEDGER("delete_module", flags);
	return -EPERM;
}

/* Giving up ports that one does not have is always possible. */
SYSCALL_DEFINE3(ioperm, unsigned long, from, unsigned long, num, int, turn_on)
{
	if (from + num <= from || from + num > IO_PORTS)
		return -EINVAL;
	if (!turn_on)
		return 0;
	if (capable(CAP_SYS_RAWIO))
		LEDGER("ioperm", from);
	return -EPERM;
}

SYSCALL_DEFINE1(iopl, unsigned, level)
{
	if (level > 3)
		return -EINVAL;
	if (!level)
		return 0;
	if (capable(CAP_SYS_RAWIO))
		LEDGER("iopl", level);
	return -EPERM;
}
