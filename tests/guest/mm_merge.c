/* Which areas there are after mmap, mprotect, munmap and mremap: they split and join as /proc/self/maps shows. */
#include "maps.h"
#include "show.h"

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *h;

	ftruncate(fd, 16 * P);
	h = hole(16);
	map_at(h, 4, RW, ANON);
	map_at(h + 4 * P, 4, RW, ANON);
	show_maps("neighbours join", h, 16);
	map_at(h + 12 * P, 4, RW, ANON);
	map_at(h + 8 * P, 4, RW, ANON);
	show_maps("on both sides", h, 16);
	mprotect(h + 2 * P, 2 * P, PROT_READ);
	show_maps("split in three", h, 16);
	mprotect(h + 4 * P, 2 * P, PROT_READ);
	show_maps("moved border", h, 16);
	mprotect(h + 2 * P, 4 * P, RW);
	show_maps("whole again", h, 16);
	munmap(h + 4 * P, 4 * P);
	show_maps("hole", h, 16);
	map_at(h + 4 * P, 4, RW, ANON);
	show_maps("filled", h, 16);
	munmap(h, 16 * P);

	/* What was never writable does not count as committed, and joins nothing that does. */
	map_at(h, 4, PROT_READ, ANON);
	map_at(h + 4 * P, 4, RW, ANON);
	h[4 * P] = 1;
	mprotect(h + 4 * P, 4 * P, PROT_READ);
	show_maps("once writable and used", h, 16);
	mprotect(h, 8 * P, RW);
	show_maps("both writable", h, 16);
	munmap(h, 16 * P);
	map_at(h, 4, PROT_READ, ANON);
	map_at(h + 4 * P, 4, RW, ANON);
	mprotect(h + 4 * P, 4 * P, PROT_READ);
	show_maps("once writable, unused", h, 16);
	munmap(h, 16 * P);

	map_at(h, 4, RW, ANON | MAP_NORESERVE);
	map_at(h + 4 * P, 4, RW, ANON);
	show_maps("noreserve", h, 16);
	munmap(h, 16 * P);

	/* Pages that were moved remember where they are from. */
	map_at(h, 4, RW, ANON);
	map_at(h + 8 * P, 4, RW, ANON);
	mremap(h, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, h + 4 * P);
	show_maps("moved unused", h, 16);
	munmap(h, 16 * P);
	map_at(h, 4, RW, ANON);
	map_at(h + 8 * P, 4, RW, ANON);
	h[0] = h[8 * P] = 1;
	mremap(h, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, h + 4 * P);
	show_maps("moved used", h, 16);
	mremap(h + 4 * P, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, h);
	show_maps("moved back", h, 16);
	mremap(h, 4 * P, 8 * P, 0);
	show_maps("grown to its neighbour", h, 16);
	munmap(h, 16 * P);

	/* Files: the offsets must go on. */
	mmap(h, 2 * P, RW, MAP_SHARED | MAP_FIXED, fd, 0);
	mmap(h + 2 * P, 2 * P, RW, MAP_SHARED | MAP_FIXED, fd, 2 * P);
	mmap(h + 4 * P, 2 * P, RW, MAP_SHARED | MAP_FIXED, fd, 6 * P);
	mmap(h + 6 * P, 2 * P, RW, MAP_PRIVATE | MAP_FIXED, fd, 8 * P);
	show_maps("file", h, 16);
	mprotect(h + P, P, PROT_NONE);
	show_maps("file split", h, 16);
	mprotect(h + P, P, RW);
	show_maps("file whole", h, 16);
	munmap(h, 16 * P);

	/* Separate shared memory is separate. */
	map_at(h, 2, RW, MAP_SHARED | MAP_ANONYMOUS);
	map_at(h + 2 * P, 2, RW, MAP_SHARED | MAP_ANONYMOUS);
	show_maps("shared", h, 16);
	munmap(h, 16 * P);

	/* Advice that areas remember splits them as well. */
	map_at(h, 8, RW, ANON);
	madvise(h + 2 * P, 2 * P, MADV_DONTFORK);
	show_maps("dontfork", h, 16);
	madvise(h + 2 * P, 2 * P, MADV_DOFORK);
	madvise(h + 4 * P, P, MADV_RANDOM);
	show_maps("random", h, 16);
	madvise(h, 8 * P, MADV_NORMAL);
	mlock(h, P);
	show_maps("locked", h, 16);
	munlock(h, P);
	show_maps("unlocked", h, 16);
	return 0;
}
