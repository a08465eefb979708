/* Makes the stub's clone, with the flags that the filter knows, without end: host threads that nobody ordered. The script
 * counts them. */
#include "attack.h"

#define THREAD 0x8f00ul /* CLONE_VM|FS|FILES|SIGHAND|PARENT */

static char stack[65536] __attribute__((aligned(64)));

int main(void)
{
	pid_t pid = fork();

	if (!pid) {
		for (int i = 0; i < 1000; i++) {
			/* the new thread comes out on another stack, into the int3 */
			unsigned long args[6] = { THREAD, (unsigned long)(stack + 32768), 0, 0, 0, 0 };

			signal(SIGTRAP, SIG_IGN);
			stub_call(56, args);
		}
		_exit(0);
	}
	int status = reap(pid, 2000);

	check(status != -1, "the cloner ended");
	puts("ready");
	fflush(stdout);
	sleep(1);
	return 0;
}
