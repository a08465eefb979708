/* Names of functions, and where sections lie: looks through the symbol table of an ELF file (.symtab, or .dynsym when it is stripped). Whatever the
 * file says is checked; what does not fit is not found. */
#include "elfsym.h"
#include "fs.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include <linux/elf.h>

#define HEADERS_MOST 512
#define SYMBOLS_MOST (4u << 20)
#define UNSIZED_SPAN 256u /* bytes that may belong to a function whose size is not told */
#define CHUNK 170 /* symbols a read: about a page */

static bool read_at(struct file *f, void *to, size_t size, u64 pos)
{
	return kernel_peek(f, to, size, pos) == (ssize_t)size;
}

/* @count headers of @size bytes from @pos on: kmalloc'd, or NULL. */
static void *read_headers(struct file *f, u64 pos, unsigned count, size_t size)
{
	void *h = count && count <= HEADERS_MOST ? kmalloc(count * size) : NULL;

	if (h && read_at(f, h, count * size, pos))
		return h;
	kfree(h);
	return NULL;
}

/* The address that the file's own numbers give to byte @pos. False: it is in no segment. */
static bool address_of(struct file *f, const Elf64_Ehdr *eh, u64 pos, u64 *addr)
{
	Elf64_Phdr *ph = read_headers(f, eh->e_phoff, eh->e_phnum, sizeof(*ph));
	bool found = false;

	for (unsigned i = 0; ph && !found && i < eh->e_phnum; i++) {
		found = ph[i].p_type == PT_LOAD && pos >= ph[i].p_offset && pos - ph[i].p_offset < ph[i].p_filesz;
		if (found)
			*addr = pos - ph[i].p_offset + ph[i].p_vaddr;
	}
	kfree(ph);
	return found;
}

/* The symbol of a table that covers @addr. */
static bool search_table(struct file *f, const Elf64_Shdr *table, u64 addr, Elf64_Sym *best)
{
	u64 count = table->sh_size / sizeof(Elf64_Sym);
	Elf64_Sym *syms = kmalloc(CHUNK * sizeof(*syms));
	bool found = false;

	for (u64 at = 0; syms && at < min(count, (u64)SYMBOLS_MOST); at += CHUNK) {
		unsigned n = (unsigned)min(count - at, (u64)CHUNK);

		if (!read_at(f, syms, n * sizeof(*syms), table->sh_offset + at * sizeof(*syms)))
			break;
		for (unsigned i = 0; i < n; i++) {
			const Elf64_Sym *s = &syms[i];

			u64 span = s->st_size ? s->st_size : UNSIZED_SPAN;

			if (ELF_ST_TYPE(s->st_info) != STT_FUNC || !s->st_shndx || s->st_value > addr || addr - s->st_value >= span)
				continue;
			if (found && s->st_value < best->st_value)
				continue;
			*best = *s;
			found = true;
		}
		cond_resched();
	}
	kfree(syms);
	return found;
}

static bool name_of(struct file *f, const Elf64_Shdr *strings, const Elf64_Sym *s, char *name, size_t size)
{
	ssize_t n;

	if (s->st_name >= strings->sh_size)
		return false;
	n = kernel_peek(f, name, size - 1, strings->sh_offset + s->st_name);
	if (n <= 0)
		return false;
	name[n] = 0;
	return *name;
}

static bool elf_header(struct file *f, Elf64_Ehdr *eh)
{
	return read_at(f, eh, sizeof(*eh), 0) && !memcmp(eh->e_ident, ELFMAG, SELFMAG) && eh->e_ident[EI_CLASS] == ELFCLASS64 &&
		eh->e_phentsize == sizeof(Elf64_Phdr) && eh->e_shentsize == sizeof(Elf64_Shdr);
}

bool elf_symbol(struct file *f, u64 pos, char *name, size_t size, u64 *off)
{
	Elf64_Shdr *sh = NULL;
	Elf64_Ehdr eh;
	Elf64_Sym s;
	bool found = false;
	u64 addr;

	if (!elf_header(f, &eh) || !address_of(f, &eh, pos, &addr))
		return false;
	sh = read_headers(f, eh.e_shoff, eh.e_shnum, sizeof(*sh));
	for (unsigned type = SHT_SYMTAB; sh && !found; type = SHT_DYNSYM) {
		for (unsigned i = 0; i < eh.e_shnum && !found; i++)
			found = sh[i].sh_type == type && sh[i].sh_link < eh.e_shnum && search_table(f, &sh[i], addr, &s) &&
				name_of(f, &sh[sh[i].sh_link], &s, name, size);
		if (type == SHT_DYNSYM)
			break;
	}
	kfree(sh);
	if (found)
		*off = addr - s.st_value;
	return found;
}

bool elf_section(struct file *f, const char *name, u64 *addr, u64 *size)
{
	Elf64_Shdr *sh = NULL;
	Elf64_Phdr *ph = NULL;
	Elf64_Ehdr eh;
	char text[32];
	bool found = false;

	if (!elf_header(f, &eh) || eh.e_shstrndx >= eh.e_shnum)
		return false;
	sh = read_headers(f, eh.e_shoff, eh.e_shnum, sizeof(*sh));
	ph = read_headers(f, eh.e_phoff, eh.e_phnum, sizeof(*ph));
	for (unsigned i = 0; sh && ph && !found && i < eh.e_shnum; i++) {
		ssize_t n = kernel_peek(f, text, sizeof(text) - 1, sh[eh.e_shstrndx].sh_offset + sh[i].sh_name);

		text[n > 0 ? n : 0] = 0;
		found = !strcmp(text, name) && sh[i].sh_addr;
		if (found) {
			*addr = sh[i].sh_addr;
			*size = sh[i].sh_size;
		}
	}
	/* As counted from where the file's first byte is mapped. */
	for (unsigned i = 0; found && i < eh.e_phnum; i++)
		if (ph[i].p_type == PT_LOAD) {
			*addr -= ph[i].p_vaddr - ph[i].p_offset;
			break;
		}
	kfree(ph);
	kfree(sh);
	return found;
}
