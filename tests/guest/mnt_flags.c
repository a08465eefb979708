/* What the flags of a mount forbid: writing, devices, programs, symlinks, set-user-ID; by mount and by remount. */
// needs-root: mount(2)
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <utime.h>

#include "mnt.h"

static int run(const char *path)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execl(path, path, NULL);
		_exit(errno);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

/* That nothing may be written comes before whose file it is. */
static void by_others(void)
{
	struct utimbuf ut = { 1, 2 };

	fflush(stdout);
	if (!fork()) {
		SHOW(chdir("m"));
		SHOW(setuid(12345));
		SHOW(chmod("f", 0600));
		SHOW(chown("f", 1, 1));
		SHOW(utime("f", NULL));
		SHOW(utime("f", &ut));
		SHOW(truncate("f", 0));
		SHOW(syscall(SYS_setxattr, "f", "user.a", "x", 1, 0));
		SHOW(syscall(SYS_setxattr, "f", "trusted.a", "x", 1, 0));
		SHOW(syscall(SYS_removexattr, "f", "trusted.a"));
		SHOW(mkdir("d2", 0700));
		SHOW(unlink("f"));
		SHOW(rename("f", "g"));
		SHOW(link("f", "g"));
		SHOW(open("f", O_WRONLY));
		SHOW(open("f", O_RDONLY | O_TRUNC));
		SHOW(open("new", O_WRONLY | O_CREAT, 0600));
		SHOW(open(".", O_TMPFILE | O_RDWR, 0600));
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

int main(void)
{
	struct stat st;
	int fd;

	own_mounts();
	mkdir("m", 0755);
	SHOW(mount("t", "m", "tmpfs", 0, NULL));
	/* what no mount may have: the sign bit and all above it, unless the old magic number hides them */
	SHOW(mount("t", "m", "tmpfs", 1ul << 31, NULL));
	SHOW(mount("t", "m", "tmpfs", 1ul << 32, NULL));
	SHOW(mount("t", "m", "tmpfs", MS_MGC_VAL | 1ul << 32, NULL));
	SHOW(umount("m"));
	make_file("m/f", "data");
	symlink("f", "m/link");
	mkdir("m/dir", 0755);
	SHOW(mknod("m/null", S_IFCHR | 0666, makedev(1, 3)));
	make_file("m/prog", "#!/bin/true\n");
	chmod("m/prog", 0755);
	SHOW(run("m/prog"));
	/* nodev, noexec, nosymfollow */
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND | MS_NODEV | MS_NOEXEC | MS_NOSYMFOLLOW, NULL));
	show_mount("/m");
	SHOW(open("m/null", O_RDWR));
	SHOW(run("m/prog") == EACCES);
	SHOW(access("m/prog", X_OK));
	SHOW(access("m/dir", X_OK));
	SHOW(access("m/f", R_OK | W_OK));
	fd = open("m/f", O_RDONLY);
	SHOW(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0);
	char *map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	SHOW(mprotect(map, 4096, PROT_READ | PROT_EXEC));
	close(fd);
	SHOW(open("m/link", O_RDONLY));
	SHOW(stat("m/link", &st));
	SHOW(lstat("m/link", &st));
	SHOW(chdir("m/dir/.."));
	SHOW(chdir(".."));
	/* read-only */
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	show_mount("/m");
	SHOW(open("m/f", O_RDWR));
	SHOW(open("m/f", O_RDONLY | O_TRUNC));
	SHOW(open("m/new", O_CREAT | O_RDONLY, 0600));
	SHOW(open("m/f", O_CREAT | O_RDONLY, 0600) >= 0);
	SHOW(open("m/null", O_RDWR) >= 0);
	SHOW(mkdir("m/d2", 0700));
	SHOW(rmdir("m/dir"));
	SHOW(unlink("m/f"));
	SHOW(unlink("m/none"));
	SHOW(rename("m/f", "m/g"));
	SHOW(link("m/f", "m/g"));
	SHOW(symlink("m/f", "m/g"));
	SHOW(mknod("m/g", S_IFIFO | 0600, 0));
	SHOW(chmod("m/f", 0600));
	SHOW(chown("m/f", 1, 1));
	SHOW(utime("m/f", NULL));
	SHOW(truncate("m/f", 0));
	SHOW(access("m/f", W_OK));
	SHOW(access("m/f", R_OK));
	SHOW(access("m/null", W_OK));
	SHOW(syscall(SYS_setxattr, "m/f", "trusted.a", "x", 1, 0));
	SHOW(open("m", O_TMPFILE | O_RDWR, 0600));
	by_others();
	/* a writer keeps it writable */
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND, NULL));
	fd = open("m/f", O_RDWR);
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_RDONLY, NULL));
	close(fd);
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_RDONLY, NULL));
	SHOW(open("m/f", O_RDWR));
	show_mount("/m");
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT, NULL));
	SHOW(truncate("m/f", 2));
	show_file("m/f");
	/* times */
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_NOATIME, NULL));
	show_mount("/m");
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_STRICTATIME | MS_NODIRATIME, NULL));
	show_mount("/m");
	SHOW(mount(NULL, "m/dir", NULL, MS_REMOUNT | MS_RDONLY, NULL));
	SHOW(mount(NULL, "m/dir", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	SHOW(umount2("m", MNT_DETACH));
	return 0;
}
