/* getrandom(2). The bytes are the host's, or repeatable ones with --seed; there is no pool that could run dry. */
#include "sched.h"
#include "host.h"
#include "syscalls.h"
#include <linux/random.h>

SYSCALL_DEFINE3(getrandom, char __user *, ubuf, size_t, len, unsigned, flags)
{
	u8 chunk[256];
	size_t done = 0;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & (GRND_INSECURE | GRND_RANDOM)) == (GRND_INSECURE | GRND_RANDOM))
		return -EINVAL;
	len = min(len, (size_t)0x7fffffff & PAGE_MASK);
	while (done < len) {
		size_t n = min(sizeof(chunk), len - done), left;

		host_random(chunk, n);
		left = copy_to_user(ubuf + done, chunk, n);
		done += n - left;
		if (left)
			return done ? (long)done : -EFAULT;
		/* As Linux: a long request can be interrupted once it has given a page. */
		if (done % PAGE_SIZE == 0) {
			cond_resched();
			if (signal_pending(current))
				break;
		}
	}
	return (long)done;
}
