/* System V shared memory's constants: uapi's linux/shm.h has them, but wants libc's unistd.h. */
#ifndef UMK_KERNEL_IPC_SHM_H
#define UMK_KERNEL_IPC_SHM_H

#include "types.h"
#include <asm/shmbuf.h>
#include <linux/ipc.h>

#define SHM_RDONLY 010000
#define SHM_RND 020000
#define SHM_REMAP 040000
#define SHM_EXEC 0100000
#define SHM_HUGETLB 04000
#define SHM_NORESERVE 010000
#define SHM_LOCK 11
#define SHM_UNLOCK 12
#define SHM_STAT 13
#define SHM_INFO 14
#define SHM_STAT_ANY 15
#define SHM_DEST 01000   /* of the mode: goes with its last attachment */
#define SHM_LOCKED 02000

struct shm_info {
	int used_ids;
	u64 shm_tot, shm_rss, shm_swp, swap_attempts, swap_successes;
};

#endif
