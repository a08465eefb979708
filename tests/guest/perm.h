/* Tables of rights for the perm_* programs: an operation is tried by several users on objects of several modes, in a directory
 * of the host's file system and in one of tmpfs. A row is a mode, a column a user; "+" is success.
 *
 *   owner 1001:1001, group 1002:1002 with group 1001, other 1003:1003, root, bare: root's ids without capabilities */
#ifndef PERM_H
#define PERM_H

#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <linux/capability.h>

#include "show.h"

static const struct perm_user { const char *name; unsigned uid, gid; int ngroups; gid_t groups[2]; int bare; } perm_users[] = {
	{ "owner", 1001, 1001, 0, { 0 }, 0 }, { "group", 1002, 1002, 1, { 1001 }, 0 }, { "other", 1003, 1003, 0, { 0 }, 0 },
	{ "root", 0, 0, 0, { 0 }, 0 }, { "bare", 0, 0, 0, { 0 }, 1 },
};
#define NUSERS (sizeof(perm_users) / sizeof(perm_users[0]))

static inline void drop_caps(unsigned keep)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { { keep, keep, 0 }, { 0, 0, 0 } };

	if (syscall(SYS_capset, &h, d))
		_exit(99);
}

static inline void become(const struct perm_user *u)
{
	if (setgroups(u->ngroups, u->groups) || setresgid(u->gid, u->gid, u->gid) || setresuid(u->uid, u->uid, u->uid))
		_exit(99);
	if (u->bare)
		drop_caps(0);
}

/* @fn's result as @u: 0 or the errno. */
static inline int as_user(const struct perm_user *u, int (*fn)(const char *arg), const char *arg)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		become(u);
		errno = 0;
		_exit(fn(arg) < 0 ? errno : 0);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

/* A row: @fn(@arg) as every user; @prepare before each, as root. */
static inline void perm_row(const char *label, void (*prepare)(const char *arg), int (*fn)(const char *arg), const char *arg)
{
	printf("%-14s", label);
	for (unsigned i = 0; i < NUSERS; i++) {
		int err;

		fflush(stdout);
		if (prepare)
			prepare(arg);
		err = as_user(&perm_users[i], fn, arg);
		printf(" %-8s", err ? errno_name(err) : "+");
	}
	printf("\n");
}

static inline void perm_head(const char *what)
{
	printf("%-14s", what);
	for (unsigned i = 0; i < NUSERS; i++)
		printf(" %-8s", perm_users[i].name);
	printf("\n");
}

/* @table in both places. */
static inline void in_both(void (*table)(void))
{
	char dir[] = "/dev/shm/perm-XXXXXX", here[256];

	umask(0);
	chmod(".", 0755);
	if (!getcwd(here, sizeof(here)))
		return;
	printf("== host\n");
	table();
	if (!mkdtemp(dir) || chdir(dir))
		return;
	chmod(dir, 0755);
	printf("== tmpfs\n");
	table();
	if (chdir(here))
		return;
	fflush(stdout);
	if (!fork()) {
		execl("/bin/rm", "rm", "-rf", dir, NULL);
		_exit(1);
	}
	wait(NULL);
}

static inline void make_at(const char *name, unsigned mode, unsigned uid, unsigned gid)
{
	close(open(name, O_CREAT | O_WRONLY, 0600));
	if (chown(name, uid, gid) || chmod(name, mode))
		perror(name);
}

static inline void dir_at(const char *name, unsigned mode, unsigned uid, unsigned gid)
{
	mkdir(name, 0700);
	if (chown(name, uid, gid) || chmod(name, mode))
		perror(name);
}

#endif
