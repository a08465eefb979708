/* User and group ids, supplementary groups, and the capabilities that go with them. What only root may do is taken for
 * granted when somebody else runs this. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int root;

/* The call gives @want (an errno if negative). */
#define SAME(what, call, want) do { errno = 0; long r = call; r = r < 0 ? -errno : r; \
	if (r == (want)) printf("%s: ok\n", what); else printf("%s: %ld, not %ld\n", what, r, (long)(want)); } while (0)
#define ROOT(what, call, want) do { if (root) SAME(what, call, want); else printf("%s: ok\n", what); } while (0)

static void ids(const char *what, uid_t r, uid_t e, uid_t s, gid_t gr, gid_t ge, gid_t gs)
{
	uid_t u[3];
	gid_t g[3];
	int same;

	syscall(SYS_getresuid, &u[0], &u[1], &u[2]);
	syscall(SYS_getresgid, &g[0], &g[1], &g[2]);
	same = u[0] == r && u[1] == e && u[2] == s && g[0] == gr && g[1] == ge && g[2] == gs;
	if (!root || same)
		printf("%s: ids ok\n", what);
	else
		printf("%s: uid %d %d %d gid %d %d %d\n", what, u[0], u[1], u[2], g[0], g[1], g[2]);
}

/* CAP_SETUID in the effective (bit 0) and permitted (bit 1) sets. */
static long caps(void)
{
	unsigned head[2] = { 0x20080522, 0 }, data[6];

	syscall(SYS_capget, head, data);
	return (data[0] >> 7 & 1) | (data[1] >> 7 & 1) << 1;
}

int main(void)
{
	gid_t groups[3] = { 300, 100, 200 }, got[8] = { 0 };

	root = geteuid() == 0;
	SAME("setuid to oneself", syscall(SYS_setuid, getuid()), 0);
	SAME("setresuid of nothing", syscall(SYS_setresuid, -1, -1, -1), 0);
	SAME("setuid(-1)", syscall(SYS_setuid, -1), -EINVAL);
	SAME("setgid(-1)", syscall(SYS_setgid, -1), -EINVAL);
	SAME("getresuid, bad pointer", syscall(SYS_getresuid, 8, 8, 8), -EFAULT);
	SAME("getgroups, negative", syscall(SYS_getgroups, -1, got), -EINVAL);
	ROOT("setgroups", syscall(SYS_setgroups, 3, groups), 0);
	ROOT("getgroups", syscall(SYS_getgroups, 8, got), 3);
	ROOT("sorted", got[0] == 100 && got[1] == 200 && got[2] == 300, 1);
	ROOT("getgroups, short", syscall(SYS_getgroups, 2, got), -EINVAL);
	ROOT("setgroups, too many", syscall(SYS_setgroups, 65537, groups), -EINVAL);
	ROOT("setgroups, bad pointer", syscall(SYS_setgroups, 2, 8), -EFAULT);
	ROOT("setresgid", syscall(SYS_setresgid, 5, 6, 7), 0);
	ids("setresgid", 0, 0, 0, 5, 6, 7);
	ROOT("setregid", syscall(SYS_setregid, -1, 8), 0);
	ids("setregid", 0, 0, 0, 5, 8, 8);
	ROOT("setgid", syscall(SYS_setgid, 9), 0);
	ids("setgid", 0, 0, 0, 9, 9, 9);
	ROOT("setreuid", syscall(SYS_setreuid, 0, 1000), 0);
	ids("setreuid", 0, 1000, 1000, 9, 9, 9);
	ROOT("capabilities wait", caps(), 2);
	ROOT("setgid without the right", syscall(SYS_setgid, 11), -EPERM);
	ROOT("setgroups without the right", syscall(SYS_setgroups, 1, groups), -EPERM);
	ROOT("back to root", syscall(SYS_setresuid, -1, 0, -1), 0);
	ids("back to root", 0, 0, 1000, 9, 9, 9);
	ROOT("capabilities are back", caps(), 3);
	ROOT("setfsuid tells the old", syscall(SYS_setfsuid, 77), 0);
	ROOT("setfsuid(-1) asks", syscall(SYS_setfsuid, -1), 77);
	ROOT("setfsuid back", syscall(SYS_setfsuid, 0), 77);
	ROOT("setfsgid", syscall(SYS_setfsgid, 78), 9);
	ROOT("setfsgid asks", syscall(SYS_setfsgid, -1), 78);
	ROOT("keep capabilities", prctl(PR_SET_KEEPCAPS, 1), 0);
	ROOT("setresuid", syscall(SYS_setresuid, 1, 2, 3), 0);
	ids("setresuid", 1, 2, 3, 9, 9, 9);
	ROOT("permitted are kept", caps(), 2);
	ROOT("setreuid to the saved one as real", syscall(SYS_setreuid, 3, 1), -EPERM);
	ROOT("setuid to a foreign one", syscall(SYS_setuid, 44), -EPERM);
	ROOT("setuid to the real one", syscall(SYS_setuid, 1), 0);
	ids("setuid", 1, 1, 3, 9, 9, 9);
	ROOT("setresuid to root", syscall(SYS_setresuid, 0, 0, 0), -EPERM);
	ROOT("setfsuid to root is refused silently", syscall(SYS_setfsuid, 0), 1);
	ROOT("and is not done", syscall(SYS_setfsuid, -1), 1);
	ROOT("kill of somebody else's process", syscall(SYS_kill, getppid(), 0), -EPERM);
	return 0;
}
