/* A radix tree of pointers by 64-bit index, 64 to a node: the page cache's. It grows at the root as indexes do and frees
 * nodes that have become empty. */
#include "radix.h"
#include "kerrno.h"
#include "slab.h"

#define NODE_BITS 6
#define NODE_SLOTS (1u << NODE_BITS)

struct radix_node {
	u32 level; /* 0: the slots are items */
	u32 count; /* slots in use */
	void *slot[NODE_SLOTS];
};

static struct kmem_cache *node_cache;

static struct radix_node *node_alloc(u32 level)
{
	struct radix_node *n;

	if (!node_cache)
		node_cache = kmem_cache_create("radix_node", sizeof(struct radix_node), 8);
	n = kmem_cache_zalloc(node_cache);
	if (n)
		n->level = level;
	return n;
}

/* Does @index lie within what a tree with this root can hold? */
static bool covers(const struct radix_node *n, u64 index)
{
	unsigned bits = NODE_BITS * (n->level + 1);

	return bits >= 64 || index >> bits == 0;
}

static unsigned slot_of(const struct radix_node *n, u64 index)
{
	return (unsigned)(index >> (NODE_BITS * n->level)) & (NODE_SLOTS - 1);
}

int radix_insert(void **root, u64 index, void *item)
{
	struct radix_node *n = *root;

	if (!n) {
		u32 level = 0;

		/* of the height that is needed: an empty node below a new root would never be freed */
		while (NODE_BITS * (level + 1) < 64 && index >> (NODE_BITS * (level + 1)))
			level++;
		n = *root = node_alloc(level);
		if (!n)
			return -ENOMEM;
	}
	while (!covers(n, index)) {
		struct radix_node *top = node_alloc(n->level + 1);

		if (!top)
			return -ENOMEM;
		top->slot[0] = n;
		top->count = 1;
		*root = n = top;
	}
	while (n->level) {
		void **slot = &n->slot[slot_of(n, index)];

		if (!*slot) {
			*slot = node_alloc(n->level - 1);
			if (!*slot)
				return -ENOMEM;
			n->count++;
		}
		n = *slot;
	}
	n->slot[slot_of(n, index)] = item;
	n->count++;
	return 0;
}

void *radix_lookup(void *root, u64 index)
{
	struct radix_node *n = root;

	if (!n || !covers(n, index))
		return NULL;
	while (n && n->level)
		n = n->slot[slot_of(n, index)];
	return n ? n->slot[slot_of(n, index)] : NULL;
}

static void *delete_from(void **link, u64 index)
{
	struct radix_node *n = *link;
	void **slot = &n->slot[slot_of(n, index)], *item = *slot;

	if (!item)
		return NULL;
	if (n->level)
		item = delete_from(slot, index);
	else
		*slot = NULL;
	if (!*slot && --n->count == 0) {
		kmem_cache_free(node_cache, n);
		*link = NULL;
	}
	return item;
}

void *radix_delete(void **root, u64 index)
{
	return *root && covers(*root, index) ? delete_from(root, index) : NULL;
}

static void *next_in(struct radix_node *n, u64 *index)
{
	unsigned shift = NODE_BITS * n->level;

	for (unsigned i = slot_of(n, *index); i < NODE_SLOTS; i++) {
		u64 next = ((*index >> shift) + 1) << shift;
		void *item = n->slot[i];

		if (item && n->level)
			item = next_in(item, index);
		if (item)
			return item;
		*index = next; /* the start of the next slot's range */
	}
	return NULL;
}

void *radix_next(void *root, u64 *index)
{
	struct radix_node *n = root;

	return n && covers(n, *index) ? next_in(n, index) : NULL;
}
