/* What the socket system calls share: names in guest memory, and the file's flags. */
#ifndef UMK_NET_SOCKCALL_H
#define UMK_NET_SOCKCALL_H

#include "net.h"
#include "fs.h"

/* Copies a name of @len bytes in. 0, -EINVAL (a length that no address has), -EFAULT. */
int move_addr_to_kernel(const void __user *uaddr, int len, struct sockaddr_storage *addr);
/* Copies a name of @size bytes out, cut to the guest's buffer, whose size is *ulen; *ulen becomes the whole length. 0,
 * -EINVAL (a negative size), -EFAULT. */
int move_addr_to_user(const struct sockaddr_storage *addr, int size, void __user *uaddr, int __user *ulen);

static inline unsigned nonblock_flag(const struct file *f)
{
	return f->flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
}

#endif
