/* Memory operations that an address space's host process still has to do: in order, neighbours of a kind as one. Where and when they are
 * done is the backend's. */
#ifndef UMK_UM_OPQUEUE_H
#define UMK_UM_OPQUEUE_H

#include "stub.h"

struct op_queue {
	struct stub_op *ops; /* malloc'd; whoever owns the queue frees it */
	unsigned n, cap;
};

/* A place at the end, for the caller to fill. umk ends when it has no memory for it. */
struct stub_op *op_queue_add(struct op_queue *q);
/* [addr, addr + size) in bytes, whole pages; @prot is PROT_*, when mapped with STUB_OP_POPULATE or without; @phys an offset in physmem. */
void op_queue_map(struct op_queue *q, u64 addr, u64 size, u32 prot, u64 phys);
void op_queue_unmap(struct op_queue *q, u64 addr, u64 size);
void op_queue_protect(struct op_queue *q, u64 addr, u64 size, u32 prot);

#endif
