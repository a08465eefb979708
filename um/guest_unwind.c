/* A guest's call chain, by libunwind over accessors: registers and memory come from the kernel, unwind tables
 * (.eh_frame_hdr) from the guest's own mappings of its program and libraries. A guest can put anything there: libunwind then finds
 * less, or nothing. */
#include <elf.h>
#include <libunwind.h>
#include <stdlib.h>
#include <string.h>

#include "um.h"

#define FRAMES_MOST 64
#define PHDRS_MOST 64
#define EH_PCREL_SDATA4 0x1b /* the encodings that linkers make */
#define EH_UDATA4 0x03
#define EH_DATAREL_SDATA4 0x3b

int UNW_OBJ(dwarf_search_unwind_table)(unw_addr_space_t as, unw_word_t ip, unw_dyn_info_t *di, unw_proc_info_t *pi,
	int need_unwind_info, void *arg);

struct eh_frame_hdr {
	u8 version, eh_frame_ptr_enc, fde_count_enc, table_enc;
	s32 eh_frame_ptr;
	u32 fde_count;
};

/* Where the object that is mapped from @base on has its table of frame descriptions: its address, or 0. */
static u64 find_table(struct host_unwind *u, u64 base)
{
	Elf64_Phdr ph[PHDRS_MOST];
	Elf64_Ehdr eh;
	u64 bias = 0;
	bool loaded = false;

	if (!u->read(u, base, &eh, sizeof(eh)) || memcmp(eh.e_ident, ELFMAG, SELFMAG) || eh.e_phnum > PHDRS_MOST ||
	    eh.e_phentsize != sizeof(ph[0]) || !u->read(u, base + eh.e_phoff, ph, eh.e_phnum * sizeof(ph[0])))
		return 0;
	for (unsigned i = 0; i < eh.e_phnum; i++) {
		if (ph[i].p_type == PT_LOAD && !loaded) {
			bias = base - (ph[i].p_vaddr - ph[i].p_offset);
			loaded = true;
		}
	}
	for (unsigned i = 0; loaded && i < eh.e_phnum; i++)
		if (ph[i].p_type == PT_GNU_EH_FRAME)
			return bias + ph[i].p_vaddr;
	return 0;
}

/* ---- objects without a table: static programs have only .eh_frame ---- */

#define TABLE_AT 0xffffe00000000000ull /* where libunwind finds the table made here; no guest has memory there */
#define TABLE_MOST (1u << 20)
#define EH_FRAME_MOST (64u << 20)

struct table_row { s32 ip, fde; }; /* as in .eh_frame_hdr, relative to the beginning of .eh_frame */
struct walk {
	struct host_unwind *u;
	u64 eh_frame;           /* whose rows these are */
	struct table_row *rows; /* ascending */
	unsigned count;
};

static int by_ip(const void *a, const void *b)
{
	s32 x = ((const struct table_row *)a)->ip, y = ((const struct table_row *)b)->ip;

	return x < y ? -1 : x > y;
}

/* How a CIE's FDEs write addresses: DW_EH_PE_*, 0 if it does not say, 0xff if it cannot be read. */
static u8 pointer_encoding(const u8 *p, const u8 *end)
{
	const char *aug = (const char *)p + 1; /* behind the version */
	const char *aug_end = memchr(aug, 0, (size_t)(end - p - 1));

	if (!aug_end)
		return 0xff;
	if (*aug != 'z')
		return *aug ? 0xff : 0;
	p = (const u8 *)aug_end + 1;
	for (int skip = 0; skip < 4; skip++) { /* code and data alignment, return register, size of what follows: LEB128 */
		while (p < end && *p & 0x80)
			p++;
		p++;
	}
	for (aug++; p < end; aug++, p++) {
		if (*aug == 'R')
			return *p;
		if (*aug == 'P') {
			/* The personality's address: its size is in its encoding. */
			unsigned size = (*p & 0x0f) == 0x0b || (*p & 0x0f) == 0x03 ? 4 : 8;

			p += size;
		} else if (*aug != 'L') {
			return *aug ? 0xff : 0;
		}
	}
	return 0xff;
}

/* One row an FDE of the section that is copied at @data and lies at w->eh_frame. */
static void index_frames(struct walk *w, const u8 *data, u64 size)
{
	u64 at = 0;

	while (at + 8 <= size && w->count < TABLE_MOST) {
		u32 len, id;
		u64 body = at + 4, end, cie;
		u8 enc;
		s64 ip;

		memcpy(&len, data + at, 4);
		end = body + len;
		if (!len || len == 0xffffffff || end > size)
			break;
		memcpy(&id, data + body, 4);
		at = end;
		cie = body - id;
		if (!id || id > body || cie + 9 > size || len < 12)
			continue;
		enc = pointer_encoding(data + cie + 8, data + size);
		if ((enc & 0x0f) == 0x0b || (enc & 0x0f) == 0x03) {
			s32 v;

			memcpy(&v, data + body + 4, 4);
			ip = (enc & 0x0f) == 0x03 ? (s64)(u32)v : v;
		} else if ((enc & 0x0f) == 0x00 || (enc & 0x0f) == 0x0c || (enc & 0x0f) == 0x04) {
			memcpy(&ip, data + body + 4, 8);
		} else {
			continue;
		}
		/* pcrel counts from where it stands; what is absolute becomes relative to the section. */
		ip = (enc & 0x70) == 0x10 ? ip + (s64)(body + 4) : ip - (s64)w->eh_frame;
		if (ip != (s32)ip)
			continue;
		w->rows[w->count++] = (struct table_row){ .ip = (s32)ip, .fde = (s32)(body - 4) };
	}
}

/* Makes the table of the object at @ip, unless it is there from the frame before. */
static bool make_table(struct walk *w, u64 ip)
{
	u64 addr, size;
	u8 *data;

	if (!w->u->section(w->u, ip, ".eh_frame", &addr, &size) || size > EH_FRAME_MOST)
		return false;
	if (w->eh_frame == addr)
		return w->count;
	data = malloc(size);
	if (!w->rows)
		w->rows = malloc(TABLE_MOST * sizeof(*w->rows));
	w->count = 0;
	w->eh_frame = addr;
	if (data && w->rows && w->u->read(w->u, addr, data, size))
		index_frames(w, data, size);
	free(data);
	if (w->count)
		qsort(w->rows, w->count, sizeof(*w->rows), by_ip);
	return w->count;
}

static int find_in_eh_frame(unw_addr_space_t as, unw_word_t ip, unw_proc_info_t *pi, int need, struct walk *w, u64 start, u64 end)
{
	unw_dyn_info_t di = { .format = UNW_INFO_FORMAT_REMOTE_TABLE, .start_ip = start, .end_ip = end };

	if (!make_table(w, ip))
		return -UNW_ENOINFO;
	di.u.rti.segbase = w->eh_frame;
	di.u.rti.table_data = TABLE_AT;
	di.u.rti.table_len = w->count * sizeof(*w->rows) / sizeof(unw_word_t);
	return UNW_OBJ(dwarf_search_unwind_table)(as, ip, &di, pi, need, w);
}

/* ---- libunwind's accessors ---- */

static int find_proc_info(unw_addr_space_t as, unw_word_t ip, unw_proc_info_t *pi, int need_unwind_info, void *arg)
{
	struct walk *w = arg;
	struct host_unwind *u = w->u;
	u64 start = 0, end = 0, base = u->object(u, ip, &start, &end), table = base ? find_table(u, base) : 0;
	unw_dyn_info_t di = { .format = UNW_INFO_FORMAT_REMOTE_TABLE, .start_ip = start, .end_ip = end };
	struct eh_frame_hdr hdr;

	if (!base)
		return -UNW_ENOINFO;
	if (!table)
		return find_in_eh_frame(as, ip, pi, need_unwind_info, w, start, end);
	if (!u->read(u, table, &hdr, sizeof(hdr)) || hdr.version != 1 || hdr.eh_frame_ptr_enc != EH_PCREL_SDATA4 ||
	    hdr.fde_count_enc != EH_UDATA4 || hdr.table_enc != EH_DATAREL_SDATA4)
		return -UNW_ENOINFO;
	di.u.rti.segbase = table;
	di.u.rti.table_data = table + sizeof(hdr);
	di.u.rti.table_len = (u64)hdr.fde_count * 8 / sizeof(unw_word_t);
	return UNW_OBJ(dwarf_search_unwind_table)(as, ip, &di, pi, need_unwind_info, arg);
}

static void put_unwind_info(unw_addr_space_t as, unw_proc_info_t *pi, void *arg)
{
	(void)as, (void)pi, (void)arg;
}

static int no_dyn_info(unw_addr_space_t as, unw_word_t *list, void *arg)
{
	(void)as, (void)list, (void)arg;
	return -UNW_ENOINFO;
}

static int access_mem(unw_addr_space_t as, unw_word_t addr, unw_word_t *value, int write, void *arg)
{
	struct walk *w = arg;
	struct host_unwind *u = w->u;

	(void)as;
	if (addr >= TABLE_AT && addr - TABLE_AT <= w->count * sizeof(*w->rows) - sizeof(*value) && w->count) {
		memcpy(value, (const u8 *)w->rows + (addr - TABLE_AT), sizeof(*value));
		return write ? -UNW_EINVAL : 0;
	}
	return !write && u->read(u, addr, value, sizeof(*value)) ? 0 : -UNW_EINVAL;
}

static int access_reg(unw_addr_space_t as, unw_regnum_t reg, unw_word_t *value, int write, void *arg)
{
	struct host_unwind *u = ((struct walk *)arg)->u;

	(void)as;
	if (write || reg < 0 || reg >= (int)ARRAY_SIZE(u->regs))
		return -UNW_EBADREG;
	*value = u->regs[reg];
	return 0;
}

static int access_fpreg(unw_addr_space_t as, unw_regnum_t reg, unw_fpreg_t *value, int write, void *arg)
{
	(void)as, (void)reg, (void)value, (void)write, (void)arg;
	return -UNW_EBADREG;
}

static int resume(unw_addr_space_t as, unw_cursor_t *c, void *arg)
{
	(void)as, (void)c, (void)arg;
	return -UNW_EINVAL;
}

static int no_name(unw_addr_space_t as, unw_word_t ip, char *buf, size_t size, unw_word_t *off, void *arg)
{
	(void)as, (void)ip, (void)buf, (void)size, (void)off, (void)arg;
	return -UNW_ENOINFO;
}

void host_unwind(struct host_unwind *u)
{
	static unw_accessors_t accessors = { .find_proc_info = find_proc_info, .put_unwind_info = put_unwind_info,
		.get_dyn_info_list_addr = no_dyn_info, .access_mem = access_mem, .access_reg = access_reg,
		.access_fpreg = access_fpreg, .resume = resume, .get_proc_name = no_name };
	unw_addr_space_t as = unw_create_addr_space(&accessors, 0);
	struct walk w = { .u = u };
	unw_cursor_t cursor;
	unw_word_t ip;

	if (!as)
		return;
	/* Nothing is kept from one guest to the next; nor is a lock held while a read sleeps. */
	unw_set_caching_policy(as, UNW_CACHE_NONE);
	if (!unw_init_remote(&cursor, as, &w)) {
		for (int i = 0; i < FRAMES_MOST; i++) {
			if (unw_get_reg(&cursor, UNW_REG_IP, &ip) || !ip || !u->frame(u, ip))
				break;
			if (unw_step(&cursor) <= 0)
				break;
		}
	}
	unw_destroy_addr_space(as);
	free(w.rows);
}
