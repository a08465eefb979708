/* The ledger: what umk does not do is counted by place, reported with --stats, and fatal with --strict. */
#ifndef UMK_LEDGER_H
#define UMK_LEDGER_H

#include "types.h"

struct ledger_place {
	const char *what;   /* a short constant text: "ioctl", "fcntl command", "clone flag" */
	u64 last;           /* the last value that was met (command, flag bits) */
	u64 count;
	struct ledger_place *next;
};
void ledger_count(struct ledger_place *place, u64 value);
/* LEDGER("prctl option", option): counts this place. Use on the path that then returns Linux's error. */
#define LEDGER(text, value) do { static struct ledger_place ledger_here = { .what = (text) }; \
	ledger_count(&ledger_here, (u64)(value)); } while (0)
/* A call number without an entry. */
void ledger_count_enosys(unsigned nr, bool i386);
/* Writes the report by pr_msg. */
void ledger_report(void);

#endif
