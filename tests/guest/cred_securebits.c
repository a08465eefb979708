/* Securebits, keeping capabilities, the ambient set: their rules and locks. */
// needs-root: privileges
/* musl */
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include "show.h"

static void set_caps(unsigned effective, unsigned permitted, unsigned inheritable)
{
	unsigned head[2] = { 0x20080522, 0 }, d[6] = { effective, permitted, inheritable, 0, 0, 0 };

	SHOW(syscall(SYS_capset, head, d));
}

static void show_caps(void)
{
	unsigned head[2] = { 0x20080522, 0 }, d[6] = { 0 };

	syscall(SYS_capget, head, d);
	printf(" effective %d, permitted %d\n", d[0] >> CAP_SETUID & 1, d[1] >> CAP_SETUID & 1);
}

static void in_child(void (*fn)(void))
{
	if (!fork()) {
		fn();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static void locks(void)
{
	SHOW(prctl(PR_GET_SECUREBITS));
	SHOW(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED));
	SHOW(prctl(PR_GET_SECUREBITS));
	SHOW(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT_LOCKED));
	SHOW(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT));
	SHOW(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_KEEP_CAPS));
	SHOW(prctl(PR_GET_KEEPCAPS));
	SHOW(prctl(PR_SET_SECUREBITS, 1 << 20));
	SHOW(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_KEEP_CAPS_LOCKED));
	SHOW(prctl(PR_SET_KEEPCAPS, 1));
}

static void no_fixup(void)
{
	SHOW(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP));
	SHOW(setresuid(1000, 1000, 1000));
	show_caps();
	SHOW(setresuid(0, 0, 0));
}

static void fixup(void)
{
	SHOW(setresuid(-1, 1000, -1));
	show_caps();
	SHOW(setresuid(-1, 0, -1));
	show_caps();
	SHOW(prctl(PR_SET_KEEPCAPS, 1));
	SHOW(setresuid(1000, 1000, 1000));
	show_caps();
	set_caps(1u << CAP_SETUID, 1u << CAP_SETUID, 0);
	show_caps();
	SHOW(setresuid(0, 0, 0));
	show_caps();
}

static void drop(void)
{
	SHOW(setresuid(1000, 1000, 1000));
	show_caps();
	set_caps(1u << CAP_SETUID, 1u << CAP_SETUID, 0);
	SHOW(prctl(PR_SET_SECUREBITS, 0));
	SHOW(prctl(PR_CAPBSET_DROP, CAP_KILL));
}

static void ambient(void)
{
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0)); /* not inheritable */
	set_caps(~0u, 1u << CAP_KILL | 1u << CAP_SETPCAP, 1u << CAP_KILL);
	set_caps(1u << CAP_KILL | 1u << CAP_SETPCAP, 1u << CAP_KILL | 1u << CAP_SETPCAP, 1u << CAP_KILL);
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_KILL, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
	/* no longer inheritable: it goes */
	set_caps(1u << CAP_KILL | 1u << CAP_SETPCAP, 1u << CAP_KILL | 1u << CAP_SETPCAP, 0);
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 1, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 64, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, 9, 1, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 1, 0));
	SHOW(prctl(PR_SET_SECUREBITS, SECBIT_NO_CAP_AMBIENT_RAISE));
	set_caps(1u << CAP_KILL, 1u << CAP_KILL, 1u << CAP_KILL);
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
}

static void bounding(void)
{
	SHOW(prctl(PR_CAPBSET_READ, CAP_KILL));
	SHOW(prctl(PR_CAPBSET_DROP, CAP_KILL));
	SHOW(prctl(PR_CAPBSET_READ, CAP_KILL));
	SHOW(prctl(PR_CAPBSET_DROP, 64));
	SHOW(prctl(PR_CAPBSET_READ, -1));
	/* inheritable beyond the bounding set */
	set_caps(1u << CAP_SETPCAP, 1u << CAP_SETPCAP, 1u << CAP_KILL);
}

int main(void)
{
	in_child(locks);
	in_child(no_fixup);
	in_child(fixup);
	in_child(drop);
	in_child(ambient);
	in_child(bounding);
	return 0;
}
