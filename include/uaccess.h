/* Access to guest memory of the current task's mm: walks the page table in software, faults missing pages in (so it may
 * sleep on file pages), copies through physmem. Never on an address at or above trap_layout.task_size,
 * but for loads from the vdso. */
#ifndef UMK_UACCESS_H
#define UMK_UACCESS_H

#include "types.h"
#include "kerrno.h"

struct mm;
/* Whether [@addr, @addr + @size) is the guest's to hand to a call; not whether anything is there. */
bool access_ok(u64 addr, size_t size);
/* Like Linux: return the number of bytes NOT copied, 0 on success. */
size_t copy_from_user(void *to, const void __user *from, size_t size);
/* A structure of @size bytes, of which the guest's has @usize: what that lacks is 0, and what it has more must be. 0, -EFAULT,
 * -E2BIG. */
int copy_struct_from_user(void *to, size_t size, const void __user *from, size_t usize);
size_t copy_to_user(void __user *to, const void *from, size_t size);
size_t clear_user(void __user *to, size_t size);
/* Length including the NUL, @max+1 if none within max, 0 on a fault. */
long strnlen_user(const char __user *s, long max);
/* Copies up to @max bytes with the NUL; length without it, @max if there was no NUL, -EFAULT. */
long strncpy_from_user(char *to, const char __user *from, long max);
/* The same on another mm (process_vm_*, /proc/pid/mem, core files). */
size_t copy_from_mm(struct mm *mm, void *to, u64 from, size_t size);
size_t copy_to_mm(struct mm *mm, u64 to, const void *from, size_t size);
/* Atomic 32-bit operations on an aligned guest word: 0 or -EFAULT. */
int user_cmpxchg32(u32 __user *p, u32 old, u32 new, u32 *seen);
int user_load32(const u32 __user *p, u32 *value);

/* A variable of the type of *p without const and clang's address space; its address goes through an integer because
 * clang's noderef stays with the type. */
#define user_typeof(p) __typeof__((void)0, *(p))
#define user_local(v) ((void *)(unsigned long)&(v))
#define get_user(x, p) ({                                                                   \
	user_typeof(p) gu_v;                                                                \
	int gu_e = copy_from_user(user_local(gu_v), (p), sizeof(gu_v)) ? -EFAULT : 0;       \
	if (!gu_e)                                                                          \
		(x) = (__typeof__(x))gu_v;                                                  \
	gu_e; })
#define put_user(x, p) ({                                                                   \
	user_typeof(p) pu_v = (user_typeof(p))(x);                                          \
	copy_to_user((p), user_local(pu_v), sizeof(pu_v)) ? -EFAULT : 0; })

#endif
