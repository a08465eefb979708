/* The parameters of what Linux has as a module: its owner has the table, kernel/fs/sysfs.c makes the files below /sys/module of it. */
#ifndef UMK_MODULE_PARAM_H
#define UMK_MODULE_PARAM_H

#include "types.h"

struct module_param {
	const char *name; /* NULL ends a table */
	u32 mode;
	int *value;
};
extern const struct module_param tcp_cubic_params[];

#endif
