/* Treaps (include/treap.h). Expected depth is logarithmic whatever the order of insertions, because priorities come from a
 * generator that was seeded with random bytes. */
#include "treap.h"
#include "host.h"

static u64 treap_state;

/* xorshift64*: the quality is ample for balance, and a seeded run repeats. */
static u32 treap_random(void)
{
	while (!treap_state)
		host_random(&treap_state, sizeof(treap_state));
	treap_state ^= treap_state >> 12;
	treap_state ^= treap_state << 25;
	treap_state ^= treap_state >> 27;
	return (u32)(treap_state * 0x2545f4914f6cdd1dull >> 32);
}

/* The link that points at @n. */
static struct treap_node **treap_link(struct treap_root *root, struct treap_node *n)
{
	if (!n->parent)
		return &root->node;
	return n->parent->left == n ? &n->parent->left : &n->parent->right;
}

/* @n takes its parent's place, which becomes its child. */
static void treap_rotate_up(struct treap_root *root, struct treap_node *n)
{
	struct treap_node *p = n->parent, *inner;
	struct treap_node **link = treap_link(root, p);

	if (p->left == n) {
		inner = n->right;
		p->left = inner;
		n->right = p;
	} else {
		inner = n->left;
		p->right = inner;
		n->left = p;
	}
	if (inner)
		inner->parent = p;
	n->parent = p->parent;
	p->parent = n;
	*link = n;
}

void treap_insert(struct treap_root *root, struct treap_node *n, struct treap_node *parent, struct treap_node **link)
{
	n->parent = parent;
	n->left = n->right = NULL;
	n->prio = treap_random();
	*link = n;
	while (n->parent && n->parent->prio < n->prio)
		treap_rotate_up(root, n);
}

void treap_erase(struct treap_root *root, struct treap_node *n)
{
	struct treap_node *child;

	while (n->left && n->right)
		treap_rotate_up(root, n->left->prio > n->right->prio ? n->left : n->right);
	child = n->left ? n->left : n->right;
	*treap_link(root, n) = child;
	if (child)
		child->parent = n->parent;
	n->parent = n->left = n->right = NULL;
}

struct treap_node *treap_first(const struct treap_root *root)
{
	struct treap_node *n = root->node;

	while (n && n->left)
		n = n->left;
	return n;
}

struct treap_node *treap_last(const struct treap_root *root)
{
	struct treap_node *n = root->node;

	while (n && n->right)
		n = n->right;
	return n;
}

struct treap_node *treap_next(const struct treap_node *n)
{
	struct treap_node *p;

	if (n->right) {
		for (p = n->right; p->left; p = p->left)
			;
		return p;
	}
	for (p = n->parent; p && p->right == n; p = p->parent)
		n = p;
	return p;
}

struct treap_node *treap_prev(const struct treap_node *n)
{
	struct treap_node *p;

	if (n->left) {
		for (p = n->left; p->right; p = p->right)
			;
		return p;
	}
	for (p = n->parent; p && p->left == n; p = p->parent)
		n = p;
	return p;
}
