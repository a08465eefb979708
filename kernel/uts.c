/* The system's names: uname, sethostname, setdomainname. The host name begins as the command line or the host has it; what a
 * guest sets holds for all guests, and for nobody outside. */
#include "uts.h"
#include "host.h"
#include "sched.h"
#include "string.h"
#include "syscalls.h"
#include <linux/capability.h>
#include <linux/personality.h>

static char nodename[__NEW_UTS_LEN + 1], domainname[__NEW_UTS_LEN + 1] = "(none)";

const char *uts_nodename(void)
{
	static bool known;

	if (!known && !nodename[0])
		strscpy(nodename, umk_options.hostname ? umk_options.hostname :
			host_info.nodename ? host_info.nodename : "umk", sizeof(nodename));
	known = true;
	return nodename;
}

const char *uts_domainname(void)
{
	return domainname;
}

static void release_text(char *buf, size_t size)
{
	const char *rest = host_info.kernel_version;
	unsigned patchlevel = 0;

	if (!(current->personality & UNAME26)) {
		strscpy(buf, host_info.kernel_version, size);
		return;
	}
	/* personality(2): version 6.x calls itself 2.6.(60 + x) */
	while (*rest && *rest != '.')
		rest++;
	while (*rest && (*++rest >= '0' && *rest <= '9'))
		patchlevel = patchlevel * 10 + (unsigned)(*rest - '0');
	while (*rest && (*rest == '.' || (*rest >= '0' && *rest <= '9')))
		rest++;
	ksnprintf(buf, size, "2.6.%u%s", patchlevel + 60, rest);
}

SYSCALL_DEFINE1(uname, struct new_utsname __user *, name)
{
	struct new_utsname u;

	memset(&u, 0, sizeof(u));
	strscpy(u.sysname, "Linux", sizeof(u.sysname));
	strscpy(u.nodename, uts_nodename(), sizeof(u.nodename));
	release_text(u.release, sizeof(u.release));
	strscpy(u.version, UTS_VERSION, sizeof(u.version));
	strscpy(u.machine, (current->personality & PER_MASK) == PER_LINUX32 ? "i686" : "x86_64", sizeof(u.machine));
	strscpy(u.domainname, domainname, sizeof(u.domainname));
	return copy_to_user(name, &u, sizeof(u)) ? -EFAULT : 0;
}

/* EPERM, EINVAL, EFAULT, in this order. */
static long set_text(char text[__NEW_UTS_LEN + 1], const char __user *name, int len)
{
	char new[__NEW_UTS_LEN + 1];

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (len < 0 || len > __NEW_UTS_LEN)
		return -EINVAL;
	memset(new, 0, sizeof(new));
	if (copy_from_user(new, name, (size_t)len))
		return -EFAULT;
	(void)uts_nodename(); /* an empty name, too, takes the place of the first one */
	memcpy(text, new, sizeof(new));
	return 0;
}

SYSCALL_DEFINE2(sethostname, const char __user *, name, int, len)
{
	return set_text(nodename, name, len);
}

SYSCALL_DEFINE2(setdomainname, const char __user *, name, int, len)
{
	return set_text(domainname, name, len);
}
