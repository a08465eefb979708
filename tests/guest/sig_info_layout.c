/* rt_sigqueueinfo(2): which codes of which signals have a known layout. What lies behind the known fields must be 0 for the
 * others (E2BIG), asked before who may send it (EPERM); the signal's number may be anything. */
#include <limits.h>
#include <signal.h>
#include <sys/syscall.h>

#include "show.h"

static union {
	siginfo_t info;
	unsigned char bytes[128];
} forged;

/* Nothing is ever sent: nobody may forge codes from 0 up to others. */
static int refused(int sig, int code)
{
	forged.info.si_code = code;
	return syscall(SYS_rt_sigqueueinfo, -1, sig, &forged) ? errno : 0;
}

static void limit(int sig)
{
	int code = 0;

	while (code < 100 && refused(sig, code + 1) == EPERM)
		code++;
	printf("%d: up to %d, then %s\n", sig, code, errno_name(refused(sig, code + 1)));
}

int main(void)
{
	static const int odd[] = { 0, -1, -6, INT_MIN, 32, 34, 64, 65, 1000, INT_MAX };

	forged.bytes[127] = 1;
	for (int sig = 1; sig < 32; sig++)
		limit(sig);
	for (int i = 0; i < 10; i++)
		limit(odd[i]);
	SHOW(refused(SIGUSR1, 0x80) == EPERM);
	SHOW(refused(-1, 0x80) == EPERM);
	forged.bytes[127] = 0;
	SHOW(refused(SIGBUS, 50) == EPERM);
	SHOW(refused(-1, 50) == EPERM);
	return 0;
}
