/* memfd_create(2), the seals of fcntl(2), and the file behind shared anonymous memory. What a seal forbids is tmpfs.c's. There
 * are no huge pages, so MFD_HUGETLB is refused as by a kernel without hugetlbfs. */
#include "internal.h"
#include "ledger.h"
#include "syscalls.h"
#include <linux/memfd.h>

#ifndef MFD_EXEC /* Linux 6.3 */
#define MFD_NOEXEC_SEAL 0x0008u
#define MFD_EXEC 0x0010u
#endif
#define MFD_KNOWN (MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB | MFD_NOEXEC_SEAL | MFD_EXEC)
#define SEALS_KNOWN (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE | F_SEAL_EXEC)
#define ANON_SHMEM "/dev/zero" /* no entry of a directory has a slash in its name */
#define MFD_PREFIX "/memfd:"
#define MFD_PREFIX_LEN (sizeof(MFD_PREFIX) - 1)
#define MFD_NAME_SIZE (NAME_MAX - (MFD_PREFIX_LEN - 1) + 1) /* of the caller's name, with its NUL */

int shmem_zero_setup(struct vm_area *vma)
{
	struct file *f = shmem_file_setup(ANON_SHMEM, vma->end - vma->start, 0777);

	if (IS_ERR(f))
		return -ENOMEM;
	if (vma->file)
		file_put(vma->file);
	vma->file = f;
	vma->mapping = &f->inode->mapping;
	vma->pgoff = 0;
	return 0;
}

bool file_is_anon_shmem(const struct file *f)
{
	const struct dentry *d = f->path.dentry;

	return inode_is_shmem(f->inode) && d && !strcmp(d->name, ANON_SHMEM);
}

/* ---- seals ---- */

static long add_seals(struct file *f, u32 seals)
{
	struct inode *inode = f->inode;

	if ((f->flags & O_ACCMODE) == O_RDONLY)
		return -EPERM;
	if (seals & ~SEALS_KNOWN)
		return -EINVAL;
	if (!inode_is_shmem(inode))
		return -EINVAL;
	if (inode->seals & F_SEAL_SEAL)
		return -EPERM;
	/* Who may not become executable any more and is, may not be written either. */
	if ((seals & F_SEAL_EXEC) && (inode->mode & 0111))
		seals |= F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE;
	if ((seals & F_SEAL_WRITE) && !(inode->seals & F_SEAL_WRITE) && mapping_writably_mapped(&inode->mapping))
		return -EBUSY;
	inode->seals |= seals;
	return 0;
}

long memfd_fcntl(struct file *f, unsigned cmd, unsigned long arg)
{
	if (cmd == F_GET_SEALS)
		return inode_is_shmem(f->inode) ? (long)f->inode->seals : -EINVAL;
	return arg > ~0u ? -EINVAL : add_seals(f, (u32)arg);
}

/* ---- memfd_create ---- */

static char *memfd_name(const char __user *uname)
{
	long len = strnlen_user(uname, MFD_NAME_SIZE);
	char *name;

	if (len <= 0)
		return ERR_PTR(-EFAULT);
	if (len > (long)MFD_NAME_SIZE)
		return ERR_PTR(-EINVAL);
	name = kmalloc(MFD_PREFIX_LEN + (size_t)len);
	if (!name)
		return ERR_PTR(-ENOMEM);
	memcpy(name, MFD_PREFIX, MFD_PREFIX_LEN);
	if (copy_from_user(name + MFD_PREFIX_LEN, uname, (size_t)len)) {
		kfree(name);
		return ERR_PTR(-EFAULT);
	}
	/* It may have changed since it was measured. */
	if (name[MFD_PREFIX_LEN + (size_t)len - 1]) {
		kfree(name);
		return ERR_PTR(-EFAULT);
	}
	return name;
}

SYSCALL_DEFINE2(memfd_create, const char __user *, uname, unsigned, flags)
{
	u32 mode = flags & MFD_NOEXEC_SEAL ? 0666 : 0777;
	struct file *f;
	char *name;
	int fd;

	if (flags & ~(MFD_KNOWN | (flags & MFD_HUGETLB ? (unsigned)MFD_HUGE_MASK << MFD_HUGE_SHIFT : 0)))
		return -EINVAL;
	if ((flags & MFD_EXEC) && (flags & MFD_NOEXEC_SEAL))
		return -EINVAL;
	name = memfd_name(uname);
	if (IS_ERR(name))
		return PTR_ERR(name);
	if (flags & MFD_HUGETLB) {
		LEDGER("memfd_create MFD_HUGETLB", flags);
		kfree(name);
		return -ENOSYS;
	}
	fd = fd_reserve(flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
	f = fd < 0 ? ERR_PTR(fd) : shmem_file_setup(name, 0, mode);
	kfree(name);
	if (IS_ERR(f)) {
		if (fd >= 0)
			fd_unreserve(fd);
		return PTR_ERR(f);
	}
	if (flags & MFD_NOEXEC_SEAL)
		f->inode->seals = F_SEAL_EXEC;
	else if (flags & MFD_ALLOW_SEALING)
		f->inode->seals = 0;
	fd_install(fd, f);
	return fd;
}
