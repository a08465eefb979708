/* /proc/PID/pagemap: eight bytes for each page of an address space (the kernel's admin-guide/mm/pagemap). Frames are numbered by
 * their place in guest memory, and shown by number to who may know it. There is neither swap nor a soft-dirty bit. */
#include "internal.h"
#include "proc_task.h"
#include "mm.h"
#include "smaps.h"
#include "cred.h"
#include <linux/capability.h>

#define ENTRY sizeof(u64)
#define TASK_PAGES ((1ull << 35) - 1) /* of addresses that a process can have at all */
#define ENTRIES_AT_ONCE 512u

static ssize_t pagemap_copy(const struct file *f, struct mm *mm, struct iov_iter *to, u64 *pos)
{
	u64 end = TASK_PAGES, at = *pos / ENTRY;
	bool numbers = cred_capable(f->cred, CAP_SYS_ADMIN);
	ssize_t done = 0;
	u64 *buf;

	if (*pos % ENTRY || iov_iter_count(to) % ENTRY)
		return -EINVAL;
	buf = kmalloc(ENTRIES_AT_ONCE * ENTRY);
	if (!buf)
		return -ENOMEM;
	while (iov_iter_count(to) && at < end && !fatal_signal_pending(current)) {
		u64 n = min(min(iov_iter_count(to) / ENTRY, (u64)ENTRIES_AT_ONCE), end - at);

		mm_page_entries(mm, at * PAGE_SIZE, n, numbers, buf);
		if (copy_to_iter(buf, n * ENTRY, to) != n * ENTRY) {
			done = done ? done : -EFAULT;
			break;
		}
		at += n;
		*pos += n * ENTRY;
		done += (ssize_t)(n * ENTRY);
		cond_resched();
	}
	kfree(buf);
	return done;
}

static ssize_t pagemap_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	struct mm *mm = proc_mem_get(f);
	ssize_t done;

	if (!mm)
		return 0;
	done = pagemap_copy(f, mm, to, pos);
	mm_drop(mm);
	return done;
}

const struct file_operations proc_pagemap_fops = {
	.name = "proc", .read = pagemap_read, .llseek = proc_mem_llseek,
};
