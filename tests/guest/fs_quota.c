/* What is not there: quotas, leases of files of others; sysfs(2), ustat(2), file handles' errors. */
// needs-root: setuid
#include <fcntl.h>
#include <sys/quota.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "show.h"

struct ustat { int tfree; unsigned long tinode; char fname[6], fpack[6]; };
struct handle { unsigned bytes; int type; unsigned char data[128]; };

int main(void)
{
	int fd = open("f", O_CREAT | O_RDWR, 0644), mnt = -1;
	struct dqblk dq;
	struct ustat u;
	struct stat st;
	struct handle h = { 0, 0, { 0 } };
	char name[64] = "";

	SHOW(quotactl(QCMD(Q_SYNC, USRQUOTA), NULL, 0, NULL));
	SHOW(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), NULL, 0, (void *)&dq));
	SHOW(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), "none", 0, (void *)&dq));
	SHOW(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), "f", 0, (void *)&dq));
	SHOW(quotactl(QCMD(Q_GETQUOTA, 7), "f", 0, (void *)&dq));
	SHOW(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), BAD_PTR, 0, (void *)&dq));
	SHOW(syscall(443, -1, QCMD(Q_GETQUOTA, USRQUOTA), 0, &dq));
	/* sysfs(2) */
	SHOW(syscall(SYS_sysfs, 1, "tmpfs") >= 0);
	SHOW(syscall(SYS_sysfs, 1, "nosuchfs"));
	SHOW(syscall(SYS_sysfs, 1, BAD_PTR));
	SHOW(syscall(SYS_sysfs, 2, syscall(SYS_sysfs, 1, "proc"), name));
	puts(name);
	SHOW(syscall(SYS_sysfs, 2, 9999, name));
	SHOW(syscall(SYS_sysfs, 2, 0, BAD_PTR));
	SHOW(syscall(SYS_sysfs, 3) > 3);
	SHOW(syscall(SYS_sysfs, 4));
	/* ustat(2) */
	SHOW(stat("/proc", &st));
	SHOW(syscall(SYS_ustat, (unsigned)st.st_dev, &u));
	SHOW(syscall(SYS_ustat, (unsigned)st.st_dev, BAD_PTR));
	SHOW(syscall(SYS_ustat, 0xffff, &u));
	/* handles */
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "f", &h, &mnt, 0x80000));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "none", &h, &mnt, 0));
	SHOW(syscall(SYS_name_to_handle_at, -1, "f", &h, &mnt, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, BAD_PTR, &h, &mnt, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "f", &h, &mnt, 0x200));
	SHOW(h.bytes > 0);
	h.bytes = 128;
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "f", &h, &mnt, 0x200));
	SHOW(mnt > 0);
	h.bytes = 129;
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "f", &h, &mnt, 0x200));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "f", BAD_PTR, &mnt, 0x200));
	h.bytes = 0;
	SHOW(syscall(SYS_open_by_handle_at, AT_FDCWD, &h, O_RDONLY));
	h.bytes = 200;
	SHOW(syscall(SYS_open_by_handle_at, AT_FDCWD, &h, O_RDONLY));
	SHOW(syscall(SYS_open_by_handle_at, AT_FDCWD, BAD_PTR, O_RDONLY));
	/* leases */
	SHOW(fcntl(fd, F_GETLEASE));
	SHOW(fcntl(fd, F_SETLEASE, 99));
	SHOW(fcntl(fd, F_SETLEASE, F_UNLCK));
	SHOW(setuid(1000));
	SHOW(fcntl(fd, F_SETLEASE, F_WRLCK));
	h.bytes = 12;
	h.type = 1;
	SHOW(syscall(SYS_open_by_handle_at, AT_FDCWD, &h, O_RDONLY));
	SHOW(syscall(SYS_open_by_handle_at, 99, &h, O_RDONLY));
	return 0;
}
