/* capget and capset: versions of the header, other processes, and what may be given up and taken back. */
// needs-root: privileges
/* musl */
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <linux/capability.h>
#include "show.h"

struct head { uint32_t version; int pid; };
struct data { uint32_t effective, permitted, inheritable; };
#define BIT(n) (1u << (n))

static long get(struct head *h, struct data *d) { return syscall(SYS_capget, h, d); }
static long set(struct head *h, struct data *d) { return syscall(SYS_capset, h, d); }

int main(void)
{
	struct head h = { 0, 0 };
	struct data d[2], old[2];
	pid_t pid;

	/* which version? */
	SHOW(get(&h, NULL));
	SHOW(h.version == 0x20080522);
	h.version = 1;
	SHOW(get(&h, d));
	SHOW(h.version == 0x20080522);
	h.version = 1;
	SHOW(set(&h, d));
	h.version = 0x20080522;
	SHOW(get(&h, NULL));
	SHOW(get(&h, d));
	SHOW(d[0].effective == d[0].permitted);
	memcpy(old, d, sizeof(old));
	h.version = 0x20071026;
	SHOW(get(&h, d));
	SHOW(!memcmp(d, old, sizeof(d)));
	h.version = 0x19980330;
	memset(d, 0x55, sizeof(d));
	SHOW(get(&h, d));
	SHOW(d[0].permitted == old[0].permitted && d[1].permitted == 0x55555555);
	h.version = 0x20080522;
	SHOW(get(BAD_PTR, d));
	SHOW(get(&h, BAD_PTR));
	SHOW(set(BAD_PTR, d));
	SHOW(set(&h, BAD_PTR));
	/* others */
	h.pid = -1;
	SHOW(get(&h, d));
	h.pid = 0x3fffffff;
	SHOW(get(&h, d));
	h.pid = 1;
	SHOW(get(&h, d));
	SHOW(set(&h, d));
	h.pid = getpid();
	SHOW(get(&h, d));
	SHOW(set(&h, d));
	h.pid = 0;
	/* a child without them */
	pid = fork();
	if (!pid) {
		memset(d, 0, sizeof(d));
		SHOW(set(&h, d));
		d[0].effective = BIT(CAP_KILL);
		SHOW(set(&h, d));
		d[0].effective = 0;
		d[0].inheritable = BIT(CAP_KILL);
		SHOW(set(&h, d));
		_exit(0);
	}
	wait(NULL);
	/* effective within permitted, permitted within what there was */
	memset(d, 0, sizeof(d));
	d[0].permitted = BIT(CAP_KILL) | BIT(CAP_CHOWN);
	d[0].effective = BIT(CAP_KILL);
	SHOW(set(&h, d));
	d[0].effective = BIT(CAP_SETUID);
	SHOW(set(&h, d));
	d[0].effective = BIT(CAP_CHOWN);
	d[0].inheritable = BIT(CAP_CHOWN);
	SHOW(set(&h, d));
	SHOW(get(&h, d));
	printf(" %#x %#x %#x\n", d[0].effective, d[0].permitted, d[0].inheritable);
	d[0].inheritable = BIT(CAP_SETUID);
	SHOW(set(&h, d));
	d[0].permitted |= BIT(CAP_SETUID);
	d[0].inheritable = 0;
	SHOW(set(&h, d));
	d[0].permitted = d[0].effective = BIT(CAP_CHOWN);
	SHOW(set(&h, d));
	d[0].permitted |= BIT(CAP_KILL);
	SHOW(set(&h, d));
	return 0;
}
