/* The administrator's calls made by somebody who is none, and their arguments checked where that comes first. */
// needs-root: it gives rights up
/* musl */
#include <stdlib.h>
#include <linux/reboot.h>
#include "show.h"

int main(void)
{
	/* while still privileged: what fails for other reasons */
	SHOW(syscall(SYS_swapon, "/none", 0));
	SHOW(syscall(SYS_swapon, BAD_PTR, 0));
	SHOW(syscall(SYS_swapon, "/none", 0x80000));
	SHOW(syscall(SYS_swapoff, "/none"));
	SHOW(syscall(SYS_swapoff, "/dev/null"));
	SHOW(syscall(SYS_acct, "/none/none"));
	SHOW(syscall(SYS_acct, BAD_PTR));
	SHOW(syscall(SYS_reboot, 1, 2, 3, NULL));
	SHOW(syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, 2, 3, NULL));
	SHOW(syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, 77, NULL));
	setresuid(1000, 1000, 1000);
	SHOW(syscall(SYS_swapon, "/none", 0));
	SHOW(syscall(SYS_swapon, "/none", 0x80000));
	SHOW(syscall(SYS_swapoff, "/none"));
	SHOW(syscall(SYS_acct, NULL));
	SHOW(syscall(SYS_acct, "/none"));
	SHOW(syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART, NULL));
	SHOW(syscall(SYS_reboot, 1, 2, 3, NULL));
	SHOW(syscall(SYS_sethostname, "x", 1));
	SHOW(syscall(SYS_setdomainname, BAD_PTR, 1));
	SHOW(syscall(SYS_settimeofday, NULL, NULL));
	SHOW(syscall(SYS_vhangup));
	return 0;
}
