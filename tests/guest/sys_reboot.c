/* reboot(2) and swapoff(2) where they do not end the machine: ctrl-alt-del, a command that cannot be read, no other kernel. */
// needs-root: only root may
// host-skip: it is the machine's ctrl-alt-del that would be switched
#include <linux/reboot.h>

#include "show.h"

static long reboot_(unsigned cmd, void *arg)
{
	return syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, cmd, arg);
}

int main(void)
{
	SHOW(reboot_(LINUX_REBOOT_CMD_CAD_ON, NULL));
	SHOW(reboot_(LINUX_REBOOT_CMD_CAD_OFF, NULL));
	SHOW(reboot_(LINUX_REBOOT_CMD_RESTART2, BAD_PTR));
	SHOW(reboot_(LINUX_REBOOT_CMD_KEXEC, NULL));
	SHOW(reboot_(LINUX_REBOOT_CMD_CAD_ON + 1, NULL));
	SHOW(syscall(SYS_swapoff, BAD_PTR));
	return 0;
}
