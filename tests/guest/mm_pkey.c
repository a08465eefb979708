/* Protection keys, as on a machine without them. */
// host-skip: hosts differ in whether they have protection keys
#include "maps.h"
#include "show.h"

#define PKEY_MPROTECT 329
#define PKEY_ALLOC 330
#define PKEY_FREE 331

int main(void)
{
	char *a = map_at(hole(4), 4, RW, ANON);

	SHOW(syscall(PKEY_ALLOC, 0, 0));
	SHOW(syscall(PKEY_ALLOC, 0, 1));
	SHOW(syscall(PKEY_ALLOC, 1, 0));
	SHOW(syscall(PKEY_ALLOC, 0, 8));
	SHOW(syscall(PKEY_FREE, 0));
	SHOW(syscall(PKEY_FREE, 1));
	SHOW(syscall(PKEY_FREE, -1));
	SHOW(syscall(PKEY_MPROTECT, a, P, PROT_READ, -1));
	show_maps("key -1", a, 4);
	SHOW(syscall(PKEY_MPROTECT, a, P, RW, 0));
	SHOW(syscall(PKEY_MPROTECT, a, P, RW, 1));
	SHOW(syscall(PKEY_MPROTECT, a + 1, P, RW, -1));
	SHOW(syscall(PKEY_MPROTECT, a, P, 0x100, -1));
	SHOW(syscall(PKEY_MPROTECT, a, 0, RW, 5));
	SHOW(syscall(PKEY_MPROTECT, a, 8 * P, RW, -1));
	return 0;
}
