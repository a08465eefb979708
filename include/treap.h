/* Search trees for intrusive nodes. A treap: ordered by the caller's key, balanced by a random priority a node, so that no
 * order of insertions, however chosen by a peer, makes a deep tree. The caller finds the place of a new node, as with
 * Linux's rbtree. (kernel/lib/treap.c) */
#ifndef UMK_TREAP_H
#define UMK_TREAP_H

#include "types.h"

struct treap_node {
	struct treap_node *parent, *left, *right;
	u32 prio;
};
struct treap_root {
	struct treap_node *node;
};

/* Hangs @n where *@link (root->node, or a child link of @parent) is NULL, then restores the balance. */
void treap_insert(struct treap_root *root, struct treap_node *n, struct treap_node *parent, struct treap_node **link);
void treap_erase(struct treap_root *root, struct treap_node *n);
struct treap_node *treap_first(const struct treap_root *root);
struct treap_node *treap_last(const struct treap_root *root);
struct treap_node *treap_next(const struct treap_node *n);
struct treap_node *treap_prev(const struct treap_node *n);
static inline bool treap_empty(const struct treap_root *root) { return !root->node; }

#endif
