/* What /sys/class/net shows of the devices: net/core/net_sysfs.c knows it, kernel/fs/sysfs.c makes files of it. */
#ifndef UMK_SYSFS_NET_H
#define UMK_SYSFS_NET_H

#include "seq.h"

struct sysfs_net_file {
	const char *name;
	bool statistic;            /* below statistics/ */
	u16 index;                 /* net_sysfs.c's */
};
extern const struct sysfs_net_file sysfs_net_files[]; /* ends with a NULL name */
/* The @n-th device's name (of 16 bytes); false: there are not so many. */
bool sysfs_net_name(unsigned n, char *name);
bool sysfs_net_exists(const char *dev);
/* The file's text. 0, -ENODEV (the device is gone), -EINVAL (it has no such value). */
int sysfs_net_show(struct seq *s, const char *dev, const struct sysfs_net_file *f);

#endif
