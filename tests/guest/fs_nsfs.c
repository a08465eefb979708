// needs-root: setns(2)
/* Name spaces as files: what /proc/PID/ns shows, ioctl_nsfs(2), joining the ones a process is in, those of a pidfd. */
// musl
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>

#include "show.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif
#define GET_MNT_ID 0x8008b705u
#define MNT_INFO 0x8010b70au
#define MNT_NEXT 0x8010b70bu
#define PID_FROM 0x8004b706u
#define TGID_FROM 0x8004b707u
#define PID_IN 0x8004b708u
#define TGID_IN 0x8004b709u
#define PIDFD_GET_CGROUP 0xff01u

static const struct { const char *name; int kind; } spaces[] = {
	{ "cgroup", CLONE_NEWCGROUP }, { "ipc", CLONE_NEWIPC }, { "mnt", CLONE_NEWNS }, { "net", CLONE_NEWNET }, { "pid", CLONE_NEWPID },
	{ "pid_for_children", CLONE_NEWPID }, { "user", CLONE_NEWUSER }, { "uts", CLONE_NEWUTS },
};

/* The kind before the number, and whether link, inode and descriptor have the same. */
static void names(const char *path, int fd)
{
	char link[64] = "", proc[64], own[64] = "";
	struct stat st;

	if (readlink(path, link, sizeof(link) - 1) < 0 || fstat(fd, &st))
		exit(1);
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	if (readlink(proc, own, sizeof(own) - 1) < 0)
		exit(1);
	printf("%.*s, one number %d, the descriptor's text %d\n", (int)strcspn(link, "["), link,
		strtoul(link + strcspn(link, "[") + 1, NULL, 10) == st.st_ino, !strcmp(link, own));
	printf("mode %o links %d size %ld owner %d\n", st.st_mode, (int)st.st_nlink, (long)st.st_size, st.st_uid);
}

static void kinds(int fd, int kind)
{
	int user = ioctl(fd, NS_GET_USERNS);
	uint32_t info[4] = { 0 };
	uint64_t id = 0;
	uid_t uid = 77;

	SHOW(ioctl(fd, NS_GET_NSTYPE) == kind);
	printf("user name space: %s, its kind %d, closed on exec %d\n", user >= 0 ? "a descriptor" : errno_name(errno),
		ioctl(user, NS_GET_NSTYPE) == CLONE_NEWUSER, fcntl(user, F_GETFD));
	close(user);
	SHOW(ioctl(fd, NS_GET_PARENT));
	SHOW(ioctl(fd, NS_GET_OWNER_UID, &uid));
	SHOW(uid);
	SHOW(ioctl(fd, GET_MNT_ID, &id));
	SHOW(id != 0);
	SHOW(ioctl(fd, MNT_INFO, info));
	printf("size %u, mounts %d, the same number %d\n", info[0], info[1] > 0, id == (info[2] | (uint64_t)info[3] << 32));
	SHOW(ioctl(fd, MNT_INFO, NULL));
	SHOW(ioctl(fd, MNT_INFO, BAD_PTR));
	SHOW(ioctl(fd, PID_FROM, 1));
	SHOW(ioctl(fd, TGID_FROM, 1));
	SHOW(ioctl(fd, PID_IN, 1));
	SHOW(ioctl(fd, TGID_IN, 1));
	SHOW(ioctl(fd, PID_IN, 0x7ffffff0));
	SHOW(ioctl(fd, 0xb7ff));
}

static void as_file(const char *path, int fd)
{
	struct statfs fs;
	char c;

	SHOW(statfs(path, &fs));
	printf("type %lx\n", (long)fs.f_type);
	SHOW(read(fd, &c, 1));
	SHOW(write(fd, &c, 1));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED);
	SHOW(open(path, O_RDWR));
	SHOW(openat(fd, "x", O_RDONLY));
	SHOW(access(path, W_OK));
	SHOW(access(path, R_OK));
	SHOW(fchmod(fd, 0600));
	SHOW(fchown(fd, 1, 1));
}

static void join(int fd, int kind)
{
	SHOW(setns(fd, 0));
	SHOW(setns(fd, kind));
	SHOW(setns(fd, CLONE_NEWPID | CLONE_NEWUTS));
	SHOW(setns(fd, kind == CLONE_NEWPID ? CLONE_NEWUTS : CLONE_NEWPID));
}

static void of_a_pidfd(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	for (unsigned nr = 0; nr < 10; nr++) {
		int ns = ioctl(fd, PIDFD_GET_CGROUP + nr, 0);

		printf("%u: kind %x\n", nr, ns < 0 ? -errno : ioctl(ns, NS_GET_NSTYPE));
		close(ns);
	}
	SHOW(ioctl(fd, PIDFD_GET_CGROUP, 1));
	SHOW(ioctl(fd, PIDFD_GET_CGROUP - 1, 0));
	SHOW(setns(fd, CLONE_NEWUTS | CLONE_NEWIPC));
	SHOW(setns(fd, CLONE_NEWUTS | CLONE_NEWUSER));
	SHOW(setns(fd, CLONE_NEWNS));
	close(fd);
}

int main(void)
{
	char cwd[64], path[64];
	int uts = open("/proc/self/ns/uts", O_RDONLY), mnt = open("/proc/self/ns/mnt", O_RDONLY);

	for (unsigned i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		int fd;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", spaces[i].name);
		printf("-- %s\n", spaces[i].name);
		fd = open(path, O_RDONLY);
		names(path, fd);
		kinds(fd, spaces[i].kind);
		as_file(path, fd);
		join(fd, spaces[i].kind);
		close(fd);
	}
	of_a_pidfd();
	SHOW(chdir("/proc"));
	SHOW(setns(mnt, CLONE_NEWNS));
	printf("in %s\n", getcwd(cwd, sizeof(cwd)));
	SHOW(setresuid(1001, 1001, 1001));
	SHOW(setns(uts, 0));
	SHOW(setns(mnt, 0));
	SHOW(setns(uts, CLONE_NEWIPC));
	SHOW(ioctl(mnt, MNT_NEXT, NULL) == -1);
	return 0;
}
