/* The system's names: uname, sethostname, setdomainname. The host name begins as the command line or the host has it; what a
 * guest sets holds for all guests, and for nobody outside. */
#include "uts.h"
#include "host.h"
#include "procfs.h"
#include "sched.h"
#include "string.h"
#include "syscalls.h"
#include <linux/capability.h>
#include <linux/personality.h>

static char nodename[__NEW_UTS_LEN + 1], domainname[__NEW_UTS_LEN + 1] = "(none)";
struct proc_event hostname_event = PROC_EVENT_INIT(hostname_event), domainname_event = PROC_EVENT_INIT(domainname_event);

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

static void set_name(bool domain, const char *name, size_t len)
{
	char *text = domain ? domainname : nodename;

	(void)uts_nodename(); /* an empty name, too, takes the place of the first one */
	memset(text, 0, sizeof(nodename));
	memcpy(text, name, len);
	proc_event_tell(domain ? &domainname_event : &hostname_event);
}

void uts_set(bool domain, const char *text)
{
	size_t len = 0;

	while (len < __NEW_UTS_LEN && text[len] && text[len] != '\n')
		len++;
	set_name(domain, text, len);
}

/* EPERM, EINVAL, EFAULT, in this order. */
static long set_by_call(bool domain, const char __user *name, int len)
{
	char new[__NEW_UTS_LEN];

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (len < 0 || len > __NEW_UTS_LEN)
		return -EINVAL;
	if (copy_from_user(new, name, (size_t)len))
		return -EFAULT;
	set_name(domain, new, (size_t)len);
	return 0;
}

SYSCALL_DEFINE2(sethostname, const char __user *, name, int, len)
{
	return set_by_call(false, name, len);
}

SYSCALL_DEFINE2(setdomainname, const char __user *, name, int, len)
{
	return set_by_call(true, name, len);
}
