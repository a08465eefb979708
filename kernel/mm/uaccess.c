/* Access to guest memory: the guest's address becomes a place in the kernel's own mapping of physmem, page by page, and the
 * copy is a memmove. A small table per address space remembers the last translations; whatever takes access away
 * (pte_remove, write_protect_range, mprotect) drops the entry. Nothing here sleeps between the translation and its use.
 *
 * The guest's own permissions are obeyed, stores break copy-on-write and mark file pages dirty, all by handle_mm_fault(). */
#include "uaccess.h"
#include "internal.h"
#include "sched.h"
#include "string.h"

#define UTLB_VALID 1ull
#define UTLB_WRITE 2ull
#define STRING_PIECE 128ul /* divides PAGE_SIZE */

/* The page behind @addr in the kernel's mapping, or NULL: a fault that cannot be resolved. */
static u8 *page_slow(struct mm *mm, u64 addr, bool write)
{
	u64 need = PTE_PRESENT | PTE_READ | (write ? PTE_WRITE : 0);

	for (;;) {
		pte_t *e = pte_lookup(mm, addr);

		if (e && (*e & need) == need) {
			struct utlb_entry *t = &mm->utlb[(addr >> PAGE_SHIFT) % UTLB_ENTRIES];

			*e &= ~PTE_OLD;
			t->tag = (addr & PAGE_MASK) | UTLB_VALID | (*e & PTE_WRITE ? UTLB_WRITE : 0);
			t->kaddr = page_address(pte_page(*e));
			return t->kaddr;
		}
		if (handle_mm_fault(mm, addr, write ? VM_WRITE : VM_READ))
			return NULL;
	}
}

static inline u8 *user_page(struct mm *mm, u64 addr, bool write)
{
	const struct utlb_entry *t = &mm->utlb[(addr >> PAGE_SHIFT) % UTLB_ENTRIES];
	u64 have = write ? t->tag : t->tag | UTLB_WRITE;

	if (likely(have == ((addr & PAGE_MASK) | UTLB_VALID | UTLB_WRITE)))
		return t->kaddr;
	return page_slow(mm, addr, write);
}

static inline bool range_ok(u64 addr, size_t size)
{
	return addr < trap_layout.task_size && size <= trap_layout.task_size - addr;
}

/* The vdso lies beyond what is the guest's and is no area of its address space, but a program may hand on what stands there (the
 * name of the object, to write(2)): NULL if [@addr, @addr + @size) is something else. */
static const u8 *vdso_bytes(u64 addr, size_t size)
{
	const struct trap_layout *l = &trap_layout;

	if (!l->vdso_image || addr < l->vdso_start || addr >= l->vdso_end || size > l->vdso_end - addr)
		return NULL;
	return l->vdso_image + (addr - l->vdso_start);
}

bool access_ok(u64 addr, size_t size)
{
	return (addr + size >= addr && addr + size <= trap_layout.task_size) || vdso_bytes(addr, size);
}

/* The page of a string, or NULL. */
static const u8 *string_page(u64 addr)
{
	return range_ok(addr, 1) ? user_page(current->mm, addr, false) : vdso_bytes(addr & PAGE_MASK, PAGE_SIZE);
}

static size_t copy_from_beyond(void *to, u64 from, size_t size)
{
	const u8 *vdso = vdso_bytes(from, size);

	if (!vdso)
		return size;
	memcpy(to, vdso, size);
	return 0;
}

/* The kernel's end may be a page that the guest has mapped, and gives: a read of a file into its own mapping overlaps itself. */
size_t copy_from_mm(struct mm *mm, void *to, u64 from, size_t size)
{
	if (unlikely(!mm || !range_ok(from, size)))
		return mm ? copy_from_beyond(to, from, size) : size;
	while (size) {
		size_t offset = from & ~PAGE_MASK, part = min(PAGE_SIZE - offset, size);
		const u8 *page = user_page(mm, from, false);

		if (unlikely(!page))
			return size;
		memmove(to, page + offset, part);
		to = (u8 *)to + part;
		from += part;
		size -= part;
	}
	return 0;
}

size_t copy_to_mm(struct mm *mm, u64 to, const void *from, size_t size)
{
	if (unlikely(!mm || !range_ok(to, size)))
		return size;
	while (size) {
		size_t offset = to & ~PAGE_MASK, part = min(PAGE_SIZE - offset, size);
		u8 *page = user_page(mm, to, true);

		if (unlikely(!page))
			return size;
		memmove(page + offset, from, part);
		from = (const u8 *)from + part;
		to += part;
		size -= part;
	}
	return 0;
}

size_t copy_from_user(void *to, const void __user *from, size_t size)
{
	return copy_from_mm(current->mm, to, (u64)from, size);
}

size_t copy_to_user(void __user *to, const void *from, size_t size)
{
	return copy_to_mm(current->mm, (u64)to, from, size);
}

size_t clear_user(void __user *uto, size_t size)
{
	struct mm *mm = current->mm;
	u64 to = (u64)uto;

	if (unlikely(!mm || !range_ok(to, size)))
		return size;
	while (size) {
		size_t offset = to & ~PAGE_MASK, part = min(PAGE_SIZE - offset, size);
		u8 *page = user_page(mm, to, true);

		if (unlikely(!page))
			return size;
		memset(page + offset, 0, part);
		to += part;
		size -= part;
		if (size)
			cond_resched();
	}
	return 0;
}

long strnlen_user(const char __user *s, long max)
{
	u64 addr = (u64)s;
	long done = 0;

	if (!current->mm || max <= 0)
		return 0;
	while (done < max) {
		size_t offset = addr & ~PAGE_MASK, part = min(PAGE_SIZE - offset, (size_t)(max - done)), n;
		const u8 *page = string_page(addr);

		if (!page)
			return 0;
		n = strnlen((const char *)page + offset, part);
		done += (long)n;
		if (n < part)
			return done + 1;
		addr += part;
	}
	return max + 1;
}

long strncpy_from_user(char *to, const char __user *from, long max)
{
	u64 addr = (u64)from;
	long done = 0;

	if (!current->mm)
		return -EFAULT;
	while (done < max) {
		/* most strings are short, and the guest's bytes may have to come from another CPU's cache */
		size_t offset = addr & ~PAGE_MASK, part = min(STRING_PIECE - offset % STRING_PIECE, (size_t)(max - done));
		const u8 *page = string_page(addr);
		const u8 *end;

		if (!page)
			return -EFAULT;
		/* Copied first, then looked at: another thread may be changing the string. */
		memcpy(to + done, page + offset, part);
		end = memchr(to + done, 0, part);
		if (end)
			return (const char *)end - to;
		done += (long)part;
		addr += part;
	}
	return max;
}

int user_cmpxchg32(u32 __user *p, u32 old, u32 new, u32 *seen)
{
	u64 addr = (u64)p;
	u8 *page;

	if ((addr & 3) || !current->mm || !range_ok(addr, 4))
		return -EFAULT;
	page = user_page(current->mm, addr, true);
	if (!page)
		return -EFAULT;
	__atomic_compare_exchange_n((u32 *)(page + (addr & ~PAGE_MASK)), &old, new, false, __ATOMIC_SEQ_CST,
		__ATOMIC_SEQ_CST);
	*seen = old;
	return 0;
}

int copy_struct_from_user(void *to, size_t size, const void __user *from, size_t usize)
{
	u8 more[64];

	memset(to, 0, size);
	if (copy_from_user(to, from, min(usize, size)))
		return -EFAULT;
	for (size_t done = size; done < usize; done += sizeof(more)) {
		size_t n = min(usize - done, sizeof(more));

		if (copy_from_user(more, (const char __user *)from + done, n))
			return -EFAULT;
		for (size_t i = 0; i < n; i++)
			if (more[i])
				return -E2BIG;
	}
	return 0;
}

int user_load32(const u32 __user *p, u32 *value)
{
	u64 addr = (u64)p;
	const u8 *page;

	if ((addr & 3) || !current->mm || !range_ok(addr, 4))
		return -EFAULT;
	page = user_page(current->mm, addr, false);
	if (!page)
		return -EFAULT;
	*value = __atomic_load_n((const u32 *)(page + (addr & ~PAGE_MASK)), __ATOMIC_SEQ_CST);
	return 0;
}
