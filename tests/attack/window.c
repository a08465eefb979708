/* Maps, unmaps and protects over the stub's pages by its own system calls: refused, and everything goes on. */
#include "attack.h"

int main(void)
{
	static const unsigned long at[] = { STUB_BASE - 0x1000, STUB_BASE, STUB_BASE + 0x40000, STUB_CTL, STUB_AREAS,
		STUB_END - 0x1000, STUB_END, 0x7ffff7ff0000ul };
	int bad = 0;

	for (unsigned i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		void *p = mmap((void *)at[i], 0x2000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		bad += p != MAP_FAILED;
		p = mmap((void *)at[i], 0x2000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		bad += p == MAP_FAILED || (unsigned long)p + 0x2000 > STUB_BASE;
		munmap((void *)at[i], 0x2000);
		bad += at[i] >= STUB_BASE && mprotect((void *)at[i], 0x1000, PROT_NONE) == 0;
		bad += at[i] >= STUB_BASE &&
		       mremap(p, 0x2000, 0x2000, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)at[i]) != MAP_FAILED;
	}
	munmap((void *)0x7ff000000000ul, 0x1000000000ul);
	check(!bad, "the window is out of reach");
	check(getppid() > 0, "calls go on");
	return bad != 0;
}
