/* The queue of memory operations that both backends have, one an address space. */
#include <stdlib.h>

#include "opqueue.h"
#include "um.h"

struct stub_op *op_queue_add(struct op_queue *q)
{
	if (q->n == q->cap) {
		unsigned cap = q->cap ? 2 * q->cap : 64;
		struct stub_op *ops = realloc(q->ops, cap * sizeof(*ops));

		if (!ops)
			um_die(125, "out of memory for memory operations");
		q->ops = ops;
		q->cap = cap;
	}
	return &q->ops[q->n++];
}

/* The last operation, if one of @kind at @addr can go on where it ends. */
static struct stub_op *last_before(const struct op_queue *q, u32 kind, u32 prot, u64 addr)
{
	struct stub_op *last = q->n ? &q->ops[q->n - 1] : NULL;

	return last && last->kind == kind && last->prot == prot && last->addr + last->size == addr ? last : NULL;
}

void op_queue_map(struct op_queue *q, u64 addr, u64 size, u32 prot, u64 phys)
{
	struct stub_op *last = last_before(q, STUB_OP_MAP, prot, addr);

	if (last && last->phys + last->size == phys)
		last->size += size;
	else
		*op_queue_add(q) = (struct stub_op){ .kind = STUB_OP_MAP, .prot = prot, .addr = addr, .size = size, .phys = phys };
}

void op_queue_unmap(struct op_queue *q, u64 addr, u64 size)
{
	struct stub_op *last = last_before(q, STUB_OP_UNMAP, 0, addr);

	if (last)
		last->size += size;
	else
		*op_queue_add(q) = (struct stub_op){ .kind = STUB_OP_UNMAP, .addr = addr, .size = size };
}

void op_queue_protect(struct op_queue *q, u64 addr, u64 size, u32 prot)
{
	struct stub_op *last = last_before(q, STUB_OP_PROTECT, prot, addr);

	if (last)
		last->size += size;
	else
		*op_queue_add(q) = (struct stub_op){ .kind = STUB_OP_PROTECT, .prot = prot, .addr = addr, .size = size };
}
