/* Circular doubly linked lists with the head as a member, as in Linux. */
#ifndef UMK_LIST_H
#define UMK_LIST_H

#include "types.h"

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *h) { h->next = h->prev = h; }
static inline bool list_empty(const struct list_head *h) { return h->next == h; }

static inline void list_insert_between(struct list_head *n, struct list_head *prev, struct list_head *next)
{
	next->prev = n;
	n->next = next;
	n->prev = prev;
	prev->next = n;
}
static inline void list_add(struct list_head *n, struct list_head *h) { list_insert_between(n, h, h->next); }
static inline void list_add_tail(struct list_head *n, struct list_head *h) { list_insert_between(n, h->prev, h); }
/* Unlinks and reinitialises, so that list_empty() of the entry is true and a second list_del is harmless. */
static inline void list_del(struct list_head *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
	INIT_LIST_HEAD(n);
}
static inline void list_move_tail(struct list_head *n, struct list_head *h) { list_del(n); list_add_tail(n, h); }
/* Moves all of @from to the tail of @to. */
static inline void list_splice_tail(struct list_head *from, struct list_head *to)
{
	if (list_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = to;
	to->prev = from->prev;
	INIT_LIST_HEAD(from);
}

#define list_entry(p, type, member) container_of(p, type, member)
#define list_first_entry(h, type, member) list_entry((h)->next, type, member)
#define list_last_entry(h, type, member) list_entry((h)->prev, type, member)
#define list_next_entry(p, member) list_entry((p)->member.next, __typeof__(*(p)), member)
#define list_for_each_entry(p, h, member)                                                                         \
	for (p = list_entry((h)->next, __typeof__(*p), member); &p->member != (h); p = list_next_entry(p, member))
#define list_for_each_entry_safe(p, n, h, member)                                                                 \
	for (p = list_entry((h)->next, __typeof__(*p), member), n = list_next_entry(p, member); &p->member != (h); \
	     p = n, n = list_next_entry(n, member))

/* Lists with a head of one pointer, for the chains of hash tables. */
struct hlist_head {
	struct hlist_node *first;
};
struct hlist_node {
	struct hlist_node *next, **pprev; /* pprev NULL: on no list */
};
static inline void INIT_HLIST_NODE(struct hlist_node *n) { n->next = NULL; n->pprev = NULL; }
static inline bool hlist_unhashed(const struct hlist_node *n) { return !n->pprev; }
static inline bool hlist_empty(const struct hlist_head *h) { return !h->first; }
static inline void hlist_add_head(struct hlist_node *n, struct hlist_head *h)
{
	n->next = h->first;
	if (n->next)
		n->next->pprev = &n->next;
	h->first = n;
	n->pprev = &h->first;
}
static inline void hlist_add_behind(struct hlist_node *n, struct hlist_node *prev)
{
	n->next = prev->next;
	if (n->next)
		n->next->pprev = &n->next;
	prev->next = n;
	n->pprev = &prev->next;
}
static inline void hlist_add_tail(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node **p = &h->first;

	while (*p)
		p = &(*p)->next;
	*p = n;
	n->next = NULL;
	n->pprev = p;
}
/* Unlinks; a node that is on no list stays so. */
static inline void hlist_del(struct hlist_node *n)
{
	if (!n->pprev)
		return;
	*n->pprev = n->next;
	if (n->next)
		n->next->pprev = n->pprev;
	INIT_HLIST_NODE(n);
}
#define hlist_entry(p, type, member) container_of(p, type, member)
#define hlist_entry_safe(p, type, member) ({ __typeof__(p) hes_p = (p); hes_p ? hlist_entry(hes_p, type, member) : NULL; })
#define hlist_for_each_entry(p, h, member)                                          \
	for (p = hlist_entry_safe((h)->first, __typeof__(*p), member); p;           \
	     p = hlist_entry_safe(p->member.next, __typeof__(*p), member))
#define hlist_for_each_entry_safe(p, n, h, member)                                  \
	for (p = hlist_entry_safe((h)->first, __typeof__(*p), member);              \
	     p && ({ n = p->member.next; 1; });                                     \
	     p = hlist_entry_safe(n, __typeof__(*p), member))

#endif
