/* ELF programs: static, static-pie, and dynamic by their PT_INTERP. Decides where a program's parts lie, what its stack
 * and auxiliary vector hold, and which files are refused with which error. Everything in a file is hostile. */
#include "binfmt.h"
#include "cred.h"
#include "fs.h"
#include "host.h"
#include "ledger.h"
#include "mm.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "trap.h"
#include "uaccess.h"
#include <linux/auxvec.h>
#include <linux/limits.h>
#include <linux/mman.h>
#include <linux/resource.h>

#define PIE_BASE 0x555555554000ul  /* of programs with an interpreter, and where a static-pie program's heap begins */
#define STACK_GAP 0x10000ul        /* between the stack's top and umk's own window */
#define STACK_FIRST 0x20000ul      /* mapped below the arguments at once; more as it grows */
#define STACK_GUARD 0x100000ul
#define MMAP_GAP_MIN 0x8000000ul
#define STRINGS_END 8              /* zero bytes above the last string */

static const char platform[] = "x86_64";

/* ---- checking ---- */

int elf_check_header(const Elf64_Ehdr *h)
{
	if (memcmp(h->e_ident, ELFMAG, SELFMAG) != 0)
		return -ENOEXEC;
	if (h->e_machine == EM_386) {
		LEDGER("i386 program", h->e_machine);
		return -ENOEXEC;
	}
	if (h->e_type != ET_EXEC && h->e_type != ET_DYN)
		return -ENOEXEC;
	if (h->e_machine != EM_X86_64)
		return -ENOEXEC;
	if (h->e_phentsize != sizeof(Elf64_Phdr) || h->e_phnum < 1 || h->e_phnum > 65536 / sizeof(Elf64_Phdr))
		return -ENOEXEC;
	return 0;
}

u64 elf_total_size(const Elf64_Phdr *ph, unsigned count, u64 task_size, u64 *first)
{
	u64 low = ~0ull, high = 0;
	unsigned i;

	for (i = 0; i < count; i++) {
		if (ph[i].p_type != PT_LOAD)
			continue;
		if (ph[i].p_vaddr >= task_size || ph[i].p_memsz > task_size - ph[i].p_vaddr ||
		    ph[i].p_filesz > ph[i].p_memsz)
			return 0;
		low = min(low, (u64)round_down(ph[i].p_vaddr, PAGE_SIZE));
		high = max(high, (u64)(ph[i].p_vaddr + ph[i].p_memsz));
	}
	if (low >= high)
		return 0;
	*first = low;
	return high - low;
}

static int read_exact(struct file *f, void *buf, size_t size, u64 pos)
{
	ssize_t n;

	if ((s64)pos < 0)
		return -EINVAL;
	n = kernel_read(f, buf, size, pos);
	if (n < 0)
		return (int)n;
	return (size_t)n == size ? 0 : -EIO;
}

static int read_phdrs(struct file *f, struct elf_image *img)
{
	size_t size = img->hdr.e_phnum * sizeof(Elf64_Phdr);

	img->phdr = kmalloc(size);
	if (!img->phdr)
		return -ENOMEM;
	return read_exact(f, img->phdr, size, img->hdr.e_phoff);
}

/* Opens and checks the interpreter that @ph names. */
static int open_interp(struct binprm *b, const Elf64_Phdr *ph)
{
	struct elf_image *img = &b->interp_image;
	char *path;
	int err;

	if (ph->p_filesz > PATH_MAX || ph->p_filesz < 2)
		return -ENOEXEC;
	path = kmalloc(ph->p_filesz);
	if (!path)
		return -ENOMEM;
	err = read_exact(b->file, path, ph->p_filesz, ph->p_offset);
	if (!err && path[ph->p_filesz - 1])
		err = -ENOEXEC;
	if (!err) {
		b->interp_file = open_exec(AT_FDCWD, path, 0);
		if (IS_ERR(b->interp_file)) {
			err = (int)PTR_ERR(b->interp_file);
			b->interp_file = NULL;
		}
	}
	kfree(path);
	if (!err)
		err = read_exact(b->interp_file, &img->hdr, sizeof(img->hdr), 0);
	if (err)
		return err;
	if (elf_check_header(&img->hdr) || read_phdrs(b->interp_file, img))
		return -ELIBBAD;
	return 0;
}

int elf_prepare(struct binprm *b)
{
	struct elf_image *img = &b->exec;
	unsigned i;
	int err;

	memcpy(&img->hdr, b->buf, sizeof(img->hdr));
	if (elf_check_header(&img->hdr) || !b->file->ops->mmap)
		return -ENOEXEC;
	if (read_phdrs(b->file, img))
		return -ENOEXEC;
	for (i = 0; i < img->hdr.e_phnum; i++) {
		const Elf64_Phdr *ph = &img->phdr[i];

		if (ph->p_type == PT_INTERP && !b->interp_file) {
			err = open_interp(b, ph);
			if (err)
				return err;
		} else if (ph->p_type == PT_GNU_STACK) {
			b->exec_stack = ph->p_flags & PF_X;
		}
	}
	return 0;
}

void elf_release(struct binprm *b)
{
	if (b->interp_file)
		close_exec(b->interp_file);
	kfree(b->exec.phdr);
	kfree(b->interp_image.phdr);
}

/* ---- mapping ---- */

static unsigned long segment_prot(const Elf64_Phdr *ph)
{
	return (ph->p_flags & PF_R ? PROT_READ : 0) | (ph->p_flags & PF_W ? PROT_WRITE : 0) |
		(ph->p_flags & PF_X ? PROT_EXEC : 0);
}

/* The part of a segment behind its file content: the rest of the last page is cleared, more pages are anonymous. */
static int map_bss(struct mm *mm, const Elf64_Phdr *ph, u64 start)
{
	u64 zero = start + ph->p_filesz, end = round_up(start + ph->p_memsz, PAGE_SIZE);
	u64 page = round_up(zero, PAGE_SIZE);
	long addr;

	if (ph->p_filesz == 0)
		page = round_down(start, PAGE_SIZE);
	else if (page > zero && clear_user(u64_to_uptr(zero), page - zero) && (ph->p_flags & PF_W))
		return -EFAULT;
	if (end <= page)
		return 0;
	addr = do_mmap(mm, NULL, page, end - page, PROT_READ | PROT_WRITE | (segment_prot(ph) & PROT_EXEC),
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, 0);
	return addr < 0 ? (int)addr : 0;
}

static int map_segment(struct mm *mm, struct file *f, const Elf64_Phdr *ph, u64 bias, unsigned long flags)
{
	u64 start = ph->p_vaddr + bias, in_page = ph->p_vaddr & ~PAGE_MASK;

	if (start >= trap_layout.task_size || ph->p_filesz > ph->p_memsz ||
	    ph->p_memsz > trap_layout.task_size - start)
		return -EINVAL;
	if (ph->p_filesz) {
		long addr;

		if (ph->p_offset < in_page || ((ph->p_offset - in_page) & ~PAGE_MASK))
			return -EINVAL;
		addr = do_mmap(mm, f, start - in_page, round_up(ph->p_filesz + in_page, PAGE_SIZE), segment_prot(ph),
			MAP_PRIVATE | flags, (ph->p_offset - in_page) >> PAGE_SHIFT);
		if (addr < 0)
			return (int)addr;
	}
	return ph->p_memsz > ph->p_filesz ? map_bss(mm, ph, start) : 0;
}

static u64 largest_align(const struct elf_image *img)
{
	u64 align = PAGE_SIZE;
	unsigned i;

	for (i = 0; i < img->hdr.e_phnum; i++) {
		u64 a = img->phdr[i].p_align;

		if (img->phdr[i].p_type == PT_LOAD && a && !(a & (a - 1)) && a > align && a < 1ull << 40)
			align = a;
	}
	return align;
}

/* Maps all PT_LOADs. A position-independent image goes to @base, or below mmap_base if that is 0. @flags, for the
 * first, tells whether what lies there already is replaced. *bias is what the image's addresses are off by. */
static int map_image(struct mm *mm, struct file *f, const struct elf_image *img, u64 base, unsigned long flags,
	u64 *bias)
{
	u64 first, size, align = largest_align(img);
	unsigned i;
	int err;

	size = elf_total_size(img->phdr, img->hdr.e_phnum, trap_layout.task_size, &first);
	if (!size)
		return -EINVAL;
	*bias = 0;
	if (img->hdr.e_type == ET_DYN) {
		if (!base) {
			long free = get_unmapped_range(mm, round_up(size, PAGE_SIZE) + align - PAGE_SIZE,
				GUEST_MMAP_MIN, mm->mmap_base);

			if (free < 0)
				return (int)free;
			base = round_up((u64)free, align);
		}
		*bias = round_down(base, align) - first;
	}
	for (i = 0; i < img->hdr.e_phnum; i++) {
		if (img->phdr[i].p_type != PT_LOAD)
			continue;
		err = map_segment(mm, f, &img->phdr[i], *bias, flags);
		if (err)
			return err;
		flags = MAP_FIXED; /* segments may share a page */
	}
	return 0;
}

/* Fills the mm's record of where code, data and heap are. Returns the user address of the program headers, or 0. */
static u64 note_layout(struct mm *mm, const struct elf_image *img, u64 bias)
{
	u64 phdr = 0, code = ~0ull, brk = 0;
	unsigned i;

	for (i = 0; i < img->hdr.e_phnum; i++) {
		const Elf64_Phdr *ph = &img->phdr[i];
		u64 start = ph->p_vaddr + bias;

		if (ph->p_type != PT_LOAD)
			continue;
		if (img->hdr.e_phoff >= ph->p_offset && img->hdr.e_phoff < ph->p_offset + ph->p_filesz)
			phdr = img->hdr.e_phoff - ph->p_offset + start;
		if (ph->p_flags & PF_X) {
			code = min(code, start);
			mm->end_code = max(mm->end_code, start + ph->p_filesz);
		}
		mm->start_data = max(mm->start_data, start);
		mm->end_data = max(mm->end_data, start + ph->p_filesz);
		brk = max(brk, start + ph->p_memsz);
	}
	mm->start_code = code == ~0ull ? 0 : code;
	mm->start_brk = mm->brk = round_up(brk, PAGE_SIZE);
	return phdr;
}

/* ---- the stack ---- */

static u64 stack_top(void)
{
	return trap_layout.task_size - STACK_GAP;
}

/* As much room for the stack as its limit asks for, within reason. */
static void choose_mmap_base(struct mm *mm)
{
	u64 gap = rlimit(RLIMIT_STACK), most = trap_layout.task_size / 6 * 5;

	gap = gap > most ? most : gap + STACK_GUARD;
	gap = max(min(gap, most), (u64)MMAP_GAP_MIN);
	mm->mmap_base = round_down(stack_top() - gap, PAGE_SIZE);
}

static int map_stack(struct mm *mm, u64 used, bool executable)
{
	u64 size = round_up(used, PAGE_SIZE) + STACK_FIRST;
	u64 flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | VM_GROWSDOWN;

	return mm_map_special(mm, stack_top() - size, size, flags | (executable ? VM_EXEC : 0), "[stack]");
}

/* Writes the list at @addr: 0 or -EFAULT. */
static int put_strings(u64 addr, const char *data, size_t size)
{
	return copy_to_user(u64_to_uptr(addr), data, size) ? -EFAULT : 0;
}

/* The user addresses of the @count strings in @data, which lies at @addr in the guest. */
static u64 *fill_pointers(u64 *table, const char *data, u32 count, u64 addr)
{
	const char *s = data;

	for (; count; count--) {
		*table++ = addr + (u64)(s - data);
		s += strlen(s) + 1;
	}
	return table;
}

struct elf_places {
	u64 bias, interp_bias, phdr, entry;
};

static unsigned fill_auxv(u64 *auxv, const struct binprm *b, const struct elf_places *at, u64 execfn, u64 platform_addr,
	u64 random)
{
	const struct cred *c = current->cred;
	unsigned n = 0;

#define AUX(type, value) (auxv[n++] = (type), auxv[n++] = (u64)(value))
	if (trap_layout.vdso_start && !host_info.virtual_time)
		AUX(AT_SYSINFO_EHDR, trap_layout.vdso_start);
	AUX(AT_MINSIGSTKSZ, host_info.minsigstksz);
	AUX(AT_HWCAP, host_info.hwcap);
	AUX(AT_PAGESZ, PAGE_SIZE);
	AUX(AT_CLKTCK, host_info.clk_tck);
	AUX(AT_PHDR, at->phdr);
	AUX(AT_PHENT, sizeof(Elf64_Phdr));
	AUX(AT_PHNUM, b->exec.hdr.e_phnum);
	AUX(AT_BASE, at->interp_bias);
	AUX(AT_FLAGS, 0);
	AUX(AT_ENTRY, b->exec.hdr.e_entry + at->bias);
	AUX(AT_UID, c->uid);
	AUX(AT_EUID, c->euid);
	AUX(AT_GID, c->gid);
	AUX(AT_EGID, c->egid);
	AUX(AT_SECURE, b->rights.secure);
	AUX(AT_RANDOM, random);
	AUX(AT_HWCAP2, host_info.hwcap2);
	AUX(AT_EXECFN, execfn);
	AUX(AT_PLATFORM, platform_addr);
	AUX(AT_NULL, 0);
#undef AUX
	return n;
}

/* The initial stack: strings at the top, below them platform name and random bytes, then the vectors. */
static int build_stack(struct binprm *b, struct mm *mm, const struct elf_places *at, u64 *sp_out)
{
	size_t args = b->argv.used - b->argv_skip, name = strlen(b->filename) + 1;
	u32 argc = b->prefix.count + b->argv.count - (b->argv_skip ? 1 : 0);
	u64 arg_at, env_at, execfn, platform_addr, random, sp, *table, *p;
	size_t words = 1 + argc + 1 + b->envp.count + 1;
	u8 bytes[16];
	int err;

	execfn = stack_top() - STRINGS_END - name;
	env_at = execfn - b->envp.used;
	arg_at = env_at - args - b->prefix.used;
	platform_addr = (arg_at & ~15ull) - sizeof(platform);
	random = platform_addr - sizeof(bytes);
	sp = (random - (words + ARRAY_SIZE(mm->auxv)) * sizeof(u64)) & ~15ull;
	err = map_stack(mm, stack_top() - sp, b->exec_stack);
	if (err)
		return err;
	table = kmalloc((words + ARRAY_SIZE(mm->auxv)) * sizeof(u64));
	if (!table)
		return -ENOMEM;
	p = table;
	*p++ = argc;
	p = fill_pointers(p, b->prefix.data, b->prefix.count, arg_at);
	if (args)
		p = fill_pointers(p, b->argv.data + b->argv_skip, argc - b->prefix.count, arg_at + b->prefix.used);
	*p++ = 0;
	p = fill_pointers(p, b->envp.data, b->envp.count, env_at);
	*p++ = 0;
	memset(mm->auxv, 0, sizeof(mm->auxv));
	words += fill_auxv(mm->auxv, b, at, execfn, platform_addr, random);
	memcpy(p, mm->auxv, sizeof(mm->auxv));
	sp = (random - words * sizeof(u64)) & ~15ull;
	host_random(bytes, sizeof(bytes));
	err = put_strings(execfn, b->filename, name);
	if (!err)
		err = put_strings(env_at, b->envp.data, b->envp.used);
	if (!err)
		err = put_strings(arg_at, b->prefix.data, b->prefix.used);
	if (!err)
		err = put_strings(arg_at + b->prefix.used, b->argv.data + b->argv_skip, args);
	if (!err)
		err = put_strings(platform_addr, platform, sizeof(platform));
	if (!err)
		err = put_strings(random, (const char *)bytes, sizeof(bytes));
	if (!err)
		err = put_strings(sp, (const char *)table, words * sizeof(u64));
	kfree(table);
	mm->arg_start = arg_at;
	mm->arg_end = mm->env_start = env_at;
	mm->env_end = execfn;
	mm->start_stack = sp;
	*sp_out = sp;
	return err;
}

/* ---- all of it ---- */

int elf_load(struct binprm *b)
{
	struct mm *mm = current->mm;
	struct pt_regs *regs = &current->regs;
	struct elf_places at = { 0 };
	u64 sp;
	int err;

	choose_mmap_base(mm);
	/* A program without interpreter that may lie anywhere (static-pie, or ld.so itself) leaves the usual place
	 * to what it may load. */
	err = map_image(mm, b->file, &b->exec, b->interp_file ? PIE_BASE : 0, MAP_FIXED_NOREPLACE, &at.bias);
	if (err)
		return err;
	at.phdr = note_layout(mm, &b->exec, at.bias);
	if (b->exec.hdr.e_type == ET_DYN && !b->interp_file)
		mm->start_brk = mm->brk = PIE_BASE;
	at.entry = b->exec.hdr.e_entry + at.bias;
	if (b->interp_file) {
		err = map_image(mm, b->interp_file, &b->interp_image, 0, MAP_FIXED, &at.interp_bias);
		if (err)
			return err;
		at.entry = b->interp_image.hdr.e_entry + at.interp_bias;
	}
	if (at.entry >= trap_layout.task_size)
		return -EINVAL;
	err = build_stack(b, mm, &at, &sp);
	if (err)
		return err;
	mm_premap(mm);
	memset(regs, 0, sizeof(*regs));
	regs->ip = at.entry;
	regs->sp = sp;
	regs->cs = GUEST_CS;
	regs->ss = GUEST_SS;
	regs->flags = X86_EFLAGS_FIXED;
	regs->orig_ax = (unsigned long)-1;
	return 0;
}
