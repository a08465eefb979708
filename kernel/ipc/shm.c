/* System V shared memory: shmget(2), shmat(2), shmdt(2), shmctl(2). A segment is a file without a name; each attachment is a
 * file of its own over its pages, by which shmdt(2) knows its areas. Areas are counted, not calls: a fork attaches, too. */
#include "fs.h"
#include "ipc.h"
#include "ledger.h"
#include "mm.h"
#include "shm.h"
#include "syscalls.h"
#include "sysctl.h"
#include "../fs/internal.h"
#include <asm/resource.h>
#include <linux/mman.h>
#include <asm/mman.h>
#include <linux/capability.h>

#define SHMMIN 1u
#define SHMLBA PAGE_SIZE
#define S_IXUGO 0111

struct shm_segment {
	struct kern_ipc_perm perm; /* first */
	struct file *file;         /* its pages */
	u64 size, nattch;
	s64 atime, dtime, ctime;
	int cpid, lpid;
};

static struct ipc_ids shm_ids = IPC_IDS_INIT;
static u64 total_pages;
static u64 shmmax = ~0ull - (1ull << 24), shmall = ~0ull - (1ull << 24);
static int shmmni = 4096;
static const struct file_operations shm_fops;

/* ---- segments ---- */

static struct shm_segment *to_segment(struct kern_ipc_perm *p) { return container_of(p, struct shm_segment, perm); }

static u64 pages_of(const struct shm_segment *s) { return (s->size + PAGE_SIZE - 1) >> PAGE_SHIFT; }

static void segment_free(struct kern_ipc_perm *p)
{
	struct shm_segment *s = to_segment(p);

	file_put(s->file);
	kfree(s);
}

static void segment_remove(struct shm_segment *s)
{
	total_pages -= pages_of(s);
	ipc_remove(&shm_ids, &s->perm);
}

/* Huge pages are for CAP_IPC_LOCK, and for the group of vm.hugetlb_shm_group, which is 0. */
static int refuse_huge(int flags)
{
	if (!huge_page_size_known((unsigned)flags))
		return -EINVAL;
	if (!capable(CAP_IPC_LOCK) && !in_group(0))
		return -EPERM;
	LEDGER("shmget SHM_HUGETLB", flags);
	return -ENOMEM;
}

static int check_size(u64 size, int flags)
{
	u64 pages = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;

	if (size < SHMMIN || size > shmmax)
		return -EINVAL;
	if (pages << PAGE_SHIFT < size || total_pages + pages < total_pages || total_pages + pages > shmall)
		return -ENOSPC;
	if (flags & SHM_HUGETLB)
		return refuse_huge(flags);
	return !(flags & SHM_NORESERVE) && pages > nr_total_pages() ? -ENOMEM : 0;
}

static int segment_create(int key, int flags, u64 size, struct kern_ipc_perm **made)
{
	struct shm_segment *s;
	char name[16];
	int err = check_size(size, flags);

	if (err)
		return err;
	s = kzalloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	ksnprintf(name, sizeof(name), "/SYSV%08x", (unsigned)key);
	s->file = shmem_file_setup(name, size, 0777);
	if (IS_ERR(s->file)) {
		err = (int)PTR_ERR(s->file);
		kfree(s);
		return err;
	}
	s->perm.free = segment_free;
	s->size = size;
	s->cpid = current->tgid;
	s->ctime = ipc_now();
	err = ipc_add(&shm_ids, &s->perm, key, flags, (unsigned)shmmni);
	if (err < 0) {
		segment_free(&s->perm);
		return err;
	}
	s->file->inode->ino = (u64)err; /* what /proc/PID/maps shows */
	total_pages += pages_of(s);
	*made = &s->perm;
	return 0;
}

static int segment_check(const struct kern_ipc_perm *p, u64 size)
{
	return container_of(p, const struct shm_segment, perm)->size < size ? -EINVAL : 0;
}

SYSCALL_DEFINE3(shmget, int, key, size_t, size, int, shmflg)
{
	static const struct ipc_get_ops ops = { .create = segment_create, .check = segment_check };

	return ipc_get(&shm_ids, &ops, key, shmflg, size);
}

/* ---- attachments: files whose areas are counted ---- */

static void attached(struct shm_segment *s)
{
	s->nattch++;
	s->atime = ipc_now();
	s->lpid = current->tgid;
}

static void detached(struct shm_segment *s)
{
	s->nattch--;
	s->dtime = ipc_now();
	s->lpid = current->tgid;
	if (!s->nattch && (s->perm.mode & SHM_DEST) && !s->perm.deleted)
		segment_remove(s);
}

static int shm_mmap(struct file *f, struct vm_area *vma)
{
	struct shm_segment *s = f->private;
	int err = s->file->ops->mmap(s->file, vma);

	/* An area whose mmap failed is freed like any other: it counts until then. */
	attached(s);
	return err;
}

static void shm_vma_open(struct vm_area *vma) { attached(vma->file->private); }
static void shm_vma_close(struct vm_area *vma) { detached(vma->file->private); }

static void shm_release(struct file *f)
{
	struct shm_segment *s = f->private;

	ipc_perm_put(&s->perm);
}

static int shm_fsync(struct file *f __maybe_unused, bool datasync __maybe_unused) { return 0; }

static const struct file_operations shm_fops = {
	.name = "shm", .mmap = shm_mmap, .vma_open = shm_vma_open, .vma_close = shm_vma_close, .fsync = shm_fsync,
	.release = shm_release,
};

/* Where and how: 0 or -EINVAL. */
static int attach_address(u64 *addr, int shmflg)
{
	if (!*addr)
		return shmflg & SHM_REMAP ? -EINVAL : 0;
	if (*addr % SHMLBA == 0)
		return 0;
	if (!(shmflg & SHM_RND))
		return -EINVAL;
	*addr = round_down(*addr, SHMLBA);
	return !*addr && (shmflg & SHM_REMAP) ? -EINVAL : 0;
}

static long attach(struct shm_segment *s, u64 addr, int shmflg)
{
	bool readonly = shmflg & SHM_RDONLY;
	unsigned long prot = PROT_READ | (readonly ? 0 : PROT_WRITE) | (shmflg & SHM_EXEC ? PROT_EXEC : 0);
	struct vm_area *vma;
	struct file *f;
	long where;

	if (addr && !(shmflg & SHM_REMAP)) {
		vma = find_vma(current->mm, addr);
		if (addr + s->size < addr || (vma && vma->start < addr + s->size))
			return -EINVAL;
	}
	f = file_alloc(&shm_fops, s->file->inode, readonly ? O_RDONLY : O_RDWR);
	if (!f)
		return -ENOMEM;
	f->private = s;
	ipc_perm_get(&s->perm);
	f->path.dentry = dget(s->file->path.dentry);
	where = do_mmap(current->mm, f, addr, s->size, prot, MAP_SHARED | (addr ? MAP_FIXED : 0), 0);
	file_put(f);
	return where;
}

SYSCALL_DEFINE3(shmat, int, shmid, char __user *, shmaddr, int, shmflg)
{
	int wanted = S_IRUGO | (shmflg & SHM_RDONLY ? 0 : S_IWUGO) | (shmflg & SHM_EXEC ? S_IXUGO : 0);
	u64 addr = (u64)shmaddr;
	struct kern_ipc_perm *p;
	long where;

	if (shmid < 0 || attach_address(&addr, shmflg))
		return -EINVAL;
	p = ipc_find(&shm_ids, shmid);
	if (!p)
		return -EINVAL;
	if (ipc_permission(p, wanted))
		return -EACCES;
	ipc_perm_get(p);
	where = attach(to_segment(p), addr, shmflg);
	ipc_perm_put(p);
	return where;
}

/* An area of an attachment that began at @addr, or NULL. */
static bool belongs(const struct vm_area *vma, u64 addr)
{
	return vma->file && vma->file->ops == &shm_fops && vma->start - addr == vma->pgoff << PAGE_SHIFT;
}

SYSCALL_DEFINE1(shmdt, char __user *, shmaddr)
{
	u64 addr = (u64)shmaddr, end;
	struct vm_area *vma;
	struct file *f;
	int err = 0;

	if (addr % PAGE_SIZE)
		return -EINVAL;
	for (vma = find_vma(current->mm, addr); vma && !belongs(vma, addr); vma = find_vma(current->mm, vma->end))
		;
	if (!vma)
		return -EINVAL;
	f = file_get(vma->file);
	end = addr + (pages_of(f->private) << PAGE_SHIFT);
	/* Of the attachment only what mprotect, munmap and mremap have left in its place. */
	while (!err && vma && vma->start < end) {
		u64 start = vma->start, stop = vma->end;

		if (vma->file == f && belongs(vma, addr))
			err = do_munmap(current->mm, start, stop - start);
		vma = find_vma(current->mm, stop);
	}
	file_put(f);
	return err;
}

/* ---- control ---- */

static long shm_limits(struct shminfo64 __user *u)
{
	struct shminfo64 info = { .shmmax = shmmax, .shmmin = SHMMIN, .shmmni = (u64)shmmni, .shmseg = (u64)shmmni, .shmall = shmall };

	return copy_to_user(u, &info, sizeof(info)) ? -EFAULT : ipc_max_index(&shm_ids);
}

static long shm_usage(struct shm_info __user *u)
{
	struct shm_info info;
	struct kern_ipc_perm *p;

	memset(&info, 0, sizeof(info));
	info.used_ids = (int)shm_ids.in_use;
	info.shm_tot = total_pages;
	ipc_for_each(p, &shm_ids, i)
		info.shm_rss += to_segment(p)->file->inode->mapping.nr_pages;
	return copy_to_user(u, &info, sizeof(info)) ? -EFAULT : ipc_max_index(&shm_ids);
}

static long shm_stat(int id, int cmd, struct shmid64_ds __user *u)
{
	struct kern_ipc_perm *p = ipc_find_stat(&shm_ids, id, cmd != IPC_STAT, cmd == SHM_STAT_ANY);
	struct shm_segment *s;
	struct shmid64_ds ds;

	if (IS_ERR(p))
		return PTR_ERR(p);
	s = to_segment(p);
	memset(&ds, 0, sizeof(ds));
	ipc_perm_fill(&ds.shm_perm, p);
	ds.shm_segsz = s->size;
	ds.shm_atime = s->atime;
	ds.shm_dtime = s->dtime;
	ds.shm_ctime = s->ctime;
	ds.shm_cpid = s->cpid;
	ds.shm_lpid = s->lpid;
	ds.shm_nattch = s->nattch;
	id = cmd == IPC_STAT ? 0 : p->id;
	return copy_to_user(u, &ds, sizeof(ds)) ? -EFAULT : id;
}

static long shm_set(int id, const struct shmid64_ds __user *u)
{
	struct kern_ipc_perm *p;
	struct shmid64_ds ds;
	int err;

	if (copy_from_user(&ds, u, sizeof(ds)))
		return -EFAULT;
	p = ipc_find_owned(&shm_ids, id);
	if (IS_ERR(p))
		return PTR_ERR(p);
	err = ipc_perm_set(p, &ds.shm_perm);
	if (!err)
		to_segment(p)->ctime = ipc_now();
	return err;
}

static long shm_rmid(int id)
{
	struct kern_ipc_perm *p = ipc_find_owned(&shm_ids, id);

	if (IS_ERR(p))
		return PTR_ERR(p);
	if (!to_segment(p)->nattch) {
		segment_remove(to_segment(p));
		return 0;
	}
	p->mode |= SHM_DEST;
	p->key = IPC_PRIVATE;
	return 0;
}

/* Nothing is ever swapped out: the flag is all there is to it. */
static long shm_lock(int id, bool lock)
{
	struct kern_ipc_perm *p = ipc_find(&shm_ids, id);
	u32 euid = current->cred->euid;

	if (!p)
		return -EINVAL;
	if (!capable(CAP_IPC_LOCK)) {
		if (euid != p->uid && euid != p->cuid)
			return -EPERM;
		if (lock && !rlimit(RLIMIT_MEMLOCK))
			return -EPERM;
		if (lock && to_segment(p)->size > rlimit(RLIMIT_MEMLOCK))
			return -ENOMEM;
	}
	p->mode = lock ? p->mode | SHM_LOCKED : p->mode & ~(u32)SHM_LOCKED;
	return 0;
}

SYSCALL_DEFINE3(shmctl, int, shmid, int, cmd, struct shmid64_ds __user *, buf)
{
	if (cmd < 0 || shmid < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
		return shm_limits((struct shminfo64 __user *)buf);
	case SHM_INFO:
		return shm_usage((struct shm_info __user *)buf);
	case SHM_STAT:
	case SHM_STAT_ANY:
	case IPC_STAT:
		return shm_stat(shmid, cmd, buf);
	case IPC_SET:
		return shm_set(shmid, buf);
	case IPC_RMID:
		return shm_rmid(shmid);
	case SHM_LOCK:
	case SHM_UNLOCK:
		return shm_lock(shmid, cmd == SHM_LOCK);
	default:
		return -EINVAL;
	}
}

void shm_show(struct seq *seq, const struct proc_ctx *c __maybe_unused)
{
	struct kern_ipc_perm *p;

	seq_puts(seq, "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime"
		"      ctime                   rss                  swap\n");
	ipc_for_each(p, &shm_ids, i) {
		struct shm_segment *s = to_segment(p);

		seq_printf(seq, "%10d %10d  %4o %21llu %5d %5d  %5llu %5u %5u %5u %5u %10lld %10lld %10lld %21llu %21u\n", p->key, p->id,
			p->mode, (unsigned long long)s->size, s->cpid, s->lpid, (unsigned long long)s->nattch, p->uid, p->gid,
			p->cuid, p->cgid, (long long)s->atime, (long long)s->dtime, (long long)s->ctime,
			(unsigned long long)s->file->inode->mapping.nr_pages * PAGE_SIZE, 0u);
	}
}

void shm_init(void)
{
	static const struct ctl_table table[] = {
		{ "kernel/shmmax", 0644, SYSCTL_U64(shmmax, 0, 0x7fffffffffffffff) },
		{ "kernel/shmall", 0644, SYSCTL_U64(shmall, 0, 0x7fffffffffffffff) },
		{ "kernel/shmmni", 0644, SYSCTL_INT(shmmni, 0, (int)IPCMNI) },
		{ "kernel/shm_next_id", 0644, SYSCTL_INT(shm_ids.next_id, 0, 0x7fffffff) },
		{ 0 }
	};

	sysctl_register(table);
}

void shm_exit(void)
{
	struct kern_ipc_perm *p;

	ipc_for_each(p, &shm_ids, i)
		segment_remove(to_segment(p));
	ipc_ids_exit(&shm_ids);
}
