/* What the files of the overlay share: overlay.c (inodes and names), overlay_copy.c (copy-up), overlay_file.c (open files). */
#ifndef UMK_FS_OVERLAY_H
#define UMK_FS_OVERLAY_H

#include "internal.h"

/* inode.private of an overlay's inode. */
struct ovl {
	struct inode *upper;     /* in the tmpfs, or NULL; reference held */
	struct inode *lower;     /* below it, or NULL; reference held. Directories may have both */
	struct dentry *below;    /* of a directory's lower one, once that was found by its name; reference held, or NULL */
	struct inode *parent;    /* the overlay's inode of the directory; reference held; NULL for the root */
	char *name;              /* in parent: where a copy goes */
	bool removed;            /* that name is gone */
	bool sought;             /* of a directory: below has been looked for by its lower one's place */
};
static inline struct ovl *OVL(const struct inode *inode)
{
	return inode->private;
}
/* Where its attributes and contents are. */
static inline struct inode *ovl_real(const struct inode *inode)
{
	return OVL(inode)->upper ? OVL(inode)->upper : OVL(inode)->lower;
}
/* A name in the upper tree that hides one below: a character device 0:0, as in Linux's overlayfs. */
static inline bool is_whiteout(const struct inode *inode)
{
	return S_ISCHR(inode->mode) && !inode->rdev;
}

/* ---- overlay.c ---- */
void ovl_copyattr(struct inode *inode);                      /* the fields that the VFS looks at, from the real inode */
void ovl_set_upper(struct inode *inode, struct inode *upper);/* it has been copied; takes over the reference */

/* ---- overlay_copy.c ---- */
/* Makes sure that @inode, and what it is in, is in the upper tree. @data: with its contents. */
int ovl_copy_up(struct inode *inode, bool data);

/* ---- overlay_file.c ---- */
struct file *ovl_open_real(struct inode *real, u32 flags);
int ovl_open(struct inode *inode, struct file *f);
int ovl_attach(struct file *f, struct file *real);           /* takes over @real, in every case */
/* Calls @fn for every name of the directory but . and .., those above first; false ends it. 0 or -errno. */
int ovl_for_names(struct inode *dir, bool (*fn)(void *ctx, const char *name, unsigned len, u64 ino, unsigned type), void *ctx);
extern const struct file_operations ovl_file_ops, ovl_dir_ops;

#endif
