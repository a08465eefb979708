/* Attributes whose space asks for a capability, by root who has given it up. */
// needs-root: capabilities
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/xattr.h>

#include "show.h"

/* Takes @cap out of the effective set, or puts it in. */
static void effective(int cap, int on)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];

	syscall(SYS_capget, &h, d);
	d[cap / 32].effective = (d[cap / 32].effective & ~(1u << cap % 32)) | (unsigned)on << cap % 32;
	SHOW(syscall(SYS_capset, &h, d));
}

static void all(const char *name)
{
	char buf[8];

	printf("%s\n", name);
	SHOW(setxattr("f", name, "v", 1, 0));
	SHOW(getxattr("f", name, buf, sizeof(buf)));
	SHOW(removexattr("f", name));
	SHOW(removexattr("f", name));
}

int main(void)
{
	char buf[8];

	close(open("f", O_RDWR | O_CREAT, 0644));
	all("trusted.a");
	all("security.a");
	SHOW(setxattr("f", "trusted.kept", "v", 1, 0));
	effective(CAP_SYS_ADMIN, 0);
	all("trusted.a");
	all("security.a");
	all("user.a");
	SHOW(getxattr("f", "trusted.kept", buf, sizeof(buf)));
	SHOW(getxattr("f", "security.capability", buf, sizeof(buf)));
	effective(CAP_SYS_ADMIN, 1);
	SHOW(getxattr("f", "trusted.kept", buf, sizeof(buf)));
	return 0;
}
