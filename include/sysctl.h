/* Files below /proc/sys. A knob is a row of a table; sysctl_register() adds a whole table, directories come from the paths:
 *
 *	static int sysctl_somaxconn = 4096;
 *	static const struct ctl_table core_table[] = {
 *		{ "net/core/somaxconn", 0644, SYSCTL_INT(sysctl_somaxconn, 0, 65535) },
 *		{ "net/ipv4/tcp_rmem", 0644, SYSCTL_INTS(sysctl_tcp_rmem, 1, INT_MAX) },       (an int array)
 *		{ "kernel/ostype", 0444, SYSCTL_TEXT("Linux") },
 *		{ "net/unix/whatever", 0644, .get = show_it, .set = store_it },
 *		{ 0 }
 *	};
 *	sysctl_register(core_table);
 *
 * Rights, parsing and partial reads are those of Linux (kernel/sysctl.c there: proc_dointvec_minmax, proc_dostring). */
#ifndef UMK_SYSCTL_H
#define UMK_SYSCTL_H

#include "types.h"
#include "seq.h"

struct ctl_table {
	const char *path;   /* below /proc/sys, without a leading slash; NULL ends a table */
	u32 mode;           /* permissions: of root, its group, all others */
	void (*get)(struct seq *s, const struct ctl_table *row);
	/* @text ends with NUL after @size bytes. 0 or -errno; NULL: nobody may write whatever @mode says. */
	int (*set)(const char *text, size_t size, const struct ctl_table *row);
	const void *data;
	unsigned count;     /* values in data */
	s64 min, max;       /* of each, or -EINVAL */
	struct proc_event *event; /* procfs.h: poll(2) tells those who have it open of a change; NULL: none is told */
};

/* Adds the rows of @table, which must last, to the tree. From any _init function. */
struct ctl_table_list { const struct ctl_table *rows; struct ctl_table_list *next; };
void sysctl_add(struct ctl_table_list *l);
#define sysctl_register(table) do { static struct ctl_table_list sysctl_here = { .rows = (table) }; \
	sysctl_add(&sysctl_here); } while (0)

/* ---- handlers ---- */
void sysctl_get_int(struct seq *s, const struct ctl_table *row);   /* count ints, tabs between */
int sysctl_set_int(const char *text, size_t size, const struct ctl_table *row); /* -EINVAL, with the values before kept */
void sysctl_get_u64(struct seq *s, const struct ctl_table *row);
int sysctl_set_u64(const char *text, size_t size, const struct ctl_table *row); /* values out of range are passed over */
void sysctl_get_text(struct seq *s, const struct ctl_table *row);  /* data is the text; a newline is added */

#define SYSCTL_INT(var, lo, hi) .get = sysctl_get_int, .set = sysctl_set_int, .data = &(var), .count = 1, .min = (lo), .max = (hi)
#define SYSCTL_INTS(var, lo, hi) .get = sysctl_get_int, .set = sysctl_set_int, .data = (var), .count = ARRAY_SIZE(var), \
	.min = (lo), .max = (hi)
#define SYSCTL_U64(var, lo, hi) .get = sysctl_get_u64, .set = sysctl_set_u64, .data = &(var), .count = 1, .min = (lo), .max = (hi)
#define SYSCTL_TEXT(text) .get = sysctl_get_text, .data = (text)

#endif
