/* /sys/class/net/lo: a file a value. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>

static void cat(const char *name)
{
	char path[128], buf[256];
	int fd, n;

	snprintf(path, sizeof(path), "/sys/class/net/lo/%s", name);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : (int)read(fd, buf, sizeof(buf) - 1);
	if (n < 0) {
		printf("%s: %s\n", name, errno_name(errno));
	} else {
		buf[n] = 0;
		printf("%s: %s", name, n ? buf : "\n");
	}
	if (fd >= 0)
		close(fd);
}

int main(void)
{
	static const char *const names[] = { "addr_assign_type", "addr_len", "address", "broadcast", "carrier", "dev_id", "dormant", "duplex",
		"flags", "ifalias", "ifindex", "iflink", "link_mode", "mtu", "netdev_group", "operstate", "speed", "tx_queue_len", "type",
		"uevent", "no-such" };
	struct dirent **list;
	char to[128];
	int n, m;

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cat(names[i]);
	n = scandir("/sys/class/net/lo/statistics", &list, NULL, alphasort);
	for (int i = 0; i < n; i++)
		printf("%s\n", list[i]->d_name);
	m = readlink("/sys/class/net/lo/subsystem", to, sizeof(to));
	printf("%.*s\n", m, to);
	SHOW(access("/sys/class/net/lo/statistics/rx_bytes", R_OK));
	SHOW(access("/sys/class/net/lo/statistics/none", R_OK));
	SHOW(access("/sys/class/net/none", R_OK));
	SHOW(access("/sys/devices/virtual/net/lo/mtu", R_OK));
	return 0;
}
