/* Counting what is present of an address space (kernel/mm/smaps.c), for /proc. */
#ifndef UMK_SMAPS_H
#define UMK_SMAPS_H

#include "types.h"

struct mm;

struct mem_stats {
	u64 rss, referenced, anonymous, shared_clean, shared_dirty, private_clean, private_dirty; /* bytes */
	u64 pss, pss_dirty, pss_anon, pss_file, pss_shmem; /* for mem_stats_kib() */
	u32 mapmax;                                        /* page tables that map the most shared page */
};
/* Adds the pages of [start, end). Never sleeps. */
void mem_stats_add(struct mm *mm, u64 start, u64 end, struct mem_stats *st);
/* Entries of pagemap for @n pages from @start on, page-aligned; with frames' numbers if @numbers. Never sleeps. */
void mm_page_entries(struct mm *mm, u64 start, u64 n, bool numbers, u64 *entry);
/* What is present in areas with a file (@files) or without one (@anon) counts as referenced no more until it is used. May
 * sleep; -EINTR. */
int mm_clear_referenced(struct mm *mm, bool anon, bool files);
/* KiB of one of the proportional sums. */
u64 mem_stats_kib(u64 pss);

#endif
