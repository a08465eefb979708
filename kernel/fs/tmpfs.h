/* What the files of tmpfs share: tmpfs.c (the tree), tmpfs_file.c (data) and tmpfs_export.c (file handles). */
#ifndef UMK_FS_TMPFS_H
#define UMK_FS_TMPFS_H

#include "internal.h"

struct tmpfs_sb {
	struct super_block sb;
	struct page_account pages;   /* size=, nr_blocks=; max 0: no limit */
	u64 inodes, max_inodes;      /* nr_inodes=, further names counted; 0: no limit */
	u64 xattr_space;             /* bytes that attributes take of the room of inodes */
	u32 mode, uid, gid;          /* of the root, as /proc/mounts shows them */
	bool limits_given;           /* options are shown */
};
struct entry {
	struct list_head list;   /* dir.entries */
	struct entry *next;      /* in the bucket */
	struct inode *dir;       /* it is in */
	struct hlist_node alias; /* inode.names */
	u64 off;                 /* position for getdents: grows, never used twice */
	u32 hash;
	unsigned len;
	struct inode *inode;     /* reference held */
	char name[];
};
struct dir {
	struct list_head entries;
	struct entry **table;    /* nr_buckets, or NULL */
	u32 nr_buckets, count;
	u64 next_off;
};
static inline struct tmpfs_sb *TMPFS(const struct super_block *sb)
{
	return container_of(sb, struct tmpfs_sb, sb);
}

extern const struct file_operations tmpfs_file_ops;
extern const struct address_space_operations tmpfs_pages_ops; /* none: a missing page reads as zeroes */
u64 tmpfs_free_inodes(const struct tmpfs_sb *ts);
bool tmpfs_link_has_page(const struct inode *inode);
int tmpfs_getattr(struct inode *inode, struct kstat *st);
int tmpfs_statfs(struct inode *inode, void *statfs);

#endif
