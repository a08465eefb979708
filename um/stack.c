/* Kernel stacks: each lies behind a guard page, and freed ones are kept for the next task, since making one costs the host
 * two calls and a fault a page. Also the sanitizers' share of stacks and of memory. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "um.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

/* The kernel counts its own leaks at exit; LeakSanitizer would need ptrace, and does not know the kernel's stacks. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:detect_stack_use_after_return=0:handle_segv=1:use_sigaltstack=1";
}
#else
#define __asan_unpoison_memory_region(p, size) ((void)(p), (void)(size))
#endif

#define KEPT_MOST 64

/* A free stack holds the link in its own highest bytes, which its next user touches first anyway. */
struct kept {
	struct kept *next;
	size_t size;
};
static struct kept *kept;
static unsigned nkept;

static struct kept *kept_link(void *stack, size_t size)
{
	return (struct kept *)((u8 *)stack + size - sizeof(struct kept));
}

void *host_stack_alloc(size_t size)
{
	struct kept **at, *k;
	u8 *p;

	for (at = &kept; (k = *at); at = &k->next) {
		if (k->size != size)
			continue;
		*at = k->next;
		nkept--;
		return (u8 *)k + sizeof(*k) - size;
	}
	p = mmap(NULL, size + PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	if (mprotect(p, PAGE_SIZE, PROT_NONE)) {
		munmap(p, size + PAGE_SIZE);
		return NULL;
	}
	return p + PAGE_SIZE;
}

void host_stack_free(void *stack, size_t size)
{
	struct kept *k = kept_link(stack, size);

	__asan_unpoison_memory_region(stack, size);
	if (nkept >= KEPT_MOST) {
		munmap((u8 *)stack - PAGE_SIZE, size + PAGE_SIZE);
		return;
	}
	k->size = size;
	k->next = kept;
	kept = k;
	nkept++;
}

void *host_malloc(size_t size, size_t align)
{
	void *p;

	if (posix_memalign(&p, max(align, sizeof(void *)), size ? size : 1))
		return NULL;
	return p;
}

void host_free(void *p)
{
	free(p);
}

#if defined(__SANITIZE_ADDRESS__)
void host_switch_begin(void **save, const void *stack, size_t size)
{
	__sanitizer_start_switch_fiber(save, stack, size);
}

void host_switch_end(void *save)
{
	__sanitizer_finish_switch_fiber(save, NULL, NULL);
}
#else
void host_switch_begin(void **save, const void *stack, size_t size)
{
	(void)save;
	(void)stack;
	(void)size;
}

void host_switch_end(void *save)
{
	(void)save;
}
#endif
