/* PROCMAP_QUERY of /proc/PID/maps (Linux 6.11): one area, asked for by an address, without the text. proc(5). */
#include "internal.h"
#include "proc_maps.h"
#include "procfs.h"
#include "mm.h"
#include <linux/elf.h>

#define PROCMAP_QUERY 0xc0686611u
#define QUERY_READABLE 1u
#define QUERY_WRITABLE 2u
#define QUERY_EXECUTABLE 4u
#define QUERY_SHARED 8u
#define QUERY_COVERING_OR_NEXT 0x10u
#define QUERY_FILE_BACKED 0x20u
#define QUERY_KNOWN 0x3fu
struct procmap_query {
	u64 size, query_flags, query_addr;
	u64 vma_start, vma_end, vma_flags, vma_page_size, vma_offset, inode;
	u32 dev_major, dev_minor;
	u32 vma_name_size, build_id_size;
	u64 vma_name_addr, build_id_addr;
};
#define QUERY_SIZE_VER0 offsetof(struct procmap_query, vma_start)
#define BUILD_ID_MAX 20u

/* An area as the text of maps shows it; those that are the host's have none of umk's. */
struct shown {
	const struct vm_area *vma;
	u64 start, end, flags;
	const char *name;
};

/* The first one that ends beyond @addr. False: there is none. */
static bool shown_at(const struct mm *mm, u64 addr, struct shown *s)
{
	const struct vm_area *v = proc_shown_from(mm, addr);

	if (v) {
		*s = (struct shown){ .vma = v, .start = v->start, .end = v->end, .flags = v->flags };
		return true;
	}
	if (trap_layout.vvar_start && addr < trap_layout.vvar_end)
		*s = (struct shown){ NULL, trap_layout.vvar_start, trap_layout.vvar_end, VM_READ, "[vvar]" };
	else if (trap_layout.vdso_start && addr < trap_layout.vdso_end)
		*s = (struct shown){ NULL, trap_layout.vdso_start, trap_layout.vdso_end, VM_READ | VM_EXEC, "[vdso]" };
	else
		return false;
	return true;
}

static u64 area_flags(const struct shown *s)
{
	return (s->flags & (VM_READ | VM_WRITE | VM_EXEC)) | (s->flags & VM_SHARED ? QUERY_SHARED : 0);
}

static int find_area(const struct mm *mm, u64 addr, u64 flags, struct shown *s)
{
	u64 wanted = flags & (QUERY_READABLE | QUERY_WRITABLE | QUERY_EXECUTABLE | QUERY_SHARED);

	while (shown_at(mm, addr, s)) {
		bool fits = (!(flags & QUERY_FILE_BACKED) || (s->vma && s->vma->file)) && (area_flags(s) & wanted) == wanted;

		if (fits && ((flags & QUERY_COVERING_OR_NEXT) || s->start <= addr))
			return 0;
		if (!(flags & QUERY_COVERING_OR_NEXT))
			break;
		addr = s->end;
	}
	return -ENOENT;
}

/* The note with the build id in @size bytes of notes: its length, or 0. */
static u32 id_in_notes(const u8 *notes, size_t size, u8 *id)
{
	while (size >= sizeof(Elf64_Nhdr)) {
		const Elf64_Nhdr *n = (const void *)notes;
		size_t name = round_up((size_t)n->n_namesz, 4), desc = round_up((size_t)n->n_descsz, 4);

		if (sizeof(*n) + name + desc > size)
			break;
		if (n->n_type == 3 && n->n_namesz == 4 && !memcmp(notes + sizeof(*n), "GNU", 4) && n->n_descsz && n->n_descsz <= BUILD_ID_MAX) {
			memcpy(id, notes + sizeof(*n) + name, n->n_descsz);
			return n->n_descsz;
		}
		notes += sizeof(*n) + name + desc;
		size -= sizeof(*n) + name + desc;
	}
	return 0;
}

/* The build id of an ELF file whose notes are in its first page; 0: it has none. May sleep. */
static u32 build_id(struct file *f, u8 *id)
{
	u8 *page = kmalloc(PAGE_SIZE);
	const Elf64_Ehdr *eh = (const void *)page;
	ssize_t got = page && f->ops->read ? kernel_read(f, page, PAGE_SIZE, 0) : 0;
	u32 len = 0;

	if (got > (ssize_t)sizeof(*eh) && !memcmp(eh->e_ident, ELFMAG, SELFMAG) && eh->e_ident[EI_CLASS] == ELFCLASS64 &&
			eh->e_phoff < (u64)got && eh->e_phoff % 8 == 0) {
		const Elf64_Phdr *ph = (const void *)(page + eh->e_phoff);

		for (unsigned i = 0; !len && i < eh->e_phnum && (const u8 *)(ph + i + 1) <= page + got; i++)
			if (ph[i].p_type == PT_NOTE && ph[i].p_offset % 4 == 0 && ph[i].p_offset < (u64)got &&
					ph[i].p_filesz <= (u64)got - ph[i].p_offset)
				len = id_in_notes(page + ph[i].p_offset, ph[i].p_filesz, id);
	}
	kfree(page);
	return len;
}

static int fill_name(struct procmap_query *q, const struct shown *s, char *name)
{
	size_t size;

	if (s->vma)
		proc_area_name(s->vma, name, PATH_MAX);
	else
		strscpy(name, s->name, PATH_MAX);
	size = *name ? strlen(name) + 1 : 0;
	if (size > q->vma_name_size)
		return -ENAMETOOLONG;
	q->vma_name_size = size;
	return 0;
}

static void fill_area(struct procmap_query *q, const struct shown *s)
{
	struct file *f = s->vma ? s->vma->file : NULL;
	u64 dev = f ? inode_dev(f->inode) : 0;

	q->vma_start = s->start;
	q->vma_end = s->end;
	q->vma_flags = area_flags(s);
	q->vma_page_size = PAGE_SIZE;
	q->vma_offset = f ? s->vma->pgoff * PAGE_SIZE : 0;
	q->dev_major = dev_major(dev);
	q->dev_minor = dev_minor(dev);
	q->inode = f ? f->inode->ino : 0;
}

static int answer(const struct mm *mm, struct procmap_query *q, char *name, u8 *id)
{
	struct file *file;
	struct shown s;
	u32 len = 0;
	int err = find_area(mm, q->query_addr, q->query_flags, &s);

	if (err)
		return err;
	fill_area(q, &s);
	err = q->vma_name_size ? fill_name(q, &s, name) : 0;
	if (err || !q->build_id_size)
		return err;
	file = s.vma && s.vma->file ? file_get(s.vma->file) : NULL;
	if (file) {
		len = build_id(file, id); /* sleeps: the area may be gone */
		file_put(file);
	}
	if (len > q->build_id_size)
		return -ENAMETOOLONG;
	q->build_id_size = len;
	return 0;
}

static int take_query(struct procmap_query *q, u64 *size, const struct procmap_query __user *uq)
{
	int err;

	if (get_user(*size, &uq->size))
		return -EFAULT;
	if (*size > PAGE_SIZE)
		return -E2BIG;
	if (*size < QUERY_SIZE_VER0)
		return -EINVAL;
	err = copy_struct_from_user(q, sizeof(*q), uq, *size);
	if (err)
		return err;
	if (q->query_flags & ~(u64)QUERY_KNOWN)
		return -EINVAL;
	return !q->vma_name_size != !q->vma_name_addr || !q->build_id_size != !q->build_id_addr ? -EINVAL : 0;
}

long proc_maps_ioctl(const struct proc_ctx *c, unsigned cmd, unsigned long arg)
{
	struct procmap_query __user *uq = u64_to_uptr(arg);
	struct mm *mm = c->task->mm;
	struct procmap_query q;
	u8 id[BUILD_ID_MAX];
	char *name;
	u64 size;
	int err;

	if (cmd != PROCMAP_QUERY)
		return -ENOTTY;
	err = take_query(&q, &size, uq);
	if (err)
		return err;
	if (!mm)
		return -ESRCH;
	name = kmalloc(PATH_MAX);
	if (!name)
		return -ENOMEM;
	mm_get(mm);
	err = answer(mm, &q, name, id);
	mm_drop(mm);
	if (!err && ((q.vma_name_size && copy_to_user(u64_to_uptr(q.vma_name_addr), name, q.vma_name_size)) ||
			(q.build_id_size && copy_to_user(u64_to_uptr(q.build_id_addr), id, q.build_id_size)) ||
			copy_to_user(uq, &q, min(sizeof(q), size))))
		err = -EFAULT;
	kfree(name);
	return err;
}
